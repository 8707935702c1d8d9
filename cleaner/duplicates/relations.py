"""What two measured documents are to each other: a duplicate, or alike for another reason.

Containment is the better judge, and has three false friends: forms that are filled in anew, notices that stand under
any headline, and paragraphs that an agency gave to several papers. What two texts do *not* share tells them apart.
"""

from typing import Final

import polars as pl

from cleaner.settings import Settings

EXACT: Final = "exact"
NEAR: Final = "near"
CONTAINED: Final = "contained"
CONTAINS: Final = "contains"
UPDATE: Final = "update"
TEMPLATE: Final = "template"
STANDING: Final = "standing"
PARTIAL: Final = "partial"

FORM = 60
"""Shingles of common text to one figure that is another, up to which two texts are one form filled in twice. On the
hand-labelled pairs nothing changes from 40 to 100."""

CORRECTED = 12 * 3600
"""Seconds within which a figure that is another is a correction, and later ones are another day's news."""

HOLDERS = 4
"""Documents that a text stands in, from which on it is a form: a correction makes two, at most three."""

MOSTLY = 0.9
"""Share of what two documents have in common that must be standing text for it to be no evidence."""

FOREIGN = 0.3
"""Share of the words of a headline that a text which is no article of its own may have by chance. Headlines of real
copies shared half of their words with their text and more, those over notices a quarter at most."""

NOTICE = 250
"""Shingles that a notice has at most. The longest of the real ones had 185; a longer text under two headlines is an
article, whatever the headlines say."""

LEAST_OWN = 4
"""Words of both openings from which on that can be said at all."""

CHARACTERS = 5
"""Shingles of characters that stand for one of words: letters of a word of news in the languages of Europe."""

LONGER = 2.0
"""Times as long as an update a text must be for the shorter one to be a brief or a cut copy in it."""


def related(measured: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """The pairs with their `relation`: that of `right` to `left`, which is the one preferred.

    Args:
        measured: The columns of `match.VERIFIED`.
        settings: `threshold` and `containment`.
    """
    alike = (pl.col("similarity") >= settings.threshold) | (pl.col("containment") >= settings.containment)
    shared = _shared(settings)
    relation = (
        pl.when(~alike)
        .then(pl.lit(PARTIAL))
        .when(_is_standing(shared))
        .then(pl.lit(STANDING))
        .when("equal")
        .then(pl.lit(EXACT))
        .when(_is_template(shared))
        .then(pl.lit(TEMPLATE))
        .when(pl.col("similarity") >= settings.threshold)
        .then(pl.lit(NEAR))
        .when(pl.col("left_size") < pl.col("right_size"))
        .then(pl.lit(CONTAINS))
        .when(_is_update())
        .then(pl.lit(UPDATE))
        .otherwise(pl.lit(CONTAINED))
    )
    return measured.with_columns(relation=relation)


def _is_standing(shared: pl.Expr) -> pl.Expr:
    """Whether what they share is no article: it stands in many others, or has nothing to do with either headline."""
    recurs = (pl.col("known") > 0) & (pl.col("standing") >= MOSTLY * pl.col("known"))
    own = pl.min_horizontal("own_left", "own_right")
    enough = (own >= 1) & (pl.col("own_left") + pl.col("own_right") >= LEAST_OWN)
    untold = (
        (pl.col("told_left") <= FOREIGN * pl.col("own_left"))
        & (pl.col("told_right") <= FOREIGN * pl.col("own_right"))
        & (pl.col("told_both") <= FOREIGN * own)
    )
    return recurs | (enough & untold & (shared <= NOTICE))


def _shared(settings: Settings) -> pl.Expr:
    """The number of shingles that both have; where they are of characters, the number of words that these make."""
    shared = pl.col("containment") * pl.min_horizontal("left_size", "right_size")
    return shared / CHARACTERS if settings.shingle_of == "characters" else shared


def _is_template(shared: pl.Expr) -> pl.Expr:
    """Whether they are one form with other facts: figures, or in a form that recurs any words in the place of others.

    A figure that is corrected within hours makes no template, unless the form stands in further documents. Where the
    times are not known, one figure may be a correction and two are not.
    """
    apart = (pl.col("left_time") - pl.col("right_time")).abs()
    recurs = pl.col("holders") >= HOLDERS
    corrected = pl.when(apart.is_null()).then(pl.col("facts") == 1).otherwise(apart <= CORRECTED) & ~recurs
    figures = (pl.col("facts") > 0) & (pl.col("facts") * FORM >= shared) & ~corrected
    others = pl.col("swaps") + pl.col("rewritten")
    words = (others > 0) & (others * FORM >= shared) & (pl.col("added") == 0) & recurs
    return figures | words


def _is_update() -> pl.Expr:
    """Whether the longer text, which is kept, is a later version: not many times as long, and not known to be older."""
    later = (pl.col("left_time") >= pl.col("right_time")).fill_null(value=True)
    return later & (pl.col("left_size") < LONGER * pl.col("right_size"))
