"""What chrome tells of an article before it goes: its title, date, author and tags, and what it is linked with."""

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


def told(removed: pl.DataFrame, cuts: pl.DataFrame, documents: int) -> pl.DataFrame:
    """What is told of each document, as TOLD.

    Args:
        removed: The removals in order, with `doc`, `text`, `rule`, `category` and `evidence`.
        cuts: What was cut off lines, with `doc` and the `date` it holds.
        documents: How many there are.
    """
    text = pl.col("text").str.strip_chars()
    telling = pl.col("category").is_in(["byline", "tags", *_LINKS])
    lines = _with_what_is_behind(removed.filter(telling).select("doc", "category", "evidence", text=text)).lazy()
    author = lines.filter(pl.col("category") == "byline").select("doc", author=_author())
    tags = lines.filter(pl.col("category") == "tags").select("doc", tags=_tags(pl.coalesce("behind", "text")))
    related = lines.filter(_is_link()).select("doc", related=_headline()).drop_nulls("related")
    title = removed.lazy().filter(pl.col("rule") == SPECIAL[TITLE][0]).select("doc", title=text)
    found = {
        "title": title.group_by("doc").first(),
        "date": cuts.lazy().select("doc", "date").drop_nulls("date").group_by("doc").first(),
        "author": author.group_by("doc").first(),
        "tags": tags.explode("tags").filter(pl.col("tags") != "").group_by("doc", maintain_order=True).agg("tags"),
        "related": related.group_by("doc", maintain_order=True).agg(pl.col("related").unique(maintain_order=True)),
    }
    all_of_them = pl.LazyFrame({"doc": pl.int_range(documents, dtype=pl.UInt32, eager=True)})
    for name in TOLD:
        all_of_them = all_of_them.join(found[name], on="doc", how="left", maintain_order="left")
    return all_of_them.select(pl.col(name).cast(kind) for name, kind in TOLD.items()).collect()


def further(documents: pl.DataFrame, found: pl.DataFrame) -> list[pl.Series]:
    """The author, the tags and the related headlines, the documents' own columns of these names going first.

    Args:
        documents: The documents. A column of text gets lists as text, with semicolons between; one of any other type
            than text or lists of text is left alone.
        found: What was told of each, as TOLD.
    """
    return [_own_or_told(documents, found[name]) for name in ("author", "tags", "related")]


def _own_or_told(documents: pl.DataFrame, told: pl.Series) -> pl.Series:
    """The documents' own column where it says something, and what was told where it does not."""
    is_list = told.dtype == TOLD["tags"]
    if documents.schema.get(told.name, pl.Null()) == pl.Null:
        return told.fill_null([]) if is_list else told
    own = documents[told.name]
    if own.dtype == pl.String:
        text = pl.Series(told.list.join("; ") if is_list else told)
        return own.zip_with(own.fill_null("") != "", text).fill_null(own)
    if own.dtype == TOLD["tags"] and is_list:
        return own.zip_with(own.list.len().fill_null(0) > 0, told).fill_null(own)
    return own


def _with_what_is_behind(lines: pl.DataFrame) -> pl.DataFrame:
    """The lines with `behind`: what stands behind the words that gave each away, or the headline that a pattern names.

    Null where another pattern gave a line away, or nothing stands behind the words. There are few patterns, and each
    is asked once for all of its lines: one pattern a line would be made anew for each.
    """
    asked = lines.with_columns(pattern=_pattern()).with_row_index("at")
    parts = [
        part.with_columns(behind=pl.col("text").str.extract(pattern) if pattern else pl.lit(None, pl.String))
        for (pattern,), part in asked.partition_by("pattern", as_dict=True).items()
    ]
    return pl.concat(parts or [asked.with_columns(behind="pattern")]).sort("at")


def _pattern() -> pl.Expr:
    """What finds that which stands behind: the pattern that names a headline, or as many words as gave a line away."""
    evidence = pl.col("evidence")
    named = _is_link() & evidence.str.contains("(?P<headline>", literal=True)
    words = pl.when(~evidence.str.contains(r"[\\^$|]")).then(evidence.str.count_matches(_WORD).replace(0, None))
    lead = r"^[^\p{L}\p{N}]*(?:[\p{L}\p{M}\p{N}]+[^\p{L}\p{M}\p{N}]+){"
    behind = pl.concat_str(pl.lit(lead), words.cast(pl.String), pl.lit(r"}(.*\S)"))
    return pl.when(named).then(evidence).otherwise(behind)


def _is_link() -> pl.Expr:
    return pl.col("category").is_in(_LINKS)


def _author() -> pl.Expr:
    """Who wrote it: the byline without the word for "by"."""
    return pl.coalesce("behind", "text").str.replace(_BY, "")


def _tags(text: pl.Expr) -> pl.Expr:
    """The tags of a line: what stands between its commas and bars; the whole line if there are none."""
    return text.str.replace_all(_BETWEEN_TAGS, "\n").str.strip_chars().str.split("\n")


def _headline() -> pl.Expr:
    """The headline that a line links to: what stands behind a lead-in, or the whole line below a heading."""
    return pl.when(pl.col("evidence").str.starts_with(_BELOW)).then("text").otherwise("behind")
