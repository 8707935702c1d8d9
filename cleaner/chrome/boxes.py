"""Boxes in a page's article: what stands in it and is none of it, and what of it they set apart."""

import numpy as np

from cleaner.chrome.neighbours import Booleans, Floats, Integers, Paragraphs, in_column, of_document
from cleaner.chrome.region import UNIT, ends
from cleaner.chrome.shape import FULL_LENGTH

INSIDE = -0.4
"""The score below which a list or a run of lines inside the article is none of its."""

LONGEST_LINK = 3
"""Lines of the longest wrapped headline."""

FARTHEST_PROSE = 12
"""Paragraphs between the article and long prose below it that is its own."""

LONG_PROSE = 200
"""Characters of such prose, in as many paragraphs as follow one another."""

SURE = 1.5
"""Its least score."""

MAIN_COLUMN = 0.5
"""Share of the article's prose from which a column is the article's."""

FOREIGN_COLUMN = 0.1
"""Share of it below which a column is not."""

MOST_ALIKE = 0.3
"""Share of the paragraphs around the article that may be indented as it is, if indents are to tell anything."""

FARTHEST_COLUMN = 30
"""Paragraphs between the article and prose in its column that is its own."""


def column_share(these: Paragraphs, article: Booleans) -> Floats:
    """The share of the article's prose that is indented as each paragraph is; not a number where indents tell nothing.

    They tell something where the article has a main column and little of what stands around it is in it.
    """
    length = np.minimum(these.size, FULL_LENGTH) * (these.prose & article)
    share = in_column(length, these) / np.maximum(of_document(length, these), 1)
    around = of_document(~article, these)
    alike = of_document(~article & (share > MAIN_COLUMN), these)
    main = of_document(article & (share > MAIN_COLUMN), these) > 0
    telling: Floats = np.where(main & (alike <= MOST_ALIKE * around), share, np.nan)
    return telling


def lists_inside(these: Paragraphs, score: Integers, article: Booleans) -> Booleans:
    """Lists and runs of lines inside the article that look like none of it; a subheading stands alone."""
    weak = article & ~these.prose & ~these.stopped & (score < INSIDE * UNIT)
    above = np.concatenate([[False], weak[:-1]]) & (np.arange(weak.size) > these.start)
    below = np.concatenate([weak[1:], [False]]) & (np.arange(weak.size) < these.end)
    return weak & (these.item | above | below) & ~announced(these, weak)


def announced(these: Paragraphs, weak: Booleans) -> Booleans:
    """Which of the weak paragraphs are of a list that the line above it announces with a colon."""
    at = np.arange(weak.size)
    anew = np.maximum.accumulate(np.where(~weak | these.colon, at, -1))
    above = np.concatenate([[-1], anew])[:-1]
    announced: Booleans = weak & (above >= these.start) & these.colon[above]
    return announced


def wrapped_links(these: Paragraphs) -> Booleans:
    """Links to other articles that were wrapped: the rule that speaks for the first line knows nothing of the next."""
    lines = np.bincount(these.of_line, minlength=these.doc.size)
    return these.related & (lines >= 2) & (lines <= LONGEST_LINK)  # noqa: PLR2004 (more than one)


def aside(these: Paragraphs, score: Integers, article: Booleans, column: Floats) -> Booleans:
    """Links and what is said of pictures and in boxes: indented as next to none of the article's prose is.

    A standfirst may be indented otherwise, and so may items of lists.
    """
    first, _ = ends(these, article & these.prose & (column > MAIN_COLUMN))
    begun = np.arange(article.size) > first
    return (column < FOREIGN_COLUMN) & (score < SURE * UNIT) & ~these.item & (begun | ~these.prose)


def set_apart(these: Paragraphs, score: Integers, article: Booleans, column: Floats) -> Booleans:
    """Prose near the article and in its column, from which a box sets it apart."""
    first, last = ends(these, article)
    at = np.arange(article.size)
    near = (at >= first - FARTHEST_COLUMN) & (at <= last + FARTHEST_COLUMN)
    return near & these.prose & (column > MAIN_COLUMN) & (score >= 0) & ~these.item & ~these.copy


def cut_off(these: Paragraphs, score: Integers, article: Booleans) -> Booleans:
    """Much prose a little below the article, which links and boxes cut off; losing it would be worse than they are."""
    _, last = ends(these, article)
    at = np.arange(article.size)
    near = (at > last) & (last >= 0) & (at - last <= FARTHEST_PROSE)
    sure = near & these.prose & (score >= SURE * UNIT) & ~these.item & ~these.copy
    runs = np.cumsum(sure & ~np.concatenate([[False], sure[:-1]])) * sure
    return np.asarray(sure & (np.bincount(runs, these.size * sure)[runs] >= LONG_PROSE))
