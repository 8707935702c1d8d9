"""Batches of documents: stripped, signed, and put on disk, where their texts wait until all have been compared."""

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
from cleaner.parallel import mapped
from cleaner.schema import ROW, SPAN
from cleaner.settings import Settings
from cleaner.stages import Stages

_SOME = pl.Schema({"turn": pl.UInt32, "text": pl.String, "title": pl.String})


@dataclass(frozen=True)
class Part:
    """What is known of a batch that was worked on; its texts wait on disk.

    Attributes:
        documents: File of the documents: `row` and the columns of DOCUMENTS, with cleaned texts.
        removed: File of the removals, by `row`; with `evidence` if some documents are to be explained.
        facts: File of `row`, the digest and what else matching asks for, of each document.
        marks: Folder of the documents' bands and sketches, in the order of `facts`; None with deduplication off.
        ids: `row`, `file` and `id`, as read, of all documents, and whether the text is `empty` after cleaning.
        rejected: The rejects, those empty after cleaning apart.
        text_bytes: Bytes of the texts as they came.
        removed_bytes: Bytes that were cut from them.
    """

    documents: Path
    removed: Path
    facts: Path
    marks: Path | None
    ids: pl.DataFrame
    rejected: pl.DataFrame
    text_bytes: int
    removed_bytes: int

    @property
    def height(self) -> int:
        """The number of documents."""
        return self.ids.height


def worked(numbered: tuple[int, Batch], rules: Rules, settings: Settings, folder: Path, stages: Stages) -> Part:
    """Strip and sign a batch, and put it on disk."""
    row, batch = numbered
    documents = batch.documents.with_row_index(ROW, offset=row)
    with stages.timed("strip"):
        stripped = _stripped(documents, rules, settings) if settings.strip else None
    return part(Batch(documents, batch.rejected), stripped, settings, folder / f"{row:010}", stages)


def _stripped(documents: pl.DataFrame, rules: Rules, settings: Settings) -> Stripped:
    return strip_texts(documents["text"], rules, documents["title"], kind=settings.input)


def part(batch: Batch, stripped: Stripped | None, settings: Settings, place: Path, stages: Stages) -> Part:
    """Sign what was stripped of a batch, whose documents are numbered, and put it on disk."""
    documents = batch.documents
    cleaned, removed = _cleaned(documents, stripped, settings)
    empty = cleaned["text"] == ""
    cleaned = cleaned.filter(~empty)
    with stages.timed("sign"):
        facts, found_by = _signed(cleaned, settings)
    done = Part(
        documents=place.with_suffix(".documents.arrow"),
        removed=place.with_suffix(".removed.arrow"),
        facts=place.with_suffix(".facts.arrow"),
        marks=place.with_suffix(".marks") if found_by else None,
        ids=documents.select(ROW, "file", "id", empty=empty),
        rejected=batch.rejected,
        text_bytes=int(documents["text"].str.len_bytes().sum()),
        removed_bytes=int((removed["end"] - removed["start"]).sum()),
    )
    with stages.timed("spool"):
        cleaned.write_ipc(done.documents)
        removed.write_ipc(done.removed)
        facts.write_ipc(done.facts)
        if done.marks and found_by:
            _save(found_by, done.marks)
    return done


def _save(found_by: Marks, folder: Path) -> None:
    folder.mkdir()
    for name, values in vars(found_by).items():
        np.save(folder / name, values)


def marks_of(parts: Sequence[Part]) -> Marks:
    """What the documents of all batches are found by."""
    folders = [part.marks for part in parts if part.marks]
    names = [field.name for field in fields(Marks)]
    return joined([Marks(*(np.load(folder / f"{name}.npy", mmap_mode="r") for name in names)) for folder in folders])


def texts_of(parts: Sequence[Part], rows: pl.Series) -> pl.DataFrame:
    """The texts and titles of some documents, in the order of their `rows`: `text`, `title`."""
    wanted = rows.to_frame(ROW).with_row_index("turn")
    found = mapped(partial(_some, wanted), [part for part in parts if part.height])
    return pl.concat([_SOME.to_frame(), *found]).sort("turn").drop("turn")


def _some(wanted: pl.DataFrame, part: Part) -> pl.DataFrame:
    """What is wanted of one batch, copied, so that the rest of it can be forgotten."""
    here = wanted.filter(pl.col(ROW).is_between(part.ids[ROW][0], part.ids[ROW][-1]))
    if here.is_empty():
        return _SOME.to_frame()
    documents = pl.scan_ipc(part.documents, glob=False).select(ROW, "text", "title").collect()
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
    cleaned = documents.with_columns(
        stripped.text.alias("text"),
        *further(documents, stripped.told),
        title=pl.coalesce("title", stripped.told["title"]),
        date=pl.coalesce("date", stripped.told["date"]),
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
