"""Bands, sketches, digests and addresses to candidate pairs, and candidates to measured pairs.

Documents are named by their place in the order of preference: the smaller place is the one that would stay.
"""

from collections.abc import Callable, Iterator
from dataclasses import fields
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from cleaner.duplicates import overlap, shingles
from cleaner.duplicates.differ import Difference, difference
from cleaner.duplicates.signatures import SMALL
from cleaner.settings import SHINGLES, Settings

PAIR = pl.Schema({"left": pl.UInt32, "right": pl.UInt32})
"""Two documents that may be duplicates, `left` being the one preferred."""

SIMILAR = pl.Schema(
    [
        *PAIR.items(),
        ("similarity", pl.Float64()),
        ("containment", pl.Float64()),
        ("left_size", pl.Int64()),
        ("right_size", pl.Int64()),
    ]
)
"""Pairs measured exactly; sizes are numbers of different shingles."""

DIFFERENT = pl.Schema({field.name: pl.Int64 for field in fields(Difference)})
"""What differs between two texts; see `differ.Difference`."""

FIRST_FEW = 8
"""Members of a bucket over `max_bucket` that all others are compared with: its most preferred, one of which stays if
the bucket holds copies."""

CHUNK = 1 << 14
"""Pairs that are measured at once whatever texts they are of."""

CHUNK_TOKENS, CHUNK_PAIRS = 12_000_000, 1 << 18
"""Tokens of the texts that are compared at once where there are more pairs, and pairs of them. Each word of a text
takes 24 bytes then, and as many as it has letters."""

FEW_WORDS = 20_000
"""Words up to which the slow way of telling what differs is the faster one, loading numba included."""

Texts = Callable[[pl.Series], pl.DataFrame]
"""From the places of some documents to their texts and titles: `text`, `title`."""


def candidates(
    bands: npt.NDArray[np.uint64], places: pl.Series, further: list[pl.Series], settings: Settings
) -> tuple[pl.DataFrame, int]:
    """The pairs that agree on a band or another value, each once, sorted; and the number of buckets over `max_bucket`.

    Args:
        bands: Band values, documents by bands.
        places: The documents' places, in the order of the rows of `bands`.
        further: Other values that make candidates, such as that of the digest; documents with a null have none.
        settings: `max_bucket` bounds the pairs of a bucket.
    """
    pairs, large = pl.DataFrame(schema=PAIR), 0
    columns = [*bands.T, *further]
    step = max(1, overlap.SLICE // max(1, places.len()))
    for first in range(0, len(columns), step):
        buckets = _buckets([pl.Series(column) for column in columns[first : first + step]], places)
        pairs = pl.concat([pairs, _bucket_pairs(buckets, settings.max_bucket)]).unique()
        large += buckets.filter((pl.col("turn") == 0) & (pl.col("size") > settings.max_bucket)).height
    return pairs.sort("left", "right"), large


def _buckets(columns: list[pl.Series], places: pl.Series) -> pl.DataFrame:
    """The documents that agree on a value of a column: `bucket`, `place`, the bucket's `size`, and the `turn` in it."""
    values = pl.DataFrame(
        {
            "column": pl.concat([pl.repeat(i, places.len(), dtype=pl.UInt32, eager=True) for i in range(len(columns))]),
            "value": pl.concat([column.alias("value") for column in columns]),
            "place": pl.concat([places] * len(columns)),
        }
    ).drop_nulls("value")
    values = values.filter(pl.Series(overlap.may_recur(values["value"].to_numpy()), dtype=pl.Boolean))
    ordered = values["value"].sort().to_numpy()
    again = pl.Series(ordered[1:][ordered[1:] == ordered[:-1]], dtype=pl.UInt64)
    members = values.filter(pl.col("value").is_in(again.implode())).sort("column", "value", "place")
    firsts, sizes = overlap.runs(members.select(pl.struct("column", "value").rle_id()).to_series().to_numpy())
    size, turn = np.repeat(sizes, sizes), np.arange(members.height) - np.repeat(firsts, sizes)
    return members.select(
        "place", bucket=pl.Series(np.repeat(firsts, sizes)), turn=pl.Series(turn), size=pl.Series(size)
    ).filter(pl.col("size") > 1)


def _bucket_pairs(buckets: pl.DataFrame, max_bucket: int) -> pl.DataFrame:
    """All pairs of each bucket; of a large one those with its first few."""
    first = buckets.filter((pl.col("size") <= max_bucket) | (pl.col("turn") < FIRST_FEW))
    return (
        first.join(buckets, on="bucket")
        .filter(pl.col("place") < pl.col("place_right"))
        .select(left="place", right="place_right")
        .cast(PAIR)
    )


def verify(pairs: pl.DataFrame, texts: Texts, tokens: npt.NDArray[np.int64], settings: Settings) -> pl.DataFrame:
    """The pairs with their exact similarity and containment and, of those alike, what differs.

    Pairs of which less than `overlap.LEAST` of the smaller text is in the larger are left out; what differs is null
    where neither threshold is reached.

    Args:
        pairs: As `candidates` gives them.
        texts: Gives the texts of documents.
        tokens: How many each document has, by places.
        settings: The thresholds and the size of shingles.
    """
    measured = [pl.DataFrame(schema=SIMILAR | DIFFERENT)]
    for chunk in chunks(pairs, tokens):
        places = pl.concat([chunk["left"], chunk["right"]]).unique().sort()
        documents = texts(places)
        similar = _measure(chunk, _shingle_sets(documents["text"], settings), places)
        similar = similar.filter(pl.col("containment") >= overlap.LEAST)
        alike = similar.filter(
            (pl.col("similarity") >= settings.threshold) | (pl.col("containment") >= settings.containment)
        )
        different = _differences(alike, documents, places, settings)
        measured.append(similar.join(different, on=("left", "right"), how="left", maintain_order="left"))
    return pl.concat(measured).sort("left", "right")


def chunks(pairs: pl.DataFrame, tokens: npt.NDArray[np.int64]) -> Iterator[pl.DataFrame]:
    """The pairs in parts that are measured at once, which bounds the memory for their texts.

    Pairs of documents that pairs link stand together, so that few texts are asked for twice.
    """
    if pairs.height <= CHUNK:
        yield pairs
        return
    group = overlap.groups(tokens.size, *(pairs[side].to_numpy().astype(np.int64) for side in PAIR))
    ordered = pairs.sort(pl.lit(pl.Series(group)).gather("left"), "left", "right")
    ends = ordered.select(PAIR.names()).to_numpy().astype(np.int64).ravel()
    first = 0
    while first < pairs.height:
        some = ends[2 * first : 2 * (first + CHUNK_PAIRS)]
        new = tokens[some] * pl.Series(some).is_first_distinct().to_numpy()
        count = max(1, int(np.searchsorted(new.cumsum()[1::2], CHUNK_TOKENS, side="right")))
        yield ordered[first : first + count]
        first += count


def _shingle_sets(texts: pl.Series, settings: Settings) -> shingles.Sets:
    sizes: dict[str, Any] = {"shingle_size": settings.tokens_in_shingle, "of": settings.shingle_of}
    if texts.str.len_bytes().sum() <= SMALL:
        return shingles.shingle_sets(texts, **sizes)
    from cleaner.duplicates import kernel  # noqa: PLC0415 (numba takes a second to load)

    return shingles.Sets(*kernel.shingle_hashes(texts, **sizes))


def _turns(pairs: pl.DataFrame, places: pl.Series) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Where the documents of each pair stand among the places."""
    left, right = (places.search_sorted(pairs[side]).to_numpy().astype(np.int64) for side in PAIR)
    return left, right


def _measure(pairs: pl.DataFrame, sets: shingles.Sets, places: pl.Series) -> pl.DataFrame:
    left, right = _turns(pairs, places)
    if sets.hashes.nbytes <= SMALL:
        shared = shingles.shared_counts(sets, left, right)
    else:
        from cleaner.duplicates import pairs as compiled  # noqa: PLC0415

        shared = compiled.shared_counts(sets.hashes, sets.offsets, left, right)
    sizes = np.diff(sets.offsets)
    smaller, larger = np.minimum(sizes[left], sizes[right]), np.maximum(sizes[left], sizes[right])
    return pairs.with_columns(
        similarity=pl.Series(shared / np.maximum(smaller + larger - shared, 1)),
        containment=pl.Series(shared / np.maximum(smaller, 1)),
        left_size=pl.Series(sizes[left]),
        right_size=pl.Series(sizes[right]),
    )


def words_in_shingle(settings: Settings) -> int:
    """Words that two texts are aligned by: a shingle of words, also where the shingles are of characters."""
    return settings.tokens_in_shingle if settings.shingle_of == "words" else SHINGLES["words"]


def _differences(pairs: pl.DataFrame, documents: pl.DataFrame, places: pl.Series, settings: Settings) -> pl.DataFrame:
    """What differs between the texts of each pair: PAIR and DIFFERENT."""
    used = pl.concat([pairs["left"], pairs["right"]]).unique().sort()
    texts, titles = documents[places.search_sorted(used)].select("text", "title")
    left, right = _turns(pairs, used)
    size = words_in_shingle(settings)
    if _words_in(texts) <= FEW_WORDS:
        codes = [[shingles.word_codes(text) for text in column.fill_null("")] for column in (texts, titles)]
        rows = [
            difference(codes[0][one], codes[0][other], (codes[1][one], codes[1][other]), shingle_size=size)
            for one, other in zip(left.tolist(), right.tolist(), strict=True)
        ]
        return pl.concat([pairs.select(*PAIR), pl.DataFrame(rows, schema=DIFFERENT)], how="horizontal")
    from cleaner.duplicates import kernel  # noqa: PLC0415
    from cleaner.duplicates import pairs as compiled  # noqa: PLC0415

    counts = compiled.differences(kernel.words(texts), kernel.words(titles), left, right, shingle_size=size)
    return pl.concat([pairs.select(*PAIR), pl.DataFrame(counts, schema=DIFFERENT)], how="horizontal")


def _words_in(texts: pl.Series) -> int:
    return int(texts.str.len_bytes().sum()) // len("words ")
