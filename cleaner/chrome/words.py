"""The words of paragraphs, counted and compared: the plain way, which is the specification.

`counts.py` says the same compiled, for many paragraphs.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from cleaner.chrome.keys import HALF_WORD, WORD

Booleans = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

MANY = 5000
"""Texts from which on the compiled way is quicker, what it takes to load included."""

SHORTEST_WORD = 4
"""Characters of the shortest word that is compared; shorter ones are articles and prepositions, which all texts have in
common."""


def of_length(least: int) -> str:
    """A pattern for a word of so many characters and more."""
    return WORD.removesuffix("+") + f"{{{least},}}"


LONG_WORD = of_length(SHORTEST_WORD)
_LOWER = r"(?:^|[^\p{L}\p{N}])\p{Ll}"
_NAMED = r"(?:^|[^\p{L}\p{N}])[\p{Lu}\p{N}]"


@dataclass(frozen=True)
class Counts:
    """What is counted in texts.

    Attributes:
        words: Words; in scripts without spaces two characters count as one.
        lower: Those that begin in lower case.
        named: Those that begin in upper case or with a number.
        figures: Whether it holds more figures than letters, or neither.
    """

    words: Integers
    lower: Integers
    named: Integers
    figures: Booleans


def counted(texts: pl.Series) -> Counts:
    """What is counted in each text."""
    if texts.len() < MANY:
        return plainly_counted(texts)
    from cleaner.chrome import counts  # noqa: PLC0415 (numba takes its time to load)

    words, lower, named, figures = counts.counted(texts).T
    return Counts(words, lower, named, figures.astype(np.bool_))


def plainly_counted(texts: pl.Series) -> Counts:
    """`counted`, the plain way."""
    text = pl.col("text")
    found = (
        texts.alias("text")
        .to_frame()
        .select(
            words=text.str.count_matches(WORD) + text.str.count_matches(HALF_WORD) // 2,
            lower=text.str.count_matches(_LOWER),
            named=text.str.count_matches(_NAMED),
            figures=text.str.count_matches(r"\p{N}") >= text.str.count_matches(r"\p{L}"),
        )
    )
    words, lower, named = (found[name].cast(pl.Int64).to_numpy() for name in ("words", "lower", "named"))
    return Counts(words, lower, named, found["figures"].to_numpy())


def shared(texts: pl.Series, doc: Integers, marked: Booleans, least: int = SHORTEST_WORD) -> Floats:
    """The share of each text's longer words that another text of its document has too, of those that are marked.

    Args:
        texts: The texts.
        doc: The document of each; those of one document stand together.
        marked: Whether it is marked.
        least: Characters of the shortest word.

    Returns:
        The shares; 0 for a text without longer words.
    """
    if texts.len() < MANY:
        return plainly_shared(texts, doc, marked, least)
    from cleaner.chrome import counts  # noqa: PLC0415

    documents = np.append(np.flatnonzero(np.diff(doc, prepend=-1)), doc.size)
    return counts.shared(texts.str.to_lowercase(), documents, marked, least)


def plainly_shared(texts: pl.Series, doc: Integers, marked: Booleans, least: int = SHORTEST_WORD) -> Floats:
    """`shared`, the plain way."""
    words = (
        pl.DataFrame({"doc": doc, "word": texts.str.to_lowercase().str.extract_all(of_length(least)), "marked": marked})
        .with_columns(pl.col("word").list.unique())
        .with_row_index("at")
        .explode("word")
        .drop_nulls("word")
    )
    others = pl.col("marked").sum().over("doc", "word") - pl.col("marked")
    shares = words.with_columns(met=others > 0).group_by("at").agg(share=pl.col("met").mean())
    found = np.zeros(texts.len())
    found[shares["at"].to_numpy()] = shares["share"].to_numpy()
    return found
