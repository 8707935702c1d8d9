"""Bands to candidate pairs, and candidates to verified pairs.

Documents are named by their place in the order of preference: the smaller place is the one that would stay.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import polars as pl

from cleaner.duplicates import shingles
from cleaner.duplicates.signatures import SMALL
from cleaner.settings import Settings

PAIR = pl.Schema({"left": pl.UInt32, "right": pl.UInt32})
"""Two documents that may be duplicates, `left` being the one preferred."""

VERIFIED = pl.Schema([*PAIR.items(), ("similarity", pl.Float64()), ("containment", pl.Float64())])

FIRST_FEW = 8
"""Members of a bucket over `max_bucket` that all others are compared with: its most preferred, one of which stays if
the bucket holds copies."""

CHUNK = 1 << 15
"""Pairs measured at once, which bounds the memory for their shingles."""

Texts = Callable[[pl.Series], pl.Series]
"""From the places of some documents to their texts."""


def candidates(bands: npt.NDArray[np.uint64], places: pl.Series, settings: Settings) -> tuple[pl.DataFrame, int]:
    """The pairs that agree on a band, each once, sorted; and the number of buckets over `max_bucket`.

    Args:
        bands: Band values, documents by bands.
        places: The documents' places, in the order of the rows of `bands`.
        settings: `max_bucket` bounds the pairs of a bucket.
    """
    pairs, large = pl.DataFrame(schema=PAIR), 0
    for band in bands.T:
        members = pl.DataFrame({"value": np.ascontiguousarray(band), "place": places})
        buckets = _buckets(members)
        pairs = pl.concat([pairs, _bucket_pairs(buckets, settings.max_bucket)]).unique()
        large += buckets.filter((pl.col("turn") == 0) & (pl.col("size") > settings.max_bucket)).height
    return pairs.sort("left", "right"), large


def _buckets(members: pl.DataFrame) -> pl.DataFrame:
    """The members of buckets of two and more, with the size of the bucket and each one's turn in it."""
    return (
        members.filter(pl.col("value").is_duplicated())
        .sort("place")
        .with_columns(turn=pl.int_range(pl.len()).over("value"), size=pl.len().over("value"))
    )


def _bucket_pairs(buckets: pl.DataFrame, max_bucket: int) -> pl.DataFrame:
    """All pairs of each bucket; of a large one those with its first few."""
    first = buckets.filter((pl.col("size") <= max_bucket) | (pl.col("turn") < FIRST_FEW))
    return (
        first.join(buckets, on="value")
        .filter(pl.col("place") < pl.col("place_right"))
        .select(left="place", right="place_right")
        .cast(PAIR)
    )


def verify(pairs: pl.DataFrame, texts: Texts, settings: Settings) -> pl.DataFrame:
    """The pairs with their exact similarity and containment, those below the threshold left out."""
    measured = [pl.DataFrame(schema=VERIFIED)]
    for chunk in pairs.iter_slices(CHUNK):
        places = pl.concat([chunk["left"], chunk["right"]]).unique().sort()
        sets = _shingle_sets(texts(places), settings)
        left, right = places.search_sorted(chunk["left"]), places.search_sorted(chunk["right"])
        measured.append(_measure(chunk, sets, left.to_numpy(), right.to_numpy()))
    return pl.concat(measured).filter(pl.col("similarity") >= settings.threshold)


def _shingle_sets(texts: pl.Series, settings: Settings) -> shingles.Sets:
    if texts.str.len_bytes().sum() <= SMALL:
        return shingles.shingle_sets(texts, shingle_size=settings.shingle_size)
    from cleaner.duplicates import kernel  # noqa: PLC0415 (numba takes a second to load)

    return shingles.Sets(*kernel.shingle_hashes(texts, shingle_size=settings.shingle_size))


def _measure(
    pairs: pl.DataFrame, sets: shingles.Sets, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]
) -> pl.DataFrame:
    if sets.hashes.nbytes <= SMALL:
        shared = shingles.shared_counts(sets, left, right)
    else:
        from cleaner.duplicates import kernel  # noqa: PLC0415

        shared = kernel.shared_counts(sets.hashes, sets.offsets, left, right)
    sizes = np.diff(sets.offsets)
    smaller, larger = np.minimum(sizes[left], sizes[right]), np.maximum(sizes[left], sizes[right])
    return pairs.with_columns(
        similarity=pl.Series(shared / np.maximum(smaller + larger - shared, 1)),
        containment=pl.Series(shared / np.maximum(smaller, 1)),
    )
