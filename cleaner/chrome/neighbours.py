"""The paragraphs of documents, and sums over what stands around each; whole numbers, so that they are exact.

A sum does not depend on what stands before a document in the column.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

Booleans = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

FEWEST_WORDS = 8
"""Words from which a sentence is prose, and up to which a line without an end is short."""


@dataclass(frozen=True)
class Paragraphs:
    """The paragraphs of some documents, in order.

    Attributes:
        of_line: The paragraph of each line.
        doc: The document of each paragraph.
        start: The first paragraph of its document.
        end: The last paragraph of its document.
        indent: Blanks before its first line.
        size: Characters.
        words: Words; in scripts without spaces two characters count as one.
        prose: Whether it is prose: it ends as a sentence does and is no label, or is long; and no rule speaks for it.
        stopped: Whether it ends as a sentence does.
        item: Whether it begins as the item of a list does.
        copy: Whether its document says the same twice.
        ruled: Whether a rule speaks for its first line.
        related: Whether one does that is for links to other articles.
        comment: Whether one does that is for readers' comments.
        colon: Whether it ends with a colon and no rule speaks for it, as what introduces a list does.
        row: Whether it is the row of a table between bars.
        figures: Whether it holds more figures than letters, or neither, as the row of a table without bars does.
        looks: What it looks like and what stands around it: a column per feature, as FEATURES names them.
    """

    of_line: Integers
    doc: Integers
    start: Integers
    end: Integers
    indent: Integers
    size: Integers
    words: Integers
    prose: Booleans
    stopped: Booleans
    item: Booleans
    copy: Booleans
    ruled: Booleans
    related: Booleans
    comment: Booleans
    colon: Booleans
    row: Booleans
    figures: Booleans
    looks: dict[str, Floats]

    @property
    def short(self) -> Booleans:
        """Whether it is neither prose nor a sentence, and no longer than a menu's entry."""
        return ~self.prose & ~self.stopped & ~self.row & ~self.figures & (self.words <= FEWEST_WORDS)


def shifted(values: npt.NDArray[np.generic], these: Paragraphs, by: int) -> Integers:
    """The value of the paragraph that stands `by` below, -1 or 0 where the document has none there."""
    at = np.arange(these.doc.size) + by
    inside = (at >= these.start) & (at <= these.end)
    none = -1 if values.dtype.kind == "i" else 0
    return np.where(inside, values[np.clip(at, 0, max(at.size - 1, 0))].astype(np.int64), none)


def _sums(values: npt.NDArray[np.generic]) -> Integers:
    """Sums of whole numbers before each place, and of all; being whole they are exact, whatever stands before."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(values.astype(np.int64))])


def sum_above(values: npt.NDArray[np.generic], these: Paragraphs, *, own: bool = False) -> Integers:
    """The sum over what stands above in the document, with one's `own` value or without."""
    sums = _sums(values)
    return sums[np.arange(these.doc.size) + own] - sums[these.start]


def of_document(values: npt.NDArray[np.generic], these: Paragraphs) -> Integers:
    """The sum over the whole document, for each of its paragraphs."""
    sums = _sums(values)
    return sums[these.end + 1] - sums[these.start]


def around(values: npt.NDArray[np.generic], these: Paragraphs, reach: int) -> Integers:
    """The sum over the paragraph and `reach` on either side of it."""
    sums, at = _sums(values), np.arange(these.doc.size)
    total: Integers = sums[np.minimum(at + reach, these.end) + 1] - sums[np.maximum(at - reach, these.start)]
    return total


def in_column(values: npt.NDArray[np.generic], these: Paragraphs) -> Integers:
    """The sum over the document's paragraphs that are indented as this one is."""
    frame = pl.DataFrame({"doc": these.doc, "indent": these.indent, "value": values.astype(np.int64)})
    return frame.select(pl.col("value").sum().over("doc", "indent")).to_series().to_numpy()
