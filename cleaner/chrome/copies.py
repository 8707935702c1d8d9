"""The lines that say a title again."""

import numpy as np
import polars as pl

from cleaner.chrome.evidence import Evidence, Integers
from cleaner.chrome.hits import State, accompanied, zones
from cleaner.chrome.saying import announce
from cleaner.chrome.special import KEPT
from cleaner.chrome.titles import SHORTEST_COPY


def copies_of(evidence: Evidence, state: State, titles: Integers) -> tuple[Integers, Integers]:
    """The lines that are copies of their document's title, and the documents whose titles shed a dashed suffix.

    A copy says the title's words, or these and a suffix; or the title's words without its suffix, which shows that the
    suffix is one.
    """
    kept = state.order == KEPT
    kept[titles] = False
    lines = evidence.keys.filter(kept[evidence.keys["at"].to_numpy()])
    if lines.is_empty():
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    at, doc = lines["at"].to_numpy(), lines["doc"].to_numpy()
    first, last = zones(evidence, kept)
    inside = (at >= first[doc]) & (at <= last[doc])
    title, full = pl.col("title"), pl.col("full")
    long = title.str.len_bytes() >= SHORTEST_COPY
    same = (full == title) & (long | pl.col("head"))
    longer = long & ((pl.col("bar") == title) | (pl.col("stem") == title))
    shorter = (full == pl.col("proof")) & (pl.col("proof").str.len_bytes() >= SHORTEST_COPY)
    # inside of an article without chrome it may be the heading of a part
    ours = ~inside | accompanied(evidence, state)[doc]
    found = (
        lines.with_columns(head=pl.Series(at < first[doc]))
        .filter(ours)
        .join(_wanted(evidence, state, titles), on="doc")
        .filter((same | longer | shorter) & (~pl.col("sentence") | pl.col("sentence_right")))
    )
    # with a colon it heads what stands below
    found = found.filter(~pl.Series(announce(evidence, found["at"].to_numpy()), dtype=pl.Boolean))
    proven = found.filter((full != title) & shorter)["doc"]
    return found["at"].unique().to_numpy(), proven.unique().to_numpy()


def _wanted(evidence: Evidence, state: State, titles: Integers) -> pl.DataFrame:
    """What copies say in each document: the `title`'s words, or those of the title without its suffix (`proof`)."""
    is_title = np.zeros(evidence.doc.size, np.bool_)
    is_title[titles] = True
    found = evidence.keys.filter(is_title[evidence.keys["at"].to_numpy()])
    shed = pl.Series(state.dashed[found["doc"].to_numpy()], dtype=pl.Boolean)
    found = found.select("doc", "sentence", title=pl.when(shed).then("stem").otherwise("bar"), proof="stem")
    given = evidence.given.select("doc", "sentence", title="full", proof="stem")
    barred = evidence.given.filter(pl.col("bar") != pl.col("full"))
    return pl.concat([found, given, barred.select("doc", "sentence", title="bar", proof="stem")])
