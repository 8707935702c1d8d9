"""Headlines below a line that announces them, against a slow twin."""

import polars as pl
from hypothesis import example, given
from hypothesis import strategies as st

from cleaner.chrome.rules import load
from cleaner.chrome.strip import strip_texts
from tests import naive

PROSE = "The council voted on Monday to buy the harbour clock."
LINES = (
    "Read also",
    "Harbour master asks for a second lock",
    "The mill has turned for 300 years",
    "- Ferry to run until the first frost",
    "- Skippers vote on a new bridge",
    "Will the ferry run in the winter?",
    "The old mill clock",
    ", said the mayor, who was late",
    PROSE,
    "It will not.",
    "Read also: The tower is leaning again",
)


@given(st.lists(st.lists(st.sampled_from(LINES), max_size=8), min_size=1, max_size=3))
@example([["Read also", *LINES[1:3]], ["Read also", *LINES[3:5]], ["Read also", LINES[1]]])
@example([["Read also", *LINES[1:3], LINES[7]], ["Read also", LINES[2], LINES[3]]])
@example([["Read also", *(LINES[1],) * 30]])
def test_what_goes_below_a_heading_is_what_the_twin_says(documents: list[list[str]]) -> None:
    texts = pl.Series(["\n".join([PROSE, *lines, PROSE]) for lines in documents])
    kept = [[PROSE, *naive.without_lists([*lines, PROSE], "Read also")] for lines in documents]
    assert [text.split("\n") for text in strip_texts(texts, load()).text] == kept


def test_the_headlines_below_a_heading_are_told() -> None:
    text = pl.Series(["\n".join([PROSE, "Read also", *LINES[3:5], PROSE])])
    assert strip_texts(text, load()).told()["related"].to_list() == [list(LINES[3:5])]
