"""The verdict: which lines go, given what stands around them.

Where a rule asks for head or tail, its line must stand before the first or after the last line of prose that is left.
Each removal may make the head or the tail longer, so verdicts are taken until none follows from the others. What is
left is then just what a second look would leave.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl

from cleaner.chrome.again import said_again
from cleaner.chrome.compiled import Rules
from cleaner.chrome.copies import copies_of
from cleaner.chrome.evidence import Booleans, Evidence, Integers, of_documents, trimmed
from cleaner.chrome.facts import ROWS
from cleaner.chrome.headings import below_titles, figures, labels_inside, sections, title_lines
from cleaner.chrome.hits import (
    MOST_OF_A_ROW,
    Hits,
    State,
    above_text,
    accompanied,
    firsts,
    of_rules,
    page_shown,
    seconds,
    zones,
)
from cleaner.chrome.keys import UNSPACED
from cleaner.chrome.lists import headlines_below
from cleaner.chrome.masthead import above_headlines
from cleaner.chrome.page import likely, lines_of, outside
from cleaner.chrome.special import (
    AGAIN,
    BESIDE,
    CAPTION,
    DOUBLED,
    FIGURES,
    HEADLINES,
    KEPT,
    LABEL,
    MASTHEAD,
    MENU,
    NAME,
    OUTSIDE,
    REPEATED,
    REST,
    SAID,
    SECTION,
    TEASER,
    TITLE,
)
from cleaner.chrome.teasers import teasers
from cleaner.chrome.threads import closed_below, under_way
from cleaner.chrome.unmarked import captions, names, rests

FEW = 2
"""If one document of so many changed, or fewer, verdicts are taken anew on those that did and on no others."""

ROW = 3
"""Labels of a page one below the other from which on they are no subheadings."""

LONE_WORD = rf"^\s*(?:[\p{{L}}\p{{M}}'’-]+|{UNSPACED}{{1,6}})\s*$"
"""A line that is one word and nothing else, as short subheadings are."""


@dataclass(frozen=True)
class Verdict:
    """What takes each line of content, and the titles.

    Attributes:
        order: KEPT, one of SPECIAL, or the order of a rule; for each line of content.
        evidence: What gave each line away; null where it is kept.
        titles: The lines of the titles that were found, as places among the content.
        dashed: For each of these, whether a suffix behind a dash goes too, and not only one behind a bar.
    """

    order: Integers
    evidence: pl.Series
    titles: Integers
    dashed: Booleans


def settle(evidence: Evidence, rules: Rules, documents: int, *, kind: str = "auto") -> Verdict:
    """Take verdicts until none follows from the others; `kind` says what documents are, as `Settings.input` does."""
    state = State(
        order=np.full(evidence.doc.size, KEPT, np.int64),
        hit=np.full(evidence.doc.size, -1, np.int64),
        below=np.zeros(evidence.doc.size, np.bool_),
        dashed=np.zeros(documents, np.bool_),
        told=[],
    )
    titles = _settled(evidence, state, rules=rules, kind=kind)
    state.order[titles] = TITLE
    return Verdict(
        order=state.order,
        evidence=_words(evidence, state),
        titles=titles,
        dashed=state.dashed[evidence.doc[titles]],
    )


def _settled(evidence: Evidence, state: State, *, rules: Rules, kind: str) -> Integers:
    """Take verdicts until none follows from the others; the titles."""
    titles = _settled_by_rules(evidence, state, rules=rules, kind=kind)
    changed = _apply_unmarked(evidence, rules, state, titles)
    if not changed.any():
        return titles
    return _anew(evidence, state, titles, changed, partial(_settled, rules=rules, kind=kind))


def _settled_by_rules(evidence: Evidence, state: State, *, rules: Rules, kind: str) -> Integers:
    """The same, but for what has no word that marks it."""
    hits, documents = Hits.of(evidence, rules), np.unique(evidence.doc).size
    while True:
        order, dashed = state.order.copy(), state.dashed.copy()
        titles = _take(evidence, rules, hits, state, kind)
        changed: Booleans = dashed != state.dashed
        changed[evidence.doc[order != state.order]] = True
        if not changed.any():
            return titles
        if FEW * np.count_nonzero(changed) <= documents:
            return _anew(evidence, state, titles, changed, partial(_settled_by_rules, rules=rules, kind=kind))
        hits = hits.of_lines_left(state)


def _anew(
    evidence: Evidence,
    state: State,
    titles: Integers,
    docs: Booleans,
    settle_part: Callable[[Evidence, State], Integers],
) -> Integers:
    """Take verdicts on some documents: the others wait for none, and each looks at itself alone. All titles then."""
    lines = docs[evidence.doc]
    places, of_part = np.flatnonzero(lines), state.of_lines(lines, evidence)
    found = places[settle_part(of_documents(evidence, docs), of_part)]
    state.take(of_part, lines, evidence)
    return np.union1d(titles[~docs[evidence.doc[titles]]], found)


def _take(evidence: Evidence, rules: Rules, hits: Hits, state: State, kind: str) -> Integers:
    """Take what rules allow, and copies; the titles that are left then."""
    if kind != "article":
        _apply_pages(evidence, rules, hits, state, always=kind == "page")
    hits = hits.of_lines_left(state)
    while _apply_hits(evidence, hits, state):
        hits = hits.of_lines_left(state)
    titles = title_lines(evidence, rules.facts, state)
    if evidence.suffixed is not None:
        state.dashed[evidence.doc[titles[evidence.suffixed[titles]]]] = True
    copies, proven = copies_of(evidence, state, titles)
    again = _said_again(evidence, state)
    state.order[copies] = REPEATED
    state.order[again] = AGAIN
    state.dashed[proven] = True
    return titles


def _apply_pages(evidence: Evidence, rules: Rules, hits: Hits, state: State, *, always: bool) -> None:
    """Take what stands around the article in whole pages, by a rule where one speaks."""
    kept = likely(evidence, np.flatnonzero(state.order == KEPT), always=always)
    if not kept.size:
        return
    found = outside(lines_of(evidence, rules, kept, title_lines(evidence, rules.facts, state)), always=always)
    places = kept[found.at]
    kinds = {"menu": MENU, "headlines": HEADLINES, "outside": OUTSIDE}
    state.order[places] = found.kind.replace_strict(kinds, return_dtype=pl.Int64).to_numpy()
    state.told.append((places, found.why))
    goes = np.zeros(evidence.doc.size, np.bool_)
    goes[places] = True
    # what heads comments, but stands in a menu, has none below it
    spoken = firsts(np.flatnonzero(goes[hits.at] & ~hits.heads), hits.at)
    state.order[hits.at[spoken]] = hits.order[spoken]
    state.hit[hits.at[spoken]] = hits.number[spoken]


def _apply_hits(evidence: Evidence, hits: Hits, state: State) -> bool:
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
    for place in (np.searchsorted(kept, at, "left") - 1, np.searchsorted(kept, at, "right")):
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


def _said_again(evidence: Evidence, state: State) -> Integers:
    """The paragraphs that are left and stand above, of texts that hold their article twice."""
    if evidence.again.is_empty():
        return np.zeros(0, np.int64)
    kept = pl.Series(state.order == KEPT).gather(evidence.again["at"])
    return said_again(evidence.again.filter(kept)).cast(pl.Int64).to_numpy()


def _apply_unmarked(evidence: Evidence, rules: Rules, state: State, titles: Integers) -> Booleans:
    """Take names of authors, labels around titles, and what stands below the text; the documents that this changed.

    Of a document it takes at once what is of one kind only, since the rest depends on that. What stands above the
    headline goes where nothing else does: it may be a title below that has it in its words.
    """
    facts, left = rules.facts, state.order == KEPT
    paged, shown = accompanied(evidence, state), page_shown(evidence, facts, state)
    above = sections(evidence, left, titles[paged[evidence.doc[titles]]], shown)
    first, last = zones(evidence, left)
    head = above_text(evidence, left, first, of_rules(facts.lead, state.order))
    left[titles] = False
    named = names(evidence, left, paged, head, last)
    left[named] = False
    below = rests(evidence, left, of_rules(facts.page, state.order), of_rules(facts.over, state.order), last)
    left[below] = False
    if below.size:  # above them one may be the last line now; nothing else depends on them
        named = np.append(named, names(evidence, left, paged, head, last))
    others = teasers(evidence, left, last)
    changed = np.zeros(state.dashed.size, np.bool_)

    def take(order: int, places: Integers) -> None:
        state.order[places] = order
        changed[evidence.doc[places]] = True

    state.order[below] = REST
    for order, places in ((SECTION, above), (NAME, named), (TEASER, others)):
        take(order, places)
    masthead = above_headlines(evidence, state, titles, shown, rules.table["category"])
    take(MASTHEAD, masthead[~changed[evidence.doc[masthead]]])
    left &= ~changed[evidence.doc]
    counts, labels = below_titles(evidence, left, titles, head & shown[evidence.doc], state.order > KEPT)
    doubled = np.flatnonzero(left & evidence.twice & ~evidence.prose & shown[evidence.doc])
    doubled = doubled[left[doubled - 1]]
    pictured = captions(evidence, left, of_rules(facts.credit, state.order))
    counts = np.union1d(counts, figures(evidence, left, shown))
    own = of_rules(facts.rows > 0, state.order)
    page = of_rules(facts.page & facts.worded, state.order) | np.isin(state.order, BESIDE)
    beside = labels_inside(evidence, left, page | own, own)
    labels = np.append(labels, beside[shown[evidence.doc[beside]]])
    for order, places in ((CAPTION, pictured), (DOUBLED, doubled), (FIGURES, counts), (LABEL, labels)):
        take(order, places)
    return changed


def _words(evidence: Evidence, state: State) -> pl.Series:
    """What gave each line away, in words."""
    told = [why for _, why in state.told]
    said = pl.concat([pl.Series(list(SAID.values())), evidence.hits["evidence"], *told], rechunk=True)
    place = np.full(state.order.size, -1, np.int64)
    since = len(SAID) + evidence.hits.height
    for at, why in state.told:
        place[at] = since + np.arange(at.size)
        since += why.len()
    place[state.hit >= 0] = len(SAID) + state.hit[state.hit >= 0]
    for number, order in enumerate(SAID):
        place[state.order == order] = number
    places = pl.Series(place)
    found = said.gather(places.set(places < 0, None))
    below = np.flatnonzero(state.below & ~np.isin(state.order, list(SAID)))
    return found.scatter(below, "below: " + found.gather(below)) if below.size else found
