"""The words of articles: stories in paragraphs, and what copies make of them."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from benchmarks.frames import HAZARDS, all_pieces
from benchmarks.plan import EDITED, EXACT, ORIGINAL, TEMPLATE, TRUNCATED, UNIQUE, UPDATE, WIRE, Documents, Plan
from benchmarks.ragged import Marks, Numbers, Random, below, chance, drawn, places_in, spread, sums
from benchmarks.words import (
    BARE,
    CAPITAL,
    COMMA,
    CUT,
    FIGURES,
    FORMS,
    LANGUAGES,
    LAST,
    LOWER,
    MISSPELT,
    STOP,
    TABLE_BITS,
    WORDS,
    figures,
)  # fmt: skip

_LONGEST: Final = 1 << 20
"""No story has so many words."""

SHINGLE: Final = 5
"""Words in a shingle, as cleaner has them by default; the stated similarities hold for it."""

_PARAGRAPHS: Final = np.array([1, 2, 2, 2, 3, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 6, 6, 7, 9, 13])
"""Paragraphs of an article, each as likely."""

TOPICS: Final = 6
"""Words of a headline that are the story's."""

_CONTENT: Final = np.array([0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 1, 0, 1, 0, 0, 1])
"""Where function words (0) and content words (1) stand in a sentence."""


@dataclass(frozen=True)
class Bodies:
    """The lines of articles' bodies.

    Attributes:
        pieces: The piece of each word, all lines end to end.
        starts: Where each line begins in `pieces`.
        sizes: Its words.
        doc: The document it is of, as its place among those asked for.
        place: Its place in the document.
        lines: Number of lines of each document.
        tokens: Words of each document.
        similarity: Jaccard of each document's shingles with those of the one it was made from.
        containment: The share of the smaller one's that the other has.
        topics: TOPICS content words of each document's story, for its headline.
    """

    pieces: Numbers
    starts: Numbers
    sizes: Numbers
    doc: Numbers
    place: Numbers
    lines: Numbers
    tokens: Numbers
    similarity: npt.NDArray[np.float64]
    containment: npt.NDArray[np.float64]
    topics: Numbers


@dataclass(frozen=True)
class _Words:
    """The words of stories, those that a copy has not or has in another way among them."""

    doc: Numbers
    turn: Numbers  # the word's place in the story
    line: Numbers  # the line it is in, over all documents
    inner: Marks  # neither first nor last of its sentence
    form: Numbers
    content: Numbers  # whether it is a content word
    hazard: Marks
    original: Marks  # whether the first of the cluster has it
    there: Marks  # whether this document has it


def piece(words: Numbers, lang: Numbers, form: Numbers | int) -> Numbers:
    """The numbers of the pieces of words in a form."""
    return (lang * FORMS + form) * WORDS + words


def words(random: Random, lang: Numbers, content: Numbers) -> Numbers:
    """Words by Zipf's law."""
    place = (lang * 2 + content << TABLE_BITS) + (random >> np.uint64(64 - TABLE_BITS)).astype(np.int64)
    return np.asarray(all_pieces().table[place], np.int64)


def bodies(plan: Plan, documents: Documents) -> Bodies:
    """What some documents say."""
    laid = _laid(documents)
    doc, relation = laid.doc, documents.relation
    random = drawn(documents.story[doc], laid.turn)
    lang = documents.lang[doc]
    other, dropped, wrong = _edits(plan, documents, laid)
    lot = drawn(documents.own[doc], laid.turn)
    elsewhere = _named(laid, drawn(lot, 1), doc, _lead(documents, laid)[doc])
    topical = (relation[doc] == WIRE) & (lot & np.uint64(1) == 0)  # another lead names what the story names
    random = np.where(other, np.where(topical, drawn(documents.story[doc], elsewhere), lot), random)
    chosen = words(random, lang, laid.content | other)  # a function word gives way to a content word, another one
    fact = other & (relation[doc] == TEMPLATE) & (lot & np.uint64(1) == 0)  # half of what a form is filled in with
    chosen = np.where(fact, figures(below(drawn(lot, 2), FIGURES), lang), chosen)
    form = np.where((laid.form == LOWER) & (random & np.uint64(15) == 0), COMMA, laid.form)
    form = np.where(wrong, MISSPELT, form)
    pieces = piece(chosen, lang, form)
    hazards = np.array([[all_pieces().extra[text] for text in HAZARDS[one]] for one in LANGUAGES])
    pieces = np.where(laid.hazard, hazards[lang, chosen & 3], pieces)
    there = laid.there & ~dropped
    same = laid.original & there & ~other & ~wrong
    count = len(relation)
    tokens, before = sums(there, doc, count), sums(laid.original, doc, count)
    alike = same.copy()  # whether a shingle begins here that both have
    for i in range(1, SHINGLE):
        alike[:-i] &= same[i:] & (doc[:-i] == doc[i:])
        alike[-i:] = False
    shared = sums(alike, doc, count)
    mine, theirs = np.maximum(tokens - SHINGLE + 1, 1), np.maximum(before - SHINGLE + 1, 1)
    kept_lines = laid.line[there]
    sizes = np.bincount(kept_lines, minlength=laid.line[-1] + 1)
    first_word = np.flatnonzero(np.diff(laid.line, prepend=-1))
    line_doc = doc[first_word][sizes > 0]
    sizes = sizes[sizes > 0]
    lines = np.bincount(line_doc, minlength=count)
    return Bodies(
        pieces=pieces[there],
        starts=np.cumsum(sizes) - sizes,
        sizes=sizes,
        doc=line_doc,
        place=places_in(lines),
        lines=lines,
        tokens=tokens,
        similarity=shared / (mine + theirs - shared),
        containment=shared / np.minimum(mine, theirs),
        topics=_topics(documents, laid),
    )


def _lead(documents: Documents, laid: _Words) -> Numbers:
    """Words at the head of each wire copy that are others than the story has."""
    total = sums(laid.original, laid.doc, len(documents.relation))
    share = (1 - documents.goal) / (1 + documents.goal)
    return np.asarray(np.where(documents.relation == WIRE, share * (total - SHINGLE + 1), 0), np.int64)


def _named(laid: _Words, random: Random, doc: Numbers, least: Numbers) -> Numbers:
    """For each random number the turn of one of its document's content words, from the turn `least` on."""
    there = np.flatnonzero(laid.original & (laid.content == 1))
    keys = laid.doc[there] * _LONGEST + laid.turn[there]  # rising
    first = np.searchsorted(keys, doc * _LONGEST + least)
    last = np.searchsorted(keys, (doc + 1) * _LONGEST)
    place = np.minimum(first + below(random, np.maximum(last - first, 1)), max(len(there) - 1, 0))
    return np.asarray(laid.turn[there[place]], np.int64)


def _topics(documents: Documents, laid: _Words) -> Numbers:
    """Content words of each story, the same for all its documents: documents by TOPICS."""
    doc = np.repeat(np.arange(len(documents.story)), TOPICS)
    random = drawn(documents.story[doc], -8 - places_in(np.full(len(documents.story), TOPICS)))
    turn = _named(laid, random, doc, np.zeros_like(doc))
    chosen = words(drawn(documents.story[doc], turn), documents.lang[doc], np.ones_like(doc))
    return chosen.reshape(-1, TOPICS)


def _laid(documents: Documents) -> _Words:
    """Paragraphs, sentences and words, and the form of each."""
    story, relation = documents.story, documents.relation
    usual = _PARAGRAPHS[below(drawn(story, -1), len(_PARAGRAPHS))]
    wanted = np.where(relation == TRUNCATED, np.maximum(1, usual * (0.15 + 0.8 * documents.part)), usual)
    wanted = np.where(relation == UPDATE, usual + np.maximum(1, usual * documents.part), wanted).astype(np.int64)
    paragraphs = np.maximum(usual, wanted)
    doc_p = np.repeat(np.arange(len(story)), paragraphs)
    place = places_in(paragraphs)
    random_p = drawn(story[doc_p], -2 - place)
    heading = (place > 0) & (random_p & np.uint64(7) == 0)
    sentences = 2 + below(random_p, 3) + heading
    par = np.repeat(np.arange(len(doc_p)), sentences)
    turn_s = places_in(sentences)
    random_s = drawn(random_p[par], 1 + turn_s)
    is_heading = heading[par] & (turn_s == 0)
    first_s = turn_s == heading[par]
    last_s = turn_s == sentences[par] - 1
    length = np.where(is_heading, 3 + below(random_s, 4), 15 + below(random_s, 11))
    # a truncated copy ends inside the last sentence of its last paragraph
    final = last_s & (place[par] == wanted[doc_p[par]] - 1) & (relation[doc_p[par]] == TRUNCATED)
    end = np.where(final, 3 + below(drawn(documents.own[doc_p[par]], -3), length - 3), length)
    sentence = np.repeat(np.arange(len(par)), length)
    turn_w = places_in(length)
    doc_s = doc_p[par]
    doc = doc_s[sentence]
    size = sums(length, doc_s, len(story))
    first_w, last_w = turn_w == 0, turn_w == length[sentence] - 1
    ends = np.where(is_heading, BARE, np.where(last_s, LAST, STOP))
    form = np.where(first_w, CAPITAL, np.where(last_w, ends[sentence], LOWER))
    form = np.where(final[sentence] & (turn_w == end[sentence] - 1), CUT, form)
    line_of = np.cumsum(is_heading | first_s) - 1
    hazard = ~is_heading & first_s & (random_s >> np.uint64(8) & np.uint64(31) == 0)
    return _Words(
        doc=doc,
        turn=spread(np.zeros(len(size), np.int64), size),
        line=line_of[sentence],
        inner=~first_w & ~last_w,
        form=form,
        content=_CONTENT[turn_w + (random_s & np.uint64(7)).astype(np.int64)[sentence] & 15],
        hazard=hazard[sentence] & first_w,
        original=(place < usual[doc_p])[par][sentence],
        there=(place < wanted[doc_p])[par][sentence] & (turn_w < end[sentence]),
    )


def _edits(plan: Plan, documents: Documents, laid: _Words) -> tuple[Marks, Marks, Marks]:
    """Which words are others than the story has, which are dropped, which are misspelt."""
    relation, goal, doc = documents.relation, documents.goal, laid.doc
    other = laid.turn < _lead(documents, laid)[doc]
    shared = 2 * goal / (1 + goal)
    rates = np.where(relation == EDITED, 1 - shared ** (1 / SHINGLE), 0.0)
    noise = np.where(np.isin(relation, [UNIQUE, ORIGINAL, EXACT, TEMPLATE]), 0.0, plan.noise)
    facts = np.where(relation == TEMPLATE, 0.04 + 0.16 * chance(drawn(documents.story, -5)), 0.0)
    other |= chance(drawn(documents.story[doc], -1_000_000 - laid.turn)) < facts[doc]
    lot = drawn(documents.own[doc], -1_000_000 - laid.turn)
    edited = (chance(lot) < (rates + noise)[doc]) & laid.inner
    odd = lot & np.uint64(1) == 0
    if not plan.noise:
        return other | edited, np.zeros_like(edited), np.zeros_like(edited)
    return other, edited & odd, edited & ~odd & (laid.form == LOWER)
