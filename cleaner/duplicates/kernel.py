"""The same as `shingles.py`, compiled: from the UTF-8 of a Polars column to hashes, in one pass over the text.

Texts are taken in blocks of up to two megabytes. A block is one compiled call on one thread, with no Python object
per document; a thread takes the next block when it is done with one. What comes out does not depend on the
number of threads. Importing this module loads numba, so callers import it when they need it.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

from cleaner import buffers, compiling
from cleaner.duplicates.folding import PAGES, normalise, spelt_out, the_folding
from cleaner.duplicates.shingles import LEAST_STEM, STEM, Signatures, Words, permutations
from cleaner.duplicates.sorting import sorted_unique
from cleaner.duplicates.xxh3 import xxh3_64, xxh3_64_from_17_to_64, xxh3_128
from cleaner.duplicates.xxh32 import BLOCK, mixed_hashes, permute
from cleaner.intrinsics import PERMUTATIONS, copied, inner, outer, with_room, word64
from cleaner.parallel import on_engine

BLOCK_BYTES = 1 << 21
"""Text given to a thread at once: large enough to be worth a call; half of it takes a fortieth more time."""

LEAST_BYTES, TURNS = 1 << 18, 8
"""The same of a smaller column, and how often a thread has its turn there, so that all threads end together."""

_HIGH, _FROM_0, _AFTER_9 = (np.uint64(0x0101010101010101 * byte) for byte in (0x80, 0x50, 0x46))
"""A byte in each place of a word."""

Array = npt.NDArray[Any]
Block = tuple[Array, Array, Array, Array, Array]  # source, offsets, entries, expansions, wanted
Result = TypeVar("Result")


# --- Kernels ---


@outer
def _sign(
    source, offsets, entries, expansions, wanted, size, spelt, factors, summands, limit, width, digests, tokens,
    signatures,
):  # fmt: skip
    """Fills digests, tokens and signatures; returns the sketches of hashes below `limit`, and where each ends."""
    normal, starts, letters = np.empty(1 << 16, np.uint8), np.empty(1 << 16, np.int64), np.empty(1 << 16, np.uint8)
    places, lengths, states = np.empty(BLOCK, np.int64), np.empty(BLOCK, np.uint32), np.empty(BLOCK, np.uint32)
    words, lanes, hashes = np.empty(4 * BLOCK, np.uint32), np.empty(4 * BLOCK, np.uint32), np.empty(BLOCK, np.uint32)
    sums, least = np.empty(8, np.uint64), np.empty(factors.size, np.uint32)
    sketch, ends, end = np.empty(1 << 14, np.uint64), np.empty(tokens.size, np.int64), 0
    for i in range(tokens.size):
        normal, length, starts, count = normalise(
            source, offsets[i], offsets[i + 1], entries, expansions, wanted, normal, starts
        )
        if wanted[0]:
            continue
        digests[i, 0], digests[i, 1] = xxh3_128(normal, 0, length, sums)
        data = normal
        if spelt:
            letters, starts, count = spelt_out(normal, length, letters, starts)
            data = letters
        tokens[i] = count
        for k in range(least.size):
            least[k] = np.uint32(0xFFFFFFFF)
        begin = end
        for first in range(0, count - size + 1, BLOCK):
            shingles = BLOCK if count - size + 1 - first > BLOCK else count - size + 1 - first
            mixed_hashes(data, starts, first, shingles, size, places, lengths, words, lanes, states, hashes)
            permute(hashes, shingles, factors, summands, least)
            if limit > 0:
                sketch = with_room(sketch, end + BLOCK + 1)
                for k in range(shingles):
                    sketch[end] = hashes[k]
                    end += np.int64(np.int64(hashes[k]) < limit)
        for k in range(signatures.shape[1]):
            signatures[i, k] = least[k]
        if end > begin:
            end = begin + sorted_unique(sketch[begin:end], width)
        ends[i] = end
    return copied(sketch, end, np.uint32), ends


@outer
def _hash(source, offsets, entries, expansions, wanted, size, spelt):
    """The sorted distinct shingle hashes of each text, end to end, and where each text's end."""
    normal, starts, letters = np.empty(1 << 16, np.uint8), np.empty(1 << 16, np.int64), np.empty(1 << 16, np.uint8)
    sums, ends = np.empty(8, np.uint64), np.empty(offsets.size - 1, np.int64)
    hashes, end = np.empty(source.size // 4 + 1, np.uint64), 0
    for i in range(ends.size):
        normal, length, starts, count = normalise(
            source, offsets[i], offsets[i + 1], entries, expansions, wanted, normal, starts
        )
        data = normal
        if spelt and not wanted[0]:
            letters, starts, count = spelt_out(normal, length, letters, starts)
            data = letters
        shingles = 0 if wanted[0] or count < size else count - size + 1
        hashes = with_room(hashes, end + shingles)
        for k in range(shingles):
            start, size_in_bytes = starts[k], starts[k + size] - 1 - starts[k]
            if 16 < size_in_bytes <= 64:
                hashes[end + k] = xxh3_64_from_17_to_64(data, start, size_in_bytes)
            else:
                hashes[end + k] = xxh3_64(data, start, size_in_bytes, sums)
        end += sorted_unique(hashes[end : end + shingles], 64)
        ends[i] = end
    return copied(hashes, end, np.uint64), ends


@inner
def _bytes(normal, place, end):
    """Up to eight bytes as one word, those behind the end zero."""
    word, left = word64(normal, place), np.uint64(end - place)
    return word if left >= np.uint64(8) else word & ((np.uint64(1) << (left << np.uint64(3))) - np.uint64(1))


@inner
def _has_figure(normal, start, end):
    """Whether a token has a figure of ASCII, asked of eight bytes at once.

    Of a byte below 128, the sum with 0x50 has the highest bit from `0` on, that with 0x46 from what follows `9` on.
    """
    found = np.uint64(0)
    for place in range(start, end, 8):
        word = _bytes(normal, place, end)
        low = word & ~_HIGH
        found |= (low + _FROM_0) & ~(low + _AFTER_9) & ~word & _HIGH
    return found != np.uint64(0)


@inner
def _stem_end(normal, start, end):
    """Where the stem of a token without figures ends; its start if it has none."""
    if _bytes(normal, start, end) & _HIGH == np.uint64(0):  # most tokens
        return start if end - start < LEAST_STEM else start + STEM if end - start > STEM else end
    characters, place = 0, start
    stem = end
    while place < end:
        if normal[place] & 0xC0 != 0x80:
            if characters == STEM:
                stem = place
            characters += 1
        place += 1
    alone = characters == 1 and end - start >= 3
    return stem if alone or characters >= LEAST_STEM else start


@outer
def _words(source, offsets, entries, expansions, wanted):
    """The word codes of each text, two after two, end to end, and where each text's end."""
    normal, starts = np.empty(1 << 16, np.uint8), np.empty(1 << 16, np.int64)
    sums, ends = np.empty(8, np.uint64), np.empty(offsets.size - 1, np.int64)
    codes, end = np.empty(source.size // 4 + 1, np.uint64), 0
    for i in range(ends.size):
        normal, _, starts, count = normalise(
            source, offsets[i], offsets[i + 1], entries, expansions, wanted, normal, starts
        )
        count = 0 if wanted[0] else count
        codes = with_room(codes, end + 2 * count)
        for k in range(count):
            first, last = starts[k], starts[k + 1] - 1
            token = xxh3_64(normal, first, last - first, sums)
            figure = _has_figure(normal, first, last)
            codes[end] = (token & ~np.uint64(1)) | np.uint64(figure)
            stem = first if figure else _stem_end(normal, first, last)
            codes[end + 1] = np.uint64(0)
            if stem == last:
                codes[end + 1] = token | np.uint64(1)
            elif stem > first:
                codes[end + 1] = xxh3_64(normal, first, stem - first, sums) | np.uint64(1)
            end += 2
        ends[i] = end
    return copied(codes, end, np.uint64), ends


@outer
def _band(signatures, rows, values):
    for i in range(values.shape[0]):
        for band in range(values.shape[1]):
            value = np.uint64(band + 1) * np.uint64(0x9E3779B97F4A7C15)
            for row in range(band * rows, (band + 1) * rows):
                value = (value ^ np.uint64(signatures[i, row])) * np.uint64(0xFF51AFD7ED558CCD)
                value ^= value >> np.uint64(32)
            value *= np.uint64(0xC4CEB9FE1A85EC53)
            values[i, band] = value ^ (value >> np.uint64(33))


# --- Fronts ---


def sign(
    texts: pl.Series,
    *,
    shingle_size: int,
    num_perm: int,
    seed: int,
    scale: int | None = None,
    of: str = "words",
    threads: int | None = None,
) -> Signatures:
    """Digests, token counts, signatures and, if `scale` is given, scaled sketches of a column of texts.

    A sketch holds a text's shingle hashes, mixed as datasketch mixes them, that are below 2**32 / scale. A null
    counts as empty. Shingles are `of` words or of characters. `threads` is as many as Polars uses if not given.
    """
    _check_at_least_one(shingle_size=shingle_size, num_perm=num_perm, scale=scale or 1)
    factors, summands = np.pad(permutations(num_perm, seed), ((0, 0), (0, -num_perm % PERMUTATIONS)))
    limit = -(-(1 << 32) // scale) if scale else 0
    width = max((limit - 1).bit_length(), 1)
    digests, tokens = np.empty((len(texts), 2), np.uint64), np.empty(len(texts), np.int64)
    values = np.empty((len(texts), num_perm), np.uint32)

    def work(rows: slice, block: Block) -> tuple[Array, Array]:
        options = shingle_size, of == "characters", factors, summands, limit, width
        return _sign(*block, *options, digests[rows], tokens[rows], values[rows])

    sketch, offsets = _over_texts(texts, work, np.uint32, threads)
    return Signatures(digests, tokens, values, sketch, offsets)


def shingle_hashes(
    texts: pl.Series, *, shingle_size: int, of: str = "words", threads: int | None = None
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
    """Sorted distinct xxh3-64 of each text's shingles, and offsets: text i has flat[offsets[i] : offsets[i + 1]]."""
    _check_at_least_one(shingle_size=shingle_size)

    def work(_: slice, block: Block) -> tuple[Array, Array]:
        return _hash(*block, shingle_size, of == "characters")

    return _over_texts(texts, work, np.uint64, threads)


def words(texts: pl.Series, *, threads: int | None = None) -> Words:
    """The word codes of a column of texts; a null counts as empty."""
    codes, offsets = _over_texts(texts, lambda _, block: _words(*block), np.uint64, threads)
    return Words(codes.reshape(-1, 2), offsets // 2)


def bands(
    signatures: npt.NDArray[np.uint32], *, bands: int, rows: int, threads: int | None = None
) -> npt.NDArray[np.uint64]:
    """One value per signature and band of `rows` permutations; equal rows give equal values in the same band.

    In 64-bit arithmetic, h = 0x9E3779B97F4A7C15 * (band + 1); for each value v of the band
    h = (h ^ v) * 0xFF51AFD7ED558CCD, h ^= h >> 32; at the end h *= 0xC4CEB9FE1A85EC53, h ^= h >> 33.
    """
    _check_at_least_one(bands=bands, rows=rows)
    if bands * rows > signatures.shape[1]:
        raise ValueError(
            f"{bands} bands of {rows} rows need {bands * rows} permutations, there are {signatures.shape[1]}"
        )
    signatures, values = buffers.fixed(signatures, np.uint32), np.empty((len(signatures), bands), np.uint64)

    def work(part: slice) -> None:
        _band(signatures[part], rows, values[part])

    _in_turns(work, _even_cuts(len(signatures)), threads)
    return values


def _check_at_least_one(**numbers: int) -> None:
    for name, number in numbers.items():
        if number < 1:
            raise ValueError(f"{name} is {number}; it must be 1 or more")


def _even_cuts(count: int) -> list[int]:
    """Cuts into 64 stretches at most, none so short that it is not worth a turn."""
    return [*range(0, count, max(1024, -(-count // 64))), count]


def _in_turns(work: Callable[[slice], Result], cuts: list[int], threads: int | None) -> list[Result]:
    """The work for each stretch between two cuts; results in order.

    On the threads of Polars, if it is not said how many there are: these stay, where new ones would each keep memory.
    """
    stretches = [slice(*pair) for pair in pairwise(cuts)]
    if threads is None:
        return on_engine([partial(work, stretch) for stretch in stretches])
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, stretches))


def _over_texts(
    texts: pl.Series, work: Callable[[slice, Block], tuple[Array, Array]], dtype: type[np.generic], threads: int | None
) -> tuple[Array, Array]:
    """Runs work(rows, block) on each block of texts until no page is wanted.

    It returns what the block's texts have, end to end, and where each text's ends; here this becomes one such
    list for all texts, and the offsets in it.
    """
    if texts.dtype != pl.String:
        raise TypeError(f"column {texts.name!r} is {texts.dtype}; texts must be String")
    compiling.wait()
    offsets = buffers.offsets(texts)
    folding = the_folding()

    def until_known(rows: slice) -> tuple[Array, Array]:
        source, places = buffers.utf8(texts[rows]), offsets[rows.start : rows.stop + 1] - offsets[rows.start]
        while True:
            wanted = np.zeros(PAGES, np.bool_)
            result = work(rows, (source, places, folding.entries, folding.expansions, wanted))
            if not wanted[0]:
                return result
            folding.learn(np.flatnonzero(wanted).tolist())

    size = min(BLOCK_BYTES, max(LEAST_BYTES, int(offsets[-1]) // (TURNS * (threads or pl.thread_pool_size()))))
    marks = np.arange(0, offsets[-1], size)
    cuts = np.unique([0, *np.searchsorted(offsets, marks).tolist(), len(texts)]).tolist()
    blocks = _in_turns(until_known, cuts, threads)
    sizes = np.cumsum([0, *(len(values) for values, _ in blocks)])
    ends = [ends + before for (_, ends), before in zip(blocks, sizes, strict=False)]
    joined, parts = np.empty(sizes[-1], dtype), [values for values, _ in blocks]
    del blocks

    def put(turn: slice) -> None:
        joined[sizes[turn.start] : sizes[turn.stop]] = parts[turn.start]
        parts[turn.start] = joined[:0]  # let go of as soon as it is copied, so that all are there once, not twice

    _in_turns(put, [*range(len(parts) + 1)], threads)
    return joined, np.concatenate([[0], *ends])
