"""Which lines hold words that patterns ask for, case apart: the plain way, which is the specification.

`holding.py` says the same compiled, for many lines. Other than `wording.py` it looks at all lines, however long, and
makes nothing lower: words with letters beyond ASCII are looked for in the cases they are written in.
"""

from collections.abc import Iterable
from string import ascii_lowercase, ascii_uppercase

import numpy as np
import numpy.typing as npt
import polars as pl

from cleaner.chrome.literals import calls, is_led

Integers = npt.NDArray[np.int64]

HELD = pl.Schema({"at": pl.UInt32, "gate": pl.UInt32})
"""A line, and one of the patterns that ask for a word it holds; sorted."""

_SMALL = str.maketrans(ascii_uppercase, ascii_lowercase)


def asked(patterns: Iterable[str]) -> pl.DataFrame:
    """The words of which a line must hold one for a pattern to match its beginning or end: `word`, `gate`, `led`.

    The gate is the pattern's place among these. Letters of ASCII are in lower case; what has others stands in the
    cases that are written: all small, all capitals, and with capitals first. The word is empty if the pattern asks
    for none. It is led if something stands before it in all that matches: it begins no line then.
    """
    rows = set()
    for gate, pattern in enumerate(patterns):
        called = calls(pattern)
        words = {word for call in called for word in call.words} if called and all(c.words for c in called) else {""}
        led = is_led(pattern)
        rows |= {(one, gate, led and one[:1].isalnum()) for word in words for one in _cases(word)}
    schema = {"word": pl.String, "gate": pl.UInt32, "led": pl.Boolean}
    return pl.DataFrame(sorted(rows), schema=schema, orient="row")


def _cases(word: str) -> set[str]:
    word = word.replace("i\u0307", "İ")  # this one becomes two in lower case
    written = {word} if word.isascii() else {word, word.upper(), word.capitalize(), word.title()}
    return {one.translate(_SMALL) for one in written}


def plainly(texts: pl.Series, words: pl.DataFrame) -> pl.DataFrame:
    """Which lines may be matched by which patterns, as HELD; `words` are those asked for."""
    held = [_found(texts, words.filter(~pl.col("led"))), _found(texts.str.slice(1), words.filter("led"))]
    return together(pl.concat(held), texts.len(), words)


def _found(texts: pl.Series, words: pl.DataFrame) -> pl.DataFrame:
    """The lines and the patterns of the words that stand anywhere in them (`at`, `gate`)."""
    lines = texts.alias("text").to_frame().with_row_index("at")
    sought = words.filter(pl.col("word") != "")["word"].unique(maintain_order=True).implode()
    found = pl.col("text").str.extract_many(sought, ascii_case_insensitive=True, overlapping=True)
    lower = pl.col("word").str.replace_many(list(ascii_uppercase), list(ascii_lowercase))
    held = lines.select("at", word=found).explode("word").drop_nulls().select("at", lower).unique()
    return held.join(words, on="word").select("at", "gate")


def together(held: pl.DataFrame, count: int, words: pl.DataFrame) -> pl.DataFrame:
    """What lines hold (`at`, `gate`) as HELD, with the patterns that ask for no words, which may match any line."""
    held, any_line = held.select("at", "gate"), words.filter(pl.col("word") == "")["gate"]
    if any_line.len():
        lines = pl.DataFrame({"at": pl.int_range(count, dtype=pl.UInt32, eager=True)})
        held = pl.concat([held, lines.join(any_line.to_frame(), how="cross")])
    return held.unique().sort("at", "gate")
