"""Whole pages as text: which documents are one, and where the article is in them.

Each paragraph gets a score, a weighted sum of its looks: over 0 for what looks like an article's text. The article is
the run of paragraphs whose scores have the largest sum; above it stands its title, and what is prose between the two
belongs to it. The weights were fitted by logistic regression on labelled pages and rounded. Boilerpipe (Kohlschütter
and others, 2010) and jusText (Pomikálek, 2011) follow the same thought with fewer looks and with the page's tags.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from cleaner.chrome.compiled import Rules
from cleaner.chrome.evidence import Booleans, Evidence, Integers
from cleaner.chrome.headline import headlines
from cleaner.chrome.shape import FULL_LENGTH, Floats, Paragraphs, in_column, of_document, paragraphs, sum_above

WEIGHTS = {
    "sentence": 0.5,
    "length": 1.8,
    "lower": 0.8,
    "column": 1.7,
    "beside": 0.5,
    "near": 0.4,
    "dense": 2.3,
    "jammed": -0.5,
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

INSIDE = -0.4
"""The score below which a list or a run of lines inside the article is none of its."""

MENU_LINES = 15
"""Short lines around the article of the smallest page."""

PAGE_RULES = (1, 4)
"""Least number of lines that rules speak for on either side of a page's article, and around it."""

LONG_MENU = (2, 30)
"""The same of short lines on a page that no rule speaks for.

Measured: of 413 pages 98 in 100 are found so, of 830 articles as extraction tools give them one in 100, which is none
the worse for it, and of 1,056 clean ones none.
"""

LONGEST_LINK = 3
"""Lines of the longest wrapped headline."""

FARTHEST_PROSE = 12
"""Paragraphs between the article and long prose below it that is its own."""

LONG_PROSE = 300
"""Characters of such prose."""

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

STANDFIRST = 100
"""Characters of a line between title and article that belongs to it without being a sentence."""


@dataclass(frozen=True)
class Outside:
    """Lines of pages that are not of the article.

    Attributes:
        at: Their places, sorted.
        kind: Of each `menu`, `headlines` or `outside`.
        why: What gave each away, in words.
    """

    at: Integers
    kind: pl.Series
    why: pl.Series


def likely(evidence: Evidence, kept: Integers, *, always: bool = False) -> Integers:
    """Those of the lines that are left whose documents may be pages; `always` says that all are."""
    if always:
        return kept
    left = np.zeros(evidence.doc.size, np.bool_)
    left[kept] = True
    spoken = np.zeros(evidence.doc.size, np.bool_)
    spoken[evidence.hits["at"].to_numpy()] = True
    ruled = _per_document(evidence, np.flatnonzero(spoken & left))
    short = _per_document(evidence, kept[~evidence.prose[kept]])
    enough = (short >= MENU_LINES) & ((ruled >= PAGE_RULES[1]) | (short >= LONG_MENU[1]))
    return kept[enough[evidence.doc[kept]]]


def _per_document(evidence: Evidence, places: Integers) -> Integers:
    """How many of some places each document has."""
    return np.bincount(evidence.doc[places], minlength=evidence.titled.size)


def lines_of(evidence: Evidence, rules: Rules, kept: Integers, titles: Integers) -> pl.DataFrame:
    """The lines at some places among the content, as `outside` takes them; `titles` are those taken for titles."""
    hits = evidence.hits.select("at", place=pl.col("order").cast(pl.Int64)).unique("at", keep="first")
    categories = pl.concat([pl.Series(["tags"]), rules.table["category"]])
    spoken = pl.DataFrame({"at": hits["at"], "category": categories.gather(hits["place"].clip(lower_bound=-1) + 1)})
    places = evidence.content[kept]
    return (
        evidence.lines[places]
        .select(pl.col("doc").cast(pl.Int64), text="rest", at=pl.Series(kept).cast(spoken.schema["at"]))
        .with_columns(
            blanks=pl.Series(places - kept),
            stopped=pl.Series(evidence.stopped[kept]),
            title_like=pl.Series(evidence.title_like[kept]),
            title=pl.Series(np.isin(kept, titles)),
        )
        .join(spoken, on="at", how="left", maintain_order="left")
    )


def outside(lines: pl.DataFrame, *, always: bool = False) -> Outside:
    """The lines that are not of the article, in documents that are whole pages.

    Args:
        lines: As `paragraphs` takes them, and `title_like`, whether the line could be a title, and `title`, whether it
            has been taken for one.
        always: Whether every document is a page.

    Returns:
        Places among the lines.
    """
    body = np.flatnonzero(~lines["title"].to_numpy())
    these = paragraphs(lines[body])
    score = scores(these)
    article = region(these.doc, weighed(these, score))
    talk = _below_comments(these, article)
    article &= ~talk
    article &= is_page(these, article) | always
    of_line = np.full(lines.height, -1)
    of_line[body] = these.of_line
    title = headlines(lines, (of_line >= 0) & article[of_line], (of_line >= 0) & these.copy[of_line])
    column = _column(these, article)
    wanted = article & ~_lists_inside(these, score, article) & ~_wrapped_links(these)
    wanted &= ~_aside(these, score, article, column)
    wanted |= _standfirst(these, article, of_line, title)
    wanted |= (_cut_off(these, score, article) | _set_apart(these, score, article, column)) & ~talk
    wanted[of_line[title[of_line[title] >= 0]]] = True  # all of it, where it was wrapped
    paged = np.isin(lines["doc"].to_numpy(), these.doc[article])
    gone = paged & ((of_line < 0) | ~wanted[of_line])
    gone[title] = False
    at = np.flatnonzero(gone)
    return _told(at, of_line[at], these, score)


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


def is_page(these: Paragraphs, article: Booleans) -> Booleans:
    """Whether the paragraph's document is a whole page: menus on both sides of the article, and rules that speak."""
    above, below = _beside(these, article)
    ruled = [of_document(side & these.ruled, these) for side in (above, below)]
    short = [of_document(side & these.short, these) for side in (above, below)]
    spoken = (np.minimum(*ruled) >= PAGE_RULES[0]) & (np.add(*ruled) >= PAGE_RULES[1])
    spoken &= np.add(*short) >= MENU_LINES
    return spoken | ((np.minimum(*short) >= LONG_MENU[0]) & (np.add(*short) >= LONG_MENU[1]))


def _beside(these: Paragraphs, article: Booleans) -> tuple[Booleans, Booleans]:
    """Which paragraphs stand above and which below the article of their document."""
    first, last = _ends(these, article)
    at = np.arange(article.size)
    return (at < first) & (last >= 0), (at > last) & (last >= 0)


def _ends(these: Paragraphs, article: Booleans) -> tuple[Integers, Integers]:
    """The first and the last paragraph of each one's article; past the end and -1 where there is none."""
    at = np.flatnonzero(article)
    first = np.full(article.size, article.size)
    last = np.full(article.size, -1)
    first[these.start[at[::-1]]] = at[::-1]
    last[these.start[at]] = at
    return first[these.start], last[these.start]


def _standfirst(these: Paragraphs, article: Booleans, of_line: Integers, title: Integers) -> Booleans:
    """What belongs to the article between the title and its first paragraph."""
    first, _ = _ends(these, article)
    below = of_line[title + 1]  # there is one, since the article stands below
    begins = np.full(article.size, article.size)
    begins[these.start[below]] = below
    at = np.arange(article.size)
    between = (at >= begins[these.start]) & (at < first)
    belongs = these.prose | (these.size >= STANDFIRST)
    return between & belongs & ~these.ruled & ~these.item & ~these.copy


def _cut_off(these: Paragraphs, score: Integers, article: Booleans) -> Booleans:
    """Long prose a little below the article, which links and boxes cut off; losing it would be worse than they are."""
    _, last = _ends(these, article)
    at = np.arange(article.size)
    near = (at > last) & (last >= 0) & (at - last <= FARTHEST_PROSE)
    long = these.prose & (these.size >= LONG_PROSE) & (score >= SURE * UNIT)
    return near & long & ~these.item & ~these.copy


def _column(these: Paragraphs, article: Booleans) -> Floats:
    """The share of the article's prose that is indented as each paragraph is; one where indents tell nothing.

    They do where the article has a main column and little of what stands around it is indented as the article is.
    """
    length = np.minimum(these.size, FULL_LENGTH) * (these.prose & article)
    share = in_column(length, these) / np.maximum(of_document(length, these), 1)
    around = of_document(~article, these)
    alike = of_document(~article & (share > MAIN_COLUMN), these)
    main = of_document(article & (share > MAIN_COLUMN), these) > 0
    return np.where(main & (alike <= MOST_ALIKE * around), share, np.nan)


def _aside(these: Paragraphs, score: Integers, article: Booleans, column: Floats) -> Booleans:
    """Boxes, pictures and links that stand in the article: indented as next to none of its prose is.

    A standfirst may be indented as it likes, and so may the items of lists.
    """
    first, _ = _ends(these, article & these.prose & (column > MAIN_COLUMN))
    begun = np.arange(article.size) > first
    return (column < FOREIGN_COLUMN) & (score < SURE * UNIT) & ~these.item & (begun | ~these.prose)


def _set_apart(these: Paragraphs, score: Integers, article: Booleans, column: Floats) -> Booleans:
    """Prose near the article and in its column, from which a box sets it apart."""
    first, last = _ends(these, article)
    at = np.arange(article.size)
    near = (at >= first - FARTHEST_COLUMN) & (at <= last + FARTHEST_COLUMN)
    return near & these.prose & (column > MAIN_COLUMN) & (score >= 0) & ~these.item & ~these.copy


def _lists_inside(these: Paragraphs, score: Integers, article: Booleans) -> Booleans:
    """Lists and runs of lines inside the article that look like none of it; a subheading stands alone."""
    weak = article & ~these.prose & ~these.stopped & (score < INSIDE * UNIT)
    above = np.concatenate([[False], weak[:-1]]) & (np.arange(weak.size) > these.start)
    below = np.concatenate([weak[1:], [False]]) & (np.arange(weak.size) < these.end)
    return weak & (these.item | above | below) & ~_announced(these, weak)


def _announced(these: Paragraphs, weak: Booleans) -> Booleans:
    """Which of the weak paragraphs are of a list that the line above it announces with a colon."""
    at = np.arange(weak.size)
    anew = np.maximum.accumulate(np.where(~weak | these.colon, at, -1))
    above = np.concatenate([[-1], anew[:-1]])
    return weak & (above >= these.start) & these.colon[above]


def _below_comments(these: Paragraphs, article: Booleans) -> Booleans:
    """What stands below the first line that speaks of comments, if it is not the button below a standfirst.

    Readers write as much prose as authors do, so that no sum of scores ends where they begin.
    """
    length = np.minimum(these.size, FULL_LENGTH) * (these.prose & article)
    begins = these.comment & article & (sum_above(length, these) > FULL_LENGTH)
    return sum_above(begins, these, own=True) > 0


def _wrapped_links(these: Paragraphs) -> Booleans:
    """Links to other articles that were wrapped: the rule that speaks for the first line knows nothing of the next."""
    lines = np.bincount(these.of_line, minlength=these.doc.size)
    return these.related & (lines >= 2) & (lines <= LONGEST_LINK)  # noqa: PLR2004 (more than one)


def _told(at: Integers, own: Integers, these: Paragraphs, score: Integers) -> Outside:
    """What was found, in words; `own` is the paragraph of each line, -1 of one that had been taken for a title."""
    known, name = own >= 0, np.array(list(WEIGHTS))
    kind = np.where(these.short[own], "menu", np.where(these.stopped[own] | these.prose[own], "outside", "headlines"))
    kind[~known] = "headlines"
    parts = np.stack([weight * these.looks[look][own] for look, weight in WEIGHTS.items()])
    told = pl.DataFrame({"score": score[own] / UNIT, "look": name[parts.argmin(axis=0)], "known": known})
    scored = pl.format("outside the article, score {}, most of all for: {}", "score", "look")
    unlike = pl.lit("above the article, and none of its words")
    why = told.select(pl.when("known").then(scored).otherwise(unlike)).to_series()
    return Outside(at, pl.Series(kind, dtype=pl.String), why)
