"""Tag lines: nearly all of their words stand in the article, as taking it apart word by word finds them."""

import re

import polars as pl
from hypothesis import example, given
from hypothesis import strategies as st

from cleaner.chrome.evidence import gather
from cleaner.chrome.rules import load
from cleaner.chrome.tags import KNOWN_TAG_WORDS, TAGS

WORDS = ["harbour", "lighthouse", "ferry", "île", "keeper's", "mayor", "2024"]
said = st.sampled_from([*WORDS, *map(str.capitalize, WORDS), "lighthouses", "ferry-boat", "«ferry»", "mayor,"])


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


@given(
    st.lists(st.sampled_from(WORDS), min_size=3, max_size=8),
    st.lists(st.lists(said, min_size=1, max_size=8).map(" ".join), min_size=1, max_size=3),
)
@example(["harbour", "ferry", "mayor"], ["Harbour ferry", "the mayor"])
@example(["harbour", "ferry", "mayor", "île"], ["harbours «ferry», mayor", "Île"])
def test_a_line_of_words_of_the_article_is_a_tag_line(line: list[str], article: list[str]) -> None:
    prose = [f"It was said of {sentence} today." for sentence in article]
    tags = " ".join(line)
    evidence = gather(pl.Series(["\n".join([*prose, tags]), tags]), load(), pl.Series([None, None], dtype=pl.String))
    found = evidence.hits.filter(pl.col("order") == TAGS)["at"].to_list()
    asked, known = words(tags), words("\n".join(prose))
    is_known = len(asked & known) >= KNOWN_TAG_WORDS * len(asked)
    assert found in ([], [len(prose)])  # there is no article above the second
    if evidence.hits.filter(pl.col("at") == len(prose), pl.col("order") >= 0).is_empty() and "'" not in tags:
        assert bool(found) == is_known


@given(
    st.lists(
        st.tuples(
            st.lists(st.lists(said, min_size=1, max_size=8).map(" ".join), min_size=1, max_size=3),
            st.lists(st.lists(st.sampled_from(WORDS), min_size=3, max_size=8).map(" ".join), min_size=6, max_size=9),
        ),
        min_size=1,
        max_size=3,
    )
)
def test_of_many_lines_those_are_tag_lines_that_are_of_few(documents: list[tuple[list[str], list[str]]]) -> None:
    texts = ["\n".join([*(f"It was said of {line} today." for line in article), *tags]) for article, tags in documents]
    each = [
        (at, "\n".join([*text.split("\n")[: len(article)], tag]), tag)
        for at, (text, (article, tags)) in enumerate(zip(texts, documents, strict=True))
        for tag in tags
    ]
    alone = [set[str]() for _ in texts]
    for (at, _, tag), found in zip(each, _tag_lines([text for _, text, _ in each]), strict=True):
        alone[at] |= found & {tag}
    assert _tag_lines(texts) == alone


def _tag_lines(texts: list[str]) -> list[set[str]]:
    """The lines of each text that are taken for tag lines."""
    evidence = gather(pl.Series(texts), load(), pl.Series([None] * len(texts), dtype=pl.String))
    at = evidence.content[evidence.hits.filter(pl.col("order") == TAGS)["at"].to_numpy()]
    lines = evidence.lines.select("doc", "rest")[at]
    return [set(lines.filter(pl.col("doc") == doc)["rest"]) for doc in range(len(texts))]
