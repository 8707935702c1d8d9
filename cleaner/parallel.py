"""Work on several threads: Polars and the compiled kernel let go of Python's lock while they compute."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import polars as pl

First = TypeVar("First")
Second = TypeVar("Second")
Item = TypeVar("Item")
Result = TypeVar("Result")


def mapped(function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """function(item) of each item, in their order, as many at once as Polars uses threads.

    Items are taken as they are needed, one more than are worked on, so that memory is bounded and the taking of the
    next one goes on beside the work.
    """
    threads = pl.thread_pool_size()
    waiting: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        for item in items:
            waiting.append(pool.submit(function, item))
            if len(waiting) > threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def both(first: Callable[[], First], second: Callable[[], Second], *, side_by_side: bool) -> tuple[First, Second]:
    """What two functions give; what either raises is raised when both have ended."""
    if not side_by_side:
        return first(), second()
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(second)
        return first(), other.result()


def called(jobs: Sequence[Callable[[], object]], *, side_by_side: bool) -> None:
    """Call all functions; what one of them raises is raised, and nothing goes on then."""
    for _ in mapped(_call, jobs) if side_by_side else map(_call, jobs):
        pass


def _call(job: Callable[[], object]) -> None:
    job()
