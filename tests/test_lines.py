"""Documents to lines and back."""

import re

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from cleaner.chrome.lines import LINE, cut, to_lines
from tests.conftest import scraped

any_text = st.one_of(scraped, st.text(st.characters(exclude_categories=["Cs"])), st.text("a\r\né ", max_size=12))


@given(st.lists(any_text, max_size=5))
def test_lines_make_up_the_text_and_are_split_as_said(texts: list[str]) -> None:
    lines = to_lines(pl.Series(texts, dtype=pl.String))
    assert lines.schema == LINE
    for doc, text in enumerate(texts):
        own = lines.filter(pl.col("doc") == doc)
        data = text.encode()
        assert b"".join(data[a:b] for a, b in own.select("start", "end").iter_rows()) == data
        assert own["text"].to_list() == re.split("\r\n|\n|\r", text)
        assert own["line"].to_list() == list(range(own.height))


@given(st.lists(st.tuples(any_text, st.lists(st.integers(0, 60), max_size=6)), max_size=4))
def test_cut_is_slicing_bytes(cases: list[tuple[str, list[int]]]) -> None:
    texts, spans, expected = [], [], []
    for doc, (text, places) in enumerate(cases):
        starts = [len(text[:i].encode()) for i in sorted({min(place, len(text)) for place in places})]
        pairs = list(zip(starts[::2], starts[1::2], strict=False))
        left, since = b"", 0
        for start, end in pairs:
            left, since = left + text.encode()[since:start], end
        texts.append(text)
        expected.append((left + text.encode()[since:]).decode())
        spans += [(doc, start, end) for start, end in pairs]
    before = pl.Series(texts, dtype=pl.String)
    frame = pl.DataFrame(spans, schema={"doc": pl.UInt32, "start": pl.UInt32, "end": pl.UInt32}, orient="row")
    assert cut(before, frame).to_list() == expected
    assert before.to_list() == texts  # the column that went in is as it was


def test_a_null_has_one_empty_line() -> None:
    assert to_lines(pl.Series([None], dtype=pl.String))["text"].to_list() == [""]
