"""What a run leaves on disk, and the originals back from it.

A run writes beside its output, into `.NAME.partial`, and gives the directory its name when everything is in it: a
crash leaves nothing that looks whole.
"""

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from filelock import FileLock, Timeout

from cleaner import shards
from cleaner.errors import InputError, OutputError
from cleaner.parallel import check_engine
from cleaner.shards import ROWS_IN_GROUP, Layout
from cleaner.sources import is_below

REPORT, CARD = "run.json", "README.md"


# ---- the output directory ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Output:
    """The directory a run writes to: `path` when it is done, `partial` until then, `spool` for what comes between."""

    path: Path

    @property
    def partial(self) -> Path:
        """Where the run writes."""
        return self.path.parent / f".{self.path.name}.partial"

    @property
    def spool(self) -> Path:
        """Where batches wait; not part of the output."""
        return self.path.parent / f".{self.path.name}.spool"

    @property
    def old(self) -> Path:
        """What had the name before, while it changes hands."""
        return self.path.parent / f".{self.path.name}.old"

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the output against other runs into it.

        Raises:
            OutputError: Another run holds it, or there is no place to write to.
        """
        lock = FileLock(self.path.parent / f".{self.path.name}.lock", blocking=False)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except Timeout as error:
            message = f"output {self.path}: another run is writing to it. Wait for it, or name another directory."
            raise OutputError(message) from error
        except OSError as error:
            message = f"output {self.path}: {error}. Name a directory that can be written to."
            raise OutputError(message) from error
        try:
            yield
        finally:
            Path(lock.lock_file).unlink(missing_ok=True)
            lock.release()


def files(layout: Layout) -> list[str]:
    """The names of what a run leaves in its output."""
    documents = ["corpus/", "documents.parquet"] if layout.form == "txt" else [layout.name, CARD]
    return [*documents, "removed.parquet", "duplicates.parquet", "rejected.parquet", "learned.parquet", REPORT]


def is_whole(directory: Path, layout: Layout) -> bool:
    """Whether all that a run leaves is there."""
    return all((directory / name).exists() for name in files(layout))


def report_of(directory: Path) -> dict[str, Any] | None:
    """What `run.json` in the directory says; None if there is none or it is no report of ours."""
    try:
        report = json.loads((directory / REPORT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return report if isinstance(report, dict) and "fingerprint" in report else None


def ours(output: Output) -> list[str]:
    """The directories that are a run's own and not to be read as its input, as far as they are, without links."""
    folders = [output.partial, output.spool, output.old]
    if report_of(output.path) is not None:
        folders.append(output.path)
    return [os.path.realpath(folder) for folder in folders]


def check(output: Output, inputs: Mapping[str, Path], *, overwrite: bool) -> None:
    """See that the output may be written, which holds none of the inputs, given by their paths without links.

    Raises:
        OutputError: It is a file, holds an input, or has something in it and may not be overwritten.
    """
    place = output.path.resolve()
    if place.exists() and not place.is_dir():
        message = f"output {output.path} is a file. Name a directory, which need not exist."
        raise OutputError(message)
    for real, path in inputs.items():
        if is_below(real, str(place)):
            message = f"output {output.path} holds the input {path}. Name another directory."
            raise OutputError(message)
    if overwrite or not place.exists() or not any(place.iterdir()):
        return
    if report_of(place) is None:
        message = (
            f"output {output.path} is not empty, and what is in it is no output of cleaner. Name another directory."
        )
        message += " Or give --overwrite, which removes all that is in it."
        raise OutputError(message)
    message = f"output {output.path} is that of a run with other inputs or settings. Give --overwrite to replace it."
    raise OutputError(message)


def begin(output: Output) -> None:
    """Make the directories of a run, empty.

    Raises:
        OutputError: They cannot be made.
    """
    try:
        for folder in (output.partial, output.spool):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
    except OSError as error:
        message = f"output {output.path}: {error}. Name a directory that can be written to."
        raise OutputError(message) from error


def finish(output: Output, report: dict[str, Any]) -> None:
    """Write the report and give the directory its name; what had it before goes."""
    text = json.dumps(report, ensure_ascii=False, indent=2) + "\n"
    (output.partial / REPORT).write_text(text, encoding="utf-8")
    shutil.rmtree(output.spool, ignore_errors=True)
    shutil.rmtree(output.old, ignore_errors=True)
    if output.path.exists():
        output.path.rename(output.old)
    output.partial.rename(output.path)
    shutil.rmtree(output.old, ignore_errors=True)


def abandon(output: Output) -> None:
    """Remove what an unfinished run wrote."""
    shutil.rmtree(output.partial, ignore_errors=True)
    shutil.rmtree(output.spool, ignore_errors=True)


# ---- tables --------------------------------------------------------------------------------------------------------


def table(frame: pl.LazyFrame, directory: Path, name: str, *, rows: int = ROWS_IN_GROUP) -> None:
    """Write a frame as Parquet, so many rows in a group."""
    frame.sink_parquet(directory / f"{name}.parquet", row_group_size=rows)


def corpus(documents: pl.LazyFrame, output: Output, layout: Layout) -> None:
    """Write the kept documents as files of records, or as text files and a table of all but the text."""
    directory = output.partial
    if layout.form != "txt":
        shards.write(documents, directory, layout, output.spool)
        (directory / CARD).write_text(shards.card(layout), encoding="utf-8")
        return
    (directory / "corpus").mkdir()
    places, at = text_places(documents.select("file").collect().to_series()), 0
    for part in documents.select("title", "text").collect_batches(chunk_size=1024, maintain_order=True):
        _texts(part.insert_column(0, places.slice(at, part.height)), directory / "corpus")
        at += part.height
    table(documents.drop("text"), directory, "documents")


def in_order(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows in the order of the inputs: by path, then by the number of the record in it."""
    path, record = pl.col("file").str.replace(r"#\d+$", ""), pl.col("file").str.extract(r"#(\d+)$").cast(pl.Int64)
    return frame.sort(path, record, maintain_order=True)


def count_corpus(directory: Path, layout: Layout) -> int:
    """The number of documents in the corpus that was written."""
    if layout.form != "txt":
        return shards.count(directory, layout)
    return int(pl.scan_parquet(directory / "documents.parquet", glob=False).select(pl.len()).collect().item())


def count_by(directory: Path, name: str, column: str) -> dict[str, int]:
    """The number of rows of a table that was written, by the values of one of its columns, most first."""
    groups = pl.scan_parquet(directory / f"{name}.parquet", glob=False).group_by(column).len()
    return dict(groups.sort("len", column, descending=[True, False]).collect().iter_rows())


def _texts(documents: pl.DataFrame, directory: Path) -> None:
    """Write texts: their place below the directory, their title, their text."""
    for place, title, text in documents.iter_rows():
        path = directory / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(shown(title, text).encode())


def shown(title: str | None, text: str) -> str:
    """An article as a reader sees it: its title, an empty line, its text."""
    return text if title is None else f"{title}\n\n{text}"


def text_places(files: pl.Series) -> pl.Series:
    """Where each document's text is written: below the directory as it was below the input, ending in `.txt`.

    Places that differ only in case are one place on some disks, so the second gets a number.
    """
    parts = files.str.replace_all(r"[\x00\\:]", "_").str.split("/")
    inside = parts.list.eval(pl.element().filter(~pl.element().is_in(["", ".", ".."]))).list.join("/")
    stem = inside.str.replace(r"\.txt$", "")
    stem = stem.zip_with(stem != "", pl.repeat("text", stem.len(), eager=True))
    folded, taken = stem.str.to_lowercase().to_list(), set(stem.str.to_lowercase())
    seen: set[str] = set()
    places = []
    for name, low in zip(stem.to_list(), folded, strict=True):
        place, number = name, 1
        while place.lower() in seen or (number > 1 and place.lower() in taken):
            number += 1
            place = f"{name}~{number}"
        seen.add(place.lower() if number > 1 else low)
        places.append(f"{place}.txt")
    return pl.Series("place", places, dtype=pl.String)


# ---- back ----------------------------------------------------------------------------------------------------------


def restore(directory: str | Path, output: str | Path, *, overwrite: bool = False) -> int:
    """Write the originals back, byte for byte, as text files and as a table.

    Args:
        directory: The output of a run.
        output: Where `originals.parquet` is written, and the text of each document that came from a text file under
            `originals`, by its path.
        overwrite: Replace what is there.

    Returns:
        The number of documents restored.

    Raises:
        InputError: The directory is no output of a run, or the run did not keep what is needed.
        OutputError: The output is not empty.
        CleanerError: The process was forked from one in which Polars was at work.
    """
    check_engine()
    source, target = Path(directory), Output(Path(output))
    report = report_of(source)
    if report is None:
        message = f"{source}: no {REPORT} of cleaner there. Name the directory that `cleaner run` wrote."
        raise InputError(message)
    if "counts" not in report:
        message = f"{source}: these are originals already. Name the directory that `cleaner run` wrote."
        raise InputError(message)
    if report["counts"]["duplicates"] and not report["settings"]["keep_duplicates"]:
        message = (
            f"{source}: the run kept no text of its duplicates (--no-keep-duplicates), so not all can be restored."
        )
        raise InputError(message)
    with target.alone():
        check(target, {os.path.realpath(source): source}, overwrite=overwrite)
        begin(target)
        return _restored(source, target, report)


def _restored(source: Path, target: Output, report: dict[str, Any]) -> int:
    originals = original_texts(source, Layout.of(report["settings"]))
    files = originals.filter(~pl.col("file").str.contains(r"#\d+$"))
    places = text_places(files["file"])
    _texts(files.select(places, pl.lit(None, pl.String), "text"), target.partial / "originals")
    table(originals.lazy(), target.partial, "originals")
    finish(target, {"cleaner": report["cleaner"], "restored": originals.height, "fingerprint": None})
    return originals.height


def original_texts(directory: Path, layout: Layout) -> pl.DataFrame:
    """The original of each document of a run: `id`, `file`, `encoding`, `text`, in the order of the inputs."""
    names = ["id", "file", "encoding", "text"]
    if not is_whole(directory, layout):
        message = f"{directory}: not all of {', '.join(files(layout))} is there. Make the run again."
        raise InputError(message)
    duplicates = pl.scan_parquet(directory / "duplicates.parquet", glob=False).select(names)
    rejected = pl.read_parquet(directory / "rejected.parquet", glob=False).filter(
        pl.col("reason") == "empty after cleaning"
    )
    emptied = rejected.select("id", "file", encoding=pl.lit(None, pl.String), text=pl.lit(""))
    kept = pl.concat([corpus_of(directory, layout).select(names), duplicates.collect(), emptied])
    removed = pl.read_parquet(directory / "removed.parquet", glob=False)
    return in_order(kept.with_columns(text=put_back(kept["id"], kept["text"], removed)))


def corpus_of(directory: Path, layout: Layout) -> pl.DataFrame:
    """The documents that a run kept, in the form it wrote them: the columns of DOCUMENTS, at least."""
    if layout.form != "txt":
        return shards.read(directory, layout)
    documents = pl.read_parquet(directory / "documents.parquet", glob=False)
    texts = [
        (directory / "corpus" / place).read_bytes().decode().removeprefix(shown(title, ""))
        for place, title in zip(text_places(documents["file"]), documents["title"], strict=True)
    ]
    return documents.with_columns(text=pl.Series(texts, dtype=pl.String))


def put_back(ids: pl.Series, texts: pl.Series, removed: pl.DataFrame) -> pl.Series:
    """The texts with what was removed from them put back in its place.

    Args:
        ids: The id of each text.
        texts: The texts as they are after cleaning.
        removed: Rows of REMOVED, in the order of their offsets.
    """
    documents = pl.DataFrame({"doc": pl.int_range(ids.len(), dtype=pl.UInt32, eager=True), "id": ids, "whole": texts})
    spans = (
        removed.select("id", "start", "end", "text").join(documents.select("id", "doc"), on="id").sort("doc", "start")
    )
    size = pl.col("end") - pl.col("start")
    gone = (size.cum_sum() - size).over("doc")  # bytes cut before this span
    before = (pl.col("start") - gone).cast(pl.UInt32)  # where it belongs in the shorter text
    pieces = (
        spans.select("doc", "text", at=before)
        .with_columns(since=pl.col("at").shift(1, fill_value=0).over("doc"))
        .join(documents.select("doc", whole=pl.col("whole").cast(pl.Binary)), on="doc", maintain_order="left")
        .with_columns(kept=pl.col("whole").bin.slice("since", pl.col("at") - pl.col("since")).cast(pl.String))
        .group_by("doc", maintain_order=True)
        .agg(pl.concat_str("kept", "text").str.join(""), pl.col("at").last(), pl.col("whole").first())
        .with_columns(rest=pl.col("whole").bin.slice("at", pl.col("whole").bin.size()).cast(pl.String))
        .select("doc", original=pl.concat_str("kept", "rest"))
    )
    found = documents.join(pieces, on="doc", how="left", maintain_order="left")
    return found.select(text=pl.coalesce("original", "whole")).to_series()
