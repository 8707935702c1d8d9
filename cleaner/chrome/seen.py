"""What there is to learn from of each document: the lines that the rules leave, as they are counted."""

import numpy as np
import polars as pl

from cleaner.buffers import offsets, utf8
from cleaner.chrome.evidence import Booleans, Evidence, Integers
from cleaner.chrome.saying import trimmed
from cleaner.chrome.special import KEPT, SIGNATURE, TITLE
from cleaner.chrome.titles import dash_suffix
from cleaner.chrome.verdict import Verdict

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

LEFT = pl.Schema({"doc": pl.UInt32, "text": pl.String, "order": pl.UInt32})
"""A line that the rules leave of a document, and the first rule that speaks for it, null if none does."""

_NUMBER = r"\p{Nd}+(?:[.,:/ \-]\p{Nd}+)*"
_ASCII_NUMBER = r"[0-9]+(?:[.,:/ \-][0-9]+)*"
DASHED = r"\s(?:[-–—·•»«~]|::)\s"
"""What every title with a suffix behind a dash holds. Looking for the suffix itself takes ten times as long."""


def masked(line: pl.Expr) -> pl.Expr:
    """What a line is counted as: trimmed, each number and date of numbers one 0."""
    return line.str.strip_chars().str.replace_all(_NUMBER, "0")


def hashed(lines: pl.Series, raw: pl.Series | None = None, figure: Booleans | None = None) -> pl.DataFrame:
    """The hashes of what lines are counted as (`key`) and of what they say (`raw`), which are one without figures.

    Args:
        lines: The lines, trimmed; none is empty.
        raw: The hash of each, if that is known.
        figure: Whether each has a figure, if that is known.
    """
    raw = lines.hash() if raw is None else raw
    key = raw.clone()
    at = (lines.str.contains(r"\p{Nd}") if figure is None else pl.Series(figure)).arg_true()
    some = lines.gather(at)
    foreign = pl.Series(_may_hold_foreign_figures(some), dtype=pl.Boolean)
    # looking for the figures of ASCII alone takes half the time
    for those, number in ((~foreign, _ASCII_NUMBER), (foreign, _NUMBER)):
        key.scatter(at.filter(those), some.filter(those).str.replace_all(number, "0").hash())
    return pl.DataFrame({"key": key, "raw": raw})


def _may_hold_foreign_figures(lines: pl.Series) -> Booleans:
    """Whether lines hold letters or signs of the blocks that figures other than those of ASCII are in.

    In UTF-8 they begin with other bytes than the letters of Latin, Greek and Cyrillic, Chinese and punctuation do.
    """
    data, found = utf8(lines), np.zeros(lines.len(), np.bool_)
    high = np.flatnonzero(data >= 0xD9)  # noqa: PLR2004 (first bytes in UTF-8)
    foreign = high[(data[high] < 0xE2) | (data[high] >= 0xEA)]  # noqa: PLR2004
    found[np.searchsorted(offsets(lines)[1:], foreign, side="right")] = True
    return found


def observe(evidence: Evidence, verdict: Verdict) -> pl.DataFrame:
    """The lines that the rules leave and that may be learned, as SEEN; `doc` is the text's place.

    Raises:
        ValueError: The evidence was on disk, where words do not go.
    """
    if evidence.short is None:
        message = "this evidence has not the words of its lines: observe it before it is put on disk"
        raise ValueError(message)
    at, kinds, once, raw, figure = evidence.short
    kind = np.full(evidence.doc.size, -1)
    kind[at] = kinds
    kept = np.flatnonzero(_countable(evidence, verdict))
    doc, prose = evidence.doc[kept], evidence.prose[kept]
    above, below = prose_around(doc, prose)
    numbers = {"doc": doc, "at": kept, "above": above, "below": below}
    lines = pl.DataFrame(numbers | {"prose": prose, "loose": _loose(evidence, kept)})
    long_enough = (once.str.len_bytes() >= SHORTEST).to_numpy()
    counted = np.flatnonzero(kind[kept] >= 0)
    counted = counted[long_enough[kind[kept[counted]]]]
    said: pl.DataFrame = hashed(once, raw, figure)[kind[kept[counted]]]
    these: pl.DataFrame = lines[counted]
    return these.hstack(said).select(SEEN.names()).cast(SEEN)


def _loose(evidence: Evidence, kept: Integers) -> Booleans:
    """Whether lines are pieces of a sentence: one ends without a sign, and the next, right below, has small letters."""
    line = evidence.lines["line"].to_numpy()[evidence.content[kept]].astype(np.int64)
    doc = evidence.doc[kept]
    below = 1 + np.flatnonzero((doc[1:] == doc[:-1]) & (line[1:] == line[:-1] + 1))
    below = below[trimmed(evidence, kept[below]).str.contains(r"^\p{Ll}").to_numpy()]
    below = below[~trimmed(evidence, kept[below - 1]).str.tail(1).str.contains(r"[\p{P}\p{S}]").to_numpy()]
    loose = np.zeros(kept.size, np.bool_)
    loose[below] = loose[below - 1] = True
    return loose


def is_left(order: Integers) -> Booleans:
    """Whether a line with such an order in the verdict is left, or is the title, or went for a signature.

    What stands last below many texts is the source's, and stands below others where it is not the last.
    """
    left: Booleans = (order == KEPT) | (order == TITLE) | (order == SIGNATURE)
    return left


def _countable(evidence: Evidence, verdict: Verdict) -> Booleans:
    """Whether a line is left; a title only if the next line left could be one too, so that it may be frame above it."""
    left = np.flatnonzero(is_left(verdict.order))
    follows = np.diff(evidence.doc[left], append=-1) == 0
    second = np.roll(evidence.title_like[left], -1) & follows
    counted = np.zeros(verdict.order.size, np.bool_)
    counted[left] = (verdict.order[left] != TITLE) | second
    return counted


def prose_around(doc: Integers, prose: Booleans) -> tuple[Integers, Integers]:
    """The number of lines of prose above and below each line in its document."""
    until = np.cumsum(prose)
    firsts = np.flatnonzero(np.diff(doc, prepend=-1))
    lengths = np.diff(firsts, append=doc.size)
    above: Integers = until - prose - np.repeat((until - prose)[firsts], lengths)
    totals = np.add.reduceat(prose.astype(np.int64), firsts) if firsts.size else until
    return above, np.repeat(totals, lengths) - above - prose


def left(evidence: Evidence, verdict: Verdict, docs: pl.Series) -> pl.DataFrame:
    """The lines that the rules leave of some texts, the titles among them, as LEFT."""
    kept = left_of(verdict.order, evidence.doc, docs)
    lines: pl.DataFrame = evidence.lines.select("doc", text="rest")[evidence.content[kept]]
    return lines.with_columns(spoken(evidence.hits, evidence.doc.size).gather(kept))


def left_of(order: Integers, doc: Integers, docs: pl.Series) -> Integers:
    """The places among the content of the lines that such verdicts leave of some texts; `doc` has each one's text."""
    asked = np.zeros(doc[-1] + 1 if doc.size else 0, np.bool_)
    asked[docs.filter(docs < asked.size).to_numpy()] = True
    at = np.flatnonzero(asked[doc])
    return at[is_left(order[at])]


def spoken(hits: pl.DataFrame, size: int) -> pl.Series:
    """The `order` of the first rule that speaks for each line of content, null where none does.

    Args:
        hits: As Evidence has them, sorted, before anything was learned.
        size: The number of lines.
    """
    of_rules = hits.filter(pl.col("order") >= 0)
    first = of_rules.filter((of_rules["at"] != of_rules["at"].shift(1)).fill_null(value=True))
    return pl.repeat(None, size, dtype=pl.UInt32, eager=True).alias("order").scatter(first["at"], first["order"])


def described(texts: pl.Series, sites: pl.Series, evidence: Evidence, verdict: Verdict) -> pl.DataFrame:
    """What learning asks of each document.

    Returns:
        `doc`, its place; `site`; `digest` of its text; and, of the title found in it, `suffix`, what stands behind a
        dash, and `stem`, a digest of what stands before that.
    """
    titles, doc = evidence.lines["rest"].gather(evidence.content[verdict.titles]), evidence.doc[verdict.titles]
    dashed = titles.str.contains(DASHED)
    title, suffix = pl.col("title"), pl.col("suffix")
    behind = (
        titles.filter(dashed)
        .to_frame("title")
        .with_columns(suffix=dash_suffix(title))
        .select(suffix.str.strip_chars(), stem=title.str.strip_suffix(suffix).hash())
    )
    none = pl.DataFrame(schema=behind.schema).clear(texts.len())
    places = pl.Series(doc).filter(dashed)
    return (
        pl.DataFrame({"digest": texts.hash(), "site": sites.cast(pl.String)})
        .with_row_index("doc")
        .select("doc", "site", "digest", *(none[name].scatter(places, behind[name]) for name in ("suffix", "stem")))
    )
