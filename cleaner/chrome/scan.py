"""What is asked of the words of lines, compiled: one pass over the characters of each.

`wording.py` says the same in Polars and is the specification. Importing this module loads numba, so callers import it
when they need it.
"""

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from cleaner.chrome.calling import LONGEST_LABEL, Calling
from cleaner.chrome.characters import CODE, CODE_BITS, the_characters
from cleaner.chrome.glance import (
    IS_BETWEEN,
    IS_HALF,
    IS_WORD,
    NOT_LOWERED,
    ODD,
    PHRASED,
    TAG_LIKE,
    TITLE_LIKE,
    WITH_FIGURE,
    WITH_SIGN,
    WORDLESS,
    looks_of,
    lower,
    marks_of,
    want,
)
from cleaner.chrome.keys import OPENING_LENGTH, openings
from cleaner.chrome.lookups import SPOTS, character, hashes, is_set, mixed, place_of, spot, with_offsets
from cleaner.chrome.tables import APART, BEGUN, FIGURE, GRAM, LABEL, SIGN, WORDED, Tables
from cleaner.chrome.titles import SHORTEST_COPY
from cleaner.chrome.wording import MARKS, Wording, is_headed, plainly
from cleaner.intrinsics import copied, inner, outer, with_room, word32

Array = npt.NDArray[Any]

_NONE = pl.Series(dtype=pl.String)


# --- Kernels ---


@inner
def _width(code):
    """The bytes of a character as UTF-8."""
    return 1 + (code >= np.uint32(0x80)) + (code >= np.uint32(0x800)) + (code >= np.uint32(0x10000))


@inner
def _kind(code, kinds_of, is_made):
    """What a character is; an opening that is made already has nothing but words and a space."""
    if not is_made:
        return kinds_of[code]
    return IS_BETWEEN if code == np.uint64(32) else IS_WORD


@inner
def _further(state, known, slots):
    """Where words stand among those that lines begin with, if what they begin with stands there; else -1."""
    return place_of(state, slots) if known >= 0 else -1


@inner
def _begin(  # noqa: C901 (a call for each character, with all these arrays, would take longer than what is done)
    source, place, stop, kinds_of, folds, is_made, prefixes, opened, line, heads
):
    """The hashes of the first word and of the first two, the bytes of the first, and whether it can be told.

    And that of the first character if one of them is of a script without spaces, or else 0. What the line begins with
    is noted on the way: the gates that it opens.
    """
    first = state = head = np.uint64(0)
    words = size = count = known = 0
    inside = wide = is_unspaced = False
    place, stop = np.uint64(place), np.uint64(stop)
    while place < stop:
        code, width = character(source, place)
        kind = _kind(code, kinds_of, is_made)
        wide |= code >= np.uint64(128)
        if kind & IS_WORD:
            if not inside:
                words += 1
                if words == 2:
                    state = mixed(state, np.uint32(32))
                    known = _further(state, known, prefixes.slots)
                    if known >= 0:
                        _open(prefixes, known, opened, line, heads)
            inside, fold = True, code if is_made else folds[code]
            is_unspaced |= kind & IS_HALF != np.uint32(0)
            while fold:
                one = np.uint32(fold & CODE)
                state = mixed(state, one)
                head = head if head else state
                size += (words == 1) * _width(one)
                known = _further(state, known, prefixes.slots)
                if known >= 0:
                    _open(prefixes, known, opened, line, heads)
                fold >>= CODE_BITS
        elif kind & IS_BETWEEN:
            if inside and words == 2:
                break
            if inside:
                first = state
            inside = False
        else:
            return first, state, size, False, head
        place += width
        count += 1
    if words == 1:
        first = state
    return first, state, size, is_made or not wide or count <= OPENING_LENGTH, head if is_unspaced else np.uint64(0)


@inner
def _open(openings, place, opened, line, heads):
    """Notes the gates that are opened by the words which stand at a place among openings."""
    for turn in range(openings.ranges[place, 0], openings.ranges[place, 1]):
        gate = openings.gates[turn]
        if opened[gate] != line:
            opened[gate] = line
            heads[0] += 1
            heads[heads[0]] = gate


@inner
def _phrased(first, opening, head, phrases, lone, heads):
    """The marks of a line whose first word, first two, and first character if that matters, are these."""
    if first == np.uint64(0):
        return WORDLESS | PHRASED
    is_headed = head != np.uint64(0) and place_of(head, heads) >= 0
    return PHRASED if is_headed or place_of(first, lone) >= 0 or place_of(opening, phrases) >= 0 else np.uint8(0)


@inner
def _is_wanted(want, marks, size):
    """Whether a line has what a gate wants besides an opening and words."""
    if want & FIGURE and not marks & WITH_FIGURE:
        return False
    if want & SIGN and not marks & WITH_SIGN:
        return False
    return not (want & LABEL and size > LONGEST_LABEL)


@inner
def _call(look, seen, line, pairs, end):
    seen[look] = line
    pairs[end], pairs[end + 1] = line - 1, look
    return end + 2


@inner
def _is_there(data, place, length, letters, start, stop):
    """Whether a word stands in data[place:length]."""
    if place + stop - start > length:
        return False
    for i in range(start, stop):  # noqa: SIM110 (no generators here)
        if data[place + i - start] != letters[i]:
            return False
    return True


@inner
def _note_grams(data, length, noted):
    """Sets the bits of the grams of data[:length], and no others."""
    for i in range(noted.size):
        noted[i] = np.uint64(0)
    for place in range(length - GRAM + 1):
        word, bit = spot(word32(data, place))
        noted[word] |= bit


@inner
def _holds(data, length, noted, gate, words):
    """Whether one of the words that a gate asks for stands in data[:length], whose grams are noted."""
    for turn in range(words.ranges[gate, 0], words.ranges[gate, 1]):
        start, stop = words.bounds[words.words[turn], 0], words.bounds[words.words[turn], 1]
        if stop - start >= GRAM:
            word, bit = spot(word32(words.letters, start))
            last, last_bit = spot(word32(words.letters, stop - GRAM))
            if not (noted[word] & bit and noted[last] & last_bit):
                continue
        for place in range(length - (stop - start) + 1):
            if data[place] == words.letters[start] and _is_there(data, place, length, words.letters, start, stop):
                return True
    return False


@inner
def _spots(data, length, mask, bitmap, spots):
    """Puts the places in data[:length] where a gram may begin into spots; how many there are."""
    many = np.uint64(0)
    for place in range(length):  # without a branch to guess wrong
        spots[many] = place
        many += is_set(np.uint64(word32(data, place)) & mask, bitmap)
    return np.int64(many)


@inner
def _call_at(data, length, spots, many, grams, words, gates, opened, seen, line, marks, size, pairs, end):
    """Calls for the patterns that words anywhere in the line call for, found by a gram of each."""
    for turn in range(many):
        place = np.int64(spots[turn])
        gram = np.uint64(word32(data, place)) & grams.mask
        there = place_of(gram, grams.slots)
        for which in range(grams.ranges[there, 0], grams.ranges[there, 1]) if there >= 0 else range(0):
            first = place - grams.shifts[which]
            # told by what lies side by side: most end here
            if first < 0 or word32(data, first) & grams.masks[which] != grams.starts[which]:
                continue
            word = grams.words[which]
            start, stop = words.bounds[word, 0], words.bounds[word, 1]
            if _is_there(data, first, length, words.letters, start, stop):
                for one in range(grams.asking[word, 0], grams.asking[word, 1]):
                    gate = grams.gates[one]
                    want, look = gates.wants[gate], gates.looks[gate]
                    is_open = not want & BEGUN or opened[gate] == line
                    if is_open and seen[look] != line and _is_wanted(want, marks, size):
                        end = _call(look, seen, line, pairs, end)
    return end


@inner
def _call_opened(data, length, noted, words, gates, opened_by, seen, line, marks, size, pairs, end):
    """Calls for the patterns of gates that the line's opening opens, if it has all else that they want."""
    is_noted = False
    for turn in range(1, opened_by[0] + 1):
        gate = opened_by[turn]
        want, look = gates.wants[gate], gates.looks[gate]
        if want & APART or seen[look] == line or not _is_wanted(want, marks, size):
            continue
        if want & WORDED and not is_noted:
            _note_grams(data, length, noted)
            is_noted = True
        if not want & WORDED or _holds(data, length, noted, gate, words):
            end = _call(look, seen, line, pairs, end)
    return end


@outer
def _scan(source, offsets, room, kinds_of, lowers, folds, wanted, made, made_offsets, tables, marks, begins):
    """Fills marks and begins; returns the lines and the looks that they call for, two after two.

    The openings of lines are made of them, or taken from `made` if there are any; `room` is for the longest of all.
    """
    starts, firsts, phrased, lone, heads_of, words, long, short, signs, gates = tables
    codes, kinds = np.empty(room, np.uint32), np.empty(room, np.uint32)
    target, spots = np.empty(4 * room + 8, np.uint8), np.empty(4 * room + 8, np.uint32)
    opened, seen = np.zeros(gates.wants.size, np.int32), np.zeros(gates.last + 1, np.int32)
    heads, pairs, end = np.zeros(gates.wants.size + 1, np.int32), np.empty(1 << 16, np.uint32), 0
    is_made, noted = made_offsets.size > 1, np.empty(SPOTS, np.uint64)
    begun, begun_offsets = (made, made_offsets) if is_made else (source, offsets)
    for i in range(marks.size):
        start, stop, line = offsets[i], offsets[i + 1], np.int32(i + 1)
        size = stop - start
        length, count, is_known, classes, has_sign = lower(source, start, stop, kinds_of, lowers, signs, target)
        if not is_known:
            want(source, start, stop, kinds_of, wanted)
        if wanted[0]:
            continue
        found = marks_of(classes) | looks_of(source, start, stop, count, kinds_of, codes, kinds)
        heads[0] = 0
        first, opening, bytes_, is_told, head = _begin(
            begun, begun_offsets[i], begun_offsets[i + 1], kinds_of, folds, is_made, starts, opened, line, heads
        )
        begins[i] = first if bytes_ >= SHORTEST_COPY else opening
        for begin in (first, opening):
            place = place_of(begin, firsts.slots)
            if place >= 0:
                _open(firsts, place, opened, line, heads)
        found |= _phrased(first, opening, head, phrased, lone, heads_of)
        marks[i] = found if is_told else found | ODD
        if marks[i] & (ODD | NOT_LOWERED):
            continue
        pairs = with_room(pairs, end + 2 * gates.wants.size)
        # to hand over a dozen arrays takes longer than to see that there is nothing to do
        if heads[0]:
            end = _call_opened(target, length, noted, words, gates, heads, seen, line, found, size, pairs, end)
        many = _spots(target, length, long.mask, long.bitmap, spots)
        if many:
            end = _call_at(target, length, spots, many, long, words, gates, opened, seen, line, found, size, pairs, end)
        if has_sign or (found & WITH_FIGURE and size <= LONGEST_LABEL):
            many = _spots(target, length, short.mask, short.bitmap, spots)
            end = _call_at(
                target, length, spots, many, short, words, gates, opened, seen, line, found, size, pairs, end
            )
    return copied(pairs, end, np.uint32)


# --- Fronts ---


def compiled(texts: pl.Series, calls: Calling, tables: Tables) -> Wording:
    """`wording.plainly`, compiled. Lines with odd characters, such as those of other scripts, have openings made."""
    found, marks = _scanned(texts, tables, _NONE)
    odd, strange = np.flatnonzero(marks & ODD), np.flatnonzero(marks & NOT_LOWERED)
    if odd.size:
        made = openings(texts.gather(odd))
        other, _ = _scanned(texts.gather(odd), tables, made)
        headed = made.to_frame("opening").select(is_headed(pl.col("opening"), calls).fill_null(value=False))
        found = _with(found, odd, replace(other, phrased=other.phrased | headed.to_series().to_numpy()))
    if strange.size:
        other, words = plainly(texts.gather(strange), calls)
        found = _with(found, strange, replace(other, begins=hashes(words)))
    return found


def _with(found: Wording, places: Array, other: Wording) -> Wording:
    """What was found, and what was found otherwise of the lines at some places."""
    for name in MARKS:
        getattr(found, name)[places] = getattr(other, name)
    at = pl.Series("at", places, dtype=pl.UInt32).gather(other.called["at"])
    called = pl.concat([found.called, other.called.with_columns(at)]).sort("look", "at")
    return replace(found, begins=found.begins.scatter(places, other.begins), called=called)


def _scanned(texts: pl.Series, tables: Tables, made: pl.Series) -> tuple[Wording, Array]:
    """What lines say, and their marks: which of them cannot be told."""
    characters = the_characters()
    of_characters = characters.kinds, characters.lowers, characters.folds
    lines, openings_made = with_offsets(texts), with_offsets(made)
    room = max(int(np.diff(offsets).max(initial=0)) for _, offsets in (lines, openings_made))
    marks, begins = np.zeros(len(texts), np.uint8), np.zeros(len(texts), np.uint64)
    pairs = characters.until_known(
        lambda wanted: _scan(*lines, room, *of_characters, wanted, *openings_made, tables, marks, begins)
    )
    called = pairs.reshape(-1, 2)[np.argsort(pairs[1::2], kind="stable")]
    wording = Wording(
        title_like=marks & TITLE_LIKE != 0,
        tag_like=marks & TAG_LIKE != 0,
        figure=marks & WITH_FIGURE != 0,
        sign=marks & WITH_SIGN != 0,
        phrased=marks & PHRASED != 0,
        begins=pl.Series(begins, dtype=pl.UInt64).scatter(np.flatnonzero(marks & WORDLESS), None),
        called=pl.DataFrame({"at": called[:, 0], "look": called[:, 1]}, schema={"at": pl.UInt32, "look": pl.UInt32}),
    )
    return wording, marks
