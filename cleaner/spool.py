"""Batches of documents, stripped and signed, whose texts wait until all have been compared."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl

from cleaner.chrome.compiled import Rules
from cleaner.chrome.strip import Stripped, strip_texts
from cleaner.chrome.told import further
from cleaner.documents import Batch
from cleaner.duplicates.cluster import Marks, fact_columns, joined, marks
from cleaner.duplicates.signatures import sign
from cleaner.parallel import inside, mapped
from cleaner.schema import ROW, SPAN
from cleaner.settings import Settings
from cleaner.stages import Stages
from cleaner.waiting import Waiting

_SOME = pl.Schema({"turn": pl.UInt32, "text": pl.String, "title": pl.String})


@dataclass
class MarksWaiting:
    """Marks that wait: `held` until they are on disk, in a `folder` that is not there yet."""

    held: Marks | None
    folder: Path

    def stow(self) -> None:
        """Put them on disk, if they are not there."""
        if self.held is not None:
            self.folder.mkdir()
            for name, values in vars(self.held).items():
                np.save(self.folder / name, values)
            self.held = None

    def marks(self) -> Marks:
        """The marks, read as far as they are looked at."""
        if self.held is not None:
            return self.held
        return Marks(*(np.load(self.folder / f"{field.name}.npy", mmap_mode="r") for field in fields(Marks)))


@dataclass(frozen=True)
class Part:
    """What is known of a batch that was worked on.

    Attributes:
        documents: The documents: `row` and the columns of DOCUMENTS, with cleaned texts.
        removed: The removals, by `row`; with `evidence` if some documents are to be explained.
        facts: `row`, the digest and what else matching asks for, of each document.
        marks: The documents' bands and sketches, in the order of `facts`; None with deduplication off.
        ids: `row`, `file` and `id`, as read, of all documents, and whether the text is `empty` after cleaning.
        rejected: The rejects, those empty after cleaning apart.
        text_bytes: Bytes of the texts as they came.
        removed_bytes: Bytes that were cut from them.
    """

    documents: Waiting
    removed: Waiting
    facts: Waiting
    marks: MarksWaiting | None
    ids: pl.DataFrame
    rejected: pl.DataFrame
    text_bytes: int
    removed_bytes: int

    @property
    def height(self) -> int:
        """The number of documents."""
        return self.ids.height

    def stow(self) -> None:
        """Put what waits on disk, if it is not there."""
        for one in (self.documents, self.removed, self.facts, self.marks):
            if one is not None:
                one.stow()


def worked(numbered: tuple[int, Batch], rules: Rules, settings: Settings, folder: Path, stages: Stages) -> Part:
    """Strip and sign a batch."""
    row, batch = numbered
    documents = batch.documents.with_row_index(ROW, offset=row)
    with stages.timed("strip"):
        stripped = _stripped(documents, rules, settings) if settings.strip else None
    return part(Batch(documents, batch.rejected), stripped, settings, folder / f"{row:010}", stages)


def _stripped(documents: pl.DataFrame, rules: Rules, settings: Settings) -> Stripped:
    return strip_texts(documents["text"], rules, documents["title"], kind=settings.input)


def part(batch: Batch, stripped: Stripped | None, settings: Settings, place: Path, stages: Stages) -> Part:
    """Sign what was stripped of a batch, whose documents are numbered."""
    documents = batch.documents
    cleaned, removed = _cleaned(documents, stripped, settings)
    empty = cleaned["text"] == ""
    cleaned = cleaned.filter(~empty)
    with stages.timed("sign"):
        facts, found_by = _signed(cleaned, settings)
    return Part(
        documents=Waiting(cleaned, place.with_suffix(".documents.arrow")),
        removed=Waiting(removed, place.with_suffix(".removed.arrow")),
        facts=Waiting(facts, place.with_suffix(".facts.arrow")),
        marks=MarksWaiting(found_by, place.with_suffix(".marks")) if found_by else None,
        ids=documents.select(ROW, "file", "id", empty=empty),
        rejected=batch.rejected,
        text_bytes=int(documents["text"].str.len_bytes().sum()),
        removed_bytes=int((removed["end"] - removed["start"]).sum()),
    )


def marks_of(parts: Sequence[Part]) -> Marks:
    """What the documents of all batches are found by."""
    return joined([part.marks.marks() for part in parts if part.marks])


def texts_of(parts: Sequence[Part], rows: pl.Series) -> pl.DataFrame:
    """The texts and titles of some documents, in the order of their `rows`: `text`, `title`."""
    wanted = rows.to_frame(ROW).with_row_index("turn")
    found = mapped(inside(partial(_some, wanted)), [part for part in parts if part.height])
    return pl.concat([_SOME.to_frame(), *found]).sort("turn").drop("turn")


def _some(wanted: pl.DataFrame, part: Part) -> pl.DataFrame:
    """What is wanted of one batch, copied, so that the rest of it can be forgotten."""
    here = wanted.filter(pl.col(ROW).is_between(part.ids[ROW][0], part.ids[ROW][-1]))
    if here.is_empty():
        return _SOME.to_frame()
    documents = part.documents.lazy().select(ROW, "text", "title").collect()
    copied = (pl.concat_str(name, pl.lit("")).alias(name) for name in ("text", "title"))
    return here.join(documents, on=ROW).select("turn", *copied)


def _cleaned(
    documents: pl.DataFrame, stripped: Stripped | None, settings: Settings
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The documents with cleaned texts and what chrome told of them, and the removals.

    These have their evidence if some are to be explained.
    """
    asked = {**SPAN, "evidence": pl.String()} if settings.explain_sample else dict(SPAN)
    if stripped is None:
        return documents, pl.DataFrame(schema={ROW: documents.schema[ROW], **asked})
    told = stripped.told()
    cleaned = documents.with_columns(
        stripped.text.alias("text"),
        *further(documents, told),
        title=pl.coalesce("title", told["title"]),
        date=pl.coalesce("date", told["date"]),
    )
    rows = documents[ROW].gather(stripped.removed["doc"])
    return cleaned, stripped.removed.select(rows.alias(ROW), *asked)


def _signed(documents: pl.DataFrame, settings: Settings) -> tuple[pl.DataFrame, Marks | None]:
    """What matching asks of the documents, and what they are found by; with deduplication off, nothing."""
    if not settings.dedupe:
        return documents.select(ROW), None
    asked = [name for name in dict.fromkeys(("site", "date", settings.keep)) if name in documents.columns]
    signatures = sign(documents["text"], settings, documents["title"])
    columns = fact_columns(signatures, documents["title"], documents["url"])
    return documents.select(ROW, *asked).with_columns(**columns), marks(signatures, settings)
