"""Which line of a text is its title: the first that is left, or the headline below the name of a section.

And what else stands around titles without saying what it is for: names of sections, counts.
"""

import numpy as np
import polars as pl

from cleaner.chrome.evidence import Booleans, Evidence, Integers
from cleaner.chrome.facts import Facts
from cleaner.chrome.hits import State, adjacent, firsts, framed, page_shown, zones
from cleaner.chrome.keys import UNSPACED
from cleaner.chrome.saying import announce, goes_on, sizes, trimmed
from cleaner.chrome.special import KEPT, PAGE
from cleaner.chrome.unmarked import LABELLED, spoken

LONGEST_LABEL = 48
"""Bytes of the longest name of a section or a site."""

LABEL_WORDS = 3
"""Words of it. Of 260 titles two are as short and stand above what could be a headline, a standfirst without a stop."""

LONGEST_FIGURE = 8
"""Bytes of the longest line without a letter that is a count or a time; longer ones are numbers to call."""

MOST_FIGURES = 2
"""Such lines in a document."""

HEADLINE_WORDS = 5
"""Words of the shortest headline that is told from what may stand below a title."""

LONGEST_HEADLINE = 110
"""Characters of the longest."""

LONG_WORD = r"\p{L}{2,}"
"""A word that is counted."""

LABELS = 3
"""Lines in which the headline is looked for, below such a name."""

QUOTED = r"[»”\"’'][.!?…]?$"
_INNER_END = r"[.!?…] "
_UNFINISHED = r"[.,;:!?…]$"


def title_lines(evidence: Evidence, facts: Facts, state: State) -> Integers:
    """The title's line in each document that has none given, if prose follows it; sorted.

    It is the first that is left. A headline below is looked for where something has gone, were it a date; no signature.
    What goes around the article in a whole page goes by its headline.
    """
    left = state.order == KEPT
    kept = np.flatnonzero(left)
    top = firsts(kept, evidence.doc)
    first, last = zones(evidence, left)
    doc = evidence.doc[top]
    top = top[~evidence.titled[doc] & evidence.title_like[top] & (last[doc] > top)]
    around = framed(evidence, state)
    around[evidence.doc[np.isin(state.order, PAGE)]] = False
    return _headlines(evidence, kept, top, first, around, shown=page_shown(evidence, facts, state))


def _headlines(
    evidence: Evidence, kept: Integers, top: Integers, first: Integers, around: Booleans, *, shown: Booleans
) -> Integers:
    """The lines, or instead of one that could be a section's name the headline below it, above the first prose."""
    labels = np.flatnonzero(around[evidence.doc[top]])
    labels = labels[are_labels(evidence, top[labels])]
    place, doc, found = np.searchsorted(kept, top[labels]), evidence.doc[top[labels]], top.copy()
    for step in range(1, LABELS + 1):
        at = kept[np.minimum(place + step, kept.size - 1)]
        below = np.minimum(at + 1, evidence.doc.size - 1)
        # below a title and its date, which has gone, a standfirst looks like a headline
        like = (
            ((at == top[labels] + step) | shown[doc])
            & (evidence.doc[at] == doc)
            & (at < first[doc])
            & evidence.title_like[at]
            & (found[labels] == top[labels])
        )
        like &= ~evidence.continues[at] & ~evidence.continues[below]
        some = np.flatnonzero(like)
        if some.size:  # patterns take their time to prepare
            text = trimmed(evidence, at[some])
            some = some[
                (
                    (text.str.count_matches(LONG_WORD) >= HEADLINE_WORDS)
                    & (text.str.len_chars() <= LONGEST_HEADLINE)
                    & ~text.str.contains(_INNER_END)
                ).to_numpy()
            ]
        found[labels[some]] = at[some]
    return found


def are_labels(evidence: Evidence, at: Integers) -> Booleans:
    """Which lines could be the name of a section or a site."""
    are: Booleans = sizes(evidence, at) <= LONGEST_LABEL
    some = np.flatnonzero(are)
    if some.size:
        text = trimmed(evidence, at[some])
        are[some] = (
            (text.str.count_matches(LONG_WORD) <= LABEL_WORDS) & ~text.str.contains(f"{_UNFINISHED}|{UNSPACED}")
        ).to_numpy()
    return are


def sections(evidence: Evidence, left: Booleans, titles: Integers, shown: Booleans) -> Integers:
    """The lines above some titles that could be the name of a section or a site, sorted."""
    kept = np.flatnonzero(left)
    place = np.searchsorted(kept, titles)
    steps, doc = np.arange(LABELS, 0, -1), evidence.doc[titles][:, None]
    above = place[:, None] - steps
    at = kept[np.maximum(above, 0)]
    at = at[(above >= 0) & ((at == titles[:, None] - steps) | shown[doc]) & (evidence.doc[at] == doc)]
    found: Integers = at[are_labels(evidence, at)]
    return found


def below_titles(
    evidence: Evidence, left: Booleans, titles: Integers, head: Booleans, taken: Booleans
) -> tuple[Integers, Integers]:
    """What stands between a title and its text: lines without a letter, and labels.

    A label that the text has in its words stays, unless rules took what stands right beside it.

    Args:
        evidence: All lines.
        left: Which lines of content are left and may be taken.
        titles: The lines of the titles; where they are given the text begins with what stands below.
        head: Which lines stand above the text, as `above_text` gives them, of documents with a page around it.
        taken: Which lines rules took.

    Returns:
        Places among the content, sorted: those without a letter, and the labels.
    """
    title = np.where(evidence.titled, -1, left.size)
    title[evidence.doc[titles]] = titles
    below = (np.arange(left.size) > title[evidence.doc]) & evidence.has_prose[evidence.doc]
    at = np.flatnonzero(left & head & below & ~evidence.continues)
    at = at[sizes(evidence, at) <= LONGEST_LABEL]
    if not at.size:  # patterns take their time to prepare
        return at, at
    text = trimmed(evidence, at)
    letters = text.str.contains(r"\p{L}").to_numpy()
    words = at[letters & ~text.str.contains(r"^\p{Ll}|\p{N}").to_numpy()]
    words = words[are_labels(evidence, words)]
    words = words[~goes_on(evidence, words)]
    far = words[~adjacent(evidence, taken)[words]]
    return at[~letters], np.setdiff1d(words, far[_are_of_text(evidence, far)])


def figures(evidence: Evidence, left: Booleans, shown: Booleans) -> Integers:
    """The lines without a letter in documents with a page around the article, as counts and times; no more than a few.

    More are a table, or number the parts of a text; what a colon announces is the article's own.

    Args:
        evidence: All lines.
        left: Which lines of content are left and may be taken.
        shown: The documents with a page around the article.

    Returns:
        Places among the content, sorted.
    """
    at = np.flatnonzero(left & ~evidence.prose & shown[evidence.doc] & evidence.has_prose[evidence.doc])
    at = at[sizes(evidence, at) <= LONGEST_FIGURE]
    if not at.size:  # patterns take their time to prepare
        return at
    text = trimmed(evidence, at)
    some: Integers = at[text.str.contains(r"^[^\p{L}]*[0-9][^\p{L}]*$").to_numpy()]
    if not some.size:
        return some
    numbers = trimmed(evidence, some).str.contains(r"^[0-9]{1,2}[.)](?:\s|$)")
    some = some[~(numbers.to_numpy() | announce(evidence, np.maximum(some - 1, 0)))]
    return some[np.bincount(evidence.doc[some], minlength=shown.size)[evidence.doc[some]] <= MOST_FIGURES]


def listed(evidence: Evidence, left: Booleans) -> Booleans:
    """Which lines are items of a list that a colon announces: two or more short ones right below it, or below these.

    Args:
        evidence: All lines.
        left: Which lines of content are left.
    """
    at = np.flatnonzero(left & ~evidence.prose & (np.diff(evidence.doc, prepend=-1) == 0))
    item = np.zeros(left.size, np.bool_)
    item[at[sizes(evidence, at) <= LONGEST_LABEL]] = True
    heads = np.flatnonzero(left[:-2] & item[1:-1] & item[2:])
    if not heads.size:  # patterns take their time to prepare
        return np.zeros(left.size, np.bool_)
    heads = heads[announce(evidence, heads)]
    announced, ended = np.full(left.size + 1, -1), np.where(item, -1, np.arange(left.size))
    announced[heads + 1] = heads
    return np.asarray(item & (np.maximum.accumulate(announced[:-1]) >= np.maximum.accumulate(ended)))


def labels_inside(evidence: Evidence, left: Booleans, page: Booleans, own: Booleans) -> Integers:
    """The labels between the paragraphs of a text, right beside what belongs to a page; none that may be subheadings.

    That are those above a paragraph, with nothing between them but what pages have among paragraphs too.

    Args:
        evidence: All lines.
        left: Which lines of content are left and may be taken.
        page: Which lines have gone for what belongs to a page, or for a byline or a date.
        own: Those of them that have gone for a byline or a date, which no page has among paragraphs.

    Returns:
        Places among the content, sorted.
    """
    first, last = zones(evidence, left)
    at = np.flatnonzero(left & ~evidence.prose & adjacent(evidence, page))
    at = at[~evidence.continues[at] & (at > first[evidence.doc[at]]) & (at < last[evidence.doc[at]])]
    kept = np.flatnonzero(left)
    heads = evidence.prose[kept[np.searchsorted(kept, at, "right")]]  # there is one, the last of the text's
    at = at[~heads | own[at + 1]]
    at = at[are_labels(evidence, at)]
    if not at.size:  # patterns take their time to prepare
        return at
    at = at[~trimmed(evidence, at).str.contains(rf"^\p{{Ll}}|\p{{N}}|{LABELLED}").to_numpy()]
    at = at[~trimmed(evidence, at - 1).str.contains(QUOTED).to_numpy()]  # below them stands who said it
    found: Integers = at[~goes_on(evidence, at)]
    return found


def _are_of_text(evidence: Evidence, at: Integers) -> Booleans:
    """Which of some lines have a label, as facts have, or are words of their document's prose, as its place is."""
    lines = pl.DataFrame({"doc": evidence.doc[at], "word": trimmed(evidence, at), "at": at})
    said = spoken(evidence, evidence.prose, lines, pl.col("text"))["at"]
    return np.asarray(np.isin(at, said) | lines["word"].str.contains(LABELLED).to_numpy())
