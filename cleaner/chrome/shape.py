"""How paragraphs look, and what stands around them: what tells an article from the page around it in any language.

Nothing here knows a word of any language; what rules say of a line comes in as evidence beside its looks.
"""

import numpy as np
import polars as pl

from cleaner.chrome.keys import within_document
from cleaner.chrome.neighbours import (
    FEWEST_WORDS,
    Booleans,
    Floats,
    Integers,
    Paragraphs,
    around,
    in_column,
    of_document,
    shifted,
    sum_above,
)
from cleaner.chrome.words import counted, shared

WRAPPED_AT = 100
"""Characters of the widest lines of text that was wrapped; programs that wrap use 72 to 80 columns."""

MANY_WORDS = 30
"""Words from which a paragraph is prose, however it ends; no headline has as many."""

MOST_NAMED = 0.6
"""Share of words that begin in upper case or are numbers, above which many words are a list, of months or tags."""

FULL_LENGTH = 400
"""Characters from which a longer paragraph is no more of an article than a shorter one."""

OFTEN = 3
"""Times that a line stands in a document, its figures apart, to be of a list's frame: `Reply`, `2 hours ago`."""

BEGUN = 0.3
"""Share of the document's prose above a line from which the article is under way."""

NEARLY_OVER = 0.8
"""The same, from which it is nearly over."""

HEAD_CATEGORIES = ("advertisement", "byline", "counter", "credit", "date", "share", "source")
"""What stands between a headline and its article as often as below it."""

END_CATEGORIES = ("comment", "cookie", "legal", "navigation", "related", "tags", "widget")
"""What stands below an article more often than inside it."""

OVER_CATEGORIES = ("comment", "cookie", "legal", "widget")
"""What shows that an article is over, if it has begun."""

AFTER_CATEGORIES = ("byline", "follow", "newsletter", "related", "share")
"""The same, less surely."""

_CATEGORIES = {
    "head": HEAD_CATEGORIES,
    "end": END_CATEGORIES,
    "over": OVER_CATEGORIES,
    "after": AFTER_CATEGORIES,
    "tags": ("tags",),
    "related": ("related",),
    "comment": ("comment",),
}

LONGEST_DATE = 80
"""Characters of the longest line that says when something was written, and by whom."""

BULLET = r"^\s*(?:[*+•·\-–#■►>]|o )\s*"
"""How the item of a list begins, as programs that make text of pages write it."""

_ROW = r"^\|.*\|$"
DATED = r"(?-u:\b)(?:[0-9]{1,2}[:.h][0-9]{2}|(?:19|20)[0-9]{2})(?-u:\b)"  # the ASCII edge is quicker
_COLON = r"""[:：]["»”’]?$"""


def paragraphs(lines: pl.DataFrame) -> Paragraphs:
    """The paragraphs of some documents, of which `unwrapped` gives the lines."""
    frame = _described(lines)
    size, counts = _whole(frame["size"]), counted(frame["text"])
    words = counts.words
    spoken = _spoken(frame["category"])
    ruled, stopped = frame["category"].is_not_null().to_numpy(), frame["stopped"].to_numpy()
    named = counts.named > MOST_NAMED * words
    doc = _whole(frame["doc"])
    changes = np.flatnonzero(np.diff(doc, prepend=-1))
    lengths = np.diff(changes, append=doc.size)
    plain = Paragraphs(
        of_line=np.cumsum(lines["begins"].to_numpy()) - 1,
        doc=doc,
        start=np.repeat(changes, lengths),
        end=np.repeat(changes + lengths - 1, lengths),
        indent=_whole(frame["indent"]),
        size=size,
        words=words,
        prose=((stopped & (words >= FEWEST_WORDS)) | ((words >= MANY_WORDS) & ~named)) & ~ruled,
        stopped=stopped,
        item=frame["item"].to_numpy(),
        copy=frame["copy"].to_numpy(),
        ruled=ruled,
        related=spoken["related"],
        comment=spoken["comment"],
        colon=frame["colon"].to_numpy() & ~ruled,
        row=frame["row"].to_numpy(),
        figures=counts.figures,
        looks={},
    )
    plain.looks.update(_looks(plain, frame, counts.lower, spoken))
    return plain


def _whole(values: pl.Series) -> Integers:
    return values.cast(pl.Int64).to_numpy()


def unwrapped(lines: pl.DataFrame) -> pl.DataFrame:
    """The lines, trimmed, with `indent`, `item` and whether a paragraph `begins`: wrapped lines are one paragraph.

    A line was wrapped if the first word of the next one would not have fitted on it.

    Args:
        lines: The lines that are not blank, sorted: `doc`, `blanks` (how many blank lines stand above it in the whole
            column), `text` (with the white space before it), `stopped` (whether it ends as a sentence does) and
            `category` (of the first rule that speaks for it, or null).
    """
    text, width = pl.col("text"), pl.col("width")
    measured = lines.with_columns(
        width=text.str.strip_chars_end().str.len_chars(), text=text.str.strip_chars()
    ).with_columns(
        indent=width - text.str.len_chars(),
        item=text.str.contains(BULLET),
        word=text.str.extract(r"^\S+", 0).str.len_chars(),
    )
    widest = width.quantile(0.98, "lower").over("doc")
    below = (pl.col("doc") == pl.col("doc").shift(1)) & (pl.col("blanks") == pl.col("blanks").shift(1))
    full = (widest <= WRAPPED_AT) & (width.shift(1) + 1 + pl.col("word") > widest)
    wrapped = (below & full & ~pl.col("item")).fill_null(value=False)
    return measured.with_columns(begins=~wrapped)


def _described(lines: pl.DataFrame) -> pl.DataFrame:
    """A row per paragraph: what can be said of it by itself, and what it has in common with others."""
    text = pl.col("text")
    mask = text.str.replace(BULLET, "").str.to_lowercase().str.replace_all(r"\p{N}+", "0")
    return (
        _united(lines)
        .with_columns(row=text.str.contains(_ROW))
        .with_columns(
            category=pl.when("row").then(None).otherwise("category"),  # bars are no sign of menus there
            size=text.str.len_chars(),
            colon=text.str.contains(_COLON),
            dated=text.str.contains(DATED) & (text.str.len_chars() <= LONGEST_DATE),
            copy=within_document(text.hash()).is_duplicated(),  # numbers are compared quicker
            mask=mask,
        )
        .with_columns(
            recurs=pl.col("mask").str.contains(r"\p{L}")
            & (
                (pl.len().over(within_document(pl.col("mask").hash())) >= OFTEN)
                | (
                    pl.col("mask").str.contains("0", literal=True)
                    & (pl.len().over(within_document(pl.col("mask").str.slice(-12).hash())) >= OFTEN)
                )
            )
        )
    )


def _united(lines: pl.DataFrame) -> pl.DataFrame:
    """A row per paragraph, its lines made one; most have one line."""
    begins, ends = lines["begins"], lines["begins"].shift(-1, fill_value=True)
    found = lines.filter(begins).with_columns(stopped=lines["stopped"].filter(ends))
    several = (~ends.filter(begins)).arg_true()
    if several.is_empty():
        return found
    texts = (
        lines.select("text", paragraph=begins.cum_sum())
        .filter(~(begins & ends))
        .group_by("paragraph", maintain_order=True)
        .agg(pl.col("text").str.join(" "))
    )
    return found.with_columns(found["text"].scatter(several, texts["text"]))


def _looks(these: Paragraphs, frame: pl.DataFrame, lower: Integers, spoken: dict[str, Booleans]) -> dict[str, Floats]:
    """The features of each paragraph; all but `lower` and the shares are whole numbers or zero and one."""
    indent, recurs, dated = these.indent, frame["recurs"].to_numpy(), frame["dated"].to_numpy()
    prose, plain = these.prose, ~these.prose & ~these.ruled
    length = np.minimum(these.size, FULL_LENGTH) * prose
    head, end, tags = spoken["head"], spoken["end"], spoken["tags"]
    above = sum_above(length, these) / (length_of_all := np.maximum(of_document(length, these), 1))
    begun = above > BEGUN
    same = [shifted(indent, these, by) == indent for by in (-2, -1, 1, 2)]
    beside = [at_level & (shifted(prose, these, by) > 0) for at_level, by in zip(same, (-2, -1, 1, 2), strict=True)]
    return {
        "prose": prose * 1.0,
        "sentence": (plain & these.stopped) * 1.0,
        "length": length / FULL_LENGTH,
        "lower": lower / np.maximum(these.words, 1),
        "column": prose * in_column(length, these) / length_of_all,
        "beside": beside[1] * 1.0 + beside[2],
        "near": beside[0] * 1.0 + beside[3],
        "dense": around(length * np.where(these.item, 3, 10), these, 4) / (90.0 * FULL_LENGTH),
        "short": around(plain & (these.words <= FEWEST_WORDS), these, 10) / 21,
        "item": (plain & these.item) * 1.0,
        "copy": these.copy * 1.0,
        "recurs": recurs * 1.0,
        "recurring": around(recurs, these, 10) / 21,
        "topic": shared(frame["text"], these.doc, these.prose),
        "head rule": head * 1.0,
        "end rule": end * 1.0,
        "other rule": (these.ruled & ~head & ~end) * 1.0,
        "over": np.minimum(sum_above(begun & spoken["over"], these, own=True), 2) / 2,
        "after": np.minimum(sum_above(begun & spoken["after"], these, own=True), 2) / 2,
        "late": (above > NEARLY_OVER) * 1.0,
        "above tags": np.minimum(of_document(tags, these) - sum_above(tags, these), 2) / 2,
        "below date": ~these.item * 1.0 * (shifted(dated, these, -1) + shifted(dated, these, -2)),
        "by end rule": shifted(end, these, -1) * 1.0 + shifted(end, these, 1),
    }


def _spoken(category: pl.Series) -> dict[str, Booleans]:
    """Which paragraphs have a rule of each kind that speaks for them; all kinds are asked about at once."""
    one, kinds = pl.col("category"), _CATEGORIES.items()
    found = category.to_frame("category").select(
        one.is_in(names).fill_null(value=False).alias(kind) for kind, names in kinds
    )
    return {kind.name: kind.to_numpy() for kind in found}
