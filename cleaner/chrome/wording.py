"""What is asked of the words of lines, whatever stands around them: the plain way, which is the specification.

`scan.py` says the same compiled, for many lines.
"""

import re
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt
import polars as pl

from cleaner.chrome.calling import LONGEST_LABEL, Calling
from cleaner.chrome.keys import UNSPACED, first_word, openings
from cleaner.chrome.parts import SIGNS
from cleaner.chrome.titles import CLOSER, SHORTEST_COPY, is_title_like

Booleans = npt.NDArray[np.bool_]

STOP = "[.!?…。！？।؟۔]"
"""What ends a sentence."""

SENTENCE_END: Final = rf"{STOP}(?:{CLOSER}|\s)*$"

TAG = r"[\p{Ll}\p{M}\p{N}'’\-]"
"""Characters of the words of tag lines."""

TAG_START = r"[\p{Ll}\p{N}]"
"""What a tag line begins with."""

_TAG_LINE = rf"^\s*{TAG_START}{TAG}*(?:[ \x{{a0}}]+{TAG}+){{2,29}}\s*$"
SIGN = f"[{re.escape(''.join(sorted(SIGNS)))}]"
FIGURE = r"\p{Nd}"

MARKS = ("title_like", "tag_like", "figure", "sign", "phrased")
"""What is said of lines by yes or no."""


@dataclass(frozen=True)
class Wording:
    """What lines say of themselves, in their order.

    Attributes:
        title_like: Whether each could be a title.
        tag_like: Whether it is a few words of small letters and nothing else.
        figure: Whether it has a figure.
        sign: Whether it has one of SIGNS.
        phrased: Whether it begins as one of the phrases does, or may.
        begins: A number for the words that copies of the line begin with; null if there are none.
        called: What something in a line calls for: `at`, the place of the line, `look`; sorted by look.
    """

    title_like: Booleans
    tag_like: Booleans
    figure: Booleans
    sign: Booleans
    phrased: Booleans
    begins: pl.Series
    called: pl.DataFrame

    def head(self, count: int) -> Self:
        """What the first of the lines say."""
        marks = {name: getattr(self, name)[:count] for name in MARKS}
        called = self.called.filter(pl.col("at") < count)
        return type(self)(**marks, begins=self.begins.head(count), called=called)


def plainly(texts: pl.Series, calls: Calling) -> tuple[Wording, pl.Series]:
    """What lines say, and the words that copies of each begin with: its first two, of which a long one is enough.

    Args:
        texts: The lines, trimmed.
        calls: What calls for patterns, and what phrases begin with.
    """
    lines = texts.alias("text").to_frame().with_row_index("at").with_columns(opening=openings(texts))
    lines = lines.with_columns(first=first_word(pl.col("opening")))
    text, first, opening = pl.col("text"), pl.col("first"), pl.col("opening")
    looks = lines.select(
        title_like=is_title_like(text),
        tag_like=text.str.contains(_TAG_LINE),
        figure=text.str.contains(FIGURE),
        sign=text.str.contains(SIGN),
        phrased=_may_hold_a_phrase(calls),
        begins=pl.when(first.str.len_bytes() >= SHORTEST_COPY).then(first).otherwise(opening),
    )
    marks = {name: looks[name].to_numpy() for name in MARKS}
    words = looks["begins"]
    called = _called(lines.hstack(looks.select("figure", "sign")), calls)
    hashed = pl.select(pl.when(words.is_not_null()).then(words.hash())).to_series()
    return Wording(**marks, begins=hashed, called=called), words


def _may_hold_a_phrase(calls: Calling) -> pl.Expr:
    """Whether a line begins with the words that a phrase begins with."""
    begins = pl.col("opening").is_in(calls.phrased.implode()) | pl.col("first").is_in(calls.lone.implode())
    return (begins | is_headed(pl.col("opening"), calls)).fill_null(value=True)


def is_headed(opening: pl.Expr, calls: Calling) -> pl.Expr:
    """Whether an opening is of a script without spaces and begins with the first character of a phrase."""
    return opening.str.contains(UNSPACED) & opening.str.head(1).is_in(calls.heads.implode())


def _called(lines: pl.DataFrame, calls: Calling) -> pl.DataFrame:
    """The lines and looks (`at`, `look`) of which the line has what a gate asks for, by more than how it looks."""
    begun, held = _begun(lines, calls), _held(lines, calls)
    gates = calls.gates.filter(pl.col("begun") | pl.col("worded"))
    open_ = pl.concat(
        [
            begun.join(gates.filter("begun", ~pl.col("worded")), on="gate"),
            held.join(gates.filter("worded", ~pl.col("begun")), on="gate"),
            begun.join(held, on=["at", "gate"]).join(gates.filter("begun", "worded"), on="gate"),
        ]
    )
    looks = lines.select("at", has_figure="figure", has_sign="sign", size=pl.col("text").str.len_bytes())
    wanted = (
        (~pl.col("figure") | pl.col("has_figure"))
        & (~pl.col("sign") | pl.col("has_sign"))
        & (~pl.col("label") | (pl.col("size") <= LONGEST_LABEL))
    )
    return open_.join(looks, on="at").filter(wanted).select("at", "look").unique().sort("look", "at")


def _begun(lines: pl.DataFrame, calls: Calling) -> pl.DataFrame:
    """The lines and gates (`at`, `gate`) of which the line begins as the gate asks."""
    opening = pl.col("opening")
    sizes = {size: some["call"].implode() for (size,), some in calls.begins.group_by("size")}
    begun = lines.select("at", "opening").filter(
        pl.any_horizontal(pl.lit(value=False), *(opening.str.head(n).is_in(some) for n, some in sizes.items()))
    )
    heads = begun.join(pl.DataFrame({"size": list(sizes)}, schema={"size": pl.UInt32}), how="cross")
    called = [
        heads.with_columns(call=opening.str.head("size")).join(calls.begins, on=["size", "call"]),
        *(lines.join(calls.firsts, left_on=by, right_on="call") for by in ("opening", "first")),
    ]
    return pl.concat([one.select("at", "gate") for one in called]).unique()


def _held(lines: pl.DataFrame, calls: Calling) -> pl.DataFrame:
    """The lines and gates (`at`, `gate`) of which the line holds a word that the gate asks for."""
    lower = lines.select("at", text=pl.col("text").str.to_lowercase())
    words = calls.words["call"].unique(maintain_order=True)
    found = lower.select("at", call=pl.col("text").str.extract_many(words.implode(), overlapping=True))
    return found.explode("call").join(calls.words, on="call").select("at", "gate").unique()
