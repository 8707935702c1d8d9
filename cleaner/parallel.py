"""Work on several threads: Polars and the compiled kernel let go of Python's lock while they compute."""

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import lru_cache, partial
from itertools import islice
from threading import Thread, local
from typing import Any, TypeVar

import polars as pl

from cleaner.errors import CleanerError

First = TypeVar("First")
Second = TypeVar("Second")
Item = TypeVar("Item")
Result = TypeVar("Result")

PATIENCE = 10.0
"""Seconds in which threads answer, if they do."""

APART = 32
"""Threads that Polars does not compute with, for what is best asked of one thread always."""

_LOADED_IN = os.getpid()

_here = local()

_apart = [ThreadPoolExecutor(1, f"apart-{number}") for number in range(APART)]


def on_engine(jobs: Sequence[Callable[[], Result]]) -> list[Result]:
    """What each of some functions gives, called on the threads that Polars computes with.

    A call of Polars goes on there at once. From any other thread it wakes one of these first and waits for it, which
    takes longer than most calls do. Functions called so must not wait for other threads that call Polars, but
    by `apart`: these would not go on if all of Polars' own were waiting.

    Raises:
        Exception: What the first of them raised, when all have ended.
    """
    found: list[Future[Result]] = [Future() for _ in jobs]
    turns = pl.DataFrame({"turn": [0]})
    # one expression alone is evaluated on the thread that asks
    turns.select(
        *(pl.col("turn").map_batches(partial(_call_here, *one), return_dtype=pl.Int64).alias(str(number))
          for number, one in enumerate(zip(jobs, found, strict=True))),
        pl.col("turn").map_batches(_passed, return_dtype=pl.Int64),
    )  # fmt: skip
    return [future.result() for future in found]


# Polars gives the type of the result too, and where that is not taken calls a second time
def _passed(turn: pl.Series, **_given: Any) -> pl.Series:
    return turn


def _call_here(job: Callable[[], Result], future: Future[Result], turn: pl.Series, **_given: Any) -> pl.Series:
    before, _here.is_engine = is_on_engine(), True
    try:
        future.set_result(job())
    except BaseException as error:  # noqa: BLE001 (raised where it is asked for)
        future.set_exception(error)
    finally:
        _here.is_engine = before
    return turn


def apart(jobs: Sequence[tuple[int, Callable[[], Result]]]) -> list[Result]:
    """What each of some functions gives, called on the thread of its number, which is the same one always.

    Threads of Polars may call this, all at once: the functions must need none of them. One that has not come to an end
    in `PATIENCE` is called here, so that none waits for ever.

    Raises:
        Exception: What the first of them raised.
    """
    begun = [_apart[number % APART].submit(job) for number, job in jobs]
    late = wait(begun, PATIENCE).not_done
    for one in late:
        one.cancel()
    return [job() if one in late else one.result() for one, (_, job) in zip(begun, jobs, strict=True)]


def is_on_engine() -> bool:
    """Whether this thread is one that Polars computes with, and has been called by `on_engine`."""
    return getattr(_here, "is_engine", False)


def check_engine() -> None:
    """See that Polars has its threads, without which a call of it would wait for ever.

    They do not come along when a process is forked from one in which Polars was at work.

    Raises:
        CleanerError: It has none.
    """
    if _may_be_forked() and not _answers(os.getpid()):
        message = (
            f"process {os.getpid()} was forked from one that had used Polars, whose threads do not come along: "
            "it would wait for ever. Start workers with multiprocessing.set_start_method('spawn') or 'forkserver', "
            "those of datasets.map with that of the package multiprocess."
        )
        raise CleanerError(message)


def _may_be_forked() -> bool:
    """Whether this process is another one's child, as far as can be told."""
    pools = [sys.modules[name] for name in ("multiprocessing", "multiprocess") if name in sys.modules]
    return os.getpid() != _LOADED_IN or any(pool.parent_process() is not None for pool in pools)


@lru_cache(maxsize=1)
def _answers(_process: int) -> bool:
    """Whether the threads of Polars do anything in this process."""
    call = Thread(target=on_engine, args=([int],), daemon=True)
    call.start()
    call.join(PATIENCE)
    return not call.is_alive()


def inside(function: Callable[[Item], Result]) -> Callable[[Item], Result]:
    """The function, called on a thread that Polars computes with."""
    return lambda item: on_engine([partial(function, item)])[0]


def mapped(function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """function(item) of each item, in their order, one more at once than Polars uses threads.

    A thread of Polars that waits for a part of one call may begin the next one, and is in the midst of it when that
    part is done; another would have nothing to do if no call more were there. Items are taken as they are needed, one
    more than are worked on, so that memory is bounded and the taking of the next one goes on beside the work. On a
    thread of Polars, which must not wait for others, as many are taken as there are threads, and none before these are
    done.
    """
    threads = pl.thread_pool_size()
    if is_on_engine():
        left = iter(items)
        while some := [partial(function, item) for item in islice(left, threads)]:
            yield from on_engine(some)
        return
    waiting: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(threads + 1) as pool:
        for item in items:
            waiting.append(pool.submit(function, item))
            if len(waiting) > threads + 1:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def both(first: Callable[[], First], second: Callable[[], Second], *, side_by_side: bool) -> tuple[First, Second]:
    """What two functions give; what either raises is raised when both have ended."""
    if not side_by_side:
        return first(), second()
    if is_on_engine():
        found: list[Any] = on_engine([first, second])
        return found[0], found[1]
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(second)
        return first(), other.result()


def ahead(function: Callable[[], Result]) -> Callable[[], Result]:
    """The function, begun on a thread of its own; what is returned waits for it and gives, or raises, what it did."""
    pool = ThreadPoolExecutor(1)
    begun = pool.submit(function)
    pool.shutdown(wait=False)
    return begun.result


def called(jobs: Sequence[Callable[[], object]], *, side_by_side: bool) -> None:
    """Call all functions; what one of them raises is raised, and nothing goes on then."""
    for _ in mapped(_call, jobs) if side_by_side else map(_call, jobs):
        pass


def _call(job: Callable[[], object]) -> None:
    job()
