"""What speaks for cutting lines, as arrays, and what has been decided so far: what verdicts are taken from."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import polars as pl

from cleaner.chrome.compiled import Rules
from cleaner.chrome.evidence import LEARNED, Booleans, Evidence, Integers
from cleaner.chrome.facts import Facts
from cleaner.chrome.special import KEPT, MASTHEAD, NAME, REPEATED, SIGNATURE
from cleaner.chrome.tags import TAGS

MOST_OF_A_ROW = 3
"""Lines of such a category, above or below the text, from which on they may be the article's own."""


@dataclass(frozen=True)
class State:
    """What has been decided so far; the arrays are written to.

    Attributes:
        order: As in Verdict.
        hit: The hit that took the line, or -1.
        below: Whether the line went because it stands below one that takes its block.
        dashed: For each document, whether a copy has proved the title's suffix behind a dash.
        told: What lines outside the article have gone, and why.
    """

    order: Integers
    hit: Integers
    below: Booleans
    dashed: Booleans
    told: list[tuple[Integers, pl.Series]]

    def of_lines(self, lines: Booleans, evidence: Evidence) -> Self:
        """What has been decided of the lines of some documents, as their evidence alone has them."""
        at = evidence.hits["at"].to_numpy()
        number = np.cumsum(lines[at]) - 1
        hit = self.hit[lines]
        return replace(
            self,
            order=self.order[lines],
            hit=np.where(hit < 0, hit, number[hit]) if number.size else hit,
            below=self.below[lines],
            told=[],
        )

    def take(self, part: Self, lines: Booleans, evidence: Evidence) -> None:
        """Take what has been decided of the lines of some documents since."""
        number = np.flatnonzero(lines[evidence.hits["at"].to_numpy()])
        places = np.flatnonzero(lines)
        self.order[lines], self.below[lines] = part.order, part.below
        self.hit[lines] = np.where(part.hit < 0, part.hit, number[part.hit]) if number.size else part.hit
        self.told.extend((places[at], why) for at, why in part.told)


@dataclass(frozen=True)
class Hits:
    """The hits on lines that are left, as arrays, and what their rules say.

    `number` is the place of each among all hits; `facts` run over the rules, and `closing` has the lines that close
    comments, whether they are left or not.
    """

    number: Integers
    at: Integers
    order: Integers
    head: Booleans
    tail: Booleans
    last: Booleans
    edge: Booleans
    inside: Booleans
    between: Booleans
    tags: Booleans
    shy: Booleans
    worded: Booleans
    rows: Integers
    heads: Booleans
    facts: Facts
    closing: Integers

    @classmethod
    def of(cls, evidence: Evidence, rules: Rules) -> "Hits":
        """All hits of the evidence."""
        facts = rules.facts
        at = evidence.hits["at"].cast(pl.Int64).to_numpy()
        order = evidence.hits["order"].to_numpy()
        rule = np.maximum(order, KEPT) + 1
        # the place of each rule, and of what was learned
        where, placed = np.append(facts.where, list(LEARNED)), rule.copy()
        for number, learned in enumerate(LEARNED.values()):
            placed[order == learned] = facts.where.size + number
        head, tail, last, edge, inside, between = (
            (where == place)[placed] for place in ("head", "tail", "last", "edge", "inside", "between")
        )
        heads = facts.threads[rule]
        closes = np.zeros(evidence.doc.size, np.bool_)
        closes[at[facts.comment[rule]]] = True
        closes[at[heads]] = False  # one more heading closes nothing
        return cls(
            number=np.arange(at.size),
            at=at,
            order=order,
            head=head,
            tail=tail,
            last=last,
            edge=edge,
            inside=inside | between,
            between=between,
            tags=order == TAGS,
            shy=facts.shy[rule],
            worded=facts.worded[rule],
            rows=facts.rows[rule],
            heads=heads,
            facts=facts,
            closing=np.flatnonzero(closes),
        )

    def of_lines_left(self, state: "State") -> "Hits":
        """Those on lines that are left: each taking of verdicts has fewer of them to look at."""
        left = state.order[self.at] == KEPT
        if left.all():
            return self
        places = ("head", "tail", "last", "edge", "inside", "between")
        of_each = ("number", "at", "order", *places, "tags", "shy", "worded", "rows", "heads")
        return replace(self, **{name: getattr(self, name)[left] for name in of_each})


def of_rules(facts: Booleans, order: Integers) -> Booleans:
    """What `Facts` say of the rules that orders are of; it is false of lines that stay and of special removals."""
    said: Booleans = facts[np.maximum(order, KEPT) + 1]
    return said


def zones(evidence: Evidence, kept: Booleans) -> tuple[Integers, Integers]:
    """The first and the last line of prose among some lines of each document; past the end and -1 if there is none."""
    prose = np.flatnonzero(evidence.prose & kept)
    first = np.full(evidence.titled.size, evidence.doc.size, np.int64)
    last = np.full(evidence.titled.size, -1, np.int64)
    if prose.size:
        doc = evidence.doc[prose]
        turns = np.flatnonzero(doc[1:] != doc[:-1])  # lines of one document stand together
        starts, ends = np.append(0, turns + 1), np.append(turns, prose.size - 1)
        first[doc[starts]], last[doc[ends]] = prose[starts], prose[ends]
    return first, last


def seconds(evidence: Evidence, kept: Booleans, first: Integers) -> Integers:
    """The second line of prose among some lines of each document, past the end if there is none, by the `first`."""
    further = kept.copy()
    further[first[first < kept.size]] = False
    return zones(evidence, further)[0]


def adjacent(evidence: Evidence, lines: Booleans) -> Booleans:
    """Which lines stand right above or below one of some lines."""
    same, found = evidence.doc[1:] == evidence.doc[:-1], np.zeros(lines.size, np.bool_)
    found[1:] |= lines[:-1] & same
    found[:-1] |= lines[1:] & same
    return found


def above_text(evidence: Evidence, left: Booleans, first: Integers, lead: Booleans) -> Booleans:
    """Which lines stand above the `first` one of prose, or below it right beside some of a lead's."""
    second, first, place = seconds(evidence, left, first)[evidence.doc], first[evidence.doc], np.arange(left.size)
    below = (place > first) & (place < second) & (second < left.size) & adjacent(evidence, lead)
    return np.asarray((place < first) | below)


def firsts(places: Integers, of: Integers) -> Integers:
    """The first of the places for each value that stands there; equal values stand next to each other."""
    return places[np.flatnonzero(np.diff(of[places], prepend=-1))]


def framed(evidence: Evidence, state: State) -> Booleans:
    """The documents of which a line goes that shows a page around the article; no copy of a title, and no name."""
    goes = np.flatnonzero(state.order != KEPT)
    tells = goes[~np.isin(state.order[goes], (REPEATED, NAME, MASTHEAD, SIGNATURE))]
    found: Booleans = np.zeros(state.dashed.size, np.bool_)
    found[evidence.doc[tells]] = True
    return found


def accompanied(evidence: Evidence, state: State) -> Booleans:
    """The same, and those of which something is cut off a line or out of it."""
    gone = framed(evidence, state)
    gone[evidence.cuts["doc"].to_numpy()] = True
    return gone


def page_shown(evidence: Evidence, facts: Facts, state: State) -> Booleans:
    """The documents of which something goes that no article has."""
    shown: Booleans = np.zeros(state.dashed.size, np.bool_)
    shown[evidence.doc[of_rules(facts.page, state.order)]] = True
    return shown
