"""Hashes, sorted and each once, in place; and what is found in sorted ones.

numba does not see that a function in another file has changed: after an edit here, touch `kernel.py`, or the
functions cached there keep the old code.
"""

import numpy as np

from cleaner.intrinsics import copied, inner


@inner
def sort_few(values):
    """Sorts in place, by insertion at ever smaller distances (Shell 1959; the distances are Knuth's).

    That is fastest for a handful, and never slow for many, most of which are repeats.
    """
    gap = 1
    while gap < values.size // 3:
        gap = 3 * gap + 1
    while gap > 0:
        for i in range(gap, values.size):
            value, k = values[i], i
            while k >= gap and values[k - gap] > value:
                values[k] = values[k - gap]
                k -= gap
            values[k] = value
        gap //= 3


@inner
def sorted_unique(values, width):
    """Sorts hashes of `width` bits in place; the distinct ones come first, and their number is returned.

    Hashes spread evenly, so that of as many buckets as there are hashes none holds more than a few, unless
    shingles are repeated.
    """
    bits = 1
    while values.size >> bits > 1 and bits < width:
        bits += 1
    shift = np.uint64(width - bits)
    ends = np.zeros((1 << bits) + 1, np.int64)
    for value in values:
        ends[np.int64(value >> shift) + 1] += 1
    for bucket in range(1 << bits):
        ends[bucket + 1] += ends[bucket]
    for value in copied(values, values.size, np.uint64):
        bucket = np.int64(value >> shift)
        values[ends[bucket]] = value
        ends[bucket] += 1
    count = start = 0
    for bucket in range(1 << bits):
        end = ends[bucket]
        if end > start + 1:
            sort_few(values[start:end])
        for i in range(start, end):
            value = values[i]
            is_new = np.int64(i == start or value != values[count - 1])
            values[count] = value
            count += is_new
        start = end
    return count


@inner
def lower_bound(values, wanted):
    """The place of the first of some sorted values that is not below the one wanted."""
    low, high = 0, values.size
    while low < high:
        middle = (low + high) >> 1
        if values[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@inner
def in_common(one, other):
    """How many values two have in common, each sorted and without repeats."""
    i = k = shared = 0
    while i < one.size and k < other.size:
        shared += one[i] == other[k]
        step, step_other = one[i] <= other[k], other[k] <= one[i]
        i += step
        k += step_other
    return shared
