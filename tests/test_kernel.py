"""The kernel says the same as its slow twin, bit for bit, on any text."""

import sys
import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
import xxhash
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.duplicates import folding, kernel, shingles
from cleaner.duplicates import pairs as compiled

ODD = "éÉœŒæßİıſﬁﬃﷺ½…№ªǅΆςЙёa1²٣中文㍿㌀豈丽한각ㄱกำไทยລາວကខខ្មែរひカヽー゛々〇ﾊﾞ😀👍🏽🇫🇷𝒜𝟘𠀀𪜶𐐀"
"""Letters that fold to several, to fewer or to none, scripts without spaces, planes beyond the first."""

MARKS = (
    "\u00ad\u0300\u0301\u0327\u0345\u036f\u0370\u0483\u064b\u0e31\u1ab0\u200b\u200d\u20e3\u3099\ufe0f\ufeff\U000e0101"
)
SPACES = " \t\n\r\x00\x1f\x85\xa0\u2028\u3000.,;\u2019«»-\u2013_"

words = st.text(st.sampled_from("abcéèçÀŒﬁЖ中ß1" + MARKS), min_size=1, max_size=12)
long_words = st.integers(1, 300).map(lambda n: "anticonstitutionnellement"[n % 7 :] * n)
texts = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.text(st.sampled_from(ODD + MARKS + SPACES)),
    st.lists(st.one_of(words, words, words, long_words), max_size=60).map(" ".join),
    st.tuples(st.text(st.sampled_from("ab é"), max_size=9), st.integers(0, 400)).map(lambda pair: pair[0] * pair[1]),
)


def _digests(signed: shingles.Signatures) -> list[bytes]:
    return [row.astype(">u8").tobytes() for row in signed.digests]


def _parts(flat: npt.NDArray[np.generic], offsets: npt.NDArray[np.int64]) -> list[list[int]]:
    return [flat[start:end].tolist() for start, end in pairwise(offsets)]


def _check(
    column: Sequence[str | None], *, shingle_size: int, num_perm: int, seed: int, scale: int, of: str = "words"
) -> None:
    """Holds all that the kernel says about a column against the specification."""
    series, plain = pl.Series(column, dtype=pl.String), [text or "" for text in column]
    signed = kernel.sign(series, shingle_size=shingle_size, num_perm=num_perm, seed=seed, scale=scale, of=of)
    assert _digests(signed) == [shingles.exact_digest(text) for text in plain]
    assert signed.tokens.tolist() == [len(shingles.parts(text, of=of)) for text in plain]
    sizes: dict[str, Any] = {"shingle_size": shingle_size, "num_perm": num_perm, "seed": seed, "of": of}
    assert signed.values.tolist() == [shingles.signature(text, **sizes).tolist() for text in plain]
    sketches = [shingles.sketch(text, shingle_size=shingle_size, scale=scale, of=of) for text in plain]
    assert _parts(signed.sketch, signed.sketch_offsets) == sketches
    sets = [sorted(shingles.shingle_hashes(text, shingle_size=shingle_size, of=of)) for text in plain]
    assert _parts(*kernel.shingle_hashes(series, shingle_size=shingle_size, of=of)) == sets


sizes = st.fixed_dictionaries(
    {
        "shingle_size": st.integers(1, 9),
        "num_perm": st.sampled_from([1, 2, 15, 16, 17, 128]),
        "seed": st.integers(0, 2**32 - 1),
        "scale": st.sampled_from([1, 2, 3, 8]),
    }
)


@pytest.mark.parametrize("of", ["words", "characters"])
@settings(deadline=None, max_examples=150)
@given(column=st.lists(st.one_of(st.none(), texts), max_size=6), sizes=sizes)
def test_agrees_with_the_specification(of: str, column: list[str | None], sizes: dict[str, int]) -> None:
    _check(column, **sizes, of=of)


def test_folds_every_code_point_as_the_specification() -> None:
    """Each between two letters, where a space, a token by itself and nothing all differ; and at either end."""
    letters = [chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) not in ("Cs", "Cn")]
    letters += ["\u0378", "\U0002fffe", "\U00050000", "\U000e0fff", "\U0010ffff"]
    for before, after in (("a", "b"), ("", "")):
        signed = kernel.sign(
            pl.Series([before + letter + after for letter in letters]), shingle_size=1, num_perm=1, seed=1
        )
        forms = [" ".join((before + shingles.fold(letter) + after).split()) for letter in letters]
        assert _digests(signed) == [xxhash.xxh3_128_digest(form.encode()) for form in forms]
        assert signed.tokens.tolist() == [len(form.split()) for form in forms]
    folded = [len(shingles.fold(letter).encode()) / len(letter.encode()) for letter in letters]
    assert max(folded) <= folding.EXPANSION
    longest = letters[int(np.argmax(folded))]
    _check([longest * 20_000, f" {longest}" * 20_000], shingle_size=5, num_perm=16, seed=1, scale=8)


def test_hashes_every_length_class() -> None:
    """Words of each length from 1 byte past XXH3's last change of method, alone and five to a shingle."""
    column = [
        "".join(chr(97 + i * i % 26) for i in range(length)) for length in [*range(1, 300), 1023, 1024, 1025, 5000]
    ]
    _check(column, shingle_size=1, num_perm=16, seed=1, scale=1)
    _check([" ".join(column), " ".join(column[:200:7])], shingle_size=5, num_perm=16, seed=1, scale=1)
    _check([" ".join(column[:20] * 9)], shingle_size=60, num_perm=16, seed=1, scale=1)


@pytest.mark.parametrize("count", [1022, 1023, 1024, 1025, 2047, 2048, 2049, 2060])
def test_agrees_across_blocks_of_shingles(count: int) -> None:
    _check([" ".join(map(str, range(count))), "mot " * count], shingle_size=2, num_perm=20, seed=3, scale=8)


def test_gives_the_known_answers() -> None:
    """These values are stored by users: a change of any of them makes every stored index worthless."""
    known = [
        ("", 0, 0x99AA06D3014798D86001C324468D497F, [4294967295, 4294967295, 4294967295], []),
        ("Œuvre d\u2019été", 3, 0x330C0E26CCF0FB49634875EF4A0CD778, [4294967295, 4294967295, 4294967295], []),
        (
            "Le préfet de l'Isère a annoncé, mardi 5 mars, la fermeture de 8 écoles.",
            15,
            0xBC9B5CC66590BA363244FE13D3690C72,
            [529357784, 336620734, 110329007],
            [0x37EBE088A0A4BC90, 0x40B09F7DDC1564E7],
        ),
        (
            "中文新闻 déjà vu",
            6,
            0x07516BF331B22A6CF6A1E95914E00D43,
            [3610528826, 1264333959, 3895390179],
            [0x0D83F021704111E7, 0x5CDE5C8E30CE3BB6],
        ),
        (
            "anticonstitutionnellement " * 12,
            12,
            0x90FC5B9B9DE559CF2EF91458B2A1DBE8,
            [3518355829, 1209416974, 709725004],
            [0xBE2DA550D18F031D],
        ),
    ]
    column = pl.Series([row[0] for row in known])
    signed = kernel.sign(column, shingle_size=5, num_perm=128, seed=1)
    sets = _parts(*kernel.shingle_hashes(column, shingle_size=5))
    found = [
        (text, int(tokens), int.from_bytes(digest), values[:3].tolist(), hashes[:2])
        for text, tokens, digest, values, hashes in zip(
            column, signed.tokens, _digests(signed), signed.values, sets, strict=True
        )
    ]
    assert found == known


@pytest.mark.parametrize("count", [1, 11, 12, 13, 70_000])
def test_spells_texts_out(count: int) -> None:
    """Characters of one to four bytes, those that fold to several, and more of them than there is room at first."""
    column = ["é𐐀 中Ж" * count, "ﬁ Ǆ ½" * count, "a" * count, "le port a ferme" * count]
    _check(column[: 4 if count < 100 else 1], shingle_size=12, num_perm=16, seed=1, scale=8, of="characters")
    assert shingles.parts("Ses œufs.", of="characters") == list("sesoeufs")


def test_takes_nulls_empty_texts_and_empty_columns() -> None:
    _check([], shingle_size=5, num_perm=8, seed=1, scale=8)
    _check([None], shingle_size=5, num_perm=8, seed=1, scale=8)
    _check(["", None, "", "un deux", "", None], shingle_size=2, num_perm=8, seed=1, scale=8)


def test_does_not_depend_on_threads_chunks_or_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    column = pl.Series(
        [f"Le {i} mars, à Paris, le préfet a dit {i * 7 % 13} mots 中文 de {i % 5}." for i in range(500)]
    )
    once = kernel.sign(column, shingle_size=3, num_perm=32, seed=1, scale=2, threads=1)
    sets = kernel.shingle_hashes(column, shingle_size=3, threads=1)
    monkeypatch.setattr(kernel, "BLOCK_BYTES", 700)
    cut = pl.concat([column[:100], column[100:101], column[101:]], rechunk=False)
    again = kernel.sign(cut, shingle_size=3, num_perm=32, seed=1, scale=2, threads=3)
    for name in ("digests", "tokens", "values", "sketch", "sketch_offsets"):
        assert np.array_equal(getattr(once, name), getattr(again, name)), name
    for one, other in zip(sets, kernel.shingle_hashes(cut, shingle_size=3, threads=3), strict=True):
        assert np.array_equal(one, other)


@pytest.mark.parametrize(("pattern", "count"), [("a ", 400_000), ("a b ", 200_000), ("é", 500_000), ("中", 200_000)])
def test_takes_one_large_document_of_one_pattern(pattern: str, count: int) -> None:
    """Repeats meet in one bucket of the sort, which must not make it slow."""
    _check([pattern * count], shingle_size=5, num_perm=16, seed=1, scale=1)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.lists(st.integers(0, 30)), min_size=1, max_size=8), st.data())
def test_counts_what_two_texts_share(numbers: list[list[int]], data: st.DataObject) -> None:
    sets = [sorted(set(part)) for part in numbers]
    flat = np.array([value for part in sets for value in part], np.uint64)
    offsets = np.cumsum([0, *map(len, sets)])
    pairs = data.draw(st.lists(st.tuples(*[st.integers(0, len(sets) - 1)] * 2)))
    left, right = np.array(pairs, np.int64).reshape(-1, 2).T
    shared = [len(set(sets[one]) & set(sets[other])) for one, other in pairs]
    assert compiled.shared_counts(flat, offsets, left, right).tolist() == shared


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 5), st.integers(1, 6), st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_bands_agree_with_the_specification(count: int, bands: int, rows: int, seed: int) -> None:
    values = np.random.default_rng(seed).integers(0, 2**32, (count, bands * rows + 3)).astype(np.uint32)
    found = kernel.bands(values, bands=bands, rows=rows)
    assert np.array_equal(found, shingles.bands(values, bands=bands, rows=rows))


def test_refuses_what_it_cannot_take() -> None:
    texts, values = pl.Series("body", ["a"]), np.zeros((1, 8), np.uint32)
    with pytest.raises(TypeError, match="body"):
        kernel.shingle_hashes(pl.Series("body", [1]), shingle_size=5)
    with pytest.raises(ValueError, match="shingle_size is 0"):
        kernel.sign(texts, shingle_size=0, num_perm=8, seed=1)
    with pytest.raises(ValueError, match="3 bands of 3 rows"):
        kernel.bands(values, bands=3, rows=3)
    flat, offsets = kernel.shingle_hashes(texts, shingle_size=1)
    with pytest.raises(ValueError, match="from 0 to 0"):
        compiled.shared_counts(flat, offsets, np.array([0]), np.array([1]))
    with pytest.raises(ValueError, match="pairs"):
        compiled.shared_counts(flat, offsets, np.array([0]), np.array([0, 0]))
