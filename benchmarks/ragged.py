"""Rows of different lengths laid end to end, and random numbers that depend on nothing but their place."""

from typing import Final

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]
Random = npt.NDArray[np.uint64]
Marks = npt.NDArray[np.bool_]

_STEP: Final = 0x9E3779B97F4A7C15


def mixed(values: Random) -> Random:
    """SplitMix64's finaliser: a random number for each value."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def drawn(keys: Random, places: Numbers | int) -> Random:
    """The random number at a place of the row that each key has."""
    if isinstance(places, int):
        return mixed(keys + np.uint64(places * _STEP % 2**64))
    return mixed(keys + places.view(np.uint64) * np.uint64(_STEP))


def key(seed: int, purpose: int, numbers: Numbers) -> Random:
    """A key for each number; other ones for another purpose and another seed."""
    start = (seed * 0xD1342543DE82EF95 + purpose * 0xA0761D6478BD642F + 1) % 2**64
    return mixed(drawn(np.full(len(numbers), start, np.uint64), numbers))


def below(values: Random, limit: int | Numbers) -> Numbers:
    """The random numbers brought below a limit of up to 2**31."""
    high = (values >> np.uint64(33)).astype(np.int64)
    return np.asarray(high * limit >> 31, np.int64)


def chance(values: Random) -> npt.NDArray[np.float64]:
    """The random numbers brought between 0 and 1."""
    return np.asarray((values >> np.uint64(11)).astype(np.float64) * 2.0**-53, np.float64)


def places_in(sizes: Numbers) -> Numbers:
    """0, 1, 2 … in each row."""
    ends = np.cumsum(sizes)
    bases: Numbers = np.repeat(ends - sizes, sizes)
    return np.arange(ends[-1] if len(ends) else 0, dtype=np.int64) - bases


def spread(starts: Numbers, sizes: Numbers) -> Numbers:
    """start, start + 1 … of each row."""
    ends = np.cumsum(sizes)
    bases: Numbers = np.repeat(starts - (ends - sizes), sizes)
    return np.arange(ends[-1] if len(ends) else 0, dtype=np.int64) + bases


def sums(values: npt.NDArray[np.generic], rows: Numbers, count: int) -> Numbers:
    """The sum over each of `count` rows; `rows` says which one a value is in."""
    return np.asarray(np.bincount(rows, weights=values.astype(np.float64), minlength=count), np.int64)
