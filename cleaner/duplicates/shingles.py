"""Text to tokens to shingles to hashes, the slow and obvious way: the specification.

Whatever computes the same faster must agree with this file bit for bit, on any text.
"""

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import xxhash

NORMAL_FORM = 1
"""Version of the normal form; stored wherever hashes are, since a change of one makes the other worthless."""

LIGATURES = {"œ": "oe", "æ": "ae"}
"""Letters that neither case folding nor Unicode decomposition opens, though half the press writes them open."""

_INVISIBLE_RANGES = (
    (0x00AD, 0x00AD),  # soft hyphen
    (0x200B, 0x200F),  # zero-width space and joiners, marks of direction
    (0x202A, 0x202E),  # embeddings and overrides of direction
    (0x2060, 0x2069),  # word joiner, isolates of direction
    (0xFE00, 0xFE0F),  # variation selectors
    (0xFEFF, 0xFEFF),  # byte-order mark
    (0xE0100, 0xE01EF),  # further variation selectors
)
INVISIBLE = frozenset(chr(code) for first, last in _INVISIBLE_RANGES for code in range(first, last + 1))
"""Characters without a shape of their own: they stand inside words, and copies of an article lose them."""

UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x3005, 0x3007),  # Han iteration mark and zero
    (0x3040, 0x30FF),  # Hiragana, Katakana
    (0x31F0, 0x31FF),  # Katakana extensions
    (0x3400, 0x4DBF),  # Han, extension A
    (0x4E00, 0x9FFF),  # Han
    (0xF900, 0xFAFF),  # Han, compatibility
    (0x20000, 0x3FFFF),  # Han, further extensions
)
"""Ranges of scripts written without spaces between words: each character is a token."""


def _decomposed(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not "\u0300" <= c <= "\u036f")


def _is_unspaced(character: str) -> bool:
    return any(first <= ord(character) <= last for first, last in UNSPACED)


@cache
def fold(character: str) -> str:
    """What one character becomes in the normal form: letters, marks and digits; a space; or nothing.

    Each character folds by itself, whatever stands beside it, so that a table can do the same.
    """
    if character in INVISIBLE:
        return ""
    folded = []
    for c in _decomposed(_decomposed(character).casefold()):
        if unicodedata.category(c)[0] not in "LMN":
            folded.append(" ")
        elif _is_unspaced(c):
            folded.append(f" {c} ")
        else:
            folded.append(LIGATURES.get(c, c))
    return "".join(folded)


def normal_form(text: str) -> str:
    """What two spellings of one text are brought to before they are compared.

    Case folded, accents of Latin, Greek and Cyrillic off, ligatures opened, and each run of anything that is
    neither letter, mark nor digit one space; none at either end.
    """
    return " ".join("".join(map(fold, text)).split())


def tokens(text: str) -> list[str]:
    """The words of a text; in scripts written without spaces, its characters."""
    return normal_form(text).split()


def characters(text: str) -> list[str]:
    """The characters of a text's normal form, without its spaces: what is left when words are cut or run together."""
    return list(normal_form(text).replace(" ", ""))


def parts(text: str, *, of: str) -> list[str]:
    """The tokens that shingles are made `of`: `words` or `characters`."""
    return characters(text) if of == "characters" else tokens(text)


def shingles(text: str, *, shingle_size: int, of: str = "words") -> set[bytes]:
    """The runs of `shingle_size` tokens with a space between two, as UTF-8; none if the text is shorter than one."""
    words = parts(text, of=of)
    runs = (words[i : i + shingle_size] for i in range(len(words) - shingle_size + 1))
    return {" ".join(run).encode() for run in runs}


def exact_digest(text: str) -> bytes:
    """xxh3-128 of the normal form, 16 bytes, the higher half first; equal for exact copies."""
    return xxhash.xxh3_128_digest(normal_form(text).encode())


@cache
def permutations(num_perm: int, seed: int) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """Factors and summands of datasketch's scheme affine32: value i of a hash is hash * factor[i] + summand[i].

    Drawn as its `MinHash` draws them, and held equal by a test. datasketch itself loads scipy, which would take a
    second of each run.
    """
    draw = np.random.RandomState(seed)
    factors = draw.randint(0, 1 << 31, num_perm, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return factors, draw.randint(0, 1 << 32, num_perm, dtype=np.uint32)


def signature(text: str, *, shingle_size: int, num_perm: int, seed: int, of: str = "words") -> npt.NDArray[np.uint32]:
    """The signature's values, one per permutation; all 2**32 - 1 for a text without shingles."""
    factors, summands = permutations(num_perm, seed)
    found = shingles(text, shingle_size=shingle_size, of=of)
    hashes = np.array([_mixed(xxhash.xxh32_intdigest(shingle)) for shingle in found], np.uint32)
    least = np.full(num_perm, 2**32 - 1, np.uint32)
    return np.min(hashes[:, None] * factors + summands, axis=0, initial=2**32 - 1) if hashes.size else least


def shingle_hashes(text: str, *, shingle_size: int, of: str = "words") -> set[int]:
    """xxh3-64 of each shingle: what similarity and containment are measured on."""
    return {xxhash.xxh3_64_intdigest(shingle) for shingle in shingles(text, shingle_size=shingle_size, of=of)}


def sketch(text: str, *, shingle_size: int, scale: int, of: str = "words") -> list[int]:
    """The scaled sketch (FracMinHash): the shingles' xxh32, mixed as datasketch mixes them, below 2**32 / scale.

    The share of the smaller sketch that lies in the larger estimates containment.
    """
    found = shingles(text, shingle_size=shingle_size, of=of)
    hashes = {_mixed(xxhash.xxh32_intdigest(shingle)) for shingle in found}
    return sorted(value for value in hashes if value * scale < 2**32)


def _mixed(value: int) -> int:
    """MurmurHash3's finaliser, which datasketch's affine32 puts before its permutations."""
    value = (value ^ value >> 16) * 0x85EBCA6B % 2**32
    value = (value ^ value >> 13) * 0xC2B2AE35 % 2**32
    return value ^ value >> 16


STEM = 5
"""Characters of a word that stand for it where two texts are asked whether they speak of the same: endings differ."""

LEAST_STEM = 4
"""Characters that a word has at least to count there: shorter ones are mostly articles and prepositions."""


def word_codes(text: str) -> list[tuple[int, int]]:
    """Each token as two numbers: which it is, odd if it has a figure; and its stem, 0 if it has none.

    Figures have no stem, nor have short words. A character of a script without spaces is its own.
    """
    return [
        (xxhash.xxh3_64_intdigest(token.encode()) & ~1 | has_figure(token), stem_code(token)) for token in tokens(text)
    ]


def has_figure(token: str) -> bool:
    """Whether a token has a digit in it."""
    return any("0" <= c <= "9" for c in token)


def stem_code(token: str) -> int:
    """The number of a token's stem, odd; 0 if it has none."""
    alone = len(token) == 1 and len(token.encode()) >= len("中".encode())
    if has_figure(token) or not (alone or len(token) >= LEAST_STEM):
        return 0
    return xxhash.xxh3_64_intdigest(token[:STEM].encode()) | 1


def similarity(one: set[int], other: set[int]) -> float:
    """Jaccard: the shared part of all that either has; 0 if both are empty."""
    return len(one & other) / len(one | other) if one or other else 0.0


def containment(one: set[int], other: set[int]) -> float:
    """The share of the smaller set that lies in the larger; 0 if either is empty."""
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


# ---- columns of texts ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Signatures:
    """What is computed of a column of texts; row i is about text i.

    Attributes:
        digests: xxh3-128 of the normal form: (texts, 2), the higher half first. Equal for exact copies.
        tokens: Number of tokens, of the kind that shingles are made of.
        values: The signatures: (texts, num_perm). All 2**32 - 1 without shingles.
        sketch: The scaled sketches end to end, each sorted and without repeats; text i's is
            sketch[sketch_offsets[i] : sketch_offsets[i + 1]].
        sketch_offsets: Where each begins, and where the last one ends.
    """

    digests: npt.NDArray[np.uint64]
    tokens: npt.NDArray[np.int64]
    values: npt.NDArray[np.uint32]
    sketch: npt.NDArray[np.uint32]
    sketch_offsets: npt.NDArray[np.int64]


def sign(
    texts: pl.Series, *, shingle_size: int, num_perm: int, seed: int, scale: int | None = None, of: str = "words"
) -> Signatures:
    """The signatures of a column of texts, and its sketches if `scale` is given; a null counts as empty."""
    column = texts.fill_null("").to_list()
    sizes: dict[str, Any] = {"shingle_size": shingle_size, "num_perm": num_perm, "seed": seed, "of": of}
    sketches = [sketch(text, shingle_size=shingle_size, scale=scale, of=of) if scale else [] for text in column]
    return Signatures(
        sketch=np.array([value for one in sketches for value in one], np.uint32),
        sketch_offsets=np.cumsum([0, *map(len, sketches)], dtype=np.int64),
        digests=np.array([np.frombuffer(exact_digest(text), ">u8") for text in column], np.uint64).reshape(-1, 2),
        tokens=np.array([len(parts(text, of=of)) for text in column], np.int64),
        values=np.array([signature(text, **sizes) for text in column], np.uint32).reshape(-1, num_perm),
    )


@dataclass(frozen=True)
class Sets:
    """Shingle sets of a column of texts, each sorted: that of text i is hashes[offsets[i] : offsets[i + 1]]."""

    hashes: npt.NDArray[np.uint64]
    offsets: npt.NDArray[np.int64]


def shingle_sets(texts: pl.Series, *, shingle_size: int, of: str = "words") -> Sets:
    """The shingle sets of a column of texts; a null counts as empty."""
    sets = [sorted(shingle_hashes(text, shingle_size=shingle_size, of=of)) for text in texts.fill_null("")]
    return Sets(
        hashes=np.array([value for one in sets for value in one], np.uint64),
        offsets=np.cumsum([0, *map(len, sets)], dtype=np.int64),
    )


@dataclass(frozen=True)
class Words:
    """Word codes of a column of texts, as `word_codes` has them: those of text i are rows offsets[i]:offsets[i + 1]."""

    codes: npt.NDArray[np.uint64]
    offsets: npt.NDArray[np.int64]


def words(texts: pl.Series) -> Words:
    """The word codes of a column of texts; a null counts as empty."""
    codes = [word_codes(text) for text in texts.fill_null("")]
    return Words(
        codes=np.array([pair for one in codes for pair in one], np.uint64).reshape(-1, 2),
        offsets=np.cumsum([0, *map(len, codes)], dtype=np.int64),
    )


def shared_counts(sets: Sets, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The number of shingles that each text of `left` shares with the one of `right`."""
    parts = np.split(sets.hashes, sets.offsets[1:-1])
    shared = [np.intersect1d(parts[one], parts[other]).size for one, other in zip(left, right, strict=True)]
    return np.array(shared, np.int64)


def bands(values: npt.NDArray[np.uint32], *, bands: int, rows: int) -> npt.NDArray[np.uint64]:
    """One value per band of each signature, equal where all rows of the band are: documents by bands.

    The steps are those of MurmurHash3's finalizer, begun with the band's number.
    """
    result = np.empty((len(values), bands), np.uint64)
    for band in range(bands):
        value = np.full(len(values), (band + 1) * 0x9E3779B97F4A7C15 % 2**64, np.uint64)
        for row in range(band * rows, (band + 1) * rows):
            value = (value ^ values[:, row]) * np.uint64(0xFF51AFD7ED558CCD)
            value ^= value >> np.uint64(32)
        value *= np.uint64(0xC4CEB9FE1A85EC53)
        result[:, band] = value ^ (value >> np.uint64(33))
    return result
