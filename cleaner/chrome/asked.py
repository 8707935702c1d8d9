"""Patterns that short lines are asked for, whatever words they hold."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from cleaner.chrome.calling import LONGEST_LABEL, Calling
from cleaner.chrome.literals import is_anchored, joined
from cleaner.chrome.wording import Wording

JOINED = 6
"""Patterns that are asked for as one. All that begin with the line are as quick together as one alone; others are not,
and of many the states are too many to be kept."""


@dataclass(frozen=True)
class Asked:
    """Some patterns that labels are asked for: those with a `figure`, or a `sign`, if there must be one.

    Attributes:
        any_of: A pattern for what any of them matches, or more.
        patterns: Each as `order`, `evidence`, `loose` and `exact`.
    """

    figure: bool
    sign: bool
    any_of: str
    patterns: list[tuple[int, str, str, str | None]]


def asked_of(calling: Calling) -> list[Asked]:
    """The patterns that nothing in a line calls for."""
    gates = calling.gates.filter(~pl.col("begun") & ~pl.col("worded"))
    asked = gates.join(calling.patterns, on="look", maintain_order="left")
    found = []
    for (figure, sign), rows in asked.group_by("figure", "sign", maintain_order=True):
        looks = list(rows.select("order", "evidence", "loose", "exact").iter_rows())
        alike = [look for look in looks if is_anchored(look[2])]
        groups = [[look] for look in looks if look not in alike]
        groups += [alike[start : start + JOINED] for start in range(0, len(alike), JOINED)]
        found += [Asked(bool(figure), bool(sign), joined(loose for _, _, loose, _ in some), some) for some in groups]
    return found


def asked_hits(asked: list[Asked], short: pl.DataFrame, said: Wording) -> Iterator[pl.DataFrame]:
    """Which of the patterns speak for which lines (`at`, `text`), as HIT; given what the lines say."""
    is_label = (short["text"].str.len_bytes() <= LONGEST_LABEL).to_numpy()
    of_kind = {
        (figure, sign): short.filter(is_label & (said.figure | (not figure)) & (said.sign | (not sign)))
        for figure, sign in {(one.figure, one.sign) for one in asked}
    }
    for one in asked:
        labels = of_kind[one.figure, one.sign]
        labels = labels.filter(pl.col("text").str.contains(one.any_of)) if labels.height else labels
        if labels.is_empty():
            continue
        for order, evidence, loose, exact in one.patterns:
            hits = labels.filter(pl.col("text").str.contains(loose)) if len(one.patterns) > 1 else labels
            hits = hits.filter(pl.col("text").str.contains(exact)) if exact else hits
            yield hits.select("at", order=pl.lit(order, pl.UInt32), evidence=pl.lit(evidence))
