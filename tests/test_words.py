"""What is counted in paragraphs and what their words share, compiled, is what the plain way finds."""

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from cleaner.chrome import counts, words

WORDS = st.sampled_from([
    "Port", "port", "harbour", "2019", "3,5", "ein", "été", "École", "المرفأ", "灯塔", "灯塔守望者", "порт", "ΣΊΣΥΦΟΣ",
])  # fmt: skip
ODD = st.text(
    st.sampled_from("aàZß1 .'-\u00ad\u0301日本ฉันﬁ№\t|İЖйΣς²Ⅳǅ»’…👉\u200b\u2028ی٣") | st.characters(codec="utf-8"),
    max_size=6,
)
TEXTS = st.lists(WORDS | ODD, max_size=8).map(" ".join)


def test_what_is_counted() -> None:
    found = words.plainly_counted(
        pl.Series(["Das Boot, 3 Netze und ein (kleiner) Kai.", "灯塔守望者", "3 | 1987 p", "—"])
    )
    assert found.words.tolist() == [8, 1 + 5 // 2, 3, 0]
    assert found.lower.tolist() == [3, 0, 1, 0]
    assert found.named.tolist() == [5, 0, 2, 0]
    assert found.figures.tolist() == [False, False, True, True]


def test_what_is_shared() -> None:
    texts = pl.Series(["harbour boats", "The Harbour reopens", "of the", "boats", "harbour"])
    doc, marked = np.array([0, 0, 0, 0, 1]), np.array([True, True, False, False, True])
    assert words.plainly_shared(texts, doc, marked).tolist() == [0.5, 0.5, 0.0, 1.0, 0.0]


@given(st.lists(TEXTS, max_size=20))
def test_the_compiled_way_counts_what_the_plain_way_does(lines: list[str]) -> None:
    texts = pl.Series(lines, dtype=pl.String)
    plain = words.plainly_counted(texts)
    assert counts.counted(texts).T.tolist() == [
        values.tolist() for values in (plain.words, plain.lower, plain.named, plain.figures)
    ]


@given(st.lists(st.tuples(TEXTS, st.integers(0, 3), st.booleans()), max_size=20))
def test_the_compiled_way_finds_shared_what_the_plain_way_does(lines: list[tuple[str, int, bool]]) -> None:
    lines.sort(key=lambda line: line[1])
    texts = pl.Series([text for text, _, _ in lines], dtype=pl.String)
    doc = np.array([number for _, number, _ in lines], np.int64)
    marked = np.array([mark for _, _, mark in lines], np.bool_)
    documents = np.append(np.flatnonzero(np.diff(doc, prepend=-1)), doc.size)
    fast = counts.shared(texts.str.to_lowercase(), documents, marked, words.SHORTEST_WORD)
    assert fast.tolist() == words.plainly_shared(texts, doc, marked).tolist()


def test_words_that_stand_close_have_room() -> None:
    texts = pl.Series([f"{number:04}" for number in range(5000)])
    doc, marked = np.zeros(5000, np.int64), np.ones(5000, np.bool_)
    assert not words.shared(texts, doc, marked).any()
    again = pl.concat([texts, texts])
    assert words.shared(again, np.zeros(10_000, np.int64), np.ones(10_000, np.bool_)).all()
