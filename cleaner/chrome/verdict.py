"""The verdict: which lines go, given what stands around them.

Where a rule asks for head or tail, its line must stand before the first or after the last line of prose that is left.
Each removal may make the head or the tail longer, so verdicts are taken until none follows from the others. What is
left is then just what a second look would leave.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl

from cleaner.chrome.again import said_again
from cleaner.chrome.allowed import take_hits
from cleaner.chrome.compiled import Rules
from cleaner.chrome.copies import copies_of
from cleaner.chrome.evidence import Booleans, Evidence, Integers, of_documents
from cleaner.chrome.headings import below_titles, figures, labels_inside, listed, sections, title_lines
from cleaner.chrome.hits import Hits, State, above_text, accompanied, firsts, of_rules, page_shown, zones
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
    SIGNATURE,
    STRAY,
    TEASER,
    TITLE,
)
from cleaner.chrome.strays import strays
from cleaner.chrome.teasers import teasers
from cleaner.chrome.unmarked import captions, names, rests

FEW = 2
"""If one document of so many changed, or fewer, verdicts are taken anew on those that did and on no others."""


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
    while take_hits(evidence, hits, state):
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
    left &= ~listed(evidence, left)
    left[titles] = False
    named = names(evidence, left, paged, head, last)
    left[named] = False
    below = rests(evidence, left, of_rules(facts.page, state.order), of_rules(facts.over, state.order), last)
    left[below] = False
    if below.size:  # above them one may be the last line now; nothing else depends on them
        again = np.zeros(paged.size, np.bool_)
        again[evidence.doc[below]] = True
        named = np.append(named, names(evidence, left & again[evidence.doc], paged, head, last))
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
    lone, signed = strays(evidence, left, titles, (page, own), (paged, shown))
    weaker = ((SIGNATURE, signed), (STRAY, lone))  # a line that is more than one of these is what is named last
    for order, places in (*weaker, (CAPTION, pictured), (DOUBLED, doubled), (FIGURES, counts), (LABEL, labels)):
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
