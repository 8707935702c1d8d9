"""What words and lines are compared as: keys, and the first words by which a line is recognised quickly."""

import polars as pl

LONGEST_LINE = 400
"""Bytes of the longest line that words can take: beyond that it holds prose, and cutting it would lose the article."""

KEY_LENGTH = 100
"""Characters of a line that its key is made of. Phrases have up to 60; bullets may stand before them, and what may
follow them shows in the next few."""

OPENING_LENGTH = 60
"""Characters of a line in which its first two words are looked for."""

UNSPACED = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
"""Scripts that are written without spaces between words."""

_STRAIGHT = {
    "‘": "'", "’": "'", "‛": "'", "′": "'", "`": "'", "´": "'",
    "“": '"', "”": '"', "„": '"', "‟": '"', "″": '"',
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-",
    "œ": "oe", "æ": "ae", "ß": "ss", "ı": "i", "\u200b": "", "\ufeff": "", "\u00ad": "", "：": ":", "｜": "|",
}  # fmt: skip
_ASCII_OPENING = (
    r"^[\x00-/:-@\[-`{-\x7f]*([0-9A-Za-z]+(?:"
    r"[\x00-/:-@\[-`{-\x7f]+[0-9A-Za-z]+(?:[\x00-/:-@\[-`{-\x7f]|$)|[\x00-/:-@\[-`{-\x7f]*$))"
)
_LETTER = r"[\p{L}\p{M}\p{N}]"
_OPENING = rf"({_LETTER}+(?:[^\p{{L}}\p{{M}}\p{{N}}]+{_LETTER}+)?)"


def key(line: pl.Expr) -> pl.Expr:
    """What words and lines are compared as."""
    return (
        line.str.strip_chars()
        .str.replace_all(r"[ \t\u{a0}]{2,}", " | ")  # a gap stands where an element of the page ended
        .str.normalize("NFKD")
        .str.replace_all(r"[\u{300}-\u{36f}\u{64b}-\u{655}\u{670}\u{640}]", "")  # accents; Arabic vowels, tatweel
        .str.to_lowercase()
        .str.replace_many(list(_STRAIGHT), list(_STRAIGHT.values()))
        .str.replace_all(r"\s{2,}|[^\S ]", " ")
        .str.replace(r"^[\s\-*•·●○>»›→►▶➡➤↳#|■□◆▪※【\[(¡¿\p{So}\u{fe0f}]+", "")
        .str.replace(r"(?:[\s:*|→>»›\-\])】]|\.{2,})+$", "")
    )


def opening(of_key: pl.Expr) -> pl.Expr:
    """The first two words of a key, or its only one, with one space between them."""
    return of_key.str.extract(_OPENING).str.replace_all(r"[^\p{L}\p{M}\p{N}]+", " ")


def first_word(opening: pl.Expr) -> pl.Expr:
    """The first of the words of an opening."""
    return opening.str.extract(r"^([^ ]+)")


def openings(texts: pl.Series) -> pl.Series:
    """The opening of the key of each text; null for texts without words.

    Keys are slow to make. Where the first two words are plain ASCII they can be read off the text itself.
    """
    plain = texts.str.extract(_ASCII_OPENING)
    other = plain.is_null().arg_true()
    made = texts.gather(other).to_frame("text").select(opening(key(pl.col("text").str.head(OPENING_LENGTH))))
    small = plain.str.to_lowercase().str.replace_all("[^0-9a-z]+", " ").str.strip_chars_end(" ")
    return small.scatter(other, made.to_series())


def short_lines(lines: pl.DataFrame) -> pl.DataFrame:
    """The lines (`at`, `text`) that words can take, trimmed, with their `opening` and its `first` word."""
    short = lines.with_columns(pl.col("text").str.strip_chars()).filter(
        pl.col("text").str.len_bytes().is_between(1, LONGEST_LINE)
    )
    return short.with_columns(openings(short["text"]).alias("opening")).with_columns(
        first=first_word(pl.col("opening"))
    )


def keyed(lines: pl.DataFrame) -> pl.DataFrame:
    """The lines with the `key` of each, or of its beginning."""
    return lines.with_columns(key=key(pl.col("text").str.head(KEY_LENGTH)))
