"""What calls for patterns, and what phrases begin with, as arrays for compiled code."""

from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from cleaner.chrome.calling import Calling
from cleaner.chrome.lookups import bitmap_of, grouped, hashes, table, with_offsets

Array = npt.NDArray[Any]

# what a gate wants, as bits; APART means that its words are looked for whatever the line begins with
WANTS: Final = ("begun", "worded", "figure", "sign", "label", "apart")
BEGUN, WORDED, FIGURE, SIGN, LABEL, APART = (np.uint8(1 << bit) for bit in range(len(WANTS)))

GRAM: Final = 4
"""Bytes of the grams by which words are found."""

SHORT_GRAM: Final = 2
"""The same of words with fewer bytes."""


class Gates(NamedTuple):
    """What each gate wants, what is looked for if it has that, and the last look of all."""

    wants: Array
    looks: Array
    last: np.int64


class Openings(NamedTuple):
    """A table of hashes of what lines begin with, and in ranges beside it the gates that each opens."""

    slots: Array
    ranges: Array
    gates: Array


class Words(NamedTuple):
    """The letters of all words end to end, their bounds there, and in ranges by gate the words it asks for."""

    letters: Array
    bounds: Array
    ranges: Array
    words: Array


class Grams(NamedTuple):
    """Words that call by themselves, found by one gram of each.

    Attributes:
        mask: The bits of a gram.
        bitmap: Bits for those that there are.
        slots: A table of them.
        ranges: Where the words of each begin and end among these.
        words: Words, by their grams.
        shifts: The place of the gram in each.
        starts: What each begins with: GRAM bytes as a number, or all of it if it is shorter.
        masks: The bits of these.
        asking: Where the gates of each word, in the order of words, begin and end among these.
        gates: The gates that ask for them.
    """

    mask: np.uint64
    bitmap: Array
    slots: Array
    ranges: Array
    words: Array
    shifts: Array
    starts: Array
    masks: Array
    asking: Array
    gates: Array


class Tables(NamedTuple):
    """What `Calling` says, for compiled code.

    Attributes:
        begins: What openings begin with; also what these begin with, so that a look for a longer one can end early.
        firsts: Whole words.
        phrased: A table of what phrases begin with.
        lone: One of the only words of those that lines begin with.
        heads: One of the first characters of those in scripts without spaces.
        words: The words of gates.
        long: Those of them that are found by GRAM bytes.
        short: Those that are shorter.
        signs: Bits for the characters beyond ASCII of short words; other short ones are asked for in labels only.
        gates: The gates.
    """

    begins: Openings
    firsts: Openings
    phrased: Array
    lone: Array
    heads: Array
    words: Words
    long: Grams
    short: Grams
    signs: Array
    gates: Gates


def tables(calls: Calling) -> Tables:
    """What calls for patterns, and what phrases begin with, for compiled code."""
    gates = calls.gates.with_columns(apart=pl.col("worded") & (~pl.col("begun") | _begin_many(calls)))
    wants = gates.select(pl.sum_horizontal(pl.col(want) * (1 << bit) for bit, want in enumerate(WANTS)))
    words, long, short, signs = _words(calls.words, gates)
    return Tables(
        begins=_openings(calls.begins, _beginnings(calls.begins)),
        firsts=_openings(calls.firsts, calls.firsts["call"]),
        phrased=table(hashes(calls.phrased).unique().to_numpy())[0],
        lone=table(hashes(calls.lone).unique().to_numpy())[0],
        heads=table(np.unique(hashes(calls.heads).to_numpy()))[0],
        words=words,
        long=long,
        short=short,
        signs=signs,
        gates=Gates(
            wants.to_series().cast(pl.UInt8).to_numpy(),
            gates["look"].to_numpy(),
            gates["look"].to_numpy().max(initial=0).astype(np.int64),
        ),
    )


def _begin_many(calls: Calling) -> pl.Expr:
    """Whether many lines begin as a gate asks: with a figure, or a letter alone."""
    begins = pl.concat([some.select("call", "gate") for some in (calls.begins, calls.firsts)])
    many = begins.filter((pl.col("call").str.len_chars() == 1) | pl.col("call").str.contains(r"^\p{N}"))
    return pl.col("gate").is_in(many["gate"].unique().implode())


def _openings(calls: pl.DataFrame, known: pl.Series) -> Openings:
    """The gates that calls open, in a table of all that is known."""
    turn, slots, ranges = grouped(hashes(calls["call"]).to_numpy(), hashes(known).to_numpy())
    return Openings(slots, ranges, calls["gate"].to_numpy()[turn])


def _beginnings(begins: pl.DataFrame) -> pl.Series:
    """The calls and all that they begin with, so that a look for a longer one can end early."""
    sizes = pl.int_ranges(1, pl.col("size") + 1)
    return begins.with_columns(size=sizes).explode("size").select(pl.col("call").str.head("size")).to_series().unique()


def _words(words: pl.DataFrame, gates: pl.DataFrame) -> tuple[Words, Grams, Grams, Array]:
    """The words of each gate; those that call by themselves, long and short; the signs of the short ones."""
    once = words["call"].unique().sort()
    letters, offsets = with_offsets(once)
    bounds = np.stack([offsets[:-1], offsets[1:]], axis=1)
    asked = words.join(once.to_frame("call").with_row_index("word"), on="call").sort("gate", "word")
    alone = asked.filter(pl.col("gate").is_in(gates.filter("apart")["gate"].implode())).sort("word", "gate")
    calling = alone["word"].unique().sort().to_numpy()
    is_long = np.diff(offsets)[calling] >= GRAM
    asking = _ranges(alone["word"], once.len()), alone["gate"].to_numpy()
    long, short = (
        Grams(*(*_grams(letters, bounds, some, size), *asking))
        for some, size in ((calling[is_long], GRAM), (calling[~is_long], SHORT_GRAM))
    )
    signs = once.gather(calling[~is_long]).str.extract_all(r"[^\x00-\x7f]").explode(empty_as_null=False).drop_nulls()
    of_gates = Words(letters, bounds, _ranges(asked["gate"], gates.height), asked["word"].to_numpy())
    return of_gates, long, short, bitmap_of(np.array([*map(ord, signs)], np.uint64))


def _grams(letters: Array, bounds: Array, words: Array, size: int) -> tuple[Any, ...]:
    """The fields of Grams, but for the gates, of some words and their rarest grams of so many bytes."""
    grams, words, shifts = grams_of(letters, bounds, words, size)
    turn, slots, ranges = grouped(grams)
    starts, masks = starts_of(letters, bounds[words[turn]])
    return np.uint64((1 << 8 * size) - 1), bitmap_of(grams), slots, ranges, words[turn], shifts[turn], starts, masks


def starts_of(letters: Array, bounds: Array) -> tuple[Array, Array]:
    """What each of some words begins with, GRAM bytes as a number or all that there are, and the bits of these."""
    sizes = np.minimum(bounds[:, 1] - bounds[:, 0], GRAM)
    masks = ((np.uint64(1) << (8 * sizes).astype(np.uint64)) - np.uint64(1)).astype(np.uint32)
    padded = np.append(letters, np.zeros(GRAM, np.uint8))[bounds[:, :1] + np.arange(GRAM)]
    return padded.view("<u4").ravel().astype(np.uint32) & masks, masks


def grams_of(letters: Array, bounds: Array, words: Array, size: int) -> tuple[Array, Array, Array]:
    """The rarest gram of so many bytes of each of some words, the words, and the place of the gram in each.

    How rare one is, is guessed from how often its bytes follow each other in all words (Shannon's chain of letters):
    well enough, since all that is found is looked at.

    Args:
        letters: The bytes of all words end to end.
        bounds: Where each word begins and ends there.
        words: Which ones; each has so many bytes at least.
        size: Bytes of a gram.
    """
    many = bounds[words, 1] - bounds[words, 0] - size + 1  # grams of each word
    firsts = np.cumsum(many) - many
    word = np.repeat(np.arange(words.size), many)
    shifts = np.arange(word.size) - firsts[word]
    starts = bounds[words[word], 0] + shifts
    bytes_ = [letters[starts + i].astype(np.int64) for i in range(size)]
    pairs = np.bincount(letters[:-1].astype(np.int64) << 8 | letters[1:], minlength=1 << 16).reshape(256, 256) + 0.5
    follows, often = np.log(pairs / pairs.sum(axis=1, keepdims=True)), np.log(pairs.sum(axis=1))[bytes_[0]]
    for pair in pairwise(bytes_):
        often += follows[pair]
    rarest = np.lexsort((shifts, often, word))[firsts]
    grams = sum((byte[rarest] << 8 * i for i, byte in enumerate(bytes_)), np.zeros(words.size, np.int64))
    return grams.astype(np.uint64), words, shifts[rarest]


def _ranges(sorted_: pl.Series, count: int) -> Array:
    """Where each of the numbers below `count` begins and ends among sorted ones."""
    ends = np.cumsum(np.bincount(sorted_.to_numpy(), minlength=count))
    return np.stack([np.append(0, ends[:-1]), ends], axis=1)
