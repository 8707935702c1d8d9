"""Compiled work on pairs says the same as its slow twins."""

from dataclasses import astuple

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from cleaner.duplicates import kernel, overlap, pairs, shingles
from cleaner.duplicates.differ import difference, gaps

word = st.sampled_from(["le", "maire", "conseil", "2", "300", "12h30", "école", "écoles", "中", "文", "gouvernement"])
passage = st.lists(word, max_size=14).map(" ".join)
title = st.one_of(st.none(), passage)


@examples(deadline=None, max_examples=100)
@given(st.lists(st.one_of(st.none(), st.text(), passage, st.text("az09é中 ", max_size=40)), max_size=5))
def test_word_codes_agree_with_the_specification(texts: list[str | None]) -> None:
    column = pl.Series(texts, dtype=pl.String)
    slow, fast = shingles.words(column), kernel.words(column)
    assert slow.codes.tolist() == fast.codes.tolist()
    assert slow.offsets.tolist() == fast.offsets.tolist()


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("gouvernement", "gouvernements", True),  # endings differ
        ("port", "ports", False),  # shorter than a stem: the whole word counts
        ("Élections", "electoral", True),
        ("chat", "chien", False),
    ],
)
def test_words_of_one_stem(one: str, other: str, *, alike: bool) -> None:
    assert (shingles.stem_code(shingles.tokens(one)[0]) == shingles.stem_code(shingles.tokens(other)[0])) is alike


@pytest.mark.parametrize("token", ["le", "12", "b2b", "été"[:2], "д"])
def test_articles_and_figures_have_no_stem(token: str) -> None:
    assert shingles.stem_code(token) == 0


def test_characters_of_unspaced_scripts_are_their_own_stem() -> None:
    assert shingles.stem_code("中") != shingles.stem_code("文") != 0


def test_gaps_are_what_differs() -> None:
    left, right = [1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 3, 9, 9, 5, 6, 7, 8, 10]
    assert gaps(left, right, shingle_size=2) == [([4], [9, 9]), ([], [10])]
    assert gaps(left, left, shingle_size=2) == []
    assert gaps([], [1], shingle_size=2) == [([], [1])]


@given(st.lists(st.integers(0, 5), max_size=30), st.lists(st.integers(0, 5), max_size=30), st.integers(1, 4))
def test_gaps_account_for_every_word(left: list[int], right: list[int], size: int) -> None:
    runs = gaps(left, right, shingle_size=size)
    gone, come = (sum(len(run[side]) for run in runs) for side in (0, 1))
    assert len(left) - gone == len(right) - come  # what is left of both is the same words
    assert all(one != other for one, other in runs)


@examples(deadline=None, max_examples=100)
@given(
    st.lists(st.tuples(st.lists(passage, max_size=4).map(" ".join), title), min_size=2, max_size=5), st.integers(1, 5)
)
def test_differences_agree_with_the_specification(documents: list[tuple[str, str | None]], size: int) -> None:
    texts, titles = (pl.Series(column, dtype=pl.String) for column in zip(*documents, strict=True))
    left, right = (side.ravel().astype(np.int64) for side in np.indices((len(documents), len(documents))))
    found = pairs.differences(kernel.words(texts), kernel.words(titles), left, right, shingle_size=size)
    for row, one, other in zip(found.tolist(), left, right, strict=True):
        codes = [shingles.word_codes(texts[int(i)]) for i in (one, other)]
        of_titles = [shingles.word_codes(titles[int(i)] or "") for i in (one, other)]
        assert tuple(row) == astuple(difference(codes[0], codes[1], (of_titles[0], of_titles[1]), shingle_size=size))


Sketches = tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]


@st.composite
def sketches(draw: st.DrawFn) -> Sketches:
    """Sketches of a few documents, of few values, so that many are shared and some by too many."""
    found = draw(st.lists(st.sets(st.integers(0, 40), max_size=12).map(sorted), min_size=1, max_size=12))
    offsets = np.cumsum([0, *map(len, found)], dtype=np.int64)
    return np.array([value << 22 for one in found for value in one], np.uint32), offsets


@examples(deadline=None, max_examples=100)
@given(sketches(), st.data(), st.sampled_from([3, 1 << 20]))
def test_overlaps_agree_with_their_slow_twins(found: Sketches, data: st.DataObject, slice_size: int) -> None:
    count = found[1].size - 1
    numbers = st.lists(st.integers(0, count - 1), min_size=20, max_size=20)
    ends = [np.array(data.draw(numbers), np.int64) for _ in range(4)]
    among = np.array(data.draw(st.lists(st.booleans(), min_size=count, max_size=count)))
    told = []
    for few in (1 << 20, -1):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(overlap, "FEW", few)
            patch.setattr(overlap, "FEW_LINKED", few)
            patch.setattr(overlap, "MOST_DOCUMENTS", 5)
            patch.setattr(overlap, "UNLIKE", 3)
            patch.setattr(overlap, "SLICE", slice_size)
            index = overlap.index(*found, among)
            groups = overlap.groups(count, ends[0], ends[1])
            told.append((overlap.overlaps(index), overlap.stands(index, ends[2], ends[3], groups), groups.tolist()))
    assert told[0][0].equals(told[1][0])
    assert told[0][1].equals(told[1][1])
    assert told[0][2] == told[1][2]


@given(sketches())
def test_overlaps_are_what_comparing_all_sketches_says(found: Sketches) -> None:
    parts = [set(part.tolist()) for part in np.split(found[0], found[1][1:-1])]
    due = [
        (one, other)
        for one in range(len(parts))
        for other in range(one + 1, len(parts))
        if parts[one] & parts[other]
        and len(parts[one] & parts[other]) >= overlap.LEAST * min(len(parts[one]), len(parts[other]))
    ]
    assert overlap.overlaps(overlap.index(*found)).rows() == due


@pytest.mark.parametrize("dtype", [np.uint32, np.uint64])
def test_all_numbers_that_recur_are_kept_and_few_others(dtype: type[np.unsignedinteger]) -> None:
    draw = np.random.default_rng(7)
    numbers = draw.integers(0, np.iinfo(dtype).max, 2 * overlap.FEW, dtype)
    numbers[::50] = numbers[25]
    numbers[1::50] = numbers[2::50]
    values, counts = np.unique(numbers, return_counts=True)
    recur = np.isin(numbers, values[counts > 1])
    found = overlap.may_recur(numbers)
    assert found[recur].all()
    assert 0 < np.count_nonzero(found & ~recur) < 0.05 * numbers.size
    assert overlap.may_recur(numbers[: overlap.FEW]).all()
