"""Headlines of other articles below a line that announces them, anywhere in a text."""

import numpy as np
import polars as pl

from cleaner.chrome.evidence import Booleans, Evidence, Integers
from cleaner.chrome.keys import key
from cleaner.chrome.saying import trimmed
from cleaner.chrome.shape import BULLET
from cleaner.chrome.titles import is_title_like

LONGEST_LIST = 20
"""Headlines of the longest list below a line that announces one."""

SHORTEST_HEADLINE = 20
"""Bytes of the shortest headline; shorter lines are subheadings, sections and buttons."""


def headlines_below(evidence: Evidence, heads: Integers, words: pl.Series) -> tuple[Integers, Integers]:
    """The headlines right below lines that announce some and say nothing else.

    They have bullets as the first of them has, or none as it has. Of several without bullets the last one stays if
    prose follows, since it may be a subheading, or if a piece of a sentence does, since it may be its beginning.

    Args:
        evidence: The evidence.
        heads: The places of the lines among the content.
        words: What gave each of them away.

    Returns:
        The places of the headlines, and of the line that announces each.
    """
    right_below = np.minimum(heads + 1, evidence.doc.size - 1)
    # most announce nothing: prose is right below, or the end of the document
    announcing = (evidence.doc[right_below] == evidence.doc[heads]) & ~evidence.prose[right_below]
    heads, words = heads[announcing], words.filter(pl.Series(announcing, dtype=pl.Boolean))
    said = trimmed(evidence, heads).to_frame().select(key(pl.col("text"))).to_series()
    heads = heads[(said == words).to_numpy()]
    at = heads[:, None] + np.arange(1, LONGEST_LIST + 2)
    here = np.minimum(at, evidence.doc.size - 1)
    ours = (at < evidence.doc.size) & (evidence.doc[here] == evidence.doc[heads][:, None])
    text = trimmed(evidence, here[ours]).to_frame()
    like, asks, bullets, piece, long = (_placed(part, ours) for part in _looks(text))
    like &= ~evidence.prose[here] | asks
    like[:, 0] &= ~asks[:, 0]  # the question of an interview
    listed = np.logical_and.accumulate(ours & like & (bullets == bullets[:, :1]), axis=1)
    size = listed[:, :LONGEST_LIST].sum(axis=1)
    end = np.arange(heads.size), size
    unsure = ours[end] & ((evidence.prose[here[end]] & long[end]) | piece[end])
    size -= (size > 1) & ~bullets[:, 0] & unsure
    row, column = np.nonzero(np.arange(LONGEST_LIST) < size[:, None])
    return here[row, column], heads[row]


def _placed(values: Booleans, ours: Booleans) -> Booleans:
    """Values of the lines that are `ours`, where these are; no others have one."""
    found = np.zeros(ours.shape, np.bool_)
    found[ours] = values
    return found


def _looks(text: pl.DataFrame) -> list[Booleans]:
    """Whether lines could be headlines, are questions, have bullets, are the rest of a sentence, and are long."""
    bare = pl.col("text").str.replace(BULLET, "")
    long = bare.str.len_bytes() >= SHORTEST_HEADLINE
    looks = text.select(
        like=is_title_like(bare) & long,
        asks=pl.col("text").str.ends_with("?"),
        bullet=pl.col("text").str.contains(BULLET),
        piece=pl.col("text").str.contains(r"^[\p{Ll},.:;)]"),
        long=long,
    )
    return [look.to_numpy() for look in looks]
