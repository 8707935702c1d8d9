"""The title in a page's text: the line above the article that says the article's words."""

import numpy as np
import polars as pl

from cleaner.chrome.evidence import Booleans, Integers
from cleaner.chrome.keys import WORD
from cleaner.chrome.shape import BULLET, DATED, HEAD_CATEGORIES
from cleaner.chrome.words import LONG_WORD, shared

_SMALL = r"(?:^|\s)\p{Ll}"
"""Where a word in small letters begins: names of sections and places have few."""

FARTHEST = 40
"""Lines between a title and its article, for bylines, dates, buttons and pictures."""

FEWEST_WORDS, MOST_WORDS = 3, 30
LONGEST = 100
"""Characters of a line from which it is a standfirst rather than a title, if there is a choice."""

LEAST = 0.3
"""Value of a line below which it is rather the entry of a menu, and the text has no title."""


def headlines(lines: pl.DataFrame, article: Booleans, begins: Booleans, size: Integers) -> Integers:
    """The places of the titles, at most one a document: the candidates of the highest value, the lowest of equal ones.

    Args:
        lines: As `candidates` takes them.
        article: Likewise.
        begins: Likewise.
        size: Likewise.
    """
    found = candidates(lines, article, begins, size).filter(pl.col("value") >= LEAST)
    best = found.group_by("doc", maintain_order=True).agg(pl.col("at").last())
    return np.sort(best["at"].cast(pl.Int64).to_numpy())


def candidates(lines: pl.DataFrame, article: Booleans, begins: Booleans, size: Integers) -> pl.DataFrame:
    """The lines above the article of each document, or its first one, that could be its title: `doc`, `at`, `value`.

    Args:
        lines: `doc`, `text`, `title_like`, and `category`, null where no rule speaks for the line.
        article: Whether the line is of the article.
        begins: Whether the line begins a paragraph, and is not the rest of a wrapped one.
        size: Characters of its paragraph.

    Returns:
        A row for each, by document, value and place.
    """
    unruled = pl.col("category").is_null()
    placed = (
        lines.select("doc", "text", "title_like", "category")
        .with_columns(article=pl.Series(article), begins=pl.Series(begins), size=pl.Series(size))
        .with_row_index("at")
        .with_columns(
            body=pl.col("article") & ~pl.col("title_like"), headed=_headed(), credited=_says(["credit"], by=1)
        )
    )
    first = placed.filter("article").group_by("doc").agg(first=pl.first("at"))
    could = (
        placed.filter(pl.col("title_like") & unruled & pl.col("begins"))
        .join(first, on="doc", maintain_order="left")
        .filter((pl.col("at") <= pl.col("first")) & (pl.col("first") - pl.col("at") <= FARTHEST))
        .filter(pl.col("text").str.count_matches(WORD).is_between(FEWEST_WORDS, MOST_WORDS))
        .filter(pl.col("text").str.contains(LONG_WORD))
    )
    compared = placed.filter(pl.col("body") | pl.col("at").is_in(could["at"].implode()))
    topic = shared(compared["text"], compared["doc"].to_numpy(), compared["body"].to_numpy())
    return (
        could.join(compared.select("at", topic=pl.Series(topic)), on="at", maintain_order="left")
        .select("doc", "at", value=_value())
        .sort("doc", "value", "at")
    )


def _headed() -> pl.Expr:
    """How many of the three lines below say what stands below a headline: date, author, buttons."""
    kinds = [kind for kind in HEAD_CATEGORIES if kind != "credit"]
    return pl.sum_horizontal(_says(kinds, by=by) for by in (1, 2, 3))


def _says(categories: list[str], *, by: int) -> pl.Expr:
    """Whether the line so many below is of one of the categories, and none of the article's."""
    says = pl.col("category").is_in(categories) & ~pl.col("article") & (pl.col("doc") == pl.col("doc").shift(by))
    return says.shift(-by).fill_null(value=False)


def _value() -> pl.Expr:
    """How much a line is like its article's title; it decides between lines above the same article.

    The weights were fitted by logistic regression on labelled pages and rounded. Of few words it says little that the
    article has them all.
    """
    text = pl.col("text").str.strip_chars()
    words, long = text.str.count_matches(WORD), text.str.count_matches(LONG_WORD)
    return (
        pl.col("topic") * long / (long + 2)
        + 0.3 * text.str.count_matches(_SMALL) / words
        + 0.12 * pl.col("headed")
        - 0.1 * pl.col("credited")
        + 0.04 * words.clip(upper_bound=8)
        - 0.2 * (pl.col("size") >= LONGEST)
        - 0.15 * text.str.contains(DATED)
        - 0.5 * text.str.contains(BULLET)
        - 0.003 * (pl.col("first") - pl.col("at"))
    )
