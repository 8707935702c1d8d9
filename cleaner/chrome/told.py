"""What chrome tells of an article before it goes: its title, date, author and tags, and what it is linked with."""

from collections.abc import Sequence

import polars as pl

from cleaner.chrome.verdict import SPECIAL, TITLE

TOLD = pl.Schema(
    {
        "title": pl.String(),
        "date": pl.String(),
        "author": pl.String(),
        "tags": pl.List(pl.String),
        "related": pl.List(pl.String),
    }
)
"""Null where nothing was told. All is as it stood in the text: `author` is the byline without its lead-in, `related`
are the headlines of linked articles."""

_WORD = r"[\p{L}\p{M}\p{N}]+"
_BETWEEN_TAGS = r"\s*[,;|·•#]\s*"
_BY = r"(?i)^(?:par|by|von|por|di|da|a cura di|door|oleh|autore?|auteur|author|yazan|автор|الكاتب)\s*:?\s+"
_LINKS = ("related", "navigation")
_BELOW = "below: "
"""How the evidence on a line begins that went because it stands below a heading."""


def told(removed: pl.DataFrame, cuts: pl.DataFrame, documents: int, names: Sequence[str] = tuple(TOLD)) -> pl.DataFrame:
    """What is told of each document: those columns of TOLD that are named.

    Args:
        removed: The removals in order, with `doc`, `text`, `rule`, `category` and `evidence`.
        cuts: What was cut off lines, with `doc` and the `date` it holds.
        documents: How many there are.
        names: The columns wanted; looking for authors and headlines takes longer than for titles and dates.
    """
    text = pl.col("text").str.strip_chars()
    telling = removed.lazy().filter(pl.col("category").is_in(["byline", "tags", *_LINKS]))
    lines = telling.select("doc", "category", "evidence", text=text).with_columns(behind=_behind_lead())
    author = lines.filter(pl.col("category") == "byline").select("doc", author=_author())
    tags = lines.filter(pl.col("category") == "tags").select("doc", tags=_tags(pl.coalesce("behind", "text")))
    related = lines.filter(pl.col("category").is_in(_LINKS)).select("doc", related=_headline()).drop_nulls("related")
    title = removed.lazy().filter(pl.col("rule") == SPECIAL[TITLE][0]).select("doc", title=text)
    found = {
        "title": title.group_by("doc").first(),
        "date": cuts.lazy().select("doc", "date").drop_nulls("date").group_by("doc").first(),
        "author": author.group_by("doc").first(),
        "tags": tags.explode("tags").filter(pl.col("tags") != "").group_by("doc", maintain_order=True).agg("tags"),
        "related": related.group_by("doc", maintain_order=True).agg(pl.col("related").unique(maintain_order=True)),
    }
    all_of_them = pl.LazyFrame({"doc": pl.int_range(documents, dtype=pl.UInt32, eager=True)})
    for name in names:
        all_of_them = all_of_them.join(found[name], on="doc", how="left", maintain_order="left")
    return all_of_them.select(pl.col(name).cast(TOLD[name]) for name in names).collect()


def _behind_lead() -> pl.Expr:
    """What stands behind the words that gave a line away; null where a pattern did, or nothing stands there."""
    by_words = ~pl.col("evidence").str.contains(r"[\\^$|]")
    words = pl.when(by_words).then(pl.col("evidence").str.count_matches(_WORD).replace(0, None)).cast(pl.String)
    lead = [r"^[^\p{L}\p{N}]*(?:[\p{L}\p{M}\p{N}]+[^\p{L}\p{M}\p{N}]+){", words, r"}(.*\S)"]
    return pl.col("text").str.extract(
        pl.concat_str([part if isinstance(part, pl.Expr) else pl.lit(part) for part in lead])
    )


def _author() -> pl.Expr:
    """Who wrote it: the byline without the word for "by"."""
    return pl.coalesce("behind", "text").str.replace(_BY, "")


def _tags(text: pl.Expr) -> pl.Expr:
    """The tags of a line: what stands between its commas and bars; the whole line if there are none."""
    return text.str.replace_all(_BETWEEN_TAGS, "\n").str.strip_chars().str.split("\n")


def _headline() -> pl.Expr:
    """The headline that a line links to: what stands behind a lead-in, or the whole line below a heading."""
    below = pl.col("evidence").str.starts_with(_BELOW)
    named = pl.col("evidence").str.contains("(?P<headline>", literal=True)
    headline = pl.when(named).then(pl.col("text").str.extract(pl.when(named).then("evidence"))).otherwise("behind")
    return pl.when(below).then("text").otherwise(headline)
