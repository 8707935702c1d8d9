"""Patterns that stay prepared from one batch to the next.

To prepare a pattern takes longer than to look for it in the lines of a batch that call for it. Polars keeps those
prepared that a thread has asked for last, 32 of them. So each is asked for on one thread always, and on each few are: a
batch in four languages asks for 300, in nine for 700.
"""

from collections.abc import Sequence
from functools import partial

import numpy as np
import polars as pl

from cleaner.parallel import APART, apart

Ask = tuple[int, pl.DataFrame, pl.Expr]
"""The number of a pattern, one always; a frame; an expression that has the pattern."""


def evaluated(asks: Sequence[Ask]) -> list[pl.Series]:
    """What each of some expressions gives of its frame."""
    return apart([(number, partial(_evaluated_here, frame, expression)) for number, frame, expression in asks])


def _evaluated_here(frame: pl.DataFrame, expression: pl.Expr) -> pl.Series:
    # with as many expressions as it has threads Polars evaluates each wholly on the thread that asks
    more = (pl.lit(0).alias(str(number)) for number in range(pl.thread_pool_size()))
    return frame.select_seq(expression.alias("found"), *more)["found"]


def beside(texts: pl.Series, patterns: pl.Series, numbers: pl.Series, expression: pl.Expr) -> pl.Series:
    """What an expression gives of each text and the pattern beside it, which has the number beside it.

    Args:
        texts: What the expression has as `text`.
        patterns: What it has as `pattern`.
        numbers: The numbers of the patterns.
        expression: It asks for each pattern in the text beside it.
    """
    thread = (numbers % APART).to_numpy()
    turn = np.argsort(thread, kind="stable")
    rows = pl.DataFrame([texts.gather(turn).alias("text"), patterns.gather(turn).alias("pattern")])
    if rows.is_empty():
        return _evaluated_here(rows, expression)
    asks, start = list[Ask](), 0
    for number, count in enumerate(np.bincount(thread).tolist()):
        if count:
            asks.append((number, rows.slice(start, count), expression))
        start += count
    return pl.concat(evaluated(asks)).gather(np.argsort(turn))
