"""What rules cut off the ends of lines, and out of lines that hold a whole article."""

import numpy as np
import polars as pl

from cleaner.chrome.compiled import Match, Rules
from cleaner.chrome.held import Integers
from cleaner.chrome.keys import LONGEST_LINE
from cleaner.chrome.literals import joined
from cleaner.chrome.prepared import evaluated

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


_LEFT = ("from", "to", "rest")
"""What becomes another of a line when something is cut off it."""


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
    cuts = [pl.DataFrame(schema=CUT)]
    asking = held.partition_by("gate", as_dict=True, include_key=False)
    left = lines[held["at"].unique(maintain_order=True)]
    while left.height:
        before, there = left, left["at"].to_numpy()
        for gate, match in enumerate(matches):
            if (gate,) in asking:
                places = np.flatnonzero(np.isin(there, asking[gate,]["at"].to_numpy(), assume_unique=True))
                left, cut = _cut_end(left, places, gate, match)
                cuts.append(cut)
        lines = lines.with_columns(lines[name].scatter(left["at"], left[name]) for name in _LEFT)
        left = left.join(before, on=["at", "from", "to"], how="anti", maintain_order="left")
    return lines, pl.concat(cuts)


def _cut_end(lines: pl.DataFrame, places: Integers, gate: int, match: Match) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The lines without what one match cuts of those at some places, and the cuts."""
    asked = lines["rest"].gather(places).to_frame()
    found = evaluated([(gate, asked, pl.col("rest").str.extract(match.pattern, 0))])[0]
    hit = (found != "").fill_null(value=False)
    if not hit.any():
        return lines, pl.DataFrame(schema=CUT)
    places = places[hit.to_numpy()]
    whole = lines[places].with_columns(found=found.filter(hit))
    size, rest = pl.col("found").str.len_bytes(), pl.col("rest").str
    start = pl.col("from") if match.leads else pl.col("to") - size
    date = rest.extract_groups(match.pattern).struct.field("date") if match.dated else pl.lit(None)
    cut = whole.select(
        "at", "doc", start=start, end=start + size, order=match.order, evidence=pl.lit(match.pattern), date=date
    )
    shorter = whole.select(
        pl.col("from") + (size if match.leads else 0),
        to=pl.col("to") - (0 if match.leads else size),
        rest=rest.strip_prefix(pl.col("found")) if match.leads else rest.strip_suffix(pl.col("found")),
    )
    return lines.with_columns(lines[name].scatter(places, shorter[name]) for name in _LEFT), cut.cast(CUT)


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
