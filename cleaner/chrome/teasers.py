"""The beginnings of other articles below a text, each broken off: no article ends in three sentences without an end."""

import numpy as np

from cleaner.chrome.evidence import Booleans, Evidence, Integers
from cleaner.chrome.hits import firsts, zones
from cleaner.chrome.keys import LONGEST_LINE
from cleaner.chrome.saying import sizes, trimmed

FEWEST = 3
"""Beginnings from which on they are a list of articles. Quotations and hints that are broken off stand alone."""

SHORTEST = 40
"""Bytes of the shortest: shorter ones are exclamations. Longer than LONGEST_LINE are paragraphs of an article that is
broken off itself."""

_BROKEN = r"[\p{L}\p{N},;:](?:['’\"”»])?\s?[\[(]?(?:…|\.{3})[\])]?$"
"""A word, and then no more of the sentence."""


def teasers(evidence: Evidence, left: Booleans, last: Integers) -> Integers:
    """The beginnings of other articles below each text, with what stands above, between and below them.

    Args:
        evidence: All lines.
        left: Which lines of content are left and may be taken.
        last: The last line of prose of each document that is left, as a place among the content.

    Returns:
        Places among the content, sorted.
    """
    doc, at = evidence.doc, np.arange(left.size)
    ends = last[last >= 0]
    listed = np.zeros(last.size, np.bool_)
    listed[doc[ends[_are_broken(evidence, ends)]]] = True
    some = np.flatnonzero(left & evidence.prose & listed[doc])
    if not some.size:
        return some
    broken = np.zeros(left.size, np.bool_)
    broken[some] = _are_broken(evidence, some)
    _, whole = zones(evidence, left & ~broken)
    below = np.flatnonzero(broken & (at > whole[doc]) & (whole[doc] >= 0))
    below = below[np.bincount(doc[below], minlength=last.size)[doc[below]] >= FEWEST]
    tops = firsts(below, doc)
    headed = left[tops - 1] & (tops - 1 > whole[doc[tops]]) & evidence.title_like[tops - 1]
    first = np.full(last.size, left.size)
    first[doc[tops]] = np.where(headed, tops - 1, tops)
    found: Integers = np.flatnonzero(left & (at >= first[doc]))
    return found


def _are_broken(evidence: Evidence, at: Integers) -> Booleans:
    """Which of some lines are sentences without an end."""
    size = sizes(evidence, at)
    are: Booleans = (size >= SHORTEST) & (size <= LONGEST_LINE)
    some = np.flatnonzero(are)
    if some.size:  # patterns take their time to prepare
        are[some] = trimmed(evidence, at[some]).str.contains(_BROKEN).to_numpy()
    return are
