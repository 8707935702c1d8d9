"""`shingles.normal_form`, compiled: the bytes of a text to those of its normal form, and where its tokens start.

What each code point becomes stands in a table, whose pages are learnt from `shingles.fold` when a text needs them.

numba does not see that a function in another file has changed: after an edit here, touch `kernel.py`, or the
functions cached there keep the old code.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from threading import Lock

import numpy as np
import numpy.typing as npt

from cleaner.duplicates.shingles import fold
from cleaner.duplicates.xxh32 import PADDING
from cleaner.intrinsics import code_point, inner, with_room

STEP = 4096
"""Bytes of text normalised between two looks at whether the scratch still has room."""

EXPANSION = 11
"""Most bytes of normal form that one byte of text becomes: U+FDFA, three bytes, is four Arabic words."""

PAGE = 256
"""Code points whose folding is learnt at once."""

PAGES = 0x110000 // PAGE

# An entry of the folding table is 32 bits: what a code point becomes, up to three bytes of it, first byte lowest.
# Bits 24-25 say how many bytes. 0 is a code point whose page is not learnt yet.
_KNOWN = np.uint32(1 << 26)
_ALONE = np.uint32(1 << 27)  # a token by itself, in a script written without spaces
_LONGER = np.uint32(1 << 31)  # the other bits are a place in the expansions, which end with a zero byte
_ONE_BYTE = np.uint32(5)  # the upper eight bits of a single byte


@dataclass(frozen=True)
class Folding:
    """`shingles.fold` as a table. Pages are learnt when a text first needs them; what is learnt never changes."""

    entries: npt.NDArray[np.uint32] = field(default_factory=lambda: np.zeros(PAGES * PAGE, np.uint32))
    expansions: npt.NDArray[np.uint8] = field(default_factory=lambda: np.zeros(1 << 21, np.uint8))
    lock: Lock = field(default_factory=Lock)
    used: list[int] = field(default_factory=lambda: [0])

    def learn(self, pages: Iterable[int]) -> None:
        """Adds the pages that are not there yet."""
        with self.lock:
            for first in (page * PAGE for page in pages):
                if not self.entries[first]:
                    folded = (fold(chr(code)) for code in range(first, first + PAGE))
                    self.entries[first : first + PAGE] = [self._entry(each) for each in folded]

    def _entry(self, folded: str) -> int:
        word = folded.strip() or folded[:1]
        parts, is_alone = word.encode(), folded == f" {word} "
        if len(parts) <= 3 and (is_alone or word in (folded, " ")):
            return int(_ALONE if is_alone else 0) | int(_KNOWN) | len(parts) << 24 | int.from_bytes(parts, "little")
        parts, start = folded.encode(), self.used[0]
        self.expansions[start : start + len(parts)] = list(parts)
        self.used[0] += len(parts) + 1
        return int(_LONGER) | start


@cache
def the_folding() -> Folding:
    """The one table of this process."""
    folding = Folding()
    folding.learn([0])
    return folding


@inner
def _put(byte, normal, length, starts, count, inside):
    """Appends one byte of normal form: a space only after a word, the start of a word noted."""
    is_word = np.uint64(byte != 32)
    normal[length] = byte
    starts[count] = length
    return length + (is_word | inside), count + (is_word & ~inside), is_word


@inner
def _put_folded(entry, expansions, normal, length, starts, count, inside):
    """Appends what one code point folds to."""
    if entry & _LONGER:
        part = np.uint64(entry ^ _LONGER)
        while expansions[part]:
            length, count, inside = _put(expansions[part], normal, length, starts, count, inside)
            part += np.uint64(1)
        return length, count, inside
    if entry & _ALONE:
        length, count, inside = _put(np.uint8(32), normal, length, starts, count, inside)
    for shift in range(0, (entry >> np.uint32(21)) & np.uint32(24), 8):
        length, count, inside = _put(np.uint8(entry >> np.uint32(shift)), normal, length, starts, count, inside)
    if entry & _ALONE:
        length, count, inside = _put(np.uint8(32), normal, length, starts, count, inside)
    return length, count, inside


@inner
def normalise(source, place, end, entries, expansions, wanted, normal, starts):
    """The normal form of source[place:end] as UTF-8, its length, where its tokens start, and their number.

    Token i is normal[starts[i] : starts[i + 1] - 1], the last one included. Pages of the table that are missing
    are marked in `wanted`, and for any of them page 0, which never is missing; the result is then of no use.
    Places are unsigned throughout, which spares a look whether they are negative.
    """
    place, end = np.uint64(place), np.uint64(end)
    length = count = inside = np.uint64(0)
    while place < end:
        stop = place + np.uint64(STEP) if end - place > np.uint64(STEP) else end
        normal = with_room(normal, np.int64(length) + EXPANSION * (STEP + 4) + PADDING)
        starts = with_room(starts, np.int64(count) + EXPANSION * (STEP + 4))
        while place < stop:
            byte = source[place]
            if byte < 128:
                byte = np.uint8(entries[byte])
                length, count, inside = _put(byte, normal, length, starts, count, inside)
                place += np.uint64(1)
                continue
            code, size = code_point(source, place)
            place += size
            entry = entries[code]
            if entry >> np.uint32(24) == _ONE_BYTE:  # most letters with accents
                length, count, inside = _put(np.uint8(entry), normal, length, starts, count, inside)
                continue
            if entry == 0:
                wanted[0] = wanted[code // np.uint64(PAGE)] = True
            length, count, inside = _put_folded(entry, expansions, normal, length, starts, count, inside)
    length -= np.uint64(length > 0 and inside == 0)
    starts[count] = length + np.uint64(1)
    return normal, np.int64(length), starts, np.int64(count)


@inner
def spelt_out(normal, length, letters, starts):
    """The characters of a normal form as tokens, each followed by a space, as `normalise` gives words."""
    letters = with_room(letters, 2 * length + PADDING)
    starts = with_room(starts, length + 1)
    end = count = 0
    for place in range(length):
        byte = normal[place]
        if byte == 32:
            continue
        if byte & 0xC0 != 0x80:  # the first byte of a character
            if count:
                letters[end] = 32
                end += 1
            starts[count] = end
            count += 1
        letters[end] = byte
        end += 1
    starts[count] = end + 1
    return letters, starts, count
