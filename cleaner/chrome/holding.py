"""Which lines hold words that patterns ask for, compiled: one pass over the bytes of all.

`held.py` says the same in Polars and is the specification. Importing this module loads numba, so callers import it when
they need it.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from cleaner.chrome.held import together
from cleaner.chrome.lookups import bitmap_of, grouped, is_set, place_of, with_offsets
from cleaner.chrome.tables import GRAM, grams_of, starts_of
from cleaner.intrinsics import copied, inner, outer, with_room, word32

Array = npt.NDArray[Any]

_SMALL = 0x20
"""The bit that makes letters of ASCII small. Other bytes it makes others of, which comparing finds out."""

_SMALL_GRAM = np.uint32(_SMALL * 0x01010101)


class Sought(NamedTuple):
    """Words, found by one gram of each.

    Attributes:
        letters: The bytes of all words end to end.
        bounds: Where each begins and ends there.
        bitmap: Bits for their grams.
        slots: A table of them.
        ranges: Where the words of each begin and end among these.
        words: Words, by their grams.
        shifts: The place of the gram in each.
        starts: The gram that each begins with.
        gates: The pattern that asks for each word.
        led: Whether it begins no line.
        last: How many patterns there are.
    """

    letters: Array
    bounds: Array
    bitmap: Array
    slots: Array
    ranges: Array
    words: Array
    shifts: Array
    starts: Array
    gates: Array
    led: Array
    last: np.int64


@inner
def _is_there(source, place, letters, start, stop):
    """Whether a word stands at a place, letters of ASCII in either case."""
    for i in range(start, stop):
        byte = source[place + i - start]
        if byte >= np.uint8(65) and byte <= np.uint8(90):
            byte |= np.uint8(_SMALL)
        if byte != letters[i]:
            return False
    return True


@inner
def _spots(source, start, stop, bitmap, spots):
    """Puts the places in source[start:stop] where a gram may begin into spots; how many there are."""
    many = np.uint64(0)
    for place in range(start, stop - GRAM + 1):  # without a branch to guess wrong
        spots[many] = place
        many += is_set(np.uint64(word32(source, place) | _SMALL_GRAM), bitmap)
    return np.int64(many)


@outer
def _held(source, offsets, room, sought):
    """The lines, and the patterns that ask for words they hold, two after two; `room` is for the longest line."""
    pairs, end, spots = np.empty(1 << 12, np.uint32), 0, np.empty(room + 1, np.int64)
    seen = np.zeros(sought.last, np.int64)
    for line in range(offsets.size - 1):
        start, stop = offsets[line], offsets[line + 1]
        for turn in range(_spots(source, start, stop, sought.bitmap, spots)):
            place = spots[turn]
            there = place_of(np.uint64(word32(source, place) | _SMALL_GRAM), sought.slots)
            for which in range(sought.ranges[there, 0], sought.ranges[there, 1]) if there >= 0 else range(0):
                first = place - sought.shifts[which]
                # told by what lies side by side: most end here
                if first < start or word32(source, first) | _SMALL_GRAM != sought.starts[which]:
                    continue
                word = sought.words[which]
                begin, over = sought.bounds[word, 0], sought.bounds[word, 1]
                gate = sought.gates[word]
                if seen[gate] == line + 1 or first < start + sought.led[word] or first + over - begin > stop:
                    continue
                if _is_there(source, first, sought.letters, begin, over):
                    seen[gate] = line + 1
                    pairs = with_room(pairs, end + 2)
                    pairs[end], pairs[end + 1] = line, gate
                    end += 2
    return copied(pairs, end, np.uint32)


def sought(words: pl.DataFrame) -> Sought:
    """Words that `held.asked` gives, for compiled code, but for those that are shorter than a gram."""
    long = words.filter(pl.col("word").str.len_bytes() >= GRAM)
    letters, offsets = with_offsets(long["word"])
    bounds = np.stack([offsets[:-1], offsets[1:]], axis=1)
    grams, places, shifts = grams_of(letters | np.uint8(_SMALL), bounds, np.arange(long.height), GRAM)
    turn, slots, ranges = grouped(grams)
    return Sought(
        letters,
        bounds,
        bitmap_of(grams),
        slots,
        ranges,
        places[turn],
        shifts[turn],
        starts_of(letters | np.uint8(_SMALL), bounds[places[turn]])[0],
        long["gate"].to_numpy(),
        long["led"].cast(pl.Int64).to_numpy(),
        words["gate"].to_numpy().max(initial=0).astype(np.int64) + np.int64(1),
    )


def compiled(texts: pl.Series, words: pl.DataFrame, sought: Sought) -> pl.DataFrame:
    """`held.plainly`, compiled."""
    source, offsets = with_offsets(texts)
    pairs = _held(source, offsets, int(np.diff(offsets).max(initial=0)), sought).reshape(-1, 2)
    found = [pl.DataFrame({"at": pairs[:, 0], "gate": pairs[:, 1]})]
    for word, gate, led in words.filter(pl.col("word").str.len_bytes().is_between(1, GRAM - 1)).iter_rows():
        at = (texts.str.slice(1) if led else texts).str.contains_any([word], ascii_case_insensitive=True).arg_true()
        found.append(pl.DataFrame({"at": at, "gate": pl.repeat(gate, at.len(), dtype=pl.UInt32, eager=True)}))
    return together(pl.concat(found), texts.len(), words)
