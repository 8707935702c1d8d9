"""Whole pages as text: which documents are one, and which of their lines are not of the article."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from cleaner.chrome.boxes import aside, column_share, cut_off, lists_inside, set_apart, wrapped_links
from cleaner.chrome.compiled import Rules
from cleaner.chrome.evidence import Evidence
from cleaner.chrome.headline import headlines
from cleaner.chrome.neighbours import Booleans, Integers, Paragraphs, of_document
from cleaner.chrome.region import UNIT, WEIGHTS, below_comments, ends, region, scores, weighed
from cleaner.chrome.shape import paragraphs, unwrapped

MENU_LINES = 15
"""Short lines around the article of the smallest page."""

PAGE_RULES = (1, 4)
"""Least number of lines that rules speak for on either side of a page's article, and around it."""

UNRULED = 6
"""Lines around the article of the smallest page that no rule speaks for and that are no prose.

Measured: of 419 pages 418 have as many, of nine articles that were taken for pages since rules spoke for so much in
them four. Where rules speak for nearly all there is, they do without the shape of the page, which costs an article its
end where a box stands inside it. Some stand above and some below, or else they are a list of the article.
"""

LONG_MENU = (2, 30)
"""The same of short lines on a page that no rule speaks for.

Measured: of 413 pages 98 in 100 are found so, of 830 articles as extraction tools give them one in 100, which is none
the worse for it, and of 1,056 clean ones none.
"""

ENDED = 0.25
"""Share of the article of such a page that ends as sentences do: else it is the longest lines of a list, and all of the
text is its article. Of the ten such pages among 413 all have more than half."""

TABLE = 0.6
"""Rows of figures around the article, for each short line there, beyond which a text is a table rather than a page.

Of 413 pages, whose calendars and counters are such rows too, one has more."""

SMALLEST = 200
"""Characters of the smallest article that is one."""

LEAST_SHARE = 0.03
"""Share of the document's characters that the article must have; of 413 pages those below had lost theirs."""

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
    spoken = np.zeros(evidence.doc.size, np.bool_)
    spoken[evidence.hits["at"].to_numpy()] = True
    ruled = _per_document(evidence, kept[spoken[kept]])
    short = _per_document(evidence, kept[~evidence.prose[kept]])
    return kept[_is_enough(short, ruled)[evidence.doc[kept]]]


def _per_document(evidence: Evidence, places: Integers) -> Integers:
    """How many of some places each document has."""
    return np.bincount(evidence.doc[places], minlength=evidence.titled.size)


def lines_of(evidence: Evidence, rules: Rules, kept: Integers, titles: Integers) -> pl.DataFrame:
    """The lines at some places among the content, as `outside` takes them; `titles` are those taken for titles."""
    at, order = evidence.hits["at"].to_numpy(), evidence.hits["order"].to_numpy()
    first = np.flatnonzero(np.diff(at.astype(np.int64), prepend=-1))
    place = np.full(evidence.doc.size, -1, np.int64)
    place[at[first]] = np.maximum(order[first], -1) + 1
    categories = pl.concat([pl.Series(["tags"]), rules.table["category"]])
    said, is_title = pl.Series(place[kept]), np.zeros(evidence.doc.size, np.bool_)
    is_title[titles] = True
    places = evidence.content[kept]
    return evidence.lines.select("doc", "rest")[places].select(
        pl.col("doc").cast(pl.Int64),
        text="rest",
        at=pl.Series(kept),
        blanks=pl.Series(places - kept),
        stopped=pl.Series(evidence.stopped[kept]),
        title_like=pl.Series(evidence.title_like[kept]),
        title=pl.Series(is_title[kept]),
        category=categories.gather(said.set(said < 0, None)),
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
    told = unwrapped(lines.filter(~pl.col("title")))
    there = np.arange(lines.height)
    if not always:
        enough = _with_enough(told, int(lines["doc"].to_numpy().max()) + 1)
        there = np.flatnonzero(enough[lines["doc"].to_numpy()])
        lines, told = lines[there], told.filter(pl.Series(enough[told["doc"].to_numpy()]))
    body = np.flatnonzero(~lines["title"].to_numpy())
    these = paragraphs(told)
    score = scores(these)
    article = region(these.doc, weighed(these, score))
    talk = below_comments(these, article)
    article &= ~talk
    article &= is_page(these, article) | always
    if not article.any():
        return Outside(np.empty(0, np.int64), *(pl.Series(dtype=pl.String) for _ in range(2)))
    of_line = np.full(lines.height, -1)
    of_line[body] = these.of_line
    begins, size = np.ones(lines.height, np.bool_), lines["text"].str.len_chars().cast(pl.Int64).to_numpy().copy()
    begins[body], size[body] = told["begins"].to_numpy(), these.size[these.of_line]
    title = headlines(lines, (of_line >= 0) & article[of_line], begins, size)
    own = column_share(these, article)
    boxed = aside(these, score, article, own)
    wanted = article & ~boxed & ~lists_inside(these, score, article) & ~wrapped_links(these)
    wanted |= (cut_off(these, score, article) | set_apart(these, score, article, own)) & ~talk
    wanted |= _standfirst(these, article, of_line, title)
    wanted[of_line[title[of_line[title] >= 0]]] = True  # all of it, where it was wrapped
    paged = np.isin(lines["doc"].to_numpy(), these.doc[article])
    gone = paged & ((of_line < 0) | ~wanted[of_line])
    gone[title] = False
    at = np.flatnonzero(gone)
    kind, why = _told(of_line[at], these, score, talk, article & boxed)
    return Outside(there[at], kind, why)


def _with_enough(lines: pl.DataFrame, documents: int) -> Booleans:
    """Which of so many documents have enough around an article for a page, now that wrapped lines are one."""
    begins, doc = lines["begins"].to_numpy(), lines["doc"].to_numpy()
    ends = np.append(begins[1:], np.ones(min(begins.size, 1), np.bool_))
    ruled = np.bincount(doc[begins & lines["category"].is_not_null().to_numpy()], minlength=documents)
    short = np.bincount(doc[ends & ~lines["stopped"].to_numpy()], minlength=documents)
    return _is_enough(short, ruled)


def _is_enough(short: Integers, ruled: Integers) -> Booleans:
    """Whether so many short lines, and lines that rules speak for, may stand around the article of a page."""
    enough: Booleans = (short >= MENU_LINES) & ((ruled >= PAGE_RULES[1]) | (short >= LONG_MENU[1]))
    return enough


def is_page(these: Paragraphs, article: Booleans) -> Booleans:
    """Whether the paragraph's document is a whole page: menus on both sides of the article, and rules that speak."""
    above, below = _beside(these, article)
    ruled = [of_document(side & these.ruled, these) for side in (above, below)]
    short = [of_document(side & these.short, these) for side in (above, below)]
    spoken = (np.minimum(*ruled) >= PAGE_RULES[0]) & (np.add(*ruled) >= PAGE_RULES[1])
    spoken &= np.add(*short) >= MENU_LINES
    unruled = [of_document(side & ~these.prose & ~these.ruled, these) for side in (above, below)]
    spoken &= (np.minimum(*unruled) >= 1) & (np.add(*unruled) >= UNRULED)
    rows = of_document(these.figures & (above | below), these)
    size = of_document(these.size * article, these)
    listed = (np.minimum(*short) >= LONG_MENU[0]) & (np.add(*short) >= LONG_MENU[1])
    listed &= of_document(these.size * (article & these.stopped), these) >= ENDED * size
    paged = (rows <= TABLE * np.add(*short)) & (spoken | listed)
    return paged & (size >= SMALLEST) & (size >= LEAST_SHARE * of_document(these.size, these))


def _beside(these: Paragraphs, article: Booleans) -> tuple[Booleans, Booleans]:
    """Which paragraphs stand above and which below the article of their document."""
    first, last = ends(these, article)
    at = np.arange(article.size)
    return (at < first) & (last >= 0), (at > last) & (last >= 0)


def _standfirst(these: Paragraphs, article: Booleans, of_line: Integers, title: Integers) -> Booleans:
    """What belongs to the article between the title and its first paragraph.

    Where nothing else stands above the article, the text begins with it: its title is given, or is none.
    """
    first, _ = ends(these, article)
    below = of_line[title + 1]  # there is one, since the article stands below
    begins = np.full(article.size, article.size)
    begins[these.start[below]] = below
    at = np.arange(article.size)
    above = at < first
    belongs = (these.prose | (these.size >= STANDFIRST)) & ~these.ruled & ~these.item & ~these.copy
    alone = of_document(above & ~belongs, these) == 0
    found: Booleans = above & belongs & (alone | (at >= begins[these.start]))
    return found


def _told(
    own: Integers, these: Paragraphs, score: Integers, talk: Booleans, boxed: Booleans
) -> tuple[pl.Series, pl.Series]:
    """What lines are and what gave them away; `own` is the paragraph of each, -1 of one taken for a title before."""
    known = own >= 0
    kind = np.where(these.short[own], "menu", np.where(these.stopped[own] | these.prose[own], "outside", "headlines"))
    kind[~known] = "headlines"
    look, least = np.zeros(own.size, np.int64), np.full(own.size, np.inf)
    for turn, (name, weight) in enumerate(WEIGHTS.items()):
        part = weight * these.looks[name][own]
        look[part < least] = turn
        least = np.minimum(least, part)
    told = pl.DataFrame(
        {
            "score": score[own] / UNIT,
            "look": look,
            "known": known,
            "talk": talk[own],
            "boxed": boxed[own],
        }
    )
    each = told.unique()  # many lines are told of in the same words
    words = each.with_columns(look=pl.Series(list(WEIGHTS)).gather(each["look"])).select(
        why=pl.when(~pl.col("known"))
        .then(pl.lit("above the article, and none of its words"))
        .when("talk")
        .then(pl.lit("below the article, where comments begin"))
        .when("boxed")
        .then(pl.format("inside the article, score {}, but not in its column", "score"))
        .otherwise(pl.format("outside the article, score {}, most of all for: {}", "score", "look"))
    )
    why = told.join(each.hstack(words), on=each.columns, how="left", maintain_order="left")["why"]
    return pl.Series(kind, dtype=pl.String), why
