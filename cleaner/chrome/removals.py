"""Verdicts to removals: the spans of each text that go, and why."""

import numpy as np
import polars as pl

from cleaner.chrome.compiled import Rules
from cleaner.chrome.evidence import Evidence, Integers, in_order
from cleaner.chrome.special import BLANK, KEPT, SAID, SPECIAL, SUFFIX, TITLE
from cleaner.chrome.titles import BAR, without_bar_suffix, without_suffix
from cleaner.chrome.verdict import Verdict

_PIECE = pl.Schema({"at": pl.UInt32, "start": pl.UInt32, "end": pl.UInt32, "order": pl.Int64, "why": pl.UInt32})
"""A span of one line that goes, and what takes it; `why` is the place of the words that say so."""

_SAID = pl.Series([SAID[TITLE], "behind the title", "nothing but white space"])
_FIRST_LINE, _BEHIND, _WHITE = range(3)


def removals(texts: pl.Series, evidence: Evidence, verdict: Verdict, rules: Rules) -> pl.DataFrame:
    """All removals, sorted, with their text and what gave each away.

    Args:
        texts: The texts, in one chunk.
        evidence: The evidence on them.
        verdict: The verdict on them.
        rules: What chrome looks like.
    """
    # words are looked up once all pieces are together: numbers are moved quicker
    said = pl.concat([_SAID, evidence.cuts["evidence"], verdict.evidence], rechunk=True)
    pieces = pl.concat(
        [
            _cuts_of_kept_lines(evidence, verdict),
            _whole_lines(evidence, verdict),
            _title_lines(evidence, verdict),
            _blank_lines(evidence, verdict, texts.len()),
        ]
    )
    rows = (
        in_order(pieces, "start")
        .with_columns(
            doc=pl.lit(evidence.lines["doc"]).gather(pl.col("at")),
            line=pl.lit(evidence.lines["line"]).gather(pl.col("at")),
        )
        .pipe(_joined)
    )
    names, categories = _names(rules)
    place = (rows["order"] - min(SPECIAL)).cast(pl.UInt32)
    whole, size = texts.cast(pl.Binary).gather(rows["doc"]), rows["end"] - rows["start"]
    return rows.select(
        "doc",
        "start",
        "end",
        "line",
        rule=names.gather(place),
        category=categories.gather(place),
        text=pl.select(pl.lit(whole).bin.slice(pl.lit(rows["start"]), pl.lit(size)).cast(pl.String)).to_series(),
        evidence=said.gather(rows["why"]),
    )


def _names(rules: Rules) -> tuple[pl.Series, pl.Series]:
    """Names and categories by order, the special ones and KEPT before those of rules."""
    special = [SPECIAL.get(order, ("", "")) for order in range(min(SPECIAL), 0)]
    names, categories = (pl.Series(parts, dtype=pl.String) for parts in zip(*special, strict=True))
    return pl.concat([names, rules.table["name"]], rechunk=True), pl.concat(
        [categories, rules.table["category"]], rechunk=True
    )


def _joined(pieces: pl.DataFrame) -> pl.DataFrame:
    """The pieces, those that touch and go for one reason made one; blank lines also from line to line."""
    touches = (pl.col("start") == pl.col("end").shift(1)) & (pl.col("order") == pl.col("order").shift(1))
    same = (pl.col("at") == pl.col("at").shift(1)) | (
        (pl.col("order") == BLANK) & (pl.col("doc") == pl.col("doc").shift(1))
    )
    first = pieces.select((touches & same).fill_null(value=False).not_()).to_series()
    return pieces.filter(first).with_columns(end=pieces["end"].filter(first.shift(-1, fill_value=True)))


def _offsets(evidence: Evidence, name: str, at: Integers) -> Integers:
    """Some offset of the lines at some places."""
    return evidence.lines[name].to_numpy()[at]


def _pieces(at: Integers, start: Integers, end: Integers, order: Integers | int, why: Integers | int) -> pl.DataFrame:
    """Spans as _PIECE, empty ones left out."""
    some = start < end
    columns = {"at": at, "start": start, "end": end, "order": order, "why": why}
    return pl.DataFrame({name: np.broadcast_to(of, at.shape)[some] for name, of in columns.items()}, schema=_PIECE)


def _lines(evidence: Evidence, at: Integers, order: Integers | int, why: Integers | int) -> list[pl.DataFrame]:
    """Whole lines, each with its end, less what matches cut off them."""
    bounds = (("from", "to"), ("over", "end"))
    return [
        _pieces(at, _offsets(evidence, first, at), _offsets(evidence, last, at), order, why) for first, last in bounds
    ]


def _cuts_of_kept_lines(evidence: Evidence, verdict: Verdict) -> pl.DataFrame:
    """What is cut off lines, and out of those that stay."""
    taken = np.zeros(evidence.lines.height, np.bool_)
    taken[evidence.content[(verdict.order != KEPT) & (verdict.order != TITLE)]] = True
    at, start, end = (evidence.cuts[name].to_numpy() for name in ("at", "start", "end"))
    within = taken[at] & (start >= _offsets(evidence, "from", at)) & (end <= _offsets(evidence, "to", at))
    some = pl.Series(~within & (start < end))
    return evidence.cuts.with_row_index("why", offset=_SAID.len()).filter(some).select(_PIECE.names())


def _whole_lines(evidence: Evidence, verdict: Verdict) -> pl.DataFrame:
    """The lines that a verdict takes, each with its end."""
    taken = np.flatnonzero((verdict.order != KEPT) & (verdict.order != TITLE))
    why = _SAID.len() + evidence.cuts.height + taken
    return pl.concat(_lines(evidence, evidence.content[taken], verdict.order[taken], why))


def _title_lines(evidence: Evidence, verdict: Verdict) -> pl.DataFrame:
    """The titles, and what stands behind them on their lines."""
    at = evidence.content[verdict.titles]
    rest = evidence.lines["rest"].gather(at)
    since, to = _offsets(evidence, "from", at), _offsets(evidence, "to", at)
    till = to.copy()
    suffixed = np.flatnonzero(rest.str.contains(BAR).to_numpy() | verdict.dashed)
    shorter = _without_suffixes(rest.gather(suffixed), pl.Series(verdict.dashed[suffixed]))
    shed = (shorter != rest.gather(suffixed).str.strip_chars_end()).to_numpy()
    size = shorter.str.len_bytes().to_numpy()
    till[suffixed[shed]] = (since[suffixed] + size)[shed]
    order, why = np.where(till < to, SUFFIX, TITLE), np.where(till < to, _BEHIND, _FIRST_LINE)
    over, end = _offsets(evidence, "over", at), _offsets(evidence, "end", at)
    return pl.concat(
        [
            _pieces(at, since, till, TITLE, _FIRST_LINE),
            _pieces(at, till, to, order, why),
            _pieces(at, over, end, order, why),
        ]
    )


def _without_suffixes(titles: pl.Series, dashed: pl.Series) -> pl.Series:
    """The titles without what stands behind a bar and, where `dashed` says so, behind a dash."""
    title = pl.col("title")
    barred, both = titles.filter(~dashed).to_frame("title"), titles.filter(dashed).to_frame("title")
    shorter = titles.clone().scatter((~dashed).arg_true(), barred.select(without_bar_suffix(title)).to_series())
    return shorter.scatter(dashed.arg_true(), both.select(without_suffix(title)).to_series())


def _blank_lines(evidence: Evidence, verdict: Verdict, documents: int) -> pl.DataFrame:
    """The blank lines that go: all but the first between two lines that stay; and the end of the last line."""
    stays = evidence.content[verdict.order == KEPT]
    doc = evidence.lines["doc"].to_numpy()
    before = np.zeros(doc.size + 1, np.int64)  # lines that stay before each line
    before[1 + stays] = 1
    before = np.cumsum(before)
    of_each = np.bincount(doc[stays], minlength=documents)
    until = np.cumsum(of_each)
    gone = np.ones(doc.size, np.bool_)
    gone[evidence.content] = False
    blank = np.flatnonzero(gone)
    above, its = before[blank], doc[blank]
    between = blank[(above > (until - of_each)[its]) & (above < until[its])]
    # a line that a match emptied was never a blank line of the author's
    emptied = np.zeros(doc.size, np.bool_)
    emptied[evidence.cuts["at"].to_numpy()] = True
    between = between[~emptied[between]]
    gone[between[np.flatnonzero(np.diff(before[between], prepend=-1))]] = False
    ends = stays[np.flatnonzero(np.diff(doc[stays].astype(np.int64), append=-1))] if stays.size else stays
    last = _pieces(ends, _offsets(evidence, "over", ends), _offsets(evidence, "end", ends), BLANK, _WHITE)
    return pl.concat([*_lines(evidence, np.flatnonzero(gone), BLANK, _WHITE), last])
