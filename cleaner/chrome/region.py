"""Where the article of a page is: the run of paragraphs that look most like one.

Each paragraph gets a score, a weighted sum of its looks: over 0 for what looks like an article's text. The article is
the run of paragraphs whose scores have the largest sum, down to where comments begin. The weights were fitted by
logistic regression on labelled pages and rounded; a look was added where two collections of pages, each by itself, were
the better for it. Boilerpipe (Kohlschütter and others, 2010) and jusText (Pomikálek, 2011) follow the same thought with
fewer looks and with the page's tags.
"""

import numpy as np
import polars as pl

from cleaner.chrome.neighbours import Booleans, Integers, Paragraphs, sum_above
from cleaner.chrome.shape import FULL_LENGTH

WEIGHTS = {
    "sentence": 0.5,
    "length": 1.8,
    "lower": 0.8,
    "column": 1.7,
    "beside": 0.5,
    "near": 0.4,
    "dense": 2.3,
    "item": -0.5,
    "copy": -0.4,
    "recurring": -0.6,
    "topic": 1.2,
    "head rule": -1.2,
    "end rule": -1.0,
    "other rule": -0.8,
    "over": -1.2,
    "after": -1.0,
    "late": -0.6,
    "above tags": 0.75,
    "below date": 0.75,
    "by end rule": -0.3,
}
"""What each look adds to a paragraph's score, per unit. Measured: half of each or twice as much moves the F1 of the
labelled pages by less than .01."""

BASE = -1.7
"""The score of a paragraph without any of the looks."""

UNIT = 100
"""Scores are whole numbers of this part of one, so that sums do not depend on what stands before a document."""

MOST = 5
"""The largest score, either way; one paragraph decides no more."""


def scores(these: Paragraphs) -> Integers:
    """The score of each paragraph, in hundredths."""
    score = np.full(these.doc.size, BASE)
    for name, weight in WEIGHTS.items():
        score += weight * these.looks[name]
    score[these.row] = 0  # tables are of articles as often as of pages
    return np.asarray(np.rint(UNIT * np.clip(score, -MOST, MOST)), np.int64)


def weighed(these: Paragraphs, score: Integers) -> Integers:
    """Scores as they count in a sum: of a paragraph four times as long, twice as much."""
    return np.asarray(score * np.asarray(np.sqrt(these.size), np.int64), np.int64)


def region(doc: Integers, score: Integers) -> Booleans:
    """Which paragraphs are of the run with the largest sum in their document; none where no sum is above 0.

    Of several such runs the first that ends, and of those that end there the shortest (Kadane's algorithm).
    """
    sums = np.cumsum(score)
    at, last = pl.col("at"), pl.col("gain").arg_max()
    gains = (
        pl.DataFrame({"doc": doc, "before": sums - score, "after": sums})
        .with_row_index("at")
        .with_columns(low=pl.col("before").cum_min().over("doc"))
        .with_columns(gain=pl.col("after") - pl.col("low"))
    )
    runs = gains.group_by("doc", maintain_order=True).agg(
        first=at.filter((pl.col("before") == pl.col("low").get(last)) & (at <= at.get(last))).last(),
        last=at.get(last),
        gain=pl.col("gain").max(),
    )
    of_each = gains.select("doc", "at").join(runs, on="doc", maintain_order="left")
    inside = at.is_between("first", "last") & (pl.col("gain") > 0)
    return of_each.select(inside).to_series().to_numpy()


def ends(these: Paragraphs, article: Booleans) -> tuple[Integers, Integers]:
    """The first and the last paragraph of each one's article; past the end and -1 where there is none."""
    at = np.flatnonzero(article)
    first = np.full(article.size, article.size)
    last = np.full(article.size, -1)
    first[these.start[at[::-1]]] = at[::-1]
    last[these.start[at]] = at
    return first[these.start], last[these.start]


def below_comments(these: Paragraphs, article: Booleans) -> Booleans:
    """What stands below the first line that speaks of comments, if it is not the button below a standfirst.

    Readers write as much prose as authors do, so that no sum of scores ends where they begin.
    """
    length = np.minimum(these.size, FULL_LENGTH) * (these.prose & article)
    begins = these.comment & article & (sum_above(length, these) > FULL_LENGTH)
    return sum_above(begins, these, own=True) > 0
