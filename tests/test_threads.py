"""Where readers' comments may begin: counted at once, and line by line."""

from random import Random

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from cleaner.chrome.evidence import gather
from cleaner.chrome.rules import load
from cleaner.chrome.threads import UNDER_WAY, closed_below, under_way
from tests.conftest import scraped


@given(st.lists(scraped, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_an_article_is_under_way_below_enough_prose_that_is_left(texts: list[str], chance: Random) -> None:
    evidence = gather(pl.Series(texts), load(), pl.Series([None] * len(texts), dtype=pl.String))
    kept = np.array([chance.random() < 0.8 for _ in evidence.doc], np.bool_)
    line = evidence.lines[evidence.content]
    size = (line["to"].cast(pl.Int64) - line["from"]).to_list()
    at = np.arange(evidence.doc.size)
    expected = [
        sum(size[j] for j in range(i) if evidence.doc[j] == evidence.doc[i] and evidence.prose[j] and kept[j])
        >= UNDER_WAY
        for i in at
    ]
    assert under_way(evidence, kept, at).tolist() == expected


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=20))
def test_a_heading_is_closed_by_what_stands_below_it_in_its_document(lines: list[tuple[int, bool]]) -> None:
    ordered = sorted(lines, key=lambda line: line[0])
    doc = np.array([line[0] for line in ordered], np.int64)
    closes = np.array([line[1] for line in ordered], np.bool_)
    expected = [any(closes[j] and doc[j] == doc[i] for j in range(i + 1, len(ordered))) for i in range(len(ordered))]
    assert closed_below(np.arange(doc.size), doc, np.flatnonzero(closes)).tolist() == expected
