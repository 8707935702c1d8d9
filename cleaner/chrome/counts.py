"""What is counted in paragraphs and what their words share, compiled: one pass over the characters of each.

`words.py` says the same in Polars and is the specification. Importing this module loads numba, so callers import it
when they need it.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from cleaner import compiling
from cleaner.buffers import fixed
from cleaner.chrome.characters import KNOWN, the_characters
from cleaner.chrome.glance import IS_HALF, IS_LETTER, IS_LOWER, IS_MARK, IS_NUMBER, IS_UPPER, want
from cleaner.chrome.lookups import character, mixed, slot_of, with_offsets
from cleaner.intrinsics import inner, outer

Array = npt.NDArray[Any]

_OF_WORDS = IS_LETTER | IS_MARK | IS_NUMBER

_ONE = np.uint64(1)


# --- Kernels ---


@outer
def _count(source, offsets, kinds_of, wanted, counts):
    for i in range(counts.shape[0]):
        place, stop = np.uint64(offsets[i]), np.uint64(offsets[i + 1])
        words = halves = lower = named = numbers = letters = 0
        before, known = np.uint32(0), KNOWN
        while place < stop:
            code, width = character(source, place)
            kind = kinds_of[code]
            known &= kind
            words += kind & _OF_WORDS != np.uint32(0) and before & _OF_WORDS == np.uint32(0)
            begins = before & (IS_LETTER | IS_NUMBER) == np.uint32(0)
            lower += begins and kind & IS_LOWER != np.uint32(0)
            named += begins and kind & (IS_UPPER | IS_NUMBER) != np.uint32(0)
            numbers += kind & IS_NUMBER != np.uint32(0)
            letters += kind & IS_LETTER != np.uint32(0)
            halves += kind & IS_HALF != np.uint32(0)
            before = kind
            place += width
        if known == np.uint32(0):
            want(source, offsets[i], stop, kinds_of, wanted)
        counts[i, 0], counts[i, 1], counts[i, 2] = words + halves // 2, lower, named
        counts[i, 3] = numbers >= letters


@inner
def _slots(size, texts, least):
    """Slots of a table for the words of some texts of so many bytes together, each of `least` characters and more."""
    slots = 16
    # but for its last one, something follows each word of a text
    while slots < 2 * ((size + texts) // (least + 1) + 1):
        slots *= 2
    return slots


@inner
def _meet(word, text, mark, mask, keys, last, met, spots, many):
    """Notes a word of a text, once; the number of words noted."""
    slot = slot_of(word, keys, mask)
    keys[slot] = word
    if last[slot] == text:
        return many
    last[slot] = text
    met[slot] += mark
    spots[many] = slot
    return many + 1


@inner
def _meet_all(source, place, stop, kinds_of, least, text, mark, mask, keys, last, met, spots, many):
    """Notes the words of a text; the number of words noted, and whether all characters are known."""
    word, length, known = np.uint64(0), 0, KNOWN
    while place < stop:
        code, width = character(source, place)
        kind = kinds_of[code]
        known &= kind
        place += width
        if kind & _OF_WORDS:
            word = mixed(word, code)
            length += 1
        if length and (place >= stop or not kind & _OF_WORDS):
            if length >= least:
                many = _meet(word | _ONE, text, mark, mask, keys, last, met, spots, many)
            word, length = np.uint64(0), 0
    return many, known != np.uint32(0)


@outer
def _share(source, offsets, documents, marked, least, kinds_of, wanted, shares):
    """Fills the share of each text; document i has the texts documents[i] : documents[i + 1]."""
    room = 16
    for i in range(documents.size - 1):
        slots = _slots(offsets[documents[i + 1]] - offsets[documents[i]], documents[i + 1] - documents[i], least)
        room = slots if slots > room else room
    keys, spots = np.empty(room, np.uint64), np.empty(room, np.int32)
    last, met = np.empty(room, np.int32), np.empty(room, np.int32)
    for i in range(documents.size - 1):
        first, end = documents[i], documents[i + 1]
        slots, many = _slots(offsets[end] - offsets[first], end - first, least), 0
        for slot in range(slots):
            keys[slot], last[slot], met[slot] = np.uint64(0), -1, 0
        for text in range(first, end):
            before, place, stop = many, np.uint64(offsets[text]), np.uint64(offsets[text + 1])
            many, is_known = _meet_all(
                source, place, stop, kinds_of, least, text, np.int64(marked[text]), slots - 1, keys, last, met, spots,
                many,
            )  # fmt: skip
            if not is_known:
                want(source, place, stop, kinds_of, wanted)
            shares[text] = many - before
        many = 0
        for text in range(first, end):
            own, found = np.int64(shares[text]), 0
            for turn in range(many, many + own):
                found += met[spots[turn]] > np.int64(marked[text])
            many += own
            shares[text] = found / own if own else 0.0


# --- Fronts ---


def counted(texts: pl.Series) -> Array:
    """The numbers of words, of those in lower case and of those named, and whether it is figures, of each text."""
    counts, lines = np.zeros((len(texts), 4), np.int64), with_offsets(texts)
    _until_known(lambda kinds, wanted: _count(*lines, kinds, wanted, counts))
    return counts


def shared(lowered: pl.Series, documents: Array, marked: Array, least: int) -> Array:
    """The share of each text's words, in lower case, that another marked text of its document has too.

    Args:
        lowered: The texts, in lower case, those of one document together.
        documents: The first text of each document, and behind them the number of texts.
        marked: Which texts are.
        least: Characters of the shortest word.
    """
    shares, lines = np.zeros(len(lowered)), with_offsets(lowered)
    documents, marked = fixed(documents, np.int64), fixed(marked, np.bool_)
    _until_known(lambda kinds, wanted: _share(*lines, documents, marked, least, kinds, wanted, shares))
    return shares


def _until_known(work: Callable[[Array, Array], None]) -> None:
    """Do some work on characters, given their kinds, until all are known."""
    compiling.wait()
    characters = the_characters()
    characters.until_known(lambda wanted: work(characters.kinds, wanted))
