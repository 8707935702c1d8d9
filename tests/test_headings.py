"""Which lines are items of a list that a colon announces: at once, and line by line."""

import numpy as np
import polars as pl
from hypothesis import example, given
from hypothesis import strategies as st

from cleaner.chrome.evidence import gather
from cleaner.chrome.headings import LONGEST_LABEL, listed
from cleaner.chrome.rules import load

LINES = [
    "Closed this week:",
    "Closed this week：",
    "Marel",
    "Tour Grise",
    "The board met on Monday, and the bac ran.",
    "",
]
texts = st.lists(st.sampled_from(LINES), max_size=8).map("\n".join)


@given(st.lists(texts, min_size=1, max_size=4), st.sets(st.integers(0, 31), max_size=2))
@example(["Marel\nTour Grise", "Closed this week:\nMarel\nTour Grise\nMarel"], set())
@example(["Marel:\nTour Grise:\nMarel\nMarel"], {3})
def test_items_of_a_list_are_two_or_more_right_below_a_colon(texts: list[str], taken: set[int]) -> None:
    evidence = gather(pl.Series(texts), load(), pl.Series([None] * len(texts), dtype=pl.String))
    left = ~np.isin(np.arange(evidence.doc.size), list(taken))
    said = evidence.lines["rest"].gather(evidence.content).str.strip_chars().to_list()
    expected = set[int]()
    for head, doc in enumerate(evidence.doc):
        items = list[int]()
        for at in range(head + 1, evidence.doc.size):
            if evidence.doc[at] != doc or not left[at] or evidence.prose[at] or len(said[at].encode()) > LONGEST_LABEL:
                break
            items.append(at)
        if left[head] and said[head][-1] in ":：" and len(items) > 1:
            expected |= set(items)
    assert set(np.flatnonzero(listed(evidence, left)).tolist()) == expected
