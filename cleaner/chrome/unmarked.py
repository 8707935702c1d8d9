"""Chrome without a word that marks it, known by where it stands: names of authors, the rest of a page.

But for a signature nothing here goes by itself: something else has to show that there is a page around the article.
"""

import numpy as np
import polars as pl

from cleaner.chrome.evidence import TWICE, Booleans, Evidence, Integers
from cleaner.chrome.hits import adjacent
from cleaner.chrome.saying import goes_on, sizes, trimmed

LONGEST_NAME = 40
"""Characters of the longest line that is taken for a name."""

BYTES = 4
"""Bytes of the longest character."""

MOST_NAMES = 2
"""Such lines above or below the text; more are a list."""

MOST_OF_TEXT = 1 / 8
"""Share of a text that may stand below something of the page and be the page's too: more is a list."""

MOST_LINES = 8
"""Lines of it."""

MOST_AMONG = 1 / 2
"""The same, of what stands among such lines."""

_CELL = "|"
"""What rows of tables begin with."""

LABELLED = r"^[^:]{1,40}: ?\S"
"""A line with a label, as boxes of facts have."""

FACT = f"[0-9]|{LABELLED}"
"""What a line has that is as often the article's own: a figure or a label, as results, prices and opening hours."""

_CAPITAL = r"[A-ZÀ-ÞĀ-ŽΆ-ΩЀ-Я][^\s,;:!?()/|0-9]*"  # of \p{Lu}, which takes its time to prepare, what names begin with
_PARTICLE = r"\p{Ll}{1,3}"
_NAME = rf"^{_CAPITAL}(?: (?:{_CAPITAL}|{_PARTICLE})){{0,3}} {_CAPITAL}\.?$"
_SHOUTED = r"^\P{Ll}*(?: \P{Ll}+){2}$"
"""Three words in capitals, which are a headline."""

_LETTERS = "[A-Za-zÀ-ɏЀ-ӿ]{1,4}"
_INITIALS = rf"^\(?{_LETTERS}(?:[./]{_LETTERS}){{1,3}}\.?\)?$|^\([a-z]{{2,4}}\)$"


def names(evidence: Evidence, left: Booleans, paged: Booleans, head: Booleans, last: Integers) -> Integers:
    """The lines above or below the text that are a name of which the text has no word, or initials below it.

    Args:
        evidence: All lines.
        left: Which lines of content are left and may be taken.
        paged: The documents with a page around the article; in others only a name right below the text is one.
        head: Which lines stand above the text, as `above_text` gives them.
        last: The last line of prose of each document, as a place among the content.

    Returns:
        Places among the content, sorted.
    """
    tail = np.arange(left.size) > last[evidence.doc]
    signed = np.arange(left.size) == last[evidence.doc] + 1
    at = np.flatnonzero(left & (head | tail) & (paged[evidence.doc] | signed) & (last[evidence.doc] >= 0))
    at = at[~evidence.continues[at] & (paged[evidence.doc[at]] | evidence.stopped[at - 1])]
    at = at[sizes(evidence, at) <= LONGEST_NAME * BYTES]
    if not at.size:  # patterns take their time to prepare
        return at
    lines = pl.DataFrame({"at": at, "text": trimmed(evidence, at), "doc": evidence.doc[at], "tail": tail[at]})
    lines = lines.filter(pl.col("text").str.len_chars() <= LONGEST_NAME)
    lines = lines.with_columns(initials=pl.col("text").str.contains(_INITIALS) & pl.col("tail"))
    lines = lines.filter(pl.col("initials") | pl.col("text").str.contains(_NAME))
    lines = lines.filter(~pl.col("text").str.contains(_SHOUTED))
    lines = lines.filter(~pl.Series(goes_on(evidence, lines["at"].to_numpy()), dtype=pl.Boolean))
    lines = lines.filter(pl.len().over("doc", "tail") <= MOST_NAMES)
    lines = lines.filter(~pl.col("tail") | pl.Series(_is_last(evidence, left, lines["at"].to_numpy())))
    if lines.is_empty():
        return np.zeros(0, np.int64)
    words = lines.filter(~pl.col("initials")).select("at", "doc", word=pl.col("text").str.extract_all(_CAPITAL))
    words = words.explode("word").with_columns(pl.col("word").str.strip_chars_end(".,"))
    said = spoken(evidence, evidence.prose, words, pl.col("text"))
    return lines.filter(~pl.col("at").is_in(said["at"].implode()))["at"].to_numpy()


def spoken(evidence: Evidence, prose: Booleans, words: pl.DataFrame, text: pl.Expr) -> pl.DataFrame:
    """Those of some words (`word`, `doc`, and what else stands beside them) that the prose of their document has.

    Args:
        evidence: All lines.
        prose: Which of them are its prose.
        words: Each with its document.
        text: What is made of the prose (`text`) before they are looked for.
    """
    asked = np.zeros(evidence.titled.size, np.bool_)
    asked[words["doc"].to_numpy()] = True
    at = np.flatnonzero(prose & asked[evidence.doc])
    texts = pl.DataFrame({"doc": evidence.doc[at], "text": trimmed(evidence, at)}).with_columns(text)
    whole = texts.group_by("doc").agg(prose=pl.col("text").str.join("\n"))
    return words.join(whole, on="doc").filter(pl.col("prose").str.contains(pl.col("word"), literal=True))


def captions(evidence: Evidence, left: Booleans, credited: Booleans) -> Integers:
    """The lines right beside the caption of a picture that has gone for its credit, and say the same without that.

    Args:
        evidence: All lines.
        left: Which lines of content are left and may be taken.
        credited: Which have gone for a credit.

    Returns:
        Places among the content, sorted.
    """
    at = np.flatnonzero(left & adjacent(evidence, credited))
    at = at[sizes(evidence, at) >= TWICE]
    if not at.size:
        return at
    said = trimmed(evidence, at).str.strip_chars_end(".")
    found = np.zeros(at.size, np.bool_)
    for other in (np.maximum(at - 1, 0), np.minimum(at + 1, left.size - 1)):
        same = credited[other] & (evidence.doc[other] == evidence.doc[at])
        both = pl.DataFrame({"said": said, "other": trimmed(evidence, other)})
        found |= same & both.select(pl.col("other").str.starts_with(pl.col("said"))).to_series().to_numpy()
    return at[found]


def rests(evidence: Evidence, left: Booleans, page: Booleans, over: Booleans, last: Integers) -> Integers:
    """What is left below the text and below a line there that shows a page.

    Nothing of a document where it is much beside the text, or has a row of a table, a figure or a label; unless it
    stands among such lines, below two or between them, and has no label itself.

    Args:
        evidence: All lines.
        left: Which lines of content are left and may be taken.
        page: Which lines have gone for what no article has.
        over: Which have gone for what stands below articles.
        last: The last line of prose of each document, as a place among the content.

    Returns:
        Places among the content, sorted.
    """
    tail = (np.arange(left.size) > last[evidence.doc]) & evidence.has_prose[evidence.doc]
    shown = np.full(evidence.titled.size, left.size)
    there = np.flatnonzero(page & tail)[::-1]
    shown[evidence.doc[there]] = there
    at = np.flatnonzero(left & tail & (np.arange(left.size) > shown[evidence.doc]))
    if not at.size:
        return at
    some = np.zeros(evidence.titled.size, np.bool_)
    some[evidence.doc[at]] = True
    ours = np.flatnonzero(left & some[evidence.doc])
    whole = np.bincount(evidence.doc[ours], sizes(evidence, ours), some.size)
    below = np.bincount(evidence.doc[at], sizes(evidence, at), some.size)
    few = (below <= MOST_OF_TEXT * whole) & (np.bincount(evidence.doc[at], minlength=some.size) <= MOST_LINES)
    sure = _among(evidence, over & tail, at) & (below <= MOST_AMONG * whole)[evidence.doc[at]]
    some_go = few[evidence.doc[at]] | sure
    at, sure = at[some_go], sure[some_go]
    text = trimmed(evidence, at)
    sure &= ~text.str.contains(LABELLED).to_numpy()
    few[evidence.doc[at[(text.str.starts_with(_CELL) | text.str.contains(FACT)).to_numpy()]]] = False
    found: Integers = at[few[evidence.doc[at]] | sure]
    return found


def _among(evidence: Evidence, over: Booleans, at: Integers) -> Booleans:
    """Which of some lines stand below two of those above which articles are `over`, or between two."""
    said = np.append(0, np.cumsum(over))
    start, stop = (np.searchsorted(evidence.doc, evidence.doc[at], side) for side in ("left", "right"))
    above, below = said[at] - said[start], said[stop] - said[at]
    found: Booleans = (above > 1) | ((above > 0) & (below > 0))
    return found


def _is_last(evidence: Evidence, left: Booleans, at: Integers) -> Booleans:
    """Which of some lines have none but others of them below, as a signature has: a subheading has more."""
    others = left.copy()
    others[at] = False
    last = np.full(evidence.titled.size, -1, np.int64)
    there = np.flatnonzero(others)
    last[evidence.doc[there]] = there
    return np.asarray(at > last[evidence.doc[at]])
