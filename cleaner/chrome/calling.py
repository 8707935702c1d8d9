"""What calls for patterns, so that each is asked only of lines that it may match.

Looking for thousands of words at once costs less than looking for one pattern. Each alternative of a pattern has a
gate: what the line must begin with, what it must hold, whether it must have a figure or a sign.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import polars as pl

from cleaner.chrome.keys import key
from cleaner.chrome.literals import Call, alternatives, calls, loosened

LONGEST_LABEL = 160
"""Bytes of the longest line that a pattern is asked for if no word calls for it: it is for dates, names and signs."""

LONGEST_CALL = 8
"""Characters of what a line begins with that are looked at in choosing patterns."""

_ANY = (Call(label=True),)
"""What calls for a pattern that has nothing telling: every label."""


@dataclass(frozen=True)
class Calling:
    """The patterns for whole lines, and what calls for each.

    Attributes:
        patterns: What is looked for: `look`, its number; `order` and `evidence`, the pattern that it is an alternative
            of; and how: `loose` is the alternative or matches more, `exact` is the alternative, null if `loose` is.
        gates: `gate`, the `look` that it is for, and what it asks for: whether the line is `begun` in one way or
            another, holds one of some words (`worded`), has a `figure` or a `sign`, is short (`label`).
        begins: What openings begin with (`call`), its `size` in characters, `gate`.
        firsts: First words, and first two, that are whole (`call`), `gate`.
        words: Words anywhere in the line in lower case (`call`), `gate`.
        phrased: What the phrases of rules begin with: their first two words, or the only one.
        lone: The only words of those that lines begin with: of others a line that goes on has the second word too.
        heads: The first characters of those in scripts without spaces: these do not end where a word does.
    """

    patterns: pl.DataFrame
    gates: pl.DataFrame
    begins: pl.DataFrame
    firsts: pl.DataFrame
    words: pl.DataFrame
    phrased: pl.Series
    lone: pl.Series
    heads: pl.Series


def calling(patterns: Iterable[tuple[int, str]], phrased: pl.Series, lone: pl.Series, heads: pl.Series) -> Calling:
    """What calls for patterns, which are given with their orders.

    Args:
        patterns: Their orders and themselves.
        phrased: As `Calling` has it.
        lone: Likewise.
        heads: Likewise.
    """
    looks, called = list[tuple[int, int, str, str, str | None]](), list[tuple[int, Call]]()
    for order, pattern in patterns:
        # of a pattern with many alternatives few are called for, and what is not need not be made ready
        for one in alternatives(pattern):
            loose = loosened(one)
            called += [(len(looks), call) for call in calls(one) or _ANY]
            looks.append((len(looks), order, pattern, loose, None if loose == one else one))
    facts = [
        (gate, look, bool(call.openings or call.first), bool(call.words), call.figure, call.sign, call.label)
        for gate, (look, call) in enumerate(called)
    ]
    begins = _calls(((gate, call.openings) for gate, (_, call) in enumerate(called)))
    firsts = _calls(((gate, call.first) for gate, (_, call) in enumerate(called)))
    starts = begins.with_columns(key(pl.col("call")).str.head(LONGEST_CALL)).unique(maintain_order=True)
    return Calling(
        patterns=_frame(
            looks,
            dict.fromkeys(("look", "order"), pl.UInt32) | dict.fromkeys(("evidence", "loose", "exact"), pl.String),
        ),
        gates=_frame(
            facts,
            {"gate": pl.UInt32, "look": pl.UInt32}
            | dict.fromkeys(("begun", "worded", "figure", "sign", "label"), pl.Boolean),
        ),
        begins=starts.with_columns(size=pl.col("call").str.len_chars()),
        firsts=firsts.with_columns(key(pl.col("call"))).unique(maintain_order=True),
        words=_calls(((gate, call.words) for gate, (_, call) in enumerate(called))),
        phrased=phrased,
        lone=lone,
        heads=heads,
    )


def _calls(of_gates: Iterable[tuple[int, frozenset[str]]]) -> pl.DataFrame:
    rows = [(gate, call) for gate, found in of_gates for call in sorted(found)]
    return _frame(rows, {"gate": pl.UInt32, "call": pl.String})


def _frame(rows: list[Any], schema: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=schema, orient="row")
