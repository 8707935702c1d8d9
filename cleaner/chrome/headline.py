"""The title in a page's text: the line above the article that says the article's words."""

import numpy as np
import polars as pl

from cleaner.chrome.evidence import Booleans, Integers
from cleaner.chrome.keys import WORD
from cleaner.chrome.shape import BULLET
from cleaner.chrome.words import LONG_WORD, shared

FARTHEST = 40
"""Lines between a title and its article, for bylines, dates, buttons and pictures."""

FEWEST_WORDS, MOST_WORDS = 3, 30
LONGEST = 100
"""Characters of a line from which it is a standfirst rather than a title, if there is a choice."""

TOPIC = 0.3
"""Least share of a title's longer words that the article has too."""

RIGHT_ABOVE = 2
"""Lines between a title and its article from which on it needs such words."""


def headlines(lines: pl.DataFrame, article: Booleans, copy: Booleans) -> Integers:
    """The places of the titles, at most one a document: each above its article, near it and in its words.

    Args:
        lines: `doc`, `text`, `title_like`, and `category`, null where no rule speaks for the line.
        article: Whether the line is of the article.
        copy: Whether the document says it twice, as pages do with their titles.
    """
    placed = lines.select("doc", "text", "title_like", "category", article=pl.Series(article), copy=pl.Series(copy))
    placed = placed.with_row_index("at")
    begins = placed.filter("article").group_by("doc").agg(begins=pl.col("at").first())
    above = (
        placed.filter(pl.col("title_like") & pl.col("category").is_null())
        .join(begins, on="doc", maintain_order="left")
        .filter(
            pl.col("at").is_between(pl.col("begins").cast(pl.Int64) - FARTHEST, pl.col("begins").cast(pl.Int64) - 1)
        )
        .filter(pl.col("text").str.count_matches(WORD).is_between(FEWEST_WORDS, MOST_WORDS))
        .filter(pl.col("text").str.contains(LONG_WORD))
    )
    compared = placed.filter(pl.col("article") | pl.col("at").is_in(above["at"].implode()))
    topic = shared(compared["text"], compared["doc"].to_numpy(), compared["article"].to_numpy())
    best = (
        above.join(compared.select("at", topic=pl.Series(topic)), on="at", maintain_order="left")
        .filter((pl.col("topic") >= TOPIC) | (pl.col("begins") - pl.col("at") <= RIGHT_ABOVE))
        .with_columns(value=_value())
        .sort("doc", "value", "at")
        .group_by("doc", maintain_order=True)
        .agg(pl.col("at").last())
    )
    return np.sort(best["at"].cast(pl.Int64).to_numpy())


def _value() -> pl.Expr:
    """How much a line is like its article's title; it decides between lines above the same article."""
    text = pl.col("text").str.strip_chars()
    return (
        pl.col("topic")
        + 0.3 * pl.col("copy")
        - 0.02 * (pl.col("begins") - pl.col("at"))
        + 0.025 * text.str.count_matches(WORD).clip(upper_bound=8)
        - 0.3 * (text.str.len_chars() >= LONGEST)
        - 0.5 * text.str.contains(BULLET)
    )
