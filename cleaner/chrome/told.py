"""What chrome tells of an article before it goes: its title, date, author and tags, and what it is linked with."""

import polars as pl

from cleaner.chrome.keys import BETWEEN_WORDS, WORD
from cleaner.chrome.special import SPECIAL, TITLE

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

_FIRST_WORD = rf"^[^\p{{L}}\p{{N}}]*{WORD}{BETWEEN_WORDS}"
_NEXT_WORD = rf"^{WORD}{BETWEEN_WORDS}"
_LAST_SIGN = r"[^\p{L}\p{M}\p{N}]([^\s\p{L}\p{M}\p{N}])\s*$"
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
    text, category = pl.col("text").str.strip_chars(), pl.col("category")
    telling = removed.filter(category.is_in(["byline", "tags", *_LINKS]))
    lines = _with_what_is_behind(telling.select("doc", "category", "evidence", text=text))
    tags = lines.filter(category == "tags").select("doc", tags=_tags(pl.coalesce("behind", "text"))).explode("tags")
    related = lines.filter(_is_link()).select("doc", related=_headline()).drop_nulls("related")
    found = [
        _firsts(removed.filter(pl.col("rule") == SPECIAL[TITLE][0]).select("doc", title=text)),
        _firsts(cuts.select("doc", "date").drop_nulls("date")),
        _firsts(lines.filter(category == "byline").select("doc", author=_author())),
        _listed(tags.filter(pl.col("tags") != "")),
        _listed(related.unique(maintain_order=True)),
    ]
    return pl.DataFrame([_of_each(part, documents) for part in found]).cast(TOLD)


def _firsts(values: pl.DataFrame) -> pl.DataFrame:
    """The first value of each document."""
    return values.unique("doc", keep="first", maintain_order=True)


def _listed(values: pl.DataFrame) -> pl.DataFrame:
    """All values of each document."""
    return values.group_by("doc", maintain_order=True).agg(pl.exclude("doc"))


def _of_each(values: pl.DataFrame, documents: int) -> pl.Series:
    """What is said of each of the documents, null where nothing is; `values` has a document and what is said of it."""
    doc, said = values
    if doc.is_empty():  # of one text most is not told
        return pl.repeat(None, documents, dtype=said.dtype, eager=True).alias(said.name)
    place = pl.repeat(None, documents, dtype=pl.UInt32, eager=True)
    return said.gather(place.scatter(doc, pl.int_range(doc.len(), dtype=pl.UInt32, eager=True)))


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
    if lines.is_empty():
        return lines.with_columns(behind=pl.lit(None, pl.String))
    asked = lines.lazy().select("category", "evidence").unique(maintain_order=True).with_columns(*_asked())
    asked_by = lines.join(asked.collect(), on=["category", "evidence"], how="left", maintain_order="left")
    text, behind = lines["text"], pl.repeat(None, lines.height, dtype=pl.String, eager=True)
    for pattern in asked_by["pattern"].drop_nulls().unique(maintain_order=True):
        places = (asked_by["pattern"] == pattern).arg_true()
        behind.scatter(places, text.gather(places).str.extract(pattern))
    worded = asked_by["words"].is_not_null().arg_true()
    if worded.len():
        behind.scatter(worded, _behind_words(text.gather(worded), asked_by["words"].gather(worded)))
    return lines.with_columns(behind=behind)


def _asked() -> tuple[pl.Expr, pl.Expr]:
    """What finds that which stands behind: a `pattern` that names a headline, or how many `words` gave a line away."""
    evidence = pl.col("evidence")
    named = _is_link() & evidence.str.contains("(?P<headline>", literal=True)
    words = pl.when(~evidence.str.contains(r"[\\^$|]")).then(evidence.str.count_matches(WORD).replace(0, None))
    return pl.when(named).then(evidence).alias("pattern"), pl.when(~named).then(words).alias("words")


def _behind_words(texts: pl.Series, words: pl.Series) -> pl.Series:
    """What stands behind so many words of each text, the last sign at least.

    Null if there are not so many, or nothing more. They are taken off one by one: a pattern for several takes
    milliseconds to prepare, which few lines are worth.
    """
    left = texts.str.replace(_FIRST_WORD, "")
    there = left != texts
    for count in range(2, int(words.to_numpy().max()) + 1):
        more = (words >= count).arg_true()
        longer = left.gather(more)
        shorter = longer.str.replace(_NEXT_WORD, "")
        left.scatter(more, shorter)
        there.scatter(more, there.gather(more) & (shorter != longer))
    found = left.str.strip_chars_end().set(~there, None)
    spent = ((left == "") & there).arg_true()
    return found.scatter(spent, texts.gather(spent).str.extract(_LAST_SIGN)) if spent.len() else found


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
