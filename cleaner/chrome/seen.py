"""What there is to learn from of each document: the lines that the rules leave, as they are counted."""

import numpy as np
import polars as pl

from cleaner.chrome.evidence import Booleans, Evidence, Integers
from cleaner.chrome.keys import LONGEST_LINE
from cleaner.chrome.titles import dash_suffix
from cleaner.chrome.verdict import KEPT, TITLE, Verdict

SHORTEST = 4
"""Bytes of the shortest line that can be learned: less is a mark of punctuation, or a word that lost its sentence."""

SEEN = pl.Schema(
    {
        "doc": pl.UInt32,
        "at": pl.UInt32,
        "key": pl.UInt64,
        "raw": pl.UInt64,
        "prose": pl.Boolean,
        "loose": pl.Boolean,
        "above": pl.UInt32,
        "below": pl.UInt32,
    }
)
"""A line of a document: its place among the content of its batch; the hashes of what it is counted as and of what it
says; whether it is prose; whether it is a piece of a sentence that goes on above or below; and the lines of prose above
and below it."""

_NUMBER = r"\p{Nd}+(?:[.,:/ \-]\p{Nd}+)*"


def masked(line: pl.Expr) -> pl.Expr:
    """What a line is counted as: trimmed, each number and date of numbers one 0."""
    return line.str.strip_chars().str.replace_all(_NUMBER, "0")


def observe(evidence: Evidence, verdict: Verdict) -> pl.DataFrame:
    """The lines that the rules leave and that may be learned, as SEEN; `doc` is the text's place."""
    kept = np.flatnonzero(_countable(evidence, verdict))
    doc, prose = evidence.doc[kept], evidence.prose[kept]
    above, below = _prose_around(doc, prose)
    lines = evidence.lines.select("doc", "line", "rest")[evidence.content[kept]].select(
        "doc", "line", at=pl.Series(kept, dtype=pl.UInt32), text=pl.col("rest").str.strip_chars()
    )
    text, after = pl.col("text"), pl.col("line").shift(1) + 1
    right_below = (pl.col("doc") == pl.col("doc").shift(1)) & (pl.col("line") == after)
    goes_on = right_below & text.str.contains(r"^\p{Ll}") & ~text.str.contains(r"[\p{P}\p{S}]$").shift(1)
    said = (
        lines.with_columns(goes_on=goes_on.fill_null(value=False))
        .with_columns(
            prose=pl.Series(prose),
            above=pl.Series(above, dtype=pl.UInt32),
            below=pl.Series(below, dtype=pl.UInt32),
            loose=pl.col("goes_on") | pl.col("goes_on").shift(-1, fill_value=False),
        )
        .filter(text.str.len_bytes().is_between(SHORTEST, LONGEST_LINE))
    )
    return said.with_columns(key=masked(text).hash(), raw=text.hash()).select(SEEN.names())


def is_left(order: Integers) -> Booleans:
    """Whether a line with such an order in the verdict is left, or is the title."""
    left: Booleans = (order == KEPT) | (order == TITLE)
    return left


def _countable(evidence: Evidence, verdict: Verdict) -> Booleans:
    """Whether a line is left; a title only if the next line left could be one too, so that it may be frame above it."""
    left = np.flatnonzero(is_left(verdict.order))
    follows = np.diff(evidence.doc[left], append=-1) == 0
    second = np.roll(evidence.title_like[left], -1) & follows
    counted = np.zeros(verdict.order.size, np.bool_)
    counted[left] = (verdict.order[left] == KEPT) | second
    return counted


def _prose_around(doc: Integers, prose: Booleans) -> tuple[Integers, Integers]:
    """The number of lines of prose above and below each line in its document."""
    until = np.cumsum(prose)
    firsts = np.flatnonzero(np.diff(doc, prepend=-1))
    lengths = np.diff(firsts, append=doc.size)
    above: Integers = until - prose - np.repeat((until - prose)[firsts], lengths)
    totals = np.add.reduceat(prose.astype(np.int64), firsts) if firsts.size else until
    return above, np.repeat(totals, lengths) - above - prose


def left(evidence: Evidence, verdict: Verdict, docs: pl.Series) -> pl.DataFrame:
    """The lines that the rules leave of some texts, the title among them: `doc`, `text`."""
    kept: pl.DataFrame = evidence.lines.select("doc", "rest")[evidence.content[is_left(verdict.order)]]
    return kept.filter(pl.col("doc").is_in(docs.implode())).select("doc", text="rest")


def described(texts: pl.Series, sites: pl.Series, evidence: Evidence, verdict: Verdict) -> pl.DataFrame:
    """What learning asks of each document.

    Returns:
        `doc`, its place; `site`; `digest` of its text; and, of the title found in it, `suffix`, what stands behind a
        dash, and `stem`, a digest of what stands before that.
    """
    title = pl.col("title")
    titles = evidence.lines[evidence.content[verdict.titles]].select("doc", title="rest")
    documents = pl.DataFrame({"digest": texts.hash(), "site": sites.cast(pl.String)}).with_row_index("doc")
    return (
        documents.join(titles, on="doc", how="left", maintain_order="left")
        .with_columns(suffix=dash_suffix(title))
        .with_columns(stem=title.str.strip_suffix(pl.col("suffix")).hash(), suffix=pl.col("suffix").str.strip_chars())
        .select("doc", "site", "digest", "suffix", "stem")
    )
