"""Paths to batches of documents, and the inputs that are none.

Inputs are taken in the order of (path below the root, record), whatever order they are named in.
"""

import glob
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any

import polars as pl

from cleaner import files, formats, jsonlines
from cleaner.errors import InputError
from cleaner.pages import HTML_COLUMNS, PAGE_COLUMNS, PAGE_NAMES, Part, page_frame, page_of, row_of
from cleaner.schema import DOCUMENTS, REJECTED, VERDICT
from cleaner.settings import PREFERENCE_HELP, PREFERENCES, Settings
from cleaner.workers import Limits, Pool

BATCH_BYTES = 16_000_000
"""Text that is worked on at once. It bounds memory and changes no result."""

COLUMNS = {
    "text": ("text", "content", "body", "articleBody", "maintext", "plaintext", "article_text"),
    "id": ("id",),
    "url": ("url", "link"),
    "site": ("site", "source", "publisher", "domain", "source_domain"),
    "lang": ("lang", "language", "meta_lang"),
    "date": ("date", "date_publish", "published", "datePublished", "publish_date", "publishing_date"),
    "title": ("title", "headline"),
}
"""The columns of documents that inputs have under these names, the first that is there."""

_HOST = r"^[A-Za-z][A-Za-z0-9+.\-]*://(?:[^/?#@]*@)?(?:[wW]{3}\.)?([^/:?#]+)"


@dataclass(frozen=True)
class Source:
    """One input file: where it is, and its path below the input that it was found in."""

    path: Path
    file: str

    @property
    def folder(self) -> str | None:
        """The first directory of the path, which crawlers name after the site."""
        first, slash, _ = self.file.partition("/")
        return first if slash else None


@dataclass(frozen=True)
class Batch:
    """Some documents in order, with the columns of DOCUMENTS and all further ones; and what had to be rejected."""

    documents: pl.DataFrame
    rejected: pl.DataFrame


def find(paths: Sequence[str | Path], *, leave_out: Sequence[Path] = ()) -> list[Source]:
    """The input files: those named, those that patterns match, and those of known formats in directories.

    Args:
        paths: Directories, files and glob patterns, and addresses (s3://, gs://, hf://) of files that Polars scans.
        leave_out: Directories that are not looked into: the output, where it lies inside an input.

    Raises:
        InputError: A path does not exist, a pattern matches nothing, or a file's format is not known.
    """
    found: dict[Path, Source] = {}
    for source in sorted((source for path in paths for source in _found(Path(path))), key=_deepest_first):
        real = source.path.resolve()
        if not any(real.is_relative_to(folder) for folder in leave_out):
            found.setdefault(real, source)
    return _told_apart(sorted(found.values(), key=lambda source: (source.file, _text(source.path))))


def _deepest_first(source: Source) -> tuple[int, str, str]:
    """Of several names for a file the longest path stays, in whatever order they were given."""
    return -source.file.count("/"), source.file, _text(source.path)


def _told_apart(sources: list[Source]) -> list[Source]:
    """The sources, a second one of the same path below its root getting `~2` behind it, as ids do."""
    files, _ = unique_ids(pl.Series([source.file for source in sources], dtype=pl.String))
    return [replace(source, file=file) for source, file in zip(sources, files, strict=True)]


def _text(path: Path | str) -> str:
    """A path as text, though its bytes may be none."""
    return os.fsencode(path).decode("utf-8", "replace")


def _found(path: Path) -> Iterator[Source]:
    if address := formats.remote(path):
        if wrong := formats.unopened(path):
            message = f"{address}: {wrong}"
            raise InputError(message)
        yield Source(path, _text(path.name))
    elif path.is_dir():
        yield from _in_directory(path)
    elif path.exists():
        if formats.kind(path) is None:
            known = ", ".join(formats.SUFFIXES)
            message = f"{path}: the format is not known by the name. Known are {known}, with .gz or .zst behind."
            raise InputError(message)
        yield Source(path, _text(path.name))
    else:
        matches = sorted(glob.glob(str(path), recursive=True))  # noqa: PTH207 (Path has no glob of a whole pattern)
        if not matches:
            message = f"{path}: no such file or directory, and no pattern that matches one. Check the path."
            raise InputError(message)
        base = Path(os.path.commonpath([Path(match).parent for match in matches]))
        for match in matches:
            for source in _found(Path(match)):
                below = source.path.relative_to(base) if source.path.is_relative_to(base) else source.path
                yield Source(source.path, _text(below))


def _unlisted(error: OSError) -> None:
    message = f"{error.filename}: {error.strerror}. Make the directory readable, or name those beside it."
    raise InputError(message)


def _in_directory(root: Path) -> Iterator[Source]:
    seen = set()
    for folder, folders, names in os.walk(root, followlinks=True, onerror=_unlisted):
        here = os.stat(folder)  # noqa: PTH116 (a walk gives strings)
        if (here.st_dev, here.st_ino) in seen:  # a link that leads back up
            folders.clear()
            continue
        seen.add((here.st_dev, here.st_ino))
        folders.sort()
        for name in sorted(names):
            path = Path(folder, name)
            if formats.kind(path) is not None and not path.is_fifo():
                yield Source(path, _text(path.relative_to(root)))


@dataclass(frozen=True)
class Inputs:
    """What is to be read, how its columns are named, and how much of it at once."""

    sources: list[Source]
    settings: Settings
    batch_bytes: int = BATCH_BYTES

    @cached_property
    def _schemas(self) -> dict[Path, dict[str, pl.DataType]]:
        """The columns of each record file, under the names that they have there."""
        record_files = [source.path for source in self.sources if formats.kind(source.path) not in formats.PLAIN]
        return {path: formats.columns(path, self.batch_bytes) for path in record_files}

    @cached_property
    def schema(self) -> dict[str, pl.DataType]:
        """The columns of all record files together."""
        return jsonlines.merged(list(self._schemas.values()))

    @cached_property
    def _has_pages(self) -> bool:
        return any(formats.PLAIN.get(formats.kind(source.path) or "") == "page" for source in self.sources) or any(
            "html" in self._named(schema) for schema in self._schemas.values()
        )

    def _chosen(self) -> dict[str, str | None]:
        settings = self.settings
        return {
            "text": settings.text_column,
            "html": settings.html_column,
            "id": settings.id_column,
            "site": settings.site_column,
        }

    def _named(self, schema: dict[str, pl.DataType]) -> dict[str, str]:
        """From the columns of documents, and `html`, to the names they have in a file of such columns."""
        chosen = self._chosen()
        known = {**COLUMNS, "html": HTML_COLUMNS}
        candidates = {column: (chosen.get(column) or "", *names) for column, names in known.items()}
        found = {column: next((name for name in names if name in schema), None) for column, names in candidates.items()}
        return {column: name for column, name in found.items() if name is not None}

    @cached_property
    def names(self) -> dict[str, str]:
        """From the columns of documents to the names they have in the inputs, the first where files differ.

        Raises:
            InputError: There are record files, and no column of text in them; or what `keep` names is not there.
        """
        for column, name in self._chosen().items():
            if name is not None and self.schema and name not in self.schema:
                message = f"no column {name!r} for the {column} in the input. It has {', '.join(self.schema)}."
                raise InputError(message)
        found = self._named(self.schema)
        if self.schema and "text" not in found and "html" not in found:
            message = (
                f"no column of text in the input: it has {', '.join(self.schema)}. "
                "Name the one that holds the text with --text-column, or that of the page with --html-column."
            )
            raise InputError(message)
        keep, columns = self.settings.keep, [*DOCUMENTS, *self.further.values()]
        if not keep.startswith("source:") and keep not in (*PREFERENCES, *columns):
            message = f"keep is {keep!r}: there is no such column. Give {PREFERENCE_HELP} ({', '.join(columns)})."
            raise InputError(message)
        return found

    @cached_property
    def further(self) -> dict[str, str]:
        """The input's further columns and the names they travel under: a name that is ours gets `input_` in front."""
        ours = {*DOCUMENTS, *VERDICT, "row"}
        rest = {name: None for schema in self._schemas.values() for name in schema if name not in self._taken(schema)}
        rest |= dict.fromkeys(PAGE_COLUMNS if self._has_pages else ())
        travel: dict[str, str] = {}
        for name in rest:
            alias = name
            while alias in ours or alias in travel.values() or (alias != name and alias in rest):
                alias = f"input_{alias}"
            travel[name] = alias
        return travel

    def _type(self, name: str) -> pl.DataType:
        """The type of a further column; those that only extraction fills are text."""
        return self.schema.get(name, pl.String())

    def _taken(self, schema: dict[str, pl.DataType]) -> list[str]:
        return list(self._named(schema).values())

    def batches(self) -> Iterator[Batch]:
        """All documents and rejects, in order, in batches of about `batch_bytes` of text; one at least."""
        _ = self.names  # a column that is not there is told of before anything is read
        parts, size = [self._batch(_text_frame([]), [], {"text": "text"})], 0
        with Pool(self._limits) as pool:
            for part in self._parts(pool):
                parts.append(part)
                size += int(part.documents["text"].str.len_bytes().sum())
                if size >= self.batch_bytes:
                    yield _together(parts)
                    parts, size = [], 0
        if parts:
            yield _together(parts)

    @property
    def _limits(self) -> Limits:
        settings = self.settings
        return Limits(settings.html_mode, settings.max_page_seconds, settings.max_page_memory_mb)

    def _parts(self, pool: Pool) -> Iterator[Batch]:
        for kind, group in groupby(self.sources, lambda source: formats.PLAIN.get(formats.kind(source.path) or "")):
            sources = list(group)
            if kind == "text":
                yield from self._texts(sources)
            elif kind == "page":
                yield from self._pages(sources, pool)
            else:
                yield from self._records(sources, pool)

    def _texts(self, sources: list[Source]) -> Iterator[Batch]:
        """Text files, gathered until they are a batch: frames of one document each would cost more than the reading."""
        found: list[tuple[str, str | None, str | None, str | None]] = []
        rejects: list[tuple[str, files.Reject]] = []
        size = 0
        for source in sources:
            text = files.text_of(source.path, self._limit)
            if isinstance(text, files.Reject):
                rejects.append((source.file, text))
            else:
                found.append((source.file, source.folder, *text))
                size += len(text[0] or "")
            if size >= self.batch_bytes:
                yield self._batch(_text_frame(found), rejects, {"text": "text"})
                found, rejects, size = [], [], 0
        yield self._batch(_text_frame(found), rejects, {"text": "text"})

    def _pages(self, sources: list[Source], pool: Pool) -> Iterator[Batch]:
        """Files of one page each, gathered until they are a batch."""
        found: list[dict[str, str | None]] = []
        rejects: list[tuple[str, files.Reject]] = []
        size = 0
        pages = ((source, page_of(source.path, self._page_limit)) for source in sources)
        for source, page in pool.answers(pages):
            if isinstance(page, files.Reject):
                rejects.append((source.file, page))
            else:
                found.append({**row_of(page), "+file": source.file, "+folder": source.folder})
                size += len(page.text)
            if size >= self.batch_bytes:
                yield self._batch(page_frame(found), rejects, PAGE_NAMES)
                found, rejects, size = [], [], 0
        yield self._batch(page_frame(found), rejects, PAGE_NAMES)

    def _records(self, sources: list[Source], pool: Pool) -> Iterator[Batch]:
        """Files of records; the pages among them are extracted while the next records are read."""
        found: list[tuple[int, Any]] = []
        for (part, row), answer in pool.answers(self._pages_of_records(sources)):
            if row is not None:
                found.append((row, answer))
            else:
                whole = part.with_pages(found)
                yield self._batch(whole.frame, list(whole.rejects), whole.names)
                found = []

    def _pages_of_records(self, sources: list[Source]) -> Iterator[tuple[tuple[Part, int | None], Any]]:
        """Each page among the records, and after the last of each part a mark that the part is whole."""
        for source in sources:
            names = self._named(self._schemas[source.path])
            asked = {name: self.schema[name] for name in self.further if name in self.schema}
            asked = {name: kind for name, kind in asked.items() if name not in names.values()}
            asked |= {name: pl.String() for name in names.values()}
            for records in formats.records(source.path, asked, self.batch_bytes):
                frame = records.frame.with_columns(
                    *(formats.unfolded(pl.col(names[name])) for name in ("text",) if name in names),
                    pl.format("{}#{}", pl.lit(source.file), jsonlines.RECORD).alias("+file"),
                    pl.lit(source.folder, pl.String).alias("+folder"),
                )
                rejects = [
                    (source.file if r.record is None else f"{source.file}#{r.record}", r) for r in records.rejects
                ]
                part = Part(frame, tuple(rejects), names)
                for row, page in part.pages(self._page_limit):
                    yield (part, row), page
                yield (part, None), files.Reject(None, "", "")

    @property
    def _limit(self) -> int:
        return int(self.settings.max_document_mb * 1_000_000)

    @property
    def _page_limit(self) -> int:
        return int(self.settings.max_page_mb * 1_000_000)

    def _batch(self, frame: pl.DataFrame, rejects: list[tuple[str, files.Reject]], names: dict[str, str]) -> Batch:
        """Records as documents, those without a usable text rejected.

        Args:
            frame: The columns of the input, and `+file`, `+folder` and the encoding.
            rejects: What was no record, and where it stood.
            names: What the columns of documents are called in the frame.
        """
        given = [pl.col(names[c]).alias(c) if c in names else pl.lit(None, pl.String).alias(c) for c in COLUMNS]
        further = [
            (
                pl.col(name).cast(self._type(name), strict=False)
                if name in frame.columns and name not in names.values()
                else pl.lit(None, self._type(name))
            ).alias(alias)
            for name, alias in self.further.items()
        ]
        documents = (
            frame.select(
                *given,
                pl.col(jsonlines.ENCODING).alias("encoding"),
                pl.col("+file").alias("file"),
                pl.col("+folder"),
                *further,
            )
            .with_columns(
                _filled("title"),
                _filled("date"),
                id=pl.coalesce(_filled("id"), _filled("url"), "file"),
                site=pl.coalesce(_filled("site"), pl.col("url").str.extract(_HOST).str.to_lowercase(), "+folder"),
            )
            .select(*DOCUMENTS, *self.further.values())
        )
        size = pl.col("text").str.len_bytes().fill_null(0)
        too_large = pl.format("{} bytes, the limit (max_document_mb) is {}", size, pl.lit(self._limit))
        no_text = (
            "no text"
            if "text" in names or "html" in names
            else f"no column of text: the file has {', '.join(self._shown(frame))}"
        )
        unusable = documents.filter((size == 0) | (size > self._limit)).select(
            "file",
            "id",
            reason=pl.when(size == 0).then(pl.lit("empty")).otherwise(pl.lit("too large")),
            detail=pl.when(size == 0).then(pl.lit(no_text)).otherwise(too_large),
        )
        unread = [(file, None, reject.reason, reject.detail) for file, reject in rejects]
        return Batch(
            documents.filter(size.is_between(1, self._limit)),
            pl.concat([unusable, pl.DataFrame(unread, schema=REJECTED, orient="row")]),
        )

    def _shown(self, frame: pl.DataFrame) -> list[str]:
        return [name for name in frame.columns if not name.startswith("+") and frame[name].null_count() < frame.height]


def _together(parts: list[Batch]) -> Batch:
    return Batch(pl.concat([part.documents for part in parts]), pl.concat([part.rejected for part in parts]))


def _text_frame(found: list[tuple[str, str | None, str | None, str | None]]) -> pl.DataFrame:
    schema = dict.fromkeys(("+file", "+folder", "text", jsonlines.ENCODING), pl.String)
    return pl.DataFrame(found, schema=schema, orient="row")


def _filled(column: str) -> pl.Expr:
    """The column, empty text being none."""
    return pl.when(pl.col(column) != "").then(pl.col(column))


def unique_ids(ids: pl.Series) -> tuple[pl.Series, int]:
    """The ids made unique, and how many had to be changed: a second `a` becomes `a~2`, in the order of the rows."""
    clashes = 0
    while (again := ids.is_first_distinct().not_()).any():
        turn = pl.int_range(2, pl.len() + 2).over("id") - pl.lit(1)
        named = ids.alias("id").to_frame().with_columns(turn=turn, again=again)
        ids = named.select(
            pl.when("again").then(pl.format("{}~{}", "id", "turn")).otherwise("id").alias("id")
        ).to_series()
        clashes = max(clashes, int(again.sum()))
    return ids, clashes
