"""What words and lines are compared as: keys, and the first words by which a line is recognised quickly."""

from collections.abc import Callable
from functools import cache

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

HALF_WORD = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]"
"""A character of scripts without spaces of which two are counted as one word."""

_SPREAD = 0x9E3779B97F4A7C15
"""Spreads the numbers of documents over 64 bits."""

_STRAIGHT = {
    "‘": "'", "’": "'", "‛": "'", "′": "'", "`": "'", "´": "'",
    "“": '"', "”": '"', "„": '"', "‟": '"', "″": '"',
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-",
    "œ": "oe", "æ": "ae", "ß": "ss", "ı": "i", "\u200b": "", "\ufeff": "", "\u00ad": "", "：": ":", "｜": "|",
}  # fmt: skip
PLAIN_WORD = (
    r"[0-9A-Za-zÀ-ÖØ-öø-ľŁ-ʯЀ-ҁҊ-ԯ"
    r"\x{620}-\x{63f}\x{641}-\x{64a}\x{660}-\x{669}\x{671}-\x{6d3}"  # Arabic, without vowels
    r"\x{900}-\x{93b}\x{93d}-\x{950}\x{958}-\x{963}\x{966}-\x{96f}"  # Devanagari
    r"\x{3005}-\x{3007}\x{3041}-\x{3096}\x{30a1}-\x{30fa}\x{30fc}-\x{30fe}"  # kana
    r"\x{3400}-\x{4dbf}\x{4e00}-\x{9fff}\x{ff10}-\x{ff19}\x{ff21}-\x{ff3a}\x{ff41}-\x{ff5a}]"  # Han, wide letters
)
"""Characters of words that stay what they are, or become several of the same, in a key.

None of them is a mark that changes places with another mark there."""

PLAIN_BETWEEN = (
    r"[\x00-/:-@\[-`{-©«¬®-±´¶-¸»¿×÷\x{2010}-\x{2026}"
    r"\x{60c}\x{61b}\x{61f}\x{66a}-\x{66d}\x{6d4}\x{964}\x{965}"
    r"\x{3000}-\x{3003}\x{3008}-\x{3020}\x{30fb}"
    r"\x{ff01}-\x{ff0f}\x{ff1a}-\x{ff20}\x{ff3b}-\x{ff40}\x{ff5b}-\x{ff65}]"
)
"""The same of characters between words."""

_LATIN = range(0x80, 0x180), range(0x2000, 0x2070)
"""Letters and punctuation of European languages, without marks that change places with others."""

_NOT_LATIN = r"[^\x00-\x{17f}\x{2000}-\x{206f}]"

_ASCII = (r"[0-9A-Za-z]", r"[\x00-/:-@\[-`{-\x7f]")
WORD, BETWEEN_WORDS = r"[\p{L}\p{M}\p{N}]+", r"[^\p{L}\p{M}\p{N}]+"
"""What is a word in any script, and what stands between two."""

_NO_WORDS = rf"[^ \p{{L}}\p{{M}}\p{{N}}](?:{BETWEEN_WORDS})?| {BETWEEN_WORDS}"
"""What stands between two words, but for a space alone."""

_OPENING = rf"{WORD}(?:{BETWEEN_WORDS}{WORD})?"


def key(line: pl.Expr) -> pl.Expr:
    """What words and lines are compared as."""
    return _key(line, folded)


def _key(line: pl.Expr, fold: Callable[[pl.Expr], pl.Expr]) -> pl.Expr:
    apart = line.str.strip_chars().str.replace_all(r"[ \t\u{a0}]{2,}", " | ")  # a gap stands where an element ended
    return (
        fold(apart)
        .str.replace_all(r"\s{2,}|[^\S ]", " ")
        .str.replace(r"^[\s\-*•·●○>»›→►▶➡➤↳#|■□◆▪※【\[(¡¿\p{So}\u{fe0f}]+", "")
        .str.replace(r"(?:[\s:*|→>»›\-\])】]|\.{2,})+$", "")
    )


def folded(words: pl.Expr) -> pl.Expr:
    """The words in lower case, without accents and the ways of writing one sign that make no difference."""
    return (
        words.str.normalize("NFKD")
        .str.replace_all(r"[\u{300}-\u{36f}\u{64b}-\u{655}\u{670}\u{640}]", "")  # accents; Arabic vowels, tatweel
        .str.to_lowercase()
        .str.replace_many(list(_STRAIGHT), list(_STRAIGHT.values()))
    )


def keys(texts: pl.Series) -> pl.Series:
    """The key of each text. To take characters apart takes most of the time; those of Latin script are known apart."""
    is_ascii = texts.str.len_bytes() == texts.str.len_chars()
    is_latin = ~is_ascii & ~texts.str.contains(_NOT_LATIN)
    ways = ((is_ascii, _folded_ascii), (is_latin, _folded_latin), (~is_ascii & ~is_latin, folded))
    made = texts.clone()
    for those, fold in ways:
        places = those.arg_true()
        if places.len():
            some = texts.gather(places).to_frame("text")
            made.scatter(places, some.select(_key(pl.col("text"), fold)).to_series())
    return made


def _folded_ascii(words: pl.Expr) -> pl.Expr:
    """`folded` of words of ASCII."""
    return words.str.to_lowercase().str.replace_all("`", _STRAIGHT["`"], literal=True)


def _folded_latin(words: pl.Expr) -> pl.Expr:
    """`folded` of words of which each character can be folded by itself, and is known."""
    return _folded_ascii(words.str.replace_many(*_latin()))


@cache
def _latin() -> tuple[list[str], list[str]]:
    """The characters of _LATIN that are others in keys, and these."""
    one = pl.DataFrame({"one": [chr(code) for codes in _LATIN for code in codes]})
    others = one.with_columns(folded=folded(pl.col("one"))).filter(pl.col("one") != pl.col("folded"))
    return others["one"].to_list(), others["folded"].to_list()


def within_document(number: pl.Expr) -> pl.Expr:
    """The number of what a line says, made another one in each document (`doc`)."""
    return number ^ (pl.col("doc").cast(pl.UInt64) * _SPREAD)


def spaced(words: pl.Expr) -> pl.Expr:
    """The words with one space between two. Spaces that are there already stay, which takes half the time."""
    return words.str.replace_all(_NO_WORDS, " ")


def opening(of_key: pl.Expr) -> pl.Expr:
    """The first two words of a key, or its only one, with one space between them."""
    # without a group within it a match is found in half the time, in Chinese in a third
    return spaced(of_key.str.extract(_OPENING, 0))


def first_word(opening: pl.Expr) -> pl.Expr:
    """The first of the words of an opening."""
    return opening.str.extract(r"^[^ ]+", 0)


def openings(texts: pl.Series) -> pl.Series:
    """The opening of the key of each text; null for texts without words.

    Keys are slow to make. Where the first two words are plain they can be read off the text itself.
    """
    if texts.is_empty():  # patterns take their time to prepare
        return texts
    found = _first_two(texts, *_ASCII).str.to_lowercase()
    other = found.is_null().arg_true()
    if other.is_empty():
        return found
    begins = texts.gather(other).str.head(OPENING_LENGTH)
    plain = _first_two(begins, PLAIN_WORD, PLAIN_BETWEEN).to_frame("text").select(folded(pl.col("text"))).to_series()
    rest = plain.is_null().arg_true()
    if rest.len():
        plain.scatter(rest, begins.gather(rest).to_frame("text").select(opening(key(pl.col("text")))).to_series())
    return found.scatter(other, plain)


def _first_two(texts: pl.Series, word: str, between: str) -> pl.Series:
    """The first two words, or the only one, with one space between them; null where other characters stand there."""
    pattern = f"^{between}*({word}+)(?:{between}+({word}+)(?:{between}|$)|{between}*$)"
    first, second = texts.str.extract_groups(pattern).struct.unnest().get_columns()
    both = pl.concat_str(first, second, separator=" ", ignore_nulls=True)
    return pl.select(pl.when(first.is_not_null()).then(both)).to_series()


def short_lines(lines: pl.DataFrame) -> pl.DataFrame:
    """The lines (`at`, `text`) that words can take, trimmed."""
    trimmed = lines.with_columns(pl.col("text").str.strip_chars())
    return trimmed.filter(pl.col("text").str.len_bytes().is_between(1, LONGEST_LINE))


def keyed(lines: pl.DataFrame) -> pl.DataFrame:
    """The lines with the `key` of each, or of its beginning."""
    return lines.with_columns(key=keys(lines["text"].str.head(KEY_LENGTH)))
