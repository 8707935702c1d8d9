"""Which documents of a source tell one story: wire copies, updates, the same page crawled twice.

What recurs across these is the story and not the source's frame. Documents are compared by their sentences: of each
the few with the smallest hashes, which are the same ones in two texts that share most of theirs (the bottom-k sketch
of Broder's resemblance).
"""

import numpy as np
import polars as pl

SENTENCES = 16
"""Sentences kept of each document. Two documents that share 70 % of theirs share 11 of these, give or take 2."""

SHORTEST_SENTENCE = 30
"""Bytes of the shortest sentence that tells documents apart: ten characters of Chinese, half a line of English."""

SHARED = 0.7
"""Share of the smaller document's sentences that the other one has where both are one story. Copies with another lede
lie above; a teaser of one sentence above a frame of two lies below."""

FULL = 16
"""Documents with one sentence up to which all pairs of them are compared."""

FIRST_FEW = 8
"""Documents that the others are compared with where there are more."""


SKETCH = pl.Schema({"doc": pl.UInt32, "sentence": pl.UInt64})


def sketch(lines: pl.DataFrame) -> pl.DataFrame:
    """The sentences by which documents are compared, as SKETCH; one without any has no row.

    Args:
        lines: `doc`, `text`.
    """
    sentence = pl.col("sentence")
    long = lines.filter(pl.col("text").str.len_bytes() >= SHORTEST_SENTENCE)
    return (
        long.select("doc", sentence=_with_stops_of_ascii(long["text"]))
        .with_columns(sentence.str.split(r"\. ", literal=False))  # a string is looked for slower than a pattern
        .explode("sentence")
        .filter(sentence.str.len_bytes() >= SHORTEST_SENTENCE)
        .select("doc", sentence.str.strip_chars().hash())
        .group_by("doc", maintain_order=True)
        .agg(sentence.unique().sort().head(SENTENCES))
        .sort("doc")
        .explode("sentence")
    )


def _with_stops_of_ascii(texts: pl.Series) -> pl.Series:
    """The texts with a full stop and a space for each Chinese full stop; few have any."""
    some = texts.str.contains("。", literal=True).arg_true()
    if some.is_empty():
        return texts
    return texts.clone().scatter(some, texts.gather(some).str.replace_all("。", ". ", literal=True))


def stories(sketches: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """The story of each document: the least number of a document that tells it.

    Args:
        sketches: As `sketch` gives them.
        documents: `doc`, `site`, `digest`; those of different sites are never one story here. The digest orders them,
            so that the answer does not depend on how they came.

    Returns:
        `doc`, `story`, one row per document; the number of a story is that of one of its documents.
    """
    turns = documents.sort("site", "digest").select(
        "doc", site=pl.col("site").rle_id(), turn=pl.int_range(pl.len(), dtype=pl.UInt32)
    )
    alike = _alike(sketches.join(turns, on="doc"))
    labels = turns.select("turn", story="turn")
    both = pl.concat([alike, alike.select(left="right", right="left")])
    while True:
        best = both.join(labels, left_on="left", right_on="turn").group_by("right").agg(pl.col("story").min())
        lower = labels.join(best.rename({"right": "turn", "story": "other"}), on="turn", how="left")
        after = lower.select("turn", story=pl.min_horizontal("story", "other"))
        if after["story"].equals(labels["story"]):
            break
        labels = after
    return turns.join(labels, on="turn").select("doc", "story")


def _alike(sentences: pl.DataFrame) -> pl.DataFrame:
    """The pairs of turns (`left`, `right`) that share enough sentences."""
    met = (
        sentences.filter(pl.col("sentence").is_duplicated())  # most go here, and numbers are compared quickly
        .filter(pl.struct("site", "sentence").is_duplicated())
        .sort("turn")
        .with_columns(place=pl.int_range(pl.len()).over("site", "sentence"), size=pl.len().over("site", "sentence"))
    )
    first = met.filter((pl.col("size") <= FULL) | (pl.col("place") < FIRST_FEW))
    pairs = (
        first.select("site", "sentence", left="turn")
        .join(met.select("site", "sentence", right="turn"), on=["site", "sentence"])
        .filter(pl.col("left") < pl.col("right"))
        .group_by("left", "right")
        .agg(shared=pl.len())
    )
    sizes = np.bincount(sentences["turn"])
    smaller = np.minimum(*(sizes[pairs[side].to_numpy()] for side in ("left", "right")))
    return pairs.filter(pl.col("shared") >= SHARED * pl.Series(smaller)).select("left", "right")
