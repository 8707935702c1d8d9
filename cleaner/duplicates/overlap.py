"""Sketches to candidate pairs, and how often a text that two documents share stands elsewhere.

Small inputs take the slow ways here, larger ones the compiled ones of `sketches.py`; both give the same.
"""

from dataclasses import dataclass
from statistics import median_low
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

SCALE = 8
"""One shingle in so many is in a sketch: 50 of a usual article, and still 6 of a dispatch of 50 words."""

MOST_DOCUMENTS = 200
"""Documents that a value of a sketch may stand in to make candidates. What stands in more is a form or chrome."""

LEAST = 0.4
"""Least containment that two sketches must let expect of a candidate. Sketches of short texts are off by .2, and what
is wanted is .7."""

SLICE = 1 << 22
"""Values of sketches that are sorted at once, which bounds the memory for it."""

BLOCK = 1 << 16
"""Documents whose values are put in order at once, which bounds the memory for it too."""

FEW = 100_000
"""Values up to which the slow ways are the faster ones, loading numba included."""

FEW_LINKED = 10_000
"""Documents and pairs of them up to which the slow way of grouping them is."""

UNLIKE = 5
"""Documents unlike each other that a text stands in, from which on it is a standing text and no article's own: a
notice, a poll's method, a form. An agency's paragraph stands in two or three stories."""

OVERLAP = pl.Schema({"left": pl.UInt32, "right": pl.UInt32})


@dataclass(frozen=True)
class Index:
    """Which documents have which values.

    Attributes:
        sketch: All sketches end to end, as `shingles.Signatures` has them.
        offsets: Where each begins, and where the last one ends.
        documents: The documents of each value that stands in 2 to MOST_DOCUMENTS of them, value after value.
        starts: Where each value's documents begin, and where the last one's end.
        ids: The numbers of such values that each document has, document after document, rising.
        id_offsets: Where each document's begin, and where the last one's end.
        sizes: How many values of each document stand in MOST_DOCUMENTS at most.
    """

    sketch: npt.NDArray[np.uint32]
    offsets: npt.NDArray[np.int64]
    documents: npt.NDArray[np.uint32]
    starts: npt.NDArray[np.int64]
    ids: npt.NDArray[np.uint32]
    id_offsets: npt.NDArray[np.int64]
    sizes: npt.NDArray[np.int64]

    @property
    def is_small(self) -> bool:
        """Whether the slow ways are the faster ones."""
        return self.sketch.size <= FEW


def index(
    sketch: npt.NDArray[np.uint32], offsets: npt.NDArray[np.int64], compared: npt.NDArray[np.bool_] | None = None
) -> Index:
    """The index of sketches; document i has sketch[offsets[i] : offsets[i + 1]].

    Documents that are not `compared`, if that is given, are in the index with no value.
    """
    count = offsets.size - 1
    document = np.repeat(np.arange(count, dtype=np.uint32), np.diff(offsets))
    slices = max(1, -(-sketch.size // SLICE))
    step = -(-(1 << 32) // SCALE // slices) if slices > 1 else 1 << 32
    documents, holders, too_many = [document[:0]], [np.empty(0, np.int64)], np.zeros(count, np.int64)
    for low in range(0, (1 << 32) // SCALE + 1 if slices > 1 else 1, step):
        inside = (sketch >= low) & (sketch < low + step)
        inside &= True if compared is None else compared[document]
        inside[inside] = may_recur(sketch[inside])
        members, sizes = _members(sketch[inside], document[inside])
        common = np.repeat(sizes > MOST_DOCUMENTS, sizes)
        too_many += np.bincount(members[common], minlength=count)
        documents.append(members[~common])
        holders.append(sizes[sizes <= MOST_DOCUMENTS])
    del document, inside
    sizes, held = np.concatenate(holders), np.concatenate(documents)
    ids, id_offsets = _by_document(held, sizes, count)
    return Index(
        sketch=sketch,
        offsets=offsets,
        documents=held,
        starts=np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)]),
        ids=ids,
        id_offsets=id_offsets,
        sizes=np.diff(offsets) - too_many,
    )


def _by_document(
    documents: npt.NDArray[np.uint32], sizes: npt.NDArray[np.int64], count: int
) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]:
    """The numbers of the values that each document has, and where each one's begin; a block of documents at a time."""
    number = np.repeat(np.arange(sizes.size, dtype=np.uint32), sizes)
    ids = [number[:0]]
    for first in range(0, count, BLOCK):
        inside = (documents >= first) & (documents < first + BLOCK)
        ids.append(_sorted_pairs(documents[inside], number[inside])[1])
    ends = np.cumsum(np.bincount(documents, minlength=count))
    return np.concatenate(ids), np.concatenate([np.zeros(1, np.int64), ends])


def _members(
    values: npt.NDArray[np.uint32], documents: npt.NDArray[np.uint32]
) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]:
    """The documents of values that stand in more than one, in the order of values, then documents; each value's number.

    No document has a value twice.
    """
    values, documents = _sorted_pairs(values, documents)
    _, sizes = runs(values)
    return documents[np.repeat(sizes > 1, sizes)], sizes[sizes > 1]


def _sorted_pairs(
    first: npt.NDArray[np.uint32], second: npt.NDArray[np.uint32]
) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """Pairs of numbers in order; sorted as one number each and by Polars, which is the quickest."""
    both = pl.Series((first.astype(np.uint64) << np.uint64(32)) | second).sort().to_numpy()
    return (both >> np.uint64(32)).astype(np.uint32), both.astype(np.uint32)


def may_recur(numbers: npt.NDArray[np.unsignedinteger[Any]]) -> npt.NDArray[np.bool_]:
    """Which numbers may stand more than once. Most do not, and what goes beforehand need not be sorted."""
    if numbers.size <= FEW:
        return np.ones(numbers.size, np.bool_)
    from cleaner.duplicates import sketches  # noqa: PLC0415 (numba takes a second to load)

    return sketches.may_recur(numbers)


def runs(values: npt.NDArray[Any]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Where each run of equal values begins, and its length."""
    firsts = np.flatnonzero(np.concatenate([np.ones(min(values.size, 1), np.bool_), values[1:] != values[:-1]]))
    return firsts, np.diff(firsts, append=values.size)


def overlaps(found: Index) -> pl.DataFrame:
    """The pairs, as OVERLAP, of which the shorter sketch lies to LEAST and more in the longer."""
    if not found.is_small:
        from cleaner.duplicates import sketches  # noqa: PLC0415 (numba takes a second to load)

        left, right = sketches.overlaps(found.documents, found.starts, found.ids, found.id_offsets, found.sizes, LEAST)
        return pl.DataFrame({"left": left, "right": right}, schema=OVERLAP)
    sizes = pl.Series(found.sizes)
    held = pl.DataFrame({"document": found.documents, "value": np.repeat(*_numbered(found.starts))})
    return (
        held.join(held, on="value")
        .filter(pl.col("document") < pl.col("document_right"))
        .group_by(left="document", right="document_right")
        .agg(shared=pl.len())
        .filter(
            pl.col("shared") >= LEAST * pl.min_horizontal(pl.lit(sizes).gather("left"), pl.lit(sizes).gather("right"))
        )
        .select("left", "right")
        .cast(OVERLAP)
        .sort("left", "right")
    )


def _numbered(starts: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    sizes = np.diff(starts)
    return np.arange(sizes.size), sizes


STANDS = pl.Schema({"known": pl.UInt32, "standing": pl.UInt32, "holders": pl.UInt32})
"""Of the values that two sketches share: how many, how many of them are of standing text, and in how many documents
they stand (the lower median)."""


def stands(
    found: Index, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64], groups: npt.NDArray[np.uint32]
) -> pl.DataFrame:
    """How often the text that each pair shares stands, as STANDS.

    Args:
        found: The index.
        left: One document of each pair.
        right: The other.
        groups: The group of each document, of documents that are like each other. Fifty copies of one story do not
            make its sentences standing text.
    """
    if not found.is_small:
        from cleaner.duplicates import sketches  # noqa: PLC0415

        counts = sketches.stands(
            found.sketch,
            found.offsets,
            found.documents,
            found.starts,
            found.ids,
            found.id_offsets,
            left,
            right,
            groups,
            enough=UNLIKE,
            common=MOST_DOCUMENTS + 1,
        )
        return pl.DataFrame(counts, schema=STANDS)
    rows = [_stands(found, one, other, groups) for one, other in zip(left.tolist(), right.tolist(), strict=True)]
    return pl.DataFrame(rows, schema=STANDS, orient="row")


def _stands(found: Index, one: int, other: int, groups: npt.NDArray[np.uint32]) -> tuple[int, int, int]:
    mine, theirs = (found.sketch[found.offsets[i] : found.offsets[i + 1]] for i in (one, other))
    my_ids, their_ids = (found.ids[found.id_offsets[i] : found.id_offsets[i + 1]] for i in (one, other))
    known = np.intersect1d(mine, theirs).size
    held = [found.documents[found.starts[i] : found.starts[i + 1]] for i in np.intersect1d(my_ids, their_ids)]
    common = known - len(held)  # what stands in more than MOST_DOCUMENTS has no number
    holders = [*(len(documents) for documents in held), *[MOST_DOCUMENTS + 1] * common]
    standing = sum(np.unique(groups[documents]).size >= UNLIKE for documents in held)
    return known, standing + common, median_low(holders) if holders else 0


def groups(count: int, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]) -> npt.NDArray[np.uint32]:
    """The components of documents linked by pairs; each is named by its first document."""
    if count + left.size > FEW_LINKED:
        from cleaner.duplicates import sketches  # noqa: PLC0415

        return sketches.groups(count, left, right)
    above = list(range(count))
    for one, other in zip(left.tolist(), right.tolist(), strict=True):
        roots = sorted((_root(above, one), _root(above, other)))
        above[roots[1]] = roots[0]
    return np.array([_root(above, i) for i in range(count)], np.uint32)


def _root(above: list[int], document: int) -> int:
    while above[document] != document:
        above[document] = above[above[document]]
        document = above[document]
    return document
