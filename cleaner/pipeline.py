"""The order of the steps: read, strip, sign, match, cluster, write."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import xxhash

from cleaner import __version__, read, write
from cleaner.chrome.compiled import Rules
from cleaner.chrome.rules import load
from cleaner.chrome.strip import strip_texts
from cleaner.duplicates.cluster import clusters, digest_columns, verdict_columns
from cleaner.duplicates.signatures import bands, sign
from cleaner.parallel import mapped
from cleaner.schema import DOCUMENTS, REMOVED, ROW, SPAN, VERDICT
from cleaner.settings import Settings
from cleaner.summary import Summary, report

Progress = Callable[[str, int], None]
"""Told the stage, and the number of documents that are through it."""

Paths = str | Path | Sequence[str | Path]


def _untold(_stage: str, _documents: int) -> None:
    """No one is told."""


@dataclass(frozen=True)
class _Told:
    """What the user is told of: progress, and the seconds that each stage took."""

    progress: Progress
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - start


def run(
    paths: Paths,
    output: str | Path,
    *,
    settings: Settings | None = None,
    overwrite: bool = False,
    batch_bytes: int = read.BATCH_BYTES,
    progress: Progress | None = None,
) -> Summary:
    """Make a corpus of scraped texts: chrome stripped, duplicates dropped, all that was removed accounted for.

    Args:
        paths: Directories, files and glob patterns.
        output: The directory to write: the corpus, `removed`, `duplicates`, `rejected` and `run.json`.
        settings: All that changes the result.
        overwrite: Replace what is there. Without it that is an error, but for the output of the same run.
        batch_bytes: Text that is worked on at once, in bytes. It bounds memory and changes no result.
        progress: Told how far the run is.

    Raises:
        CleanerError: The inputs, the output or the settings cannot be used; nothing has been written then.
    """
    chosen, target = settings or Settings(), write.Output(Path(output))
    inputs = _inputs(paths, target, chosen, batch_bytes)
    fingerprint = _fingerprint(inputs)
    done = write.report_of(target.path)
    whole = done is not None and done["fingerprint"] == fingerprint and write.is_whole(target.path, chosen.format)
    if done is not None and whole and not overwrite:
        return Summary(**done["counts"], output=target.path, seconds=done["times"], again=True)
    taken = [*_listed(paths), *(source.path for source in inputs.sources)]
    write.check(target, taken, overwrite=overwrite)
    told = _Told(progress or _untold)
    with told.timed("total"), told.timed("columns"):
        rules = load(chosen.rules)
        _ = inputs.names  # a missing column is told of before anything is written
    with target.alone():
        write.check(target, taken, overwrite=overwrite)  # again: another run may have finished since
        write.begin(target)
        try:
            with told.timed("total"):
                counts = _do(inputs, rules, target, told)
            summary = Summary(**counts, output=target.path, seconds=told.seconds)
            write.finish(target, report(summary, inputs, fingerprint))
        except BaseException:
            write.abandon(target)
            raise
    return summary


def _do(inputs: read.Inputs, rules: Rules, target: write.Output, told: _Told) -> dict[str, Any]:
    """The steps in order; the counts of what was done."""
    parts = _spool(inputs, rules, target.spool, told)
    with told.timed("match"):
        told.progress("find duplicates", 0)
        found = _matched(parts, inputs.settings)
    with told.timed("write"):
        told.progress("write", 0)
        _write(parts, found, target.partial, inputs.settings)
    return _counts(parts, found, target)


def plan(paths: Paths, output: str | Path, *, settings: Settings | None = None) -> tuple[read.Inputs, list[str]]:
    """What a run would read and the names of what it would write; nothing is written.

    Raises:
        CleanerError: The inputs cannot be used.
    """
    chosen = settings or Settings()
    inputs = _inputs(paths, write.Output(Path(output)), chosen, read.BATCH_BYTES)
    _ = inputs.names
    return inputs, write.files(chosen.format)


def _inputs(paths: Paths, target: write.Output, settings: Settings, batch_bytes: int) -> read.Inputs:
    return read.Inputs(read.find(_listed(paths), leave_out=write.ours(target)), settings, batch_bytes)


def _listed(paths: Paths) -> list[Path]:
    return [Path(path) for path in ([paths] if isinstance(paths, str | Path) else paths)]


def _fingerprint(inputs: read.Inputs) -> str:
    """Tells runs apart: the files with their sizes and times, the settings, the version of the tool."""
    state = xxhash.xxh3_128(repr((__version__, sorted(inputs.settings.as_dict().items()))).encode())
    for path in [*(source.path for source in inputs.sources), *map(Path, inputs.settings.rules)]:
        status = path.stat() if path.exists() else None
        state.update(repr((str(path), status and (status.st_size, status.st_mtime_ns))).encode())
    return state.hexdigest()


# ---- read, strip, sign ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Part:
    """What is known of a batch that was worked on; its texts wait on disk.

    Attributes:
        documents: File of the documents: `row` and the columns of DOCUMENTS, with cleaned texts.
        removed: File of the removals, by `row`.
        facts: `row`, the digest and what else matching asks for, of each document.
        bands: The documents' band values, in the order of `facts`.
        ids: `row`, `file` and `id`, as read, of all documents, and whether the text is `empty` after cleaning.
        rejected: The rejects, those empty after cleaning apart.
        text_bytes: Bytes of the texts as they came.
        removed_bytes: Bytes that were cut from them.
    """

    documents: Path
    removed: Path
    facts: pl.DataFrame
    bands: npt.NDArray[np.uint64]
    ids: pl.DataFrame
    rejected: pl.DataFrame
    text_bytes: int
    removed_bytes: int


def _spool(inputs: read.Inputs, rules: Rules, folder: Path, told: _Told) -> list[_Part]:
    parts, row = [], 0
    for part in mapped(
        partial(_worked, rules=rules, settings=inputs.settings, folder=folder, told=told), _rows(inputs)
    ):
        parts.append(part)
        row += part.ids.height
        told.progress("read and strip", row)
    return parts


def _rows(inputs: read.Inputs) -> Iterator[tuple[int, read.Batch]]:
    """The batches, each with the row of its first document."""
    row = 0
    for batch in inputs.batches():
        yield row, batch
        row += batch.documents.height


def _worked(numbered: tuple[int, read.Batch], rules: Rules, settings: Settings, folder: Path, told: _Told) -> _Part:
    """Strip and sign a batch, and put it on disk."""
    row, batch = numbered
    documents = batch.documents.with_row_index(ROW, offset=row)
    with told.timed("strip"):
        cleaned, removed = _stripped(documents, rules, settings)
    empty = cleaned["text"] == ""
    cleaned = cleaned.filter(~empty)
    with told.timed("sign"):
        facts, values = _signed(cleaned, settings)
    part = _Part(
        documents=folder / f"documents-{row:010}.arrow",
        removed=folder / f"removed-{row:010}.arrow",
        facts=facts,
        bands=values,
        ids=documents.select(ROW, "file", "id", empty=empty),
        rejected=batch.rejected,
        text_bytes=int(documents["text"].str.len_bytes().sum()),
        removed_bytes=int((removed["end"] - removed["start"]).sum()),
    )
    with told.timed("spool"):
        cleaned.write_ipc(part.documents)
        removed.write_ipc(part.removed)
    return part


def _stripped(documents: pl.DataFrame, rules: Rules, settings: Settings) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The documents with cleaned texts, and the removals."""
    if not settings.strip:
        return documents, pl.DataFrame(schema={ROW: documents.schema[ROW], **SPAN})
    stripped = strip_texts(documents["text"], rules, documents["title"], kind=settings.input)
    cleaned = documents.with_columns(
        stripped.text.alias("text"),
        title=pl.coalesce("title", stripped.told["title"]),
        date=pl.coalesce("date", stripped.told["date"]),
    )
    rows = documents[ROW].gather(stripped.removed["doc"])
    return cleaned, stripped.removed.select(rows.alias(ROW), *SPAN.names())


def _signed(documents: pl.DataFrame, settings: Settings) -> tuple[pl.DataFrame, npt.NDArray[np.uint64]]:
    """What matching asks of the documents, and their band values; with deduplication off, nothing."""
    if not settings.dedupe:
        return documents.select(ROW), np.empty((documents.height, 0), np.uint64)
    asked = [name for name in dict.fromkeys(("date", "site", settings.keep)) if name in documents.columns]
    signatures = sign(documents["text"], settings, documents["title"])
    return documents.select(ROW, *asked).with_columns(**digest_columns(signatures)), bands(signatures.values, settings)


# ---- match, cluster, write -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Found:
    """The verdict on each document by `row`, the ids made unique, and what it took to find them."""

    verdicts: pl.DataFrame
    ids: pl.DataFrame
    id_clashes: int
    candidates: int = 0
    large_buckets: int = 0


def _matched(parts: list[_Part], settings: Settings) -> _Found:
    ids = pl.concat([part.ids for part in parts])
    unique, clashes = read.unique_ids(ids["id"])
    ids = ids.with_columns(id=unique)
    facts = pl.concat([part.facts for part in parts]).join(
        ids.select(ROW, "id"), on=ROW, how="left", maintain_order="left"
    )
    if not settings.dedupe:
        return _Found(
            facts.select(ROW, *(pl.lit(None, kind).alias(name) for name, kind in VERDICT.items())), ids, clashes
        )

    def texts(places: pl.Series) -> pl.Series:
        wanted = facts.select(pl.col(ROW).gather(places))
        documents = pl.scan_ipc([part.documents for part in parts], glob=False).select(ROW, "text")
        found = documents.join(wanted.lazy(), on=ROW, how="semi").collect()
        return wanted.join(found, on=ROW, how="left", maintain_order="left")["text"]

    found = clusters(facts, np.concatenate([part.bands for part in parts]), texts, settings)
    verdicts = pl.concat([facts.select(ROW), verdict_columns(found.verdicts, facts["id"])], how="horizontal")
    return _Found(verdicts, ids, clashes, found.candidates, found.large_buckets)


def _write(parts: list[_Part], found: _Found, folder: Path, settings: Settings) -> None:
    ids = found.ids.lazy().select(ROW, "id")
    documents = (
        pl.scan_ipc([part.documents for part in parts], glob=False)
        .drop("id")
        .join(ids, on=ROW, how="left", maintain_order="left")
        .join(found.verdicts.lazy(), on=ROW, how="left", maintain_order="left")
    )
    ours = (ROW, *DOCUMENTS, *VERDICT)
    columns = [*DOCUMENTS, *(name for name in documents.collect_schema() if name not in ours)]
    kept = documents.filter(pl.col("duplicate_of").is_null()).select(columns)
    dropped = documents.filter(pl.col("duplicate_of").is_not_null()).select(*columns, *VERDICT)
    removed = pl.scan_ipc([part.removed for part in parts], glob=False).join(
        ids, on=ROW, how="left", maintain_order="left"
    )
    emptied = found.ids.filter("empty").select(
        "file", "id", reason=pl.lit("empty after cleaning"), detail=pl.lit("all of the text was chrome")
    )
    write.corpus(kept, folder, settings.format)
    write.table(dropped if settings.keep_duplicates else dropped.drop("text"), folder, "duplicates")
    write.table(removed.select(REMOVED.names()), folder, "removed")
    write.table(write.in_order(pl.concat([*(part.rejected for part in parts), emptied])).lazy(), folder, "rejected")


def _counts(parts: list[_Part], found: _Found, target: write.Output) -> dict[str, Any]:
    """The counts, of what was written; they are checked against what came in."""
    kept = write.count_corpus(target.partial)
    duplicates = write.count_by(target.partial, "duplicates", "relation")
    rejected = write.count_by(target.partial, "rejected", "reason")
    inputs = sum(part.ids.height + part.rejected.height for part in parts)
    if inputs != kept + sum(duplicates.values()) + sum(rejected.values()):
        message = f"{inputs} inputs, but {kept} kept, duplicates {duplicates}, rejected {rejected}: please report this."
        raise AssertionError(message)
    return {
        "inputs": inputs,
        "kept": kept,
        "duplicates": duplicates,
        "rejected": rejected,
        "removed": write.count_by(target.partial, "removed", "category"),
        "text_bytes": sum(part.text_bytes for part in parts),
        "removed_bytes": sum(part.removed_bytes for part in parts),
        "id_clashes": found.id_clashes,
        "candidates": found.candidates,
        "large_buckets": found.large_buckets,
    }
