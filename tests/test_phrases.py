"""The longest phrase that a line starts with is the one that trying them all finds."""

import re

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from cleaner.chrome.keys import keyed
from cleaner.chrome.phrases import phrases_of
from cleaner.chrome.rulefiles import Rule

WORDS = st.sampled_from(["read", "read also", "reader", "a", "also:", "分享", "分", "到", "!", "é"])
PHRASES = st.lists(st.lists(WORDS, min_size=1, max_size=4).map(" ".join), max_size=8)
LINES = st.lists(st.lists(WORDS | st.text("aé .:!分", max_size=3), max_size=6).map(" ".join), max_size=8)


def plainly_longest(key: str, phrases: list[str]) -> str | None:
    """The longest of the phrases that the key starts with, if a word ends where it does."""
    found = [
        phrase
        for phrase in phrases
        if phrase
        and key.startswith(phrase)
        and (re.match(r"\W|[一-鿿]|$", key[len(phrase) :]) or re.search("[一-鿿]$", phrase))
    ]
    return max(found, key=len, default=None)


@given(PHRASES, LINES)
def test_the_longest_is_found(phrases: list[str], lines: list[str]) -> None:
    rule = Rule(name="any/rule", why="", category="related", rest="any", starts=tuple(phrases), strips=(), keeps=())
    made = phrases_of([rule])
    known = made.beginnings["phrase"].to_list()
    rows = keyed(pl.DataFrame({"at": range(len(lines)), "text": lines}, schema={"at": pl.UInt32, "text": pl.String}))
    found = {at: evidence for at, _, evidence in pl.concat(made.hits(rows)).iter_rows()}
    wanted = {at: plainly_longest(key, known) for at, key in rows.select("at", "key").iter_rows()}
    assert found == {at: phrase for at, phrase in wanted.items() if phrase}
