"""Texts that hold their article twice, against a slow twin."""

import polars as pl
from hypothesis import example, given
from hypothesis import strategies as st

from cleaner.chrome.again import PARAGRAPHS, RUN, SHORTEST, may_recur, said_again
from tests import naive

few = st.lists(st.lists(st.sampled_from("abcdefg"), max_size=24), max_size=3)


def _paragraphs(documents: list[list[str]]) -> pl.DataFrame:
    rows = [(doc, text) for doc, texts in enumerate(documents) for text in texts]
    frame = pl.DataFrame(rows, schema={"doc": pl.UInt32, "text": pl.String}, orient="row")
    return frame.with_row_index("at").select(PARAGRAPHS.names())


@given(few)
@example([list("abcdeabcde"), list("abcdabcd"), list("abcde")])
@example([list("abababcdecde"), list("aaaaaa")])
def test_what_is_said_again_is_what_the_twin_finds(documents: list[list[str]]) -> None:
    paragraphs = _paragraphs(documents)
    found = paragraphs[said_again(paragraphs).to_list()]
    places = [naive.said_again(texts) for texts in documents]
    assert found["doc"].to_list() == [doc for doc, these in enumerate(places) for _ in these]
    assert found["text"].to_list() == [documents[doc][place] for doc, these in enumerate(places) for place in these]


@given(few)
def test_nothing_that_is_said_goes_and_nothing_is_found_again(documents: list[list[str]]) -> None:
    paragraphs = _paragraphs(documents)
    left = paragraphs.filter(~pl.col("at").is_in(said_again(paragraphs).implode()))
    assert left.select("doc", "text").unique().height == paragraphs.select("doc", "text").unique().height
    assert said_again(left.drop("at").with_row_index("at")).is_empty()


@given(few)
@example([["a"] * 6, list("ababababab")])
def test_no_document_that_has_a_run_is_passed_over(documents: list[list[str]]) -> None:
    content = _paragraphs(documents).with_columns(size=pl.lit(SHORTEST), prose=True)
    looked_at = may_recur(content)
    assert said_again(looked_at).to_list() == said_again(content).to_list()
    assert looked_at.filter(pl.len().over("doc") <= RUN).is_empty()


def test_short_lines_and_labels_are_no_paragraphs() -> None:
    content = _paragraphs([list("abcdeabcde")]).with_columns(size=pl.lit(SHORTEST), prose=True)
    assert may_recur(content.with_columns(size=pl.lit(SHORTEST - 1))).is_empty()
    assert may_recur(content.with_columns(prose=False)).is_empty()
