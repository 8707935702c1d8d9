"""Work on pairs of texts, compiled: overlaps of sketches, how often a shared text stands, what differs.

The slow twins are in `overlap.py` and `differ.py`. Importing this module loads numba, so callers import it when they
need it.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from numba import njit

from cleaner.duplicates.differ import SHORT
from cleaner.duplicates.folding import with_room
from cleaner.duplicates.intrinsics import inner
from cleaner.duplicates.shingles import Words
from cleaner.duplicates.sorting import copied, sort_few

Array = npt.NDArray[Any]

STRETCH = 1024
"""Pairs that a thread takes at once."""

COUNTS = 10
"""Fields of `differ.Difference`."""

_MIX = np.uint64(0xFF51AFD7ED558CCD)


@inner
def _grams(codes, first, last, size):
    """One number per run of `size` words; equal runs have equal ones, others hardly ever."""
    grams = np.empty(last - first - size + 1 if last - first >= size else 0, np.uint64)
    for i in range(grams.size):
        value = np.uint64(size)
        for k in range(size):
            value = (value ^ codes[first + i + k, 0]) * _MIX
            value ^= value >> np.uint64(32)
        grams[i] = value
    return grams


@inner
def _lower_bound(values, wanted):
    low, high = 0, values.size
    while low < high:
        middle = (low + high) >> 1
        if values[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@inner
def _placed(grams):
    """The first place of the grams of each slot, -1 for none, and after each place the next one of its slot."""
    slots = 1
    while slots < 2 * grams.size:
        slots *= 2
    firsts, after = np.empty(slots, np.int64), np.empty(grams.size, np.int64)
    for slot in range(slots):
        firsts[slot] = -1
    for place in range(grams.size - 1, -1, -1):
        slot = np.int64(grams[place] & np.uint64(slots - 1))
        after[place] = firsts[slot]
        firsts[slot] = place
    return firsts, after


@inner
def _place_from(grams, firsts, after, gram, least):
    """The first place from `least` on of a gram among others, given where these stand; -1 if there is none."""
    place = firsts[np.int64(gram & np.uint64(firsts.size - 1))]
    while place >= 0 and (place < least or grams[place] != gram):
        place = after[place]
    return place


@inner
def _figures_differ(codes, i, i_next, other, k, k_next):
    """Whether the figures of two short runs are others, or another number of times there."""
    for turn in range(2):
        one, one_first, one_last = (codes, i, i_next) if turn == 0 else (other, k, k_next)
        two, two_first, two_last = (other, k, k_next) if turn == 0 else (codes, i, i_next)
        for place in range(one_first, one_last):
            word = one[place, 0]
            if word & np.uint64(1):
                here = there = 0
                for again in range(one_first, one_last):
                    here += one[again, 0] == word
                for again in range(two_first, two_last):
                    there += two[again, 0] == word
                if here != there:
                    return True
    return False


@inner
def _align(codes, i, i_end, grams, other, k, k_end, grams_other, firsts, after, counts):
    """Fills the first five counts; the texts' words are codes[i:i_end] and other[k:k_end]."""
    begin, begin_other, gone, total = i, k, 0, i_end - i
    while i < i_end or k < k_end:
        if i < i_end and k < k_end and codes[i, 0] == other[k, 0]:
            i += 1
            k += 1
            continue
        i_next, k_next, skipped = i_end, k_end, np.int64(1) << 62
        turn = i
        while turn - begin < grams.size and turn - i < skipped:
            place = _place_from(grams_other, firsts, after, grams[turn - begin], k - begin_other)
            if place >= 0 and turn - i + place + begin_other - k < skipped:
                i_next, k_next = turn, place + begin_other
                skipped = i_next - i + k_next - k
            turn += 1
        while i_next > i and k_next > k and codes[i_next - 1, 0] == other[k_next - 1, 0]:
            i_next -= 1
            k_next -= 1
        gone += i_next - i
        if i_next == i or k_next == k:
            counts[3] += 1
        elif i_next - i <= SHORT and k_next - k <= SHORT:
            counts[1] += 1
            counts[2] += _figures_differ(codes, i, i_next, other, k, k_next)
        else:
            counts[4] += 1
        i, k = i_next, k_next
    counts[0] = total - gone


@inner
def _distinct(stems, count):
    """The distinct numbers among the first `count`, sorted, without 0."""
    part = stems[:count]
    sort_few(part)
    found = 0
    for i in range(count):
        if part[i] != 0 and (found == 0 or part[i] != part[found - 1]):
            part[found] = part[i]
            found += 1
    return part[:found]


@inner
def _own(titles, title_first, title_last, codes, first, head):
    """The distinct stems of a title and of the first `head` words of a text."""
    stems, count = np.empty(title_last - title_first + head, np.uint64), 0
    for place in range(title_first, title_last):
        stems[count] = titles[place, 1]
        count += 1
    for place in range(first, first + head):
        stems[count] = codes[place, 1]
        count += 1
    return _distinct(stems, count)


@inner
def _in_common(one, other):
    i = k = shared = 0
    while i < one.size and k < other.size:
        shared += one[i] == other[k]
        step, step_other = one[i] <= other[k], other[k] <= one[i]
        i += step
        k += step_other
    return shared


@inner
def _shared(count, grams, others, firsts, after, size):
    """Which words stand under grams that the other text has, and the first such one; `count` if there is none."""
    shared, head = np.zeros(count, np.bool_), count
    for i in range(grams.size):
        if _place_from(others, firsts, after, grams[i], 0) >= 0:
            head = i if i < head else head
            for k in range(size):
                shared[i + k] = True
    return shared, head


@inner
def _count_told(own, codes, first, shared):
    """How many of some stems, sorted, the shared words have."""
    told, count = np.zeros(own.size, np.bool_), 0
    for i in range(shared.size):
        if shared[i]:
            stem = codes[first + i, 1]
            place = _lower_bound(own, stem)
            if place < own.size and own[place] == stem and not told[place]:
                told[place] = True
                count += 1
    return count


@njit(nogil=True, cache=True)
def _differ(codes, offsets, titles, title_offsets, left, right, size, counts):
    for pair in range(left.size):
        one, other = left[pair], right[pair]
        i, i_end, k, k_end = offsets[one], offsets[one + 1], offsets[other], offsets[other + 1]
        grams, grams_other = _grams(codes, i, i_end, size), _grams(codes, k, k_end, size)
        placed, placed_other = _placed(grams), _placed(grams_other)
        _align(codes, i, i_end, grams, codes, k, k_end, grams_other, *placed_other, counts[pair])
        shared, head = _shared(i_end - i, grams, grams_other, *placed_other, size)
        shared_other, head_other = _shared(k_end - k, grams_other, grams, *placed, size)
        own = _own(titles, title_offsets[one], title_offsets[one + 1], codes, i, head)
        own_other = _own(titles, title_offsets[other], title_offsets[other + 1], codes, k, head_other)
        counts[pair, 5], counts[pair, 6] = own.size, own_other.size
        counts[pair, 7] = _count_told(own, codes, i, shared)
        counts[pair, 8] = _count_told(own_other, codes, k, shared_other)
        counts[pair, 9] = _in_common(own, own_other)


def differences(
    words: Words, titles: Words, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64], *, shingle_size: int
) -> npt.NDArray[np.int64]:
    """The fields of `differ.Difference` of each pair of texts: pairs by COUNTS."""
    counts = np.zeros((left.size, COUNTS), np.int64)

    def work(first: int) -> None:
        part = slice(first, first + STRETCH)
        texts = words.codes, words.offsets, titles.codes, titles.offsets
        _differ(*texts, left[part], right[part], shingle_size, counts[part])

    with ThreadPoolExecutor(pl.thread_pool_size()) as pool:
        list(pool.map(work, range(0, left.size, STRETCH)))
    return counts


# ---- sketches ------------------------------------------------------------------------------------------------------


@njit(nogil=True, cache=True)
def _overlaps(documents, starts, ids, id_offsets, sizes, first, last, least):
    """The pairs whose left document is one of first:last, two numbers after two."""
    counts = np.zeros(sizes.size, np.uint32)
    touched, pairs, end = np.empty(sizes.size, np.uint32), np.empty(2048, np.uint32), 0
    for left in range(first, last):
        found = 0
        for turn in range(id_offsets[left], id_offsets[left + 1]):
            begin, stop = starts[ids[turn]], starts[ids[turn] + 1]
            for place in range(begin + _lower_bound(documents[begin:stop], left + 1), stop):
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


@njit(nogil=True, cache=True)
def _stands(sketch, offsets, documents, starts, ids, id_offsets, left, right, groups, enough, common, counts):
    for pair in range(left.size):
        one, other = left[pair], right[pair]
        known = _in_common(sketch[offsets[one] : offsets[one + 1]], sketch[offsets[other] : offsets[other + 1]])
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


@njit(nogil=True, cache=True)
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
