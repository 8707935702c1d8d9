"""What stands above the headline of a text: lines of the page, which say few of the words of its article."""

import numpy as np
import polars as pl

from cleaner.chrome.evidence import Booleans, Evidence, Integers
from cleaner.chrome.headings import HEADLINE_WORDS, LABEL_WORDS, LONG_WORD, LONGEST_HEADLINE, are_labels
from cleaner.chrome.headline import candidates
from cleaner.chrome.hits import State, firsts, zones
from cleaner.chrome.saying import sizes, trimmed
from cleaner.chrome.special import KEPT
from cleaner.chrome.unmarked import LABELLED, spoken

TELLING = 0.5
"""Value of a line (`headline.candidates`) from which it may be the title and the first line not, if that has LITTLE and
LESS than it. Measured on excerpts of pages with a title: see docs/how-it-works.md.
"""

LITTLE = 0.5

LESS = 0.3

NEAR = 0.2
"""Less of it than the best line has the title too, if it stands above: below it a standfirst has its words."""

MOST_LINES = 8
"""Lines that may stand above it."""

STEM = 5
"""Letters by which a word is known in another form."""

WRAPPED = 100
"""Bytes of the shortest first paragraph that is none of wrapped lines."""

BOX = 2
"""Lines with a label from which on they are a box of facts, which is the article's own."""


def above_headlines(
    evidence: Evidence, state: State, titles: Integers, shown: Booleans, categories: pl.Series
) -> Integers:
    """What stands above the headline that has the words of the text, where the first line has few of them.

    Args:
        evidence: All lines.
        state: What has been decided of them.
        titles: The lines that would be the titles.
        shown: The documents with something that no article has: elsewhere a title may say what it likes, and only a
            name of a section or a site, of which the text has no word, stands right above the headline.
        categories: Those of the rules, in their order.

    Returns:
        Places among the content, sorted.
    """
    left = state.order == KEPT
    first, _ = zones(evidence, left)
    doc, at = evidence.doc, np.arange(left.size)
    top = _tops(evidence, left, titles)
    could = left & (at > top[doc]) & (at < first[doc]) & evidence.title_like
    could &= (~evidence.titled & evidence.has_prose & (top >= 0) & (top < first))[doc]
    could &= shown[doc] | (at == top[doc] + 1)
    could &= (np.bincount(doc[evidence.continues], minlength=top.size) == 0)[doc]  # wrapped lines say what others say
    looked = np.zeros(top.size, np.bool_)
    looked[doc[could]] = True
    places = np.flatnonzero(looked[doc])
    if not places.size:
        return places
    gone = pl.Series(state.order[places])
    place, value = _values(evidence, left, places, categories.gather(gone.set(gone < 0, None)))
    own, highest, best = np.full(top.size, -1.0), np.full(top.size, -1.0), np.full(top.size, left.size)
    mine = place == top[doc[place]]
    own[doc[place[mine]]] = value[mine]
    place, value = place[could[place]], value[could[place]]
    np.maximum.at(highest, doc[place], value)
    good = (value >= TELLING) & (value >= highest[doc[place]] - NEAR) & (value >= own[doc[place]] + LESS)
    good &= own[doc[place]] < LITTLE
    good |= _end_line(evidence, place, top[doc[place]])
    np.minimum.at(best, doc[place[good]], place[good])
    told = np.flatnonzero(best < left.size)
    told = told[_are_headlines(evidence, best[told])]
    unshown = told[~shown[told]]
    foreign = unshown[_are_foreign(evidence, left, top[unshown], first)]
    told = np.union1d(told[shown[told]], foreign)
    above = np.full(top.size, -1)
    above[told] = best[told]
    return _of_the_page(evidence, np.flatnonzero(left & (at < above[doc])))


def _tops(evidence: Evidence, left: Booleans, titles: Integers) -> Integers:
    """The line in each document that would be its title, or else the first; -1 if that could be one."""
    first = firsts(np.flatnonzero(left), evidence.doc)
    found = np.full(evidence.titled.size, -1)
    found[evidence.doc[first]] = np.where(evidence.title_like[first], -1, first)
    found[evidence.doc[titles]] = titles
    return found


def _values(evidence: Evidence, left: Booleans, places: Integers, category: pl.Series) -> tuple[Integers, Integers]:
    """The lines of some documents that could be their title, and the value of each, by documents and values.

    The category of each is what it has gone for, null where it is left or no rule took it.
    """
    text = trimmed(evidence, places)
    lines = pl.DataFrame(
        {
            "doc": evidence.doc[places],
            "text": text,
            "title_like": evidence.title_like[places],
            "category": category,
        }
    )
    size = text.str.len_chars().cast(pl.Int64).to_numpy()
    article = left[places] & evidence.prose[places]
    found = candidates(lines, article, np.ones(places.size, np.bool_), size)
    return places[found["at"].cast(pl.Int64).to_numpy()], found["value"].to_numpy()


def _end_line(evidence: Evidence, at: Integers, first: Integers) -> Booleans:
    """Whether each of some lines is what the first line of its document ends with, behind the way to the page."""
    text = pl.DataFrame({"text": trimmed(evidence, at), "first": trimmed(evidence, first)})
    ends = pl.col("first").str.ends_with(pl.format(" {}", "text")) & (
        pl.col("text").str.count_matches(LONG_WORD) >= HEADLINE_WORDS
    )
    return text.select(ends).to_series().to_numpy()


def _are_foreign(evidence: Evidence, left: Booleans, at: Integers, first: Integers) -> Booleans:
    """Which lines, one a document, could be the name of a section or a site and have no word of the text, nor figures.

    None in a document whose first paragraph is as short as a wrapped line.
    """
    if not at.size:  # patterns take their time to prepare
        return np.zeros(0, np.bool_)
    doc, text = evidence.doc[at], trimmed(evidence, at)
    begun = first[doc] < left.size
    begun[begun] = sizes(evidence, first[doc[begun]]) >= WRAPPED
    could: Booleans = are_labels(evidence, at) & begun & ~text.str.contains(r"\p{N}").to_numpy()
    words = pl.DataFrame({"doc": doc, "word": text.str.to_lowercase().str.extract_all(LONG_WORD)})
    stems = words.filter(could).explode("word").with_columns(pl.col("word").str.head(STEM))
    said = spoken(evidence, left & evidence.prose, stems, pl.col("text").str.to_lowercase())
    return could & ~np.isin(doc, said["doc"].to_numpy())


def _are_headlines(evidence: Evidence, at: Integers) -> Booleans:
    """Which lines are no standfirst, which is longer."""
    return (trimmed(evidence, at).str.len_chars() <= LONGEST_HEADLINE).to_numpy()


def _of_the_page(evidence: Evidence, at: Integers) -> Integers:
    """Those of the lines above headlines whose documents have few there, no box, and nothing else that is odd."""
    doc, text = evidence.doc[at], trimmed(evidence, at)
    boxed = np.bincount(doc, text.str.contains(LABELLED).to_numpy(), evidence.titled.size) >= BOX
    # what is no label and yet unlike a title may be one in quotation marks
    odd = ~evidence.title_like[at] & (text.str.count_matches(LONG_WORD) > LABEL_WORDS).to_numpy()
    own = (
        boxed
        | (np.bincount(doc, odd, evidence.titled.size) > 0)
        | (np.bincount(doc, minlength=boxed.size) > MOST_LINES)
    )
    found: Integers = at[~own[doc]]
    return found
