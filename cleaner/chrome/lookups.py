"""What compiled code finds words by: hashes of characters, open-addressed tables of them, and bits.

Importing this module loads numba, so callers import it when they need it.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from cleaner.buffers import offsets, utf8
from cleaner.intrinsics import code_point, inner, outer

Array = npt.NDArray[Any]

_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)
_ONE = np.uint64(1)
_BITS = np.uint64(46)
"""A number's bit is told by the highest 18 bits of its product: of fewer, many numbers share one."""

SPOTS = 64
"""Words of a bitmap that is made for one line; the bit there is told by the highest 12."""


@inner
def mixed(state, code):
    """A hash of characters, with one more."""
    state = (state ^ (np.uint64(code) + _ONE)) * _SPREAD
    return state ^ (state >> _SHIFT)


@inner
def character(source, place):
    """The character that begins here, and its number of bytes."""
    if source[place] < 128:
        return np.uint64(source[place]), np.uint64(1)
    return code_point(source, place)


@inner
def slot_of(key, slots, mask):
    """Where a key is in an open-addressed table of mask + 1 slots, or where it would be."""
    place = np.int64(key * _SPREAD >> _SHIFT) & mask
    while slots[place] != np.uint64(0) and slots[place] != key:
        place = (place + 1) & mask
    return place


@inner
def place_of(key, slots):
    """The place of a key in an open-addressed table, -1 if it is not there."""
    place = slot_of(key, slots, slots.size - 1)
    return place if slots[place] != np.uint64(0) else -1


@inner
def is_set(number, bitmap):
    """Whether a bitmap has the bit of a number, which other numbers share."""
    spot = number * _SPREAD >> _BITS
    return bitmap[spot >> np.uint64(6)] >> (spot & np.uint64(63)) & _ONE


@inner
def spot(number):
    """Which of SPOTS words has the bit of a number, and the bit."""
    place = np.uint64(number) * _SPREAD >> np.uint64(52)
    return place >> np.uint64(6), _ONE << (place & np.uint64(63))


@outer
def _hash(source, offsets, hashes):
    for i in range(hashes.size):
        place, stop = np.uint64(offsets[i]), np.uint64(offsets[i + 1])
        while place < stop:
            code, width = character(source, place)
            hashes[i] = mixed(hashes[i], code)
            place += width


@outer
def _fill(keys, slots, places):
    """Puts keys, none of them 0, into an open-addressed table, and the place of each beside it."""
    for i in range(keys.size):
        place = slot_of(keys[i], slots, slots.size - 1)
        slots[place] = keys[i]
        places[place] = i


# --- Fronts ---


def hashes(words: pl.Series) -> pl.Series:
    """A hash of the characters of each word, as `mixed` makes it one by one; null for nulls."""
    found = np.zeros(len(words), np.uint64)
    _hash(*with_offsets(words), found)
    return pl.select(pl.when(words.is_not_null()).then(pl.Series(found))).to_series()


def with_offsets(texts: pl.Series) -> tuple[Array, Array]:
    """The texts' bytes end to end, and where each begins and ends."""
    return utf8(texts), offsets(texts)


def table(keys: Array) -> tuple[Array, Array]:
    """An open-addressed table of distinct keys, at most half full, and the place of each key where it stands there."""
    slots = np.zeros(1 << max(4, (2 * keys.size).bit_length()), np.uint64)
    places = np.zeros(slots.size, np.int64)
    _fill(keys, slots, places)
    return slots, places


def is_new() -> bool:
    """Whether what makes tables had to be compiled in this process, and was not on disk."""
    return bool(_fill.stats.cache_misses)


def grouped(keys: Array, known: Array | None = None) -> tuple[Array, Array, Array]:
    """The places of keys, equal ones together; a table of what is known, these if it is not given; their ranges there.

    A range is where the places of a key begin and end.
    """
    turn, distinct = np.argsort(keys, kind="stable"), np.unique(keys if known is None else known)
    slots, places = table(distinct)
    ranges = np.stack([np.searchsorted(keys[turn], distinct, side) for side in ("left", "right")], axis=1)
    return turn, slots, ranges[places] if distinct.size else np.zeros((slots.size, 2), np.int64)


def bitmap_of(numbers: Array) -> Array:
    """The bits of some numbers, where `is_set` looks for them."""
    bitmap, spots = np.zeros(1 << 12, np.uint64), numbers * _SPREAD >> _BITS
    np.bitwise_or.at(bitmap, (spots >> np.uint64(6)).astype(np.int64), _ONE << (spots & np.uint64(63)))
    return bitmap
