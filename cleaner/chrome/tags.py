"""Tag lines: lower-case words without punctuation, nearly all of which the article has too."""

import numpy as np
import numpy.typing as npt
import polars as pl

from cleaner.chrome.keys import WORD, spaced
from cleaner.chrome.words import shared

TAGS = -6
"""The order of the evidence that a line is a tag line; rules have orders from 0 on."""

KNOWN_TAG_WORDS = 0.75
"""Share of a tag line's words that stand in the article; tags have a singular where the article has the plural."""

MANY_LISTED = 5
"""Lines that look like tag lines, for each document that has prose, from which on it is quicker to tell all words of
the prose than to look for those of each line in it. Wrapped text has many."""

LARGEST = 1_000_000
"""Bytes of the longest prose that this is done with: it takes up to forty bytes of memory for each."""


def tag_hits(content: pl.DataFrame, short: pl.DataFrame, tag_like: npt.NDArray[np.bool_]) -> pl.DataFrame:
    """Lines of lower-case words without punctuation, nearly all of which the document's prose has too.

    Args:
        content: The lines that are not blank.
        short: Those of them that words can take.
        tag_like: Whether what they say looks so.
    """
    listed = short["at"].filter(pl.Series(tag_like[short["kind"].to_numpy()]))
    likely = content[listed].filter(~pl.col("prose"))
    if likely.is_empty():
        return pl.DataFrame(schema={"at": pl.UInt32, "order": pl.Int64, "evidence": pl.String})
    prose = content.filter("prose").join(likely.select("doc").unique(), on="doc", how="semi")
    sizes = np.bincount(prose["doc"], prose["size"])
    if likely.height > MANY_LISTED * np.count_nonzero(sizes) and sizes.max(initial=0) <= LARGEST:
        found = _known_of_many(likely, prose)
    else:
        words = _words("text").list.unique().alias("word")
        found = _known(
            likely.select("at", "doc", words).explode("word"),
            prose.group_by("doc").agg(prose=pl.col("text").str.join("\n")),
        )
    return found.select("at", order=pl.lit(TAGS, pl.Int64), evidence=pl.lit("lower-case words of the article"))


def _known_of_many(likely: pl.DataFrame, prose: pl.DataFrame) -> pl.DataFrame:
    """`_known`, of lines and prose as they are: all words of a document's prose are told once, whoever asks."""
    columns = ("at", "doc", "text", "prose")
    lines = pl.concat([likely.select(columns), prose.select(columns)]).sort("at")
    share = shared(lines["text"], lines["doc"].cast(pl.Int64).to_numpy(), lines["prose"].to_numpy(), least=1)
    return lines.filter(~pl.col("prose") & (pl.Series(share) >= KNOWN_TAG_WORDS)).select("at")


def _words(text: str) -> pl.Expr:
    return pl.col(text).str.to_lowercase().str.extract_all(WORD)


def _known(words: pl.DataFrame, prose: pl.DataFrame) -> pl.DataFrame:
    """The lines (`at`) nearly all words of which are words of their document's prose.

    What stands between two spaces there is a word, and what stands nowhere is none; only where that does not decide
    is the prose taken apart.

    Args:
        words: The lines' words, each once and in lower case: `at`, `doc`, `word`.
        prose: The `prose` of each document: `doc`, `prose`.
    """
    alone = pl.format(" {} ", "word")
    found = [_holding(words, prose, alone)]
    left = words.join(found[0], on="at", how="anti")
    lowered = prose.join(left, on="doc", how="semi").with_columns(pl.col("prose").str.to_lowercase())
    found.append(_holding(left, lowered, alone))
    left = left.join(found[1], on="at", how="anti")
    left = left.join(_holding(left, lowered, pl.col("word")), on="at", how="semi")
    apart = pl.format(" {} ", spaced(pl.col("prose")))
    found.append(_holding(left, lowered.join(left, on="doc", how="semi").with_columns(prose=apart), alone))
    return pl.concat(found)


def _holding(words: pl.DataFrame, prose: pl.DataFrame, sought: pl.Expr) -> pl.DataFrame:
    """The lines (`at`) for nearly all words of which what is sought stands in their document's prose."""
    there = words.join(prose, on="doc").select("at", there=pl.col("prose").str.contains(sought, literal=True))
    return there.group_by("at").agg(pl.col("there").mean()).filter(pl.col("there") >= KNOWN_TAG_WORDS).select("at")
