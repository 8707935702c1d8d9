"""Work on several threads: order, errors, and that no thread waits for one that waits for it."""

import multiprocessing
import subprocess
import sys
from functools import partial

import polars as pl
import pytest

from cleaner.parallel import both, inside, is_on_engine, mapped, on_engine


def _squared(number: int) -> int:
    return int(pl.select(pl.lit(number) * number).item())


def test_results_come_in_the_order_of_the_jobs_from_threads_of_the_engine() -> None:
    def told(number: int) -> tuple[int, bool]:
        return _squared(number), is_on_engine()

    assert on_engine([partial(told, number) for number in range(9)]) == [(n * n, True) for n in range(9)]
    assert list(mapped(inside(told), range(9))) == [(n * n, True) for n in range(9)]
    assert not is_on_engine()


def test_what_the_first_of_them_raises_is_raised_when_all_have_ended() -> None:
    ended = []

    def job(number: int) -> None:
        ended.append(number)
        if number:
            raise KeyError(number)

    with pytest.raises(KeyError, match="1"):
        on_engine([partial(job, number) for number in range(3)])
    assert sorted(ended) == [0, 1, 2]
    assert not is_on_engine()


NESTED = """
import polars as pl
from cleaner.parallel import both, mapped, on_engine

def counted(number):
    return pl.DataFrame({"a": range(1000)}).filter(pl.col("a") < number).height

def job():
    return list(mapped(counted, range(5))), both(lambda: counted(7), lambda: counted(8), side_by_side=True)

print(on_engine([job] * 4) == [([0, 1, 2, 3, 4], (7, 8))] * 4)
"""


@pytest.mark.parametrize("threads", ["1", "2"])
def test_what_is_called_on_the_engine_may_call_several_things_at_once_itself(threads: str) -> None:
    environment = {"POLARS_MAX_THREADS": threads}
    ran = subprocess.run(  # noqa: S603 (in a process of its own, which ends though threads should wait for each other)
        [sys.executable, "-c", NESTED], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.stdout == "True\n", ran.stderr


def test_two_functions_are_called_side_by_side_or_not() -> None:
    for side_by_side in (True, False):
        assert both(partial(_squared, 3), partial(_squared, 4), side_by_side=side_by_side) == (9, 16)


FORKED = """
import multiprocessing
import cleaner
from cleaner import parallel

def work(patience):
    parallel.PATIENCE = patience
    try:
        return cleaner.clean("The harbour is open.").text
    except cleaner.CleanerError as error:
        return str(error)

if {used}:
    work(10)
with multiprocessing.get_context("fork").Pool(1) as pool:
    print(pool.apply(work, ({patience},)))
    print(pool.apply(work, ({patience},)))
"""


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="this system forks no processes")
@pytest.mark.parametrize(
    ("used", "patience", "told"), [(True, 0.5, "was forked from"), (False, 60, "The harbour is open.")]
)
def test_a_forked_process_works_or_says_why_it_cannot(*, used: bool, patience: float, told: str) -> None:
    code = FORKED.format(used=used, patience=patience)
    command = [sys.executable, "-W", "ignore", "-c", code]
    found = subprocess.run(command, capture_output=True, text=True, check=True, timeout=100)  # noqa: S603
    assert [told in line for line in found.stdout.splitlines()] == [True, True]
