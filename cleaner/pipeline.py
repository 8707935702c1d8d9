"""The order of the steps: read, strip, sign, match, cluster, write."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

import polars as pl
import xxhash

from cleaner import __version__, formats, read, write
from cleaner.chrome import known, waiting
from cleaner.chrome.compiled import Rules
from cleaner.chrome.evidence import gather
from cleaner.chrome.learned import learn
from cleaner.chrome.rules import load
from cleaner.chrome.seen import described, observe
from cleaner.chrome.strip import Stripped, cut_out, strip_texts
from cleaner.chrome.verdict import settle
from cleaner.duplicates.cluster import Marks, clusters, fact_columns, joined, marks, verdict_columns
from cleaner.duplicates.signatures import sign
from cleaner.parallel import mapped
from cleaner.schema import DOCUMENTS, REMOVED, ROW, SPAN, VERDICT
from cleaner.settings import Settings
from cleaner.shards import Layout
from cleaner.summary import Summary, report
from cleaner.times import seconds

Progress = Callable[[str, int], None]
"""Told the stage, and the number of documents that are through it."""


class _Sized(Protocol):
    @property
    def height(self) -> int:
        """The number of documents."""


Kind = TypeVar("Kind", bound=_Sized)

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
    done, layout = write.report_of(target.path), Layout.of(chosen.as_dict())
    whole = done is not None and done["fingerprint"] == fingerprint and write.is_whole(target.path, layout)
    if done is not None and whole and not overwrite:
        return Summary(**done["counts"], output=target.path, seconds=done["times"], again=True)
    taken = [*_listed(paths), *(source.path for source in inputs.sources)]
    write.check(target, taken, overwrite=overwrite)
    told = _Told(progress or _untold)
    with told.timed("total"), told.timed("columns"):
        rules = load(chosen.rules)
        given = [known.read_table(file) for file in chosen.learned]
        _ = inputs.names  # a missing column is told of before anything is written
    with target.alone():
        write.check(target, taken, overwrite=overwrite)  # again: another run may have finished since
        write.begin(target)
        try:
            with told.timed("total"):
                counts = _do(inputs, rules, given, target, told)
            summary = Summary(**counts, output=target.path, seconds=told.seconds)
            write.finish(target, report(summary, inputs, fingerprint))
        except BaseException:
            write.abandon(target)
            raise
    return summary


def _do(
    inputs: read.Inputs, rules: Rules, given: list[pl.DataFrame], target: write.Output, told: _Told
) -> dict[str, Any]:
    """The steps in order; the counts of what was done."""
    parts, table = _spool(inputs, rules, given, target.spool, told)
    with told.timed("match"):
        told.progress("find duplicates", 0)
        found = _matched(parts, inputs.settings)
    with told.timed("write"):
        told.progress("write", 0)
        _write(parts, found, target, inputs.settings)
        write.table(table.lazy(), target.partial, "learned")
    return _counts(parts, found, target, inputs.settings)


def plan(paths: Paths, output: str | Path, *, settings: Settings | None = None) -> tuple[read.Inputs, list[str]]:
    """What a run would read and the names of what it would write; nothing is written.

    Raises:
        CleanerError: The inputs cannot be used.
    """
    chosen = settings or Settings()
    inputs = _inputs(paths, write.Output(Path(output)), chosen, read.BATCH_BYTES)
    _ = inputs.names
    return inputs, write.files(Layout.of(chosen.as_dict()))


def _inputs(paths: Paths, target: write.Output, settings: Settings, batch_bytes: int) -> read.Inputs:
    return read.Inputs(read.find(_listed(paths), leave_out=write.ours(target)), settings, batch_bytes)


def _listed(paths: Paths) -> list[Path]:
    return [Path(path) for path in ([paths] if isinstance(paths, str | Path) else paths)]


def _fingerprint(inputs: read.Inputs) -> str:
    """Tells runs apart: the files with their sizes and times, the settings, the version of the tool."""
    state = xxhash.xxh3_128(repr((__version__, sorted(inputs.settings.as_dict().items()))).encode())
    for path in [
        *(source.path for source in inputs.sources),
        *map(Path, inputs.settings.rules + inputs.settings.learned),
    ]:
        status = path.stat() if path.exists() else None
        state.update(repr((str(path), status and (status.st_size, status.st_mtime_ns))).encode())
        if formats.remote(path):  # no size or time tells whether it changed, so no two runs are alike
            state.update(str(time.time_ns()).encode())
    return state.hexdigest()


# ---- read, strip, sign ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Part:
    """What is known of a batch that was worked on; its texts wait on disk.

    Attributes:
        documents: File of the documents: `row` and the columns of DOCUMENTS, with cleaned texts.
        removed: File of the removals, by `row`.
        facts: `row`, the digest and what else matching asks for, of each document.
        found_by: The documents' bands and sketches, in the order of `facts`; None with deduplication off.
        ids: `row`, `file` and `id`, as read, of all documents, and whether the text is `empty` after cleaning.
        rejected: The rejects, those empty after cleaning apart.
        text_bytes: Bytes of the texts as they came.
        removed_bytes: Bytes that were cut from them.
    """

    documents: Path
    removed: Path
    facts: pl.DataFrame
    found_by: Marks | None
    ids: pl.DataFrame
    rejected: pl.DataFrame
    text_bytes: int
    removed_bytes: int

    @property
    def height(self) -> int:
        """The number of documents."""
        return self.ids.height


def _spool(
    inputs: read.Inputs, rules: Rules, given: list[pl.DataFrame], folder: Path, told: _Told
) -> tuple[list[_Part], pl.DataFrame]:
    """The batches, worked on; and what was learned."""
    settings, table = inputs.settings, known.together(given)
    batches = _rows(inputs)
    if not settings.strip or not (settings.learn or table.height):
        work = partial(_worked, rules=rules, settings=settings, folder=folder, told=told)
        return list(_told_of("read and strip", mapped(work, batches), told)), table
    look = partial(_looked_at, rules=rules, settings=settings, folder=folder, told=told)
    looked = list(_told_of("read and strip", mapped(look, batches), told))
    with told.timed("learn"):
        told.progress("learn", 0)
        if settings.learn:
            table = known.together([table, _learned(looked, rules)])
    finish = partial(_finished, table=table, rules=rules, settings=settings, told=told)
    return list(_told_of("cut and sign", mapped(finish, looked), told)), table


def _told_of(stage: str, parts: Iterable[Kind], told: _Told) -> Iterator[Kind]:
    """The parts, progress being told of each."""
    row = 0
    for part in parts:
        yield part
        row += part.height
        told.progress(stage, row)


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
        stripped = _stripped(documents, rules, settings) if settings.strip else None
    return _part(read.Batch(documents, batch.rejected), stripped, settings, folder / f"{row:010}", told)


def _stripped(documents: pl.DataFrame, rules: Rules, settings: Settings) -> Stripped:
    return strip_texts(documents["text"], rules, documents["title"], kind=settings.input)


def _part(batch: read.Batch, stripped: Stripped | None, settings: Settings, place: Path, told: _Told) -> _Part:
    """Sign what was stripped of a batch, whose documents are numbered, and put it on disk."""
    documents = batch.documents
    cleaned, removed = _cleaned(documents, stripped)
    empty = cleaned["text"] == ""
    cleaned = cleaned.filter(~empty)
    with told.timed("sign"):
        facts, found_by = _signed(cleaned, settings)
    part = _Part(
        documents=place.with_suffix(".documents.arrow"),
        removed=place.with_suffix(".removed.arrow"),
        facts=facts,
        found_by=found_by,
        ids=documents.select(ROW, "file", "id", empty=empty),
        rejected=batch.rejected,
        text_bytes=int(documents["text"].str.len_bytes().sum()),
        removed_bytes=int((removed["end"] - removed["start"]).sum()),
    )
    with told.timed("spool"):
        cleaned.write_ipc(part.documents)
        removed.write_ipc(part.removed)
    return part


def _cleaned(documents: pl.DataFrame, stripped: Stripped | None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The documents with cleaned texts, and the removals."""
    if stripped is None:
        return documents, pl.DataFrame(schema={ROW: documents.schema[ROW], **SPAN})
    cleaned = documents.with_columns(
        stripped.text.alias("text"),
        title=pl.coalesce("title", stripped.heading["title"]),
        date=pl.coalesce("date", stripped.heading["date"]),
    )
    rows = documents[ROW].gather(stripped.removed["doc"])
    return cleaned, stripped.removed.select(rows.alias(ROW), *SPAN.names())


def _signed(documents: pl.DataFrame, settings: Settings) -> tuple[pl.DataFrame, Marks | None]:
    """What matching asks of the documents, and what they are found by; with deduplication off, nothing."""
    if not settings.dedupe:
        return documents.select(ROW), None
    asked = [name for name in dict.fromkeys(("site", "date", settings.keep)) if name in documents.columns]
    signatures = sign(documents["text"], settings, documents["title"])
    columns = fact_columns(signatures, documents["title"], documents["url"])
    return documents.select(ROW, *asked).with_columns(**columns), marks(signatures, settings)


# ---- learn ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Looked:
    """What is known of a batch whose lines are to be learned from; the rest waits on disk.

    Attributes:
        place: Where it waits: the documents as they came, with `row`; the lines that may be learned, whose `doc` is
            the row; and the evidence on all lines.
        described: What learning asks of each document; its `doc` likewise.
        rejected: The rejects.
        row: The row of the first document.
    """

    place: Path
    described: pl.DataFrame
    rejected: pl.DataFrame
    row: int

    @property
    def height(self) -> int:
        """The number of documents."""
        return self.described.height

    @property
    def documents(self) -> Path:
        """File of the documents."""
        return self.place.with_suffix(".arrow")

    @property
    def seen(self) -> Path:
        """File of the lines."""
        return self.place.with_suffix(".seen.arrow")

    @property
    def evidence(self) -> Path:
        """Folder of the evidence."""
        return self.place.with_suffix(".evidence")


def _looked_at(
    numbered: tuple[int, read.Batch], rules: Rules, settings: Settings, folder: Path, told: _Told
) -> _Looked:
    """Gather the evidence on a batch, see what there is to learn from it, and put it on disk."""
    row, batch = numbered
    documents = batch.documents.with_row_index(ROW, offset=row)
    texts = documents["text"].rechunk()
    with told.timed("strip"):
        evidence = gather(texts, rules, documents["title"])
    with told.timed("learn"):
        verdict = settle(evidence, rules, texts.len(), kind=settings.input)
        shift = (pl.col("doc") + row).cast(pl.UInt32)
        seen = observe(evidence, verdict).with_columns(shift)
        facts = described(texts, documents["site"], evidence, verdict).with_columns(shift)
    looked = _Looked(folder / f"{row:010}", facts, batch.rejected, row)
    with told.timed("spool"):
        documents.write_ipc(looked.documents)
        seen.write_ipc(looked.seen)
        waiting.save(evidence, verdict, looked.evidence)
    return looked


def _learned(looked: list[_Looked], rules: Rules) -> pl.DataFrame:
    """What recurs across the documents of each source."""
    seen = pl.scan_ipc([part.seen for part in looked], glob=False)
    documents = pl.concat([part.described for part in looked])
    return learn(seen, documents, partial(_lines, looked), rules)


def _lines(looked: list[_Looked], docs: pl.Series) -> pl.DataFrame:
    """The lines that the rules left of some documents, as they wait on disk."""
    found = [pl.DataFrame(schema={"doc": pl.UInt32, "text": pl.String})]
    for part in looked:
        inside = docs.filter(docs.is_between(part.row, part.row + part.height - 1)) - part.row
        if inside.len():
            texts = pl.scan_ipc(part.documents, glob=False).select("text").collect()["text"].rechunk()
            lines = waiting.left(part.evidence, texts, inside)
            found.append(lines.with_columns((pl.col("doc") + part.row).cast(pl.UInt32)))
    return pl.concat(found)


def _finished(looked: _Looked, table: pl.DataFrame, rules: Rules, settings: Settings, told: _Told) -> _Part:
    """Strip and sign a batch that was learned from, and put it on disk."""
    with told.timed("strip"):
        documents = pl.scan_ipc(looked.documents, glob=False).collect()
        seen = pl.scan_ipc(looked.seen, glob=False).collect().with_columns(pl.col("doc") - looked.row)
        texts = documents["text"].rechunk()
        evidence = known.with_learned(waiting.load(looked.evidence, texts), seen, documents["site"], table)
        stripped = cut_out(texts, evidence, rules, kind=settings.input)
    return _part(read.Batch(documents, looked.rejected), stripped, settings, looked.place, told)


# ---- match, cluster, write -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Found:
    """The verdict on each document by `row`, the ids made unique, and what it took to find them."""

    verdicts: pl.DataFrame
    ids: pl.DataFrame
    id_clashes: int
    pairs: pl.DataFrame | None = None
    candidates: int = 0
    large_buckets: int = 0
    dates_unknown: int = 0


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
    facts = facts.with_columns(time=seconds(facts["date"]))

    def texts(places: pl.Series) -> pl.DataFrame:
        wanted = facts.select(pl.col(ROW).gather(places))
        documents = pl.scan_ipc([part.documents for part in parts], glob=False).select(ROW, "text", "title")
        found = documents.join(wanted.lazy(), on=ROW, how="semi").collect()
        return wanted.join(found, on=ROW, how="left", maintain_order="left").drop(ROW)

    found = clusters(facts, joined([part.found_by for part in parts if part.found_by]), texts, settings)
    verdicts = pl.concat([facts.select(ROW), verdict_columns(found.verdicts, facts["id"])], how="horizontal")
    named = pl.lit(facts["id"])
    pairs = found.pairs.with_columns(kept=named.gather("kept"), other=named.gather("other"))
    unknown = facts["time"].null_count() if settings.window is not None else 0
    return _Found(verdicts, ids, clashes, pairs, found.candidates, found.large_buckets, unknown)


def _write(parts: list[_Part], found: _Found, target: write.Output, settings: Settings) -> None:
    folder = target.partial
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
    write.corpus(kept, target, Layout.of(settings.as_dict()))
    write.table(dropped if settings.keep_duplicates else dropped.drop("text"), folder, "duplicates")
    if settings.annotate and found.pairs is not None:
        write.table(found.pairs.sort("kept", "other").lazy(), folder, "pairs")
    write.table(removed.select(REMOVED.names()), folder, "removed")
    write.table(write.in_order(pl.concat([*(part.rejected for part in parts), emptied])).lazy(), folder, "rejected")


def _counts(parts: list[_Part], found: _Found, target: write.Output, settings: Settings) -> dict[str, Any]:
    """The counts, of what was written; they are checked against what came in."""
    kept = write.count_corpus(target.partial, Layout.of(settings.as_dict()))
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
        "dates_unknown": found.dates_unknown,
    }
