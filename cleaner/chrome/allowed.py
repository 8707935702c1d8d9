"""Which of the lines that rules speak for go, given what stands around them."""

from collections.abc import Iterator

import numpy as np
import polars as pl

from cleaner.chrome.evidence import Booleans, Evidence, Integers
from cleaner.chrome.facts import ROWS
from cleaner.chrome.hits import MOST_OF_A_ROW, Hits, State, accompanied, firsts, of_rules, seconds, zones
from cleaner.chrome.keys import UNSPACED
from cleaner.chrome.lists import headlines_below
from cleaner.chrome.saying import trimmed
from cleaner.chrome.special import KEPT
from cleaner.chrome.threads import closed_below, under_way

ROW = 3
"""Labels of a page one below the other from which on they are no subheadings."""

LONE_WORD = rf"^\s*(?:[\p{{L}}\p{{M}}'’-]+|{UNSPACED}{{1,6}})\s*$"
"""A line that is one word and nothing else, as short subheadings are."""


def take_hits(evidence: Evidence, hits: Hits, state: State) -> bool:
    """Take the lines that hits and blocks allow, given what is left; whether there were any."""
    kept = state.order == KEPT
    first, last = zones(evidence, kept)
    doc = evidence.doc[hits.at]
    in_head, in_tail = hits.at < first[doc], (hits.at > last[doc]) & evidence.has_prose[doc]
    over = in_tail
    if hits.heads.any():
        over = in_tail | (hits.heads & closed_below(hits.at, evidence.doc, _in_tail(evidence, hits.closing, last)))
    ends = (hits.at == last[doc]) & (hits.at > first[doc])
    label = ends & of_rules(hits.facts.page, hits.order)  # a label that ends as a sentence does is no prose
    others_go = accompanied(evidence, state)
    lead = _below_lead(evidence, kept, hits, first, last) & of_rules(hits.facts.lead, hits.order) & others_go[doc]
    allowed = (
        (~hits.head | in_head | lead) & (~hits.tail | over | label) & (~hits.edge | in_head | in_tail | label | lead)
    )
    allowed &= ~hits.last | in_tail | ends
    allowed &= ~hits.inside | ~in_head
    allowed[hits.between] &= _between_small_letters(evidence, kept, hits.at[hits.between])
    allowed[hits.heads] &= under_way(evidence, kept, hits.at[hits.heads])
    # below a line that does not end as a sentence does, lower-case words are the rest of the sentence
    allowed &= ~hits.tags | ((last[doc] >= 0) & evidence.stopped[last[doc]])
    # and so they are right below a line that does not; unless that line has gone
    allowed &= ~(evidence.continues[hits.at] & kept[hits.at - 1])
    # many dates or names above or below the text are a chronicle or a list, and inside it they are one of the article's
    rows = np.flatnonzero((hits.rows > 0) & allowed)
    many = np.zeros(hits.at.size, np.bool_)
    many[rows] = _of_many(hits, rows, doc * 3 + np.where(in_head, 0, np.where(in_tail, 1, 2)))
    allowed &= ~many | in_head | in_tail
    # a word by itself between two paragraphs is a subheading; what goes whatever stands around it is none of these
    left = kept.copy()
    left[hits.at[allowed & ~hits.worded & ~hits.shy & ~many]] = False
    allowed[hits.worded] &= ~_lone_words(evidence, left, hits.at[hits.worded])
    shy = hits.shy | many
    others_go[doc[allowed & ~shy]] = True
    allowed &= ~shy | others_go[doc]
    allowed |= _in_company(evidence, hits, state)
    chosen = firsts(np.flatnonzero(allowed), hits.at)
    at = hits.at[chosen]
    state.order[at], state.hit[at] = hits.order[chosen], hits.number[chosen]
    _apply_lists(evidence, state, at[of_rules(hits.facts.lists, state.order[at])])
    return _apply_blocks(evidence, hits, state, last) or bool(at.size)


def _below_lead(evidence: Evidence, kept: Booleans, hits: Hits, first: Integers, last: Integers) -> Booleans:
    """Whether each line with a hit stands between the first line of prose that is left and the second.

    Of dates none does where others follow among the prose, nor of names: they head the parts of a chronicle.
    """
    second, doc = seconds(evidence, kept, first), evidence.doc[hits.at]
    kind, row = doc * (len(ROWS) + 1) + hits.rows, hits.rows > 0
    parts = np.zeros(evidence.titled.size * (len(ROWS) + 1), np.bool_)
    parts[kind[row & (hits.at > second[doc]) & (hits.at < last[doc])]] = True
    between = (hits.at > first[doc]) & (hits.at < second[doc]) & (second[doc] < evidence.doc.size)
    found: Booleans = between & ~(row & parts[kind])
    return found


def _in_company(evidence: Evidence, hits: Hits, state: State) -> Booleans:
    """The hits on labels in a row of those that only a page has, wherever it stands: share buttons line by line.

    A figure tells nothing there, as it may stand in a table; nor do capitals, or the heading of a thread. One of them
    has to be more than the name of a section, which subheadings are too.
    """
    told = ~hits.between & ~hits.heads

    def said(facts: Booleans) -> Booleans:
        lines = of_rules(facts, state.order)
        lines[hits.at[of_rules(facts, hits.order) & told]] = True
        return lines & ~evidence.prose

    known, button = said(hits.facts.label), said(hits.facts.button)
    row = np.cumsum(~known | (np.diff(evidence.doc, prepend=-1) != 0))
    long = (np.bincount(row, known) >= ROW) & (np.bincount(row, button) > 0)
    found: Booleans = of_rules(hits.facts.label, hits.order) & told & known[hits.at] & long[row[hits.at]]
    return found


def _in_tail(evidence: Evidence, at: Integers, last: Integers) -> Integers:
    """Those of some lines that stand below the `last` line of prose of their document."""
    doc = evidence.doc[at]
    return at[(at > last[doc]) & evidence.has_prose[doc]]


def _between_small_letters(evidence: Evidence, left: Booleans, at: Integers) -> Booleans:
    """Whether the lines next to each of some, as far as they are left, have small letters: its own may have none."""
    beside = np.ones(at.size, np.bool_)
    for there, line in _beside(evidence, left, at):
        text = trimmed(evidence, line)
        beside &= ~there | text.str.contains(r"\p{Ll}").to_numpy()
    return beside


def _beside(evidence: Evidence, left: Booleans, at: Integers) -> Iterator[tuple[Booleans, Integers]]:
    """For either side of some lines, whether a line of their document is left there, and which one is next."""
    kept = np.flatnonzero(left)
    if not (at.size and kept.size):
        return
    until = np.cumsum(left)[at]  # lines that are left down to each
    for place in (until - left[at] - 1, until):
        line = kept[np.clip(place, 0, kept.size - 1)]
        yield (place >= 0) & (place < kept.size) & (evidence.doc[line] == evidence.doc[at]), line


def _of_many(hits: Hits, rows: Integers, place: Integers) -> Booleans:
    """Whether many lines at the place of each of some hits have one of its category, of which a page has few."""
    if not rows.size:
        return np.zeros(0, np.bool_)
    kind = place[rows] * (len(ROWS) + 1) + hits.rows[rows]
    line = pl.Series(kind * (hits.at.max() + 1) + hits.at[rows]).is_first_distinct().to_numpy()
    many: Booleans = np.bincount(kind[line])[kind] >= MOST_OF_A_ROW
    return many


def _lone_words(evidence: Evidence, left: Booleans, at: Integers) -> Booleans:
    """Whether each of some lines is one word, and the next lines above and below it that are left are prose."""
    lone = np.full(at.size, left.any())
    for there, line in _beside(evidence, left, at):
        lone &= there & evidence.prose[line]
    some = np.flatnonzero(lone)
    if some.size:  # patterns take their time to prepare
        text = trimmed(evidence, at[some])
        lone[some] = text.str.contains(LONE_WORD).to_numpy()
    return lone


def _apply_lists(evidence: Evidence, state: State, heads: Integers) -> None:
    """Take the headlines below lines that have just gone and announce some."""
    if not heads.size:
        return
    places, head = headlines_below(evidence, heads, evidence.hits["evidence"].gather(state.hit[heads]))
    places, head = places[state.order[places] == KEPT], head[state.order[places] == KEPT]
    state.order[places], state.hit[places] = state.order[head], state.hit[head]
    state.below[places] = True


def _apply_blocks(evidence: Evidence, hits: Hits, state: State, last: Integers) -> bool:
    """Take what stands below a line that takes its block, in the tail, or heads a thread; whether there was any."""
    taken = np.flatnonzero(state.order > KEPT)
    marks = taken[hits.facts.blocks[state.order[taken] + 1]]
    marks = marks[(marks > last[evidence.doc[marks]]) | hits.facts.threads[state.order[marks] + 1]]
    if not marks.size:
        return False
    mark = np.full(state.dashed.size, evidence.doc.size, np.int64)
    mark[evidence.doc[marks[::-1]]] = marks[::-1]
    kept = np.flatnonzero(state.order == KEPT)
    below = kept[kept > mark[evidence.doc[kept]]]
    state.order[below] = state.order[mark[evidence.doc[below]]]
    state.hit[below] = state.hit[mark[evidence.doc[below]]]
    state.below[below] = True
    return bool(below.size)
