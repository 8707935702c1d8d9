"""The title: what a title looks like, its copies, and the site's name behind it.

All of it is evidence on a line by itself; which line is the title, strip decides.
"""

import polars as pl

from cleaner.chrome.keys import spaced

LONGEST_TITLE = 160
"""Characters of the longest line that is taken for a title; a longer one is a paragraph. Of 3,694 titles of 22 sources
two are longer."""

SHORTEST_COPY = 15
"""Bytes of the words that a title needs for its copies to go; the copy of a shorter one may be a subheading."""

SHORTEST_TITLE = 4
"""Bytes of the shortest."""

CLOSER = r"""["'»”’)\]]"""
"""What may stand behind the end of a sentence."""

UNFINISHED = "[.,;:。，；：।]"
"""What ends a sentence or a label, and no title."""

OPENER = r"[(\[«“„]"
"""What a title does not end in either: it is only opened."""

LEAD = r"""[\s"'«“„‘(\[¿¡»]"""
"""What may stand before the first word of a title."""

BAR = "[|｜•]"
"""What every title with a suffix behind a bar holds. Looking for the suffix itself takes six times as long."""

TITLE_START = r"[\p{Lu}\p{Lt}\p{Lo}\p{N}]"

# a sentence or a label, with a footnote's mark or without; a bracket that is only opened
_NO_TITLES_END = rf"{UNFINISHED}(?:{CLOSER}|\s)*$|[.。]{CLOSER}+[0-9]{{1,2}}$|{OPENER}\s*$"
_ADDRESS = r"www\.|://"  # of 32,000 titles of five corpora none has one
_BAR_SUFFIX = (  # a sentence is no site's name
    r"(?:\s*[|｜]\s*|\s+•\s+)(?:[^|｜•\s]+\s+){0,5}[^|｜•\s]*[^|｜•\s.!?…。]\s*$"
)
DASH_SUFFIX = r"\s+(?:[-–—·•»«~]|::)\s+[^-–—·•»«~\s:;,.!?][^-–—·•»«~\s]*(?:\s+[^-–—·•»«~\s]+){0,4}\s*$"


def without_bar_suffix(title: pl.Expr) -> pl.Expr:
    """The title without what stands behind its first bar, if that is short: `Title | Site`, `Title | World | Site`."""
    # a line has at most three such parts; taking them one by one leaves none that a second look would find
    for _ in range(3):
        title = title.str.replace(_BAR_SUFFIX, "")
    return title.str.strip_chars_end()


def without_suffix(title: pl.Expr) -> pl.Expr:
    """The title without a short last part behind a bar or a spaced dash, which may be the site's name or not."""
    return _without_dash(without_bar_suffix(title))


def _without_dash(title: pl.Expr) -> pl.Expr:
    return title.str.replace(DASH_SUFFIX, "").str.strip_chars_end()


def dash_suffix(title: pl.Expr) -> pl.Expr:
    """The short last part behind a spaced dash and the dash; null where there is none."""
    return without_bar_suffix(title).str.extract(DASH_SUFFIX, 0)


def copy_keys(keys: pl.Series) -> pl.DataFrame:
    """What copies of titles are compared as, made from the keys of lines: words, without spacing and punctuation.

    Returns:
        `full`, the words of the whole line; `bar`, without what stands behind a bar; `stem`, without any suffix.
    """
    if keys.is_empty():  # patterns take their time to prepare, here and below
        return pl.DataFrame([keys.alias(name) for name in ("full", "bar", "stem")])
    bar = keys.str.strip_chars_end()
    barred = keys.str.contains(BAR).arg_true()
    if barred.len():
        bar.scatter(barred, keys.gather(barred).to_frame("bar").select(without_bar_suffix(pl.col("bar"))).to_series())
    shorter = pl.DataFrame([keys.alias("full"), bar.alias("bar")]).with_columns(stem=_without_dash(pl.col("bar")))
    found = {"full": _words(keys)}
    for name, longer in (("bar", "full"), ("stem", "bar")):  # few lines have suffixes
        shed = (shorter[name] != shorter[longer]).arg_true()
        found[name] = found[longer].clone()
        if shed.len():
            found[name].scatter(shed, _words(shorter[name].gather(shed)))
    return pl.DataFrame(found)


def _words(keys: pl.Series) -> pl.Series:
    return keys.to_frame("key").select(spaced(pl.col("key")).str.strip_chars()).to_series()


def is_title_like(line: pl.Expr) -> pl.Expr:
    """Whether a line could be a title: short, no sentence, no label, beginning as a title does."""
    text = line.str.strip_chars()
    return (
        (text.str.len_bytes() >= SHORTEST_TITLE)
        & (text.str.len_chars() <= LONGEST_TITLE)
        & ~text.str.contains(_NO_TITLES_END)
        & ~text.str.contains(_ADDRESS)
        & text.str.contains(f"^{LEAD}*{TITLE_START}")
        & text.str.contains(r"\p{L}.*\p{L}")
    )
