"""Readers' comments below an article: they are prose as it is, and only their heading tells where they begin."""

import numpy as np
import polars as pl

from cleaner.chrome.evidence import Booleans, Evidence, Integers

UNDER_WAY = 400
"""Bytes of prose above a line from which an article is under way: a standfirst, below which links to the comments
stand, has fewer."""


def under_way(evidence: Evidence, kept: Booleans, at: Integers) -> Booleans:
    """Whether an article is under way above each of some lines of content.

    Args:
        evidence: All lines.
        kept: Which lines of content are left.
        at: Places among the content.
    """
    if not at.size:
        return np.zeros(0, np.bool_)
    size = evidence.lines.select(pl.col("to").cast(pl.Int64) - pl.col("from")).to_series().to_numpy()
    sums = np.concatenate([[0], np.cumsum(np.where(evidence.prose & kept, size[evidence.content], 0))])
    first = np.searchsorted(evidence.doc, evidence.doc[at])
    return np.asarray(sums[at] - sums[first] >= UNDER_WAY)


def closed_below(at: Integers, doc: Integers, closing: Integers) -> Booleans:
    """Whether something below each of some lines of content shows that comments were to be read there.

    Args:
        at: Places among the content.
        doc: The document of each line of content.
        closing: The places of what shows it: a form for one more comment, or that they are closed.
    """
    last = np.full(doc[-1] + 1 if doc.size else 0, -1, np.int64)
    np.maximum.at(last, doc[closing], closing)
    return np.asarray(at < last[doc[at]])
