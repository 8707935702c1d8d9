"""What rules cut off the ends of lines, and out of lines that hold a whole article."""

import polars as pl

from cleaner.chrome.compiled import Match, Rules
from cleaner.chrome.keys import LONGEST_LINE
from cleaner.chrome.literals import joined
from cleaner.chrome.prepared import beside, evaluated

CUT = pl.Schema(
    {
        "at": pl.UInt32,
        "doc": pl.UInt32,
        "start": pl.UInt32,
        "end": pl.UInt32,
        "order": pl.Int64,
        "evidence": pl.String,
        "date": pl.String,
    }
)
"""A span that goes: the place of its line, its document, its offsets there, the rule and its pattern, a date in it."""

SHORTEST = 8
"""Bytes of the shortest text that something is cut off behind: of `À LIRE AUSSI` no letter is left."""

_LEFT = ("from", "to", "rest")
"""What becomes another of a line when something is cut off it."""

_END = pl.Schema([*CUT.items(), ("from", pl.UInt32), ("to", pl.UInt32), ("rest", pl.String), ("gate", pl.UInt32)])
"""An end that goes, what is left of its line, and the place of the match among those that cut at ends."""


def cut_matches(lines: pl.DataFrame, rules: Rules) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Cut what rules find in lines: at their ends, again until nothing more is found there, and inside long ones.

    Args:
        lines: Lines as `to_lines` gives them, and `at`, the place of each.
        rules: Some of which cut matches.

    Returns:
        The lines with `over`, where their text ends and the line end begins, and with `from`, `to` and `rest` for
        `text`, the offsets and the text of what is left between the ends that were cut off; and the cuts as CUT,
        sorted.
    """
    over = pl.col("start") + pl.col("text").str.len_bytes()
    lines = lines.with_columns(pl.col("start").alias("from"), over=over, to=over).rename({"text": "rest"})
    held, many = rules.held(lines["rest"]), len(rules.ends)
    lines, ends = _cut_ends(lines, rules.ends, held.filter(pl.col("gate") < many))
    inner = _cut_inside(lines, rules.insides, held["at"].filter(held["gate"] >= many).unique().sort())
    return lines, pl.concat([ends, inner]).sort("at", "start")


def _cut_ends(lines: pl.DataFrame, matches: tuple[Match, ...], held: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The lines without the ends that matches cut off, and the cuts.

    Args:
        lines: All of them.
        matches: The rules that cut at ends.
        held: Which lines may have which of them, as `held.HELD`; what is left of a line has none that it had not.
    """
    left = lines[held["at"].unique(maintain_order=True)].select("at", "doc", *_LEFT)
    cuts, shorter = [pl.DataFrame(schema=CUT)], [left.clear()]
    while left.height:
        cut, left = _cut_once(left, matches, held)
        cuts.append(cut)
        shorter.append(left)
    last = pl.concat(shorter).unique("at", keep="last", maintain_order=True)
    return lines.with_columns(lines[name].scatter(last["at"], last[name]) for name in _LEFT), pl.concat(cuts)


def _cut_once(lines: pl.DataFrame, matches: tuple[Match, ...], held: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What the first match that finds something cuts off each of some lines, and what is left of those cut."""
    asked = lines.join(held, on="at", maintain_order="left_right")
    patterns = pl.Series([match.pattern for match in matches], dtype=pl.String).gather(asked["gate"])
    leads = pl.Series([match.leads for match in matches], dtype=pl.Boolean).gather(asked["gate"])
    # what stands behind an indent alone is the line, and no end of it
    asked = asked.with_columns(seen=pl.when(leads).then("rest").otherwise(pl.col("rest").str.strip_chars_start()))
    there = beside(asked["seen"], patterns, asked["gate"], pl.col("text").str.contains(pl.col("pattern")))
    of_match = [(gate, those) for (gate,), those in asked.filter(there).group_by("gate", maintain_order=True)]
    found = evaluated([(gate, those, pl.col("seen").str.extract(matches[gate].pattern, 0)) for gate, those in of_match])
    ends = [_cut_end(those, end, matches[gate]) for (gate, those), end in zip(of_match, found, strict=True)]
    first = (
        pl.concat([pl.DataFrame(schema=_END), *ends]).sort("at", "gate").unique("at", keep="first", maintain_order=True)
    )
    return first.select(CUT.names()), first.select(lines.columns)


def _cut_end(lines: pl.DataFrame, found: pl.Series, match: Match) -> pl.DataFrame:
    """What a match cuts off the lines that it finds something in, and what is left of these, as _END."""
    size, rest = pl.col("found").str.len_bytes(), pl.col("rest").str
    date = rest.extract_groups(match.pattern).struct.field("date") if match.dated else pl.lit(None)
    start = pl.col("from") if match.leads else pl.col("to") - size
    cut = (
        lines.with_columns(found=found)
        .filter(pl.col("found") != "")
        .with_columns(start=start, end=start + size, order=match.order, evidence=pl.lit(match.pattern), date=date)
    )
    if match.leads:
        left = cut.with_columns(pl.col("end").alias("from"), rest=rest.strip_prefix(pl.col("found")))
    else:
        left = cut.with_columns(pl.col("start").alias("to"), rest=rest.strip_suffix(pl.col("found")))
        words = rest.strip_chars().str.len_bytes()
        left = left.filter((words == 0) | (words >= SHORTEST))
    return left.select(_END.names()).cast(_END)


def _cut_inside(lines: pl.DataFrame, matches: tuple[Match, ...], held: pl.Series) -> pl.DataFrame:
    """What is cut out of lines that are too long to go as a whole: each match behind the end of a sentence.

    Such lines hold whole articles that lost their line breaks. Only what the pattern says goes: where the headline
    behind it ends, nothing tells.

    Args:
        lines: All of them.
        matches: The rules that cut inside.
        held: The places of those that hold words which one of them asks for.
    """
    long = lines[held].filter(pl.col("to") - pl.col("from") > LONGEST_LINE)
    if long.is_empty():  # patterns take their time to prepare
        return pl.DataFrame(schema=CUT)
    cuts = [pl.DataFrame(schema=CUT)]
    any_of = behind_sentence(joined([match.pattern for match in matches]))
    left = long.select("at", "doc", "rest", start="from").filter(pl.col("rest").str.contains(any_of))
    while left.height:
        found = left.with_columns(found=pl.col("rest").str.extract(any_of, 0), cut=pl.col("rest").str.extract(any_of))
        # the text of the match stands nowhere before the match
        ends = pl.col("rest").str.find(pl.col("found"), literal=True) + pl.col("found").str.len_bytes()
        cut = found.with_columns(end=pl.col("start") + ends).drop_nulls("end")
        cuts.append(_cuts_of(cut, matches))
        rest = pl.col("rest").cast(pl.Binary).bin.slice(ends).cast(pl.String)
        left = cut.select("at", "doc", start="end", rest=rest).filter(pl.col("rest").str.contains(any_of))
    return pl.concat(cuts)


def behind_sentence(pattern: str) -> str:
    """A pattern for what stands at the beginning of a text or behind the end of a sentence, in the first group.

    It takes the white space behind it along.
    """
    return rf"""(?:^\s*|[.!?…؟।]["'»”’)\]]*\s+|[。！？][」』”）]*\s*)((?:{pattern})(?:\s+|$))"""


def _cuts_of(found: pl.DataFrame, matches: tuple[Match, ...]) -> pl.DataFrame:
    """The cuts of matches, each with the first rule that finds it."""
    speaks = [(match, pl.col("cut").str.contains(rf"^(?:{match.pattern})\s*$")) for match in matches]
    order = pl.coalesce(pl.when(yes).then(match.order) for match, yes in speaks)
    evidence = pl.coalesce(pl.when(yes).then(pl.lit(match.pattern)) for match, yes in speaks)
    start = pl.col("end") - pl.col("cut").str.len_bytes()
    return found.select("at", "doc", start=start, end="end", order=order, evidence=evidence, date=None).cast(CUT)
