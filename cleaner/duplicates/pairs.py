"""Pairs of texts, compiled: what they share, what differs between them, and which text goes for the other.

The slow twins are in `shingles.py`, `differ.py` and `cluster.py`. Importing this module loads numba, so callers import
it when they need it.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from cleaner.buffers import fixed
from cleaner.duplicates.differ import SHORT
from cleaner.duplicates.shingles import Words
from cleaner.duplicates.sorting import in_common, lower_bound, sort_few
from cleaner.intrinsics import inner, outer
from cleaner.parallel import on_engine

Array = npt.NDArray[Any]

STRETCH = 256
"""Pairs that a thread takes at once: few enough that all threads end together."""

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
            place = lower_bound(own, stem)
            if place < own.size and own[place] == stem and not told[place]:
                told[place] = True
                count += 1
    return count


@outer
def _differ(codes, offsets, titles, title_offsets, left, right, size, counts):
    grams = np.empty(0, np.uint64)
    placed = _placed(grams)
    for pair in range(left.size):
        one, other = left[pair], right[pair]
        i, i_end, k, k_end = offsets[one], offsets[one + 1], offsets[other], offsets[other + 1]
        if pair == 0 or one != left[pair - 1]:  # those of one document stand together
            grams = _grams(codes, i, i_end, size)
            placed = _placed(grams)
        grams_other = _grams(codes, k, k_end, size)
        placed_other = _placed(grams_other)
        _align(codes, i, i_end, grams, codes, k, k_end, grams_other, *placed_other, counts[pair])
        shared, head = _shared(i_end - i, grams, grams_other, *placed_other, size)
        shared_other, head_other = _shared(k_end - k, grams_other, grams, *placed, size)
        own = _own(titles, title_offsets[one], title_offsets[one + 1], codes, i, head)
        own_other = _own(titles, title_offsets[other], title_offsets[other + 1], codes, k, head_other)
        counts[pair, 5], counts[pair, 6] = own.size, own_other.size
        counts[pair, 7] = _count_told(own, codes, i, shared)
        counts[pair, 8] = _count_told(own_other, codes, k, shared_other)
        counts[pair, 9] = in_common(own, own_other)


@outer
def _take(left, right, gone, chosen):
    for turn in range(left.size):
        if not gone[left[turn]] and not gone[right[turn]]:
            gone[right[turn]] = True
            chosen[turn] = True


@outer
def _count_shared(flat, offsets, left, right, counts):
    """Walks both sorted sets of each pair at once, without a branch to guess wrong."""
    for pair in range(counts.size):
        i, i_end = np.uint64(offsets[left[pair]]), np.uint64(offsets[left[pair] + 1])
        k, k_end = np.uint64(offsets[right[pair]]), np.uint64(offsets[right[pair] + 1])
        shared = 0
        while i < i_end and k < k_end:
            one, other = flat[i], flat[k]
            shared += np.int64(one == other)
            i += np.uint64(one <= other)
            k += np.uint64(other <= one)
        counts[pair] = shared


def shared_counts(
    flat: npt.NDArray[np.uint64],
    offsets: npt.NDArray[np.int64],
    left: npt.NDArray[np.int64],
    right: npt.NDArray[np.int64],
) -> npt.NDArray[np.int64]:
    """How many of its shingle hashes text left[i] has in common with text right[i], for each i."""
    if len(left) != len(right):
        raise ValueError(
            f"{len(left)} left and {len(right)} right texts do not make pairs; give one right for each left"
        )
    flat, offsets = fixed(flat, np.uint64), fixed(offsets, np.int64)
    left, right = fixed(left, np.int64), fixed(right, np.int64)
    known = len(offsets) - 1
    for side in (left, right):
        if side.size and not 0 <= side.min() <= side.max() < known:
            raise ValueError(f"texts are numbered from 0 to {known - 1}, pairs from {side.min()} to {side.max()}")
    counts = np.empty(len(left), np.int64)

    def work(first: int) -> None:
        part = slice(first, first + STRETCH)
        _count_shared(flat, offsets, left[part], right[part], counts[part])

    _in_stretches(work, counts)
    return counts


def taken(left: npt.NDArray[np.uint32], right: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
    """Of pairs in the order of `right`, closest first, those for which `right` goes: `cluster.taken`, compiled."""
    chosen = np.zeros(left.size, np.bool_)
    gone = np.zeros(int(right.max(initial=0)) + 1, np.bool_)
    _take(fixed(left, np.uint32), fixed(right, np.uint32), gone, chosen)
    return chosen


def differences(
    words: Words, titles: Words, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64], *, shingle_size: int
) -> npt.NDArray[np.int64]:
    """The fields of `differ.Difference` of each pair of texts: pairs by COUNTS."""
    counts = np.zeros((left.size, COUNTS), np.int64)

    def work(first: int) -> None:
        part = slice(first, first + STRETCH)
        texts = words.codes, words.offsets, titles.codes, titles.offsets
        _differ(*texts, left[part], right[part], shingle_size, counts[part])

    _in_stretches(work, counts)
    return counts


def _in_stretches(work: Callable[[int], None], counts: Array) -> None:
    """The work for each stretch of pairs, on the threads of Polars; it fills their counts."""
    on_engine([partial(work, first) for first in range(0, len(counts), STRETCH)])
