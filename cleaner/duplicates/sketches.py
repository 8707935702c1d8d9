"""Overlaps of sketches, how often a shared text stands, and groups of pairs, compiled.

The slow twins are in `overlap.py`. Importing this module loads numba, so callers import it when they need it.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from cleaner.buffers import fixed
from cleaner.duplicates.pairs import STRETCH
from cleaner.duplicates.sorting import in_common, lower_bound, sort_few
from cleaner.intrinsics import copied, inner, outer, with_room

Array = npt.NDArray[Any]

_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_BITS = 24
"""A number's bit is told by so many bits of its product; two bitmaps of them are 4 MB."""


@outer
def _may_recur(numbers, once, again, found):
    for i in range(numbers.size):
        spot = numbers[i] * _SPREAD >> np.uint64(64 - _BITS)
        word, bit = spot >> np.uint64(6), np.uint64(1) << (spot & np.uint64(63))
        again[word] |= once[word] & bit
        once[word] |= bit
    for i in range(numbers.size):
        spot = numbers[i] * _SPREAD >> np.uint64(64 - _BITS)
        found[i] = again[spot >> np.uint64(6)] >> (spot & np.uint64(63)) & np.uint64(1) != np.uint64(0)


def may_recur(numbers: npt.NDArray[np.unsignedinteger[Any]]) -> npt.NDArray[np.bool_]:
    """Which numbers may stand more than once: all that do, and few others."""
    found = np.empty(numbers.size, np.bool_)
    once, again = np.zeros((2, 1 << (_BITS - 6)), np.uint64)
    _may_recur(fixed(numbers, np.uint64), once, again, found)
    return found


@outer
def _overlaps(documents, starts, ids, id_offsets, sizes, first, last, least):
    """The pairs whose left document is one of first:last, two numbers after two."""
    counts = np.zeros(sizes.size, np.uint32)
    touched, pairs, end = np.empty(sizes.size, np.uint32), np.empty(2048, np.uint32), 0
    for left in range(first, last):
        found = 0
        for turn in range(id_offsets[left], id_offsets[left + 1]):
            begin, stop = starts[ids[turn]], starts[ids[turn] + 1]
            for place in range(begin + lower_bound(documents[begin:stop], left + 1), stop):
                right = documents[place]
                if counts[right] == 0:
                    touched[found] = right
                    found += 1
                counts[right] += 1
        sort_few(touched[:found])
        for turn in range(found):
            right = touched[turn]
            smaller = sizes[left] if sizes[left] < sizes[right] else sizes[right]
            if counts[right] >= least * smaller:
                pairs = with_room(pairs, end + 2)
                pairs[end], pairs[end + 1] = left, right
                end += 2
            counts[right] = 0
    return copied(pairs, end, np.uint32)


def overlaps(
    documents: Array, starts: Array, ids: Array, id_offsets: Array, sizes: Array, least: float
) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """The pairs of documents that share `least` and more of the smaller one's values, in order; see `overlap.Index`."""
    threads = pl.thread_pool_size()
    step = max(1024, -(-sizes.size // (8 * threads)))

    def work(first: int) -> Array:
        return _overlaps(documents, starts, ids, id_offsets, sizes, first, min(first + step, sizes.size), least)

    with ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(work, range(0, sizes.size, step)))
    pairs = np.concatenate([np.empty(0, np.uint32), *found]).reshape(-1, 2)
    return np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1])


@inner
def _unlike(documents, groups, enough):
    """How many groups the documents are of, up to `enough`."""
    seen, count = np.empty(enough, np.uint32), 0
    for document in documents:
        group, is_new = groups[document], True
        for i in range(count):
            is_new &= seen[i] != group
        if is_new:
            seen[count] = group
            count += 1
            if count == enough:
                break
    return count


@outer
def _stands(sketch, offsets, documents, starts, ids, id_offsets, left, right, groups, enough, common, counts):
    for pair in range(left.size):
        one, other = left[pair], right[pair]
        known = in_common(sketch[offsets[one] : offsets[one + 1]], sketch[offsets[other] : offsets[other + 1]])
        mine, theirs = ids[id_offsets[one] : id_offsets[one + 1]], ids[id_offsets[other] : id_offsets[other + 1]]
        holders, found, standing, i, k = np.empty(known, np.int64), 0, 0, 0, 0
        while i < mine.size and k < theirs.size:
            if mine[i] == theirs[k]:
                begin, stop = starts[mine[i]], starts[mine[i] + 1]
                holders[found] = stop - begin
                found += 1
                standing += _unlike(documents[begin:stop], groups, enough) == enough
            step, step_other = mine[i] <= theirs[k], theirs[k] <= mine[i]
            i += step
            k += step_other
        for i in range(found, known):
            holders[i] = common
        sort_few(holders)
        counts[pair, 0], counts[pair, 1] = known, standing + known - found
        counts[pair, 2] = holders[(known - 1) // 2] if known else 0


def stands(
    sketch: Array,
    offsets: Array,
    documents: Array,
    starts: Array,
    ids: Array,
    id_offsets: Array,
    left: Array,
    right: Array,
    groups: Array,
    *,
    enough: int,
    common: int,
) -> npt.NDArray[np.uint32]:
    """What `overlap.stands` says of each pair: pairs by three; `common` stands for the documents of left-out values."""
    counts = np.zeros((left.size, 3), np.uint32)

    def work(first: int) -> None:
        part = slice(first, first + STRETCH)
        found = sketch, offsets, documents, starts, ids, id_offsets
        _stands(*found, left[part], right[part], groups, enough, common, counts[part])

    with ThreadPoolExecutor(pl.thread_pool_size()) as pool:
        list(pool.map(work, range(0, left.size, STRETCH)))
    return counts


@inner
def _root(above, document):
    while above[document] != document:
        above[document] = above[above[document]]
        document = above[document]
    return document


@outer
def _link(above, left, right):
    for pair in range(left.size):
        one, other = _root(above, left[pair]), _root(above, right[pair])
        if one < other:
            above[other] = one
        else:
            above[one] = other
    for document in range(above.size):
        above[document] = _root(above, document)


def groups(count: int, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]) -> npt.NDArray[np.uint32]:
    """The components of documents linked by pairs: `overlap.groups`, compiled."""
    above = np.arange(count, dtype=np.int64)
    _link(above, left, right)
    return above.astype(np.uint32)
