"""Patterns that short lines are asked for, whatever words they hold."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from cleaner.chrome.calling import LONGEST_LABEL, Calling
from cleaner.chrome.literals import is_anchored, joined
from cleaner.chrome.prepared import evaluated
from cleaner.chrome.wording import Wording

JOINED = 6
"""Patterns that are asked for as one. All that begin with the line are as quick together as one alone; others are not,
and of many the states are too many to be kept."""


_NONE = np.zeros(0, np.uint32)


@dataclass(frozen=True)
class Asked:
    """Some patterns that labels are asked for: those with a `figure`, or a `sign`, if there must be one.

    Attributes:
        any_of: A pattern for what any of them matches, or more.
        looks: Their numbers, as `Calling` has them.
    """

    figure: bool
    sign: bool
    any_of: str
    looks: list[int]


def asked_of(calling: Calling) -> list[Asked]:
    """The patterns that nothing in a line calls for."""
    gates = calling.gates.filter(~pl.col("begun") & ~pl.col("worded"))
    asked = gates.join(calling.patterns, on="look", maintain_order="left")
    found = []
    for (figure, sign), rows in asked.group_by("figure", "sign", maintain_order=True):
        looks = list(rows.select("look", "loose").iter_rows())
        alike = [look for look in looks if is_anchored(look[1])]
        groups = [[look] for look in looks if look not in alike]
        groups += [alike[start : start + JOINED] for start in range(0, len(alike), JOINED)]
        for some in groups:
            numbers, patterns = zip(*some, strict=True)
            found.append(Asked(bool(figure), bool(sign), joined(patterns), list(numbers)))
    return found


def asked_looks(asked: list[Asked], texts: pl.Series, said: Wording) -> pl.DataFrame:
    """Which lines may match which of the patterns (`at`, the place of the line, `look`), given what they say."""
    lines = texts.to_frame("text").with_row_index("at")
    is_label = (texts.str.len_bytes() <= LONGEST_LABEL).to_numpy()
    of_kind = {
        (figure, sign): lines.filter(is_label & (said.figure | (not figure)) & (said.sign | (not sign)))
        for figure, sign in {(one.figure, one.sign) for one in asked}
    }
    asks = [
        (number, some, pl.col("text").str.contains(one.any_of))
        for number, one in enumerate(asked)
        if (some := of_kind[one.figure, one.sign]).height
    ]
    places = [some["at"].filter(match).to_numpy() for (_, some, _), match in zip(asks, evaluated(asks), strict=True)]
    looks = [asked[number].looks for number, _, _ in asks]
    at = [np.repeat(some, len(those)) for some, those in zip(places, looks, strict=True)]
    look = [np.tile(those, some.size) for some, those in zip(places, looks, strict=True)]
    kinds = {"at": pl.UInt32, "look": pl.UInt32}
    return pl.DataFrame({"at": np.concatenate([_NONE, *at]), "look": np.concatenate([_NONE, *look])}, schema=kinds)
