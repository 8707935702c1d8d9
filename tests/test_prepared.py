"""Patterns asked for on threads of their own are found as anywhere else, and no thread of Polars is needed for it."""

import threading
from functools import partial

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import parallel
from cleaner.chrome import prepared
from cleaner.parallel import on_engine

PATTERNS = ["^read", "also$", r"(?i)read\b", r"\d{2}", "é|ß", "^$"]

ASKED = st.lists(
    st.tuples(
        st.sampled_from(["read also", "Read", "ready", "12", "été", "", "it is also"]),
        st.integers(0, len(PATTERNS) - 1),
    ),
    max_size=40,
)


@given(ASKED)
def test_found_as_polars_finds_it(asked: list[tuple[str, int]]) -> None:
    """Each text is compared with the pattern beside it, whatever thread is asked."""
    texts = pl.Series([text for text, _ in asked], dtype=pl.String)
    numbers = pl.Series([number * 7 for _, number in asked], dtype=pl.UInt32)
    patterns = pl.Series([PATTERNS[number] for _, number in asked], dtype=pl.String)
    plain = pl.select(pl.lit(texts).str.contains(pl.lit(patterns))).to_series()
    is_there = pl.col("text").str.contains(pl.col("pattern"))
    assert prepared.beside(texts, patterns, numbers, is_there).to_list() == plain.to_list()


def test_no_thread_of_polars_is_needed() -> None:
    """All of them may wait for what is asked here, which must not wait for one of them."""
    where = list[str]()

    def told(texts: pl.Series) -> pl.Series:
        where.append(threading.current_thread().name)
        return texts

    frame = pl.DataFrame({"text": ["read also", "no"], "pattern": ["also", "also"]})
    expression = pl.col("text").map_batches(told, return_dtype=pl.String).str.contains(pl.col("pattern"))
    jobs = [partial(prepared.evaluated, [(number, frame, expression)]) for number in range(pl.thread_pool_size() + 1)]
    assert [found[0].to_list() for found in on_engine(jobs)] == [[True, False]] * len(jobs)
    assert all(name.startswith("apart-") for name in where)


def test_what_is_late_is_found_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """What these threads do not give in time is found by the one that asked."""
    monkeypatch.setattr(parallel, "PATIENCE", 0.0)
    frame, busy = pl.DataFrame({"text": ["read also", "no"]}), threading.Event()
    parallel._apart[3].submit(busy.wait)
    try:
        (found,) = prepared.evaluated([(3, frame, pl.col("text").str.contains("also"))])
    finally:
        busy.set()
    assert found.to_list() == [True, False]
