"""The beginnings of other articles below a text, each broken off: no article ends in three sentences without an end."""

import numpy as np
import polars as pl

from cleaner.chrome.evidence import Booleans, Evidence, Integers, trimmed
from cleaner.chrome.keys import LONGEST_LINE

FEWEST = 3
"""Beginnings from which on they are a list of articles. Quotations and hints that are broken off stand alone."""

SHORTEST = 40
"""Bytes of the shortest: shorter ones are exclamations. Longer than LONGEST_LINE are paragraphs of an article that is
broken off itself."""

_ENDS = ("…", "...", "…]", "...]", "…)", "...)")
_BROKEN = r"[\p{L}\p{N},;:](?:['’\"”»])?\s?[\[(]?(?:…|\.{3})[\])]?$"
"""A word, and then no more of the sentence."""


def teasers(evidence: Evidence, left: Booleans) -> Integers:
    """The beginnings of other articles below each text, with what stands above, between and below them.

    Args:
        evidence: All lines.
        left: Which lines of content are left and may be taken.

    Returns:
        Places among the content, sorted.
    """
    doc, at = evidence.doc, np.arange(left.size)
    ends = np.flatnonzero(left & evidence.stopped)
    text = trimmed(evidence, ends)
    likely = pl.select(pl.any_horizontal(pl.lit(text).str.ends_with(end) for end in _ENDS)).to_series()
    some = ends[(likely & text.str.len_bytes().is_between(SHORTEST, LONGEST_LINE)).to_numpy()]
    some = some[np.bincount(doc[some], minlength=evidence.titled.size)[doc[some]] >= FEWEST]
    if not some.size:  # patterns take their time to prepare
        return np.zeros(0, np.int64)
    broken = np.zeros(left.size, np.bool_)
    broken[some] = trimmed(evidence, some).str.contains(_BROKEN).to_numpy()
    last = np.full(evidence.titled.size, -1, np.int64)
    whole = np.flatnonzero(left & evidence.prose & ~broken)
    last[doc[whole]] = whole
    below = np.flatnonzero(broken & (at > last[doc]) & (last[doc] >= 0))
    below = below[np.bincount(doc[below], minlength=last.size)[doc[below]] >= FEWEST]
    first = np.full(last.size, left.size)
    first[doc[below[::-1]]] = below[::-1]
    heads = first[first < left.size] - 1
    heads = heads[left[heads] & (heads > last[doc[heads]]) & ~evidence.prose[heads] & evidence.title_like[heads]]
    first[doc[heads]] = heads
    found: Integers = np.flatnonzero(left & (at >= first[doc]))
    return found
