"""Short lines that are of no paragraph and have none of the text's words, known by where they stand."""

import numpy as np
import polars as pl

from cleaner.chrome.evidence import Booleans, Evidence, Integers
from cleaner.chrome.headings import QUOTED, are_labels
from cleaner.chrome.hits import zones
from cleaner.chrome.keys import UNSPACED
from cleaner.chrome.saying import goes_on, sizes, trimmed
from cleaner.chrome.unmarked import FACT, LABELLED, spoken
from cleaner.chrome.words import shared

LONGEST_STRAY = 96
"""Bytes of the longest such line."""

STRAY_WORDS = 8
"""Words of it; half as many above the text, if nothing of the document goes that no article has."""

UNSPACED_STRAY = 12
"""Characters of it in scripts without spaces, above the text; below, words of the text are not told from others."""

MOST_STRAYS = 4
"""Such lines above the text of a document, among its paragraphs, or below; more are a list."""

MOST_OTHERS = (2, 5, 5)
"""Other lines that are no prose, above the text, among its paragraphs and below; more are a table, or a list with
headings."""

WRAPPED_LINES = 3
"""Lines of a wrapped paragraph of which one goes on in lower case."""

_OPEN = r"[.,;:!?…。、，：；]$"
"""What a line ends with that is a sentence or a part of one, or announces what stands below."""

_ITEM = r"^(?:[+*•·▪–—-]\s|\(?[0-9]{1,2}[.)]\s|\(?[^\s()]\))"
"""What lines of the article's own lists begin with."""

_NO_WORD = r"^[^A-Za-zÀ-ɏ\x{370}-\x{1FFF}\x{2C00}-\x{10FFFF}]*$"
r"""A line without a letter, as near as blocks of characters tell: `\p{L}` takes its time to prepare."""


def strays(
    evidence: Evidence,
    left: Booleans,
    titles: Integers,
    lines: tuple[Booleans, Booleans],
    documents: tuple[Booleans, Booleans],
) -> tuple[Integers, Integers]:
    """The lines above no paragraph that are a few words of which the text has none; and those last in their document.

    What stands above a paragraph may be its subheading, whatever has gone between them, unless that is a byline or a
    date; and right below what was taken for the title, which may be the name of a section, there may be the title.
    Among paragraphs and below, something of a page must stand between the same two, or further below.

    The last line, right below a sentence, is a signature, a credit or an address, whether there is a page around the
    article or not. Of 48 in eight corpora and 1,472 excerpts of pages, beside the name of an agency below each of its
    texts, one could be the article's.

    Args:
        evidence: All lines.
        left: Which lines of content are left and may be taken.
        titles: The lines of the titles that were found.
        lines: Which have gone for what no article has, or beside such, and which for a byline or a date.
        documents: Of which something goes that shows a page, and of which something that no article has. Of others
            nothing goes above the text, or among its paragraphs.

    Returns:
        Places among the content, sorted; of the two kinds.
    """
    first, last = zones(evidence, left)
    lone = _above_no_paragraph(evidence, left, first, last, lines=lines, documents=documents)
    ends = _below_sentences(evidence, left, last)
    both = np.union1d(lone, ends)
    if not both.size:  # patterns take their time to prepare
        return both, both
    both = both[~_are_of_text(evidence, both, first, last, documents[1])]
    both = both[~_has_words_of_text(evidence, left, both)]
    if not both.size:
        return both, both
    lone, ends = np.intersect1d(lone, both), np.intersect1d(ends, both)
    lone = lone[(lone > first[evidence.doc[lone]]) | ~_may_be_titles(evidence, titles, lone)]
    lone = lone[~goes_on(evidence, lone)]
    said = trimmed(evidence, np.maximum(lone - 1, 0)).str.contains(QUOTED).to_numpy()
    lone = lone[(lone < first[evidence.doc[lone]]) | ~said]
    return lone[_are_few(evidence, left, lone, first, last)], ends


def _above_no_paragraph(
    evidence: Evidence,
    left: Booleans,
    first: Integers,
    last: Integers,
    *,
    lines: tuple[Booleans, Booleans],
    documents: tuple[Booleans, Booleans],
) -> Integers:
    """The lines that stand where strays do, as `strays` says, and are as short."""
    (page, own), (paged, shown) = lines, documents
    there, kept, among = np.flatnonzero(page | own), np.flatnonzero(left), np.cumsum(left & evidence.prose)
    lowest, beside = np.full(paged.size, -1), np.zeros(left.size + 1, np.bool_)
    lowest[evidence.doc[there]] = there
    beside[among[there]] = True  # between which paragraphs one of them stands
    at = np.flatnonzero(left & ~evidence.prose & ~evidence.continues & evidence.has_prose[evidence.doc])
    at = at[sizes(evidence, at) <= LONGEST_STRAY]
    doc = evidence.doc[at]
    heads = evidence.prose[kept[np.minimum(np.searchsorted(kept, at, "right"), kept.size - 1)]]
    inside = shown[doc] & beside[among[at]] & (at > first[doc]) & (at < last[doc])
    inside &= ~heads | own[np.minimum(at + 1, left.size - 1)]
    at = at[(paged[doc] & (at < first[doc])) | inside | ((at > last[doc]) & (at < lowest[doc]))]
    found: Integers = at[~_is_above_text(evidence, left, at)]
    return found


def _below_sentences(evidence: Evidence, left: Booleans, last: Integers) -> Integers:
    """The last lines of documents that stand right below a sentence and are as short.

    None of which a rule speaks, or that is a tag line: it waits for others to go.
    """
    kept = np.flatnonzero(left)
    at: Integers = kept[np.flatnonzero(np.diff(evidence.doc[kept], append=-1))]
    above = last[evidence.doc[at]]
    at = at[(above >= 0) & (at == above + 1) & evidence.stopped[above] & ~evidence.continues[at]]
    at = at[~np.isin(at, evidence.hits["at"].to_numpy())]
    return at[sizes(evidence, at) <= LONGEST_STRAY]


def _are_of_text(evidence: Evidence, at: Integers, first: Integers, last: Integers, shown: Booleans) -> Booleans:
    """Which of some lines may be of the text by what they look like, where they stand."""
    doc, text = evidence.doc[at], pl.col("text")
    places = {"above": at < first[doc], "below": at > last[doc], "shown": shown[doc]}
    words, item = text.str.count_matches(r"\S+"), text.str.contains(_ITEM)
    unspaced = text.str.contains(UNSPACED)
    told = ~pl.col("above") & (item | unspaced | text.str.contains(_NO_WORD))
    told |= pl.col("above") & ~pl.col("shown") & (item | (words > STRAY_WORDS // 2))
    told |= (words > STRAY_WORDS) | (unspaced & (text.str.len_chars() > UNSPACED_STRAY))
    told |= text.str.contains(f"{_OPEN}|{LABELLED}") | (pl.col("below") & text.str.contains(FACT))
    return pl.DataFrame({"text": trimmed(evidence, at), **places}).select(told).to_series().to_numpy()


def _is_above_text(evidence: Evidence, left: Booleans, at: Integers) -> Booleans:
    """Which of some lines stand right above a paragraph, be it wrapped."""
    end = left.size - 1
    found: Booleans = (left & evidence.prose)[np.minimum(at + 1, end)]
    for step in range(1, WRAPPED_LINES + 1):
        found |= evidence.continues[np.minimum(at + step, end)]
    found &= evidence.doc[np.minimum(at + 1, end)] == evidence.doc[at]
    return found


def _may_be_titles(evidence: Evidence, titles: Integers, at: Integers) -> Booleans:
    """Which of some lines could be the title, and stand right below what was taken for it and may be a section's name.

    Or in a document without any.
    """
    none = ~evidence.titled
    none[evidence.doc[titles]] = False
    labelled = np.zeros(evidence.doc.size, np.bool_)
    above = np.intersect1d(titles, at[evidence.title_like[at]] - 1)
    labelled[above[are_labels(evidence, above)]] = True
    found: Booleans = evidence.title_like[at] & (none[evidence.doc[at]] | labelled[np.maximum(at - 1, 0)])
    return found


def _has_words_of_text(evidence: Evidence, left: Booleans, at: Integers) -> Booleans:
    """Which of some lines have a word that the prose of their document has; most have one between the same spaces."""
    prose = left & evidence.prose
    words = pl.DataFrame({"at": at, "doc": evidence.doc[at], "word": trimmed(evidence, at).str.extract_all(r"\S+")})
    spaced = words.explode("word").with_columns(word=pl.format(" {} ", "word"))
    found = np.isin(at, spoken(evidence, prose, spaced, pl.col("text"))["at"])
    left_over = at[~found]
    asked = np.zeros(evidence.titled.size, np.bool_)
    asked[evidence.doc[left_over]] = True
    lines = np.flatnonzero(prose & asked[evidence.doc])
    these = np.union1d(lines, left_over)
    share = shared(trimmed(evidence, these), evidence.doc[these], np.isin(these, lines), least=1)
    found[~found] = share[np.searchsorted(these, left_over)] > 0
    return np.asarray(found)


def _are_few(evidence: Evidence, left: Booleans, at: Integers, first: Integers, last: Integers) -> Booleans:
    """Whether each of some lines has few like it, and few others, above the text, among its paragraphs or below."""
    lines = np.flatnonzero(left & ~evidence.prose)
    doc, parts = evidence.doc[lines], len(MOST_OTHERS)
    part = doc * parts + (lines > first[doc]) + (lines > last[doc])
    ours = np.isin(lines, at)
    few = np.bincount(part[ours], minlength=parts * first.size)[part[ours]] <= MOST_STRAYS
    others = np.bincount(part[~ours], minlength=parts * first.size)[part[ours]]
    return np.asarray(few & (others <= np.array(MOST_OTHERS)[part[ours] % parts]))
