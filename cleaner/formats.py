"""One file of records to records, by its format; and what a file is by its name."""

import csv
import io
import json
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from cleaner import jsonlines, warc
from cleaner.decode import decoded
from cleaner.files import BROKEN, Reject, opened, said
from cleaner.jsonlines import ENCODING, RECORD, Records, frame_of

SUFFIXES = {
    ".txt": "text",
    ".html": "page",
    ".htm": "page",
    ".xhtml": "page",
    ".mhtml": "archive",
    ".mht": "archive",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "csv",
    ".arrow": "arrow",
    ".feather": "arrow",
    ".ipc": "arrow",
    ".rss": "feed",
    ".atom": "feed",
    ".xml": "feed",
    ".warc": "warc",
    ".parquet": "parquet",
}
"""What a file is, by the end of its name; `.gz` or `.zst` may follow all but Parquet."""

PLAIN = {"text": "text", "page": "page", "archive": "page"}
"""The kinds of files that are one document, and whether it is a text or a page."""

COMPRESSED = (".gz", ".zst")

FEED_COLUMNS = ("html", "id", "url", "title", "date", "author", "lang")

LIST_AND_REST = 8
"""Keys of an object up to which the one array of objects in it is taken for the records, and the rest for a heading."""

SCHEMES = ("s3", "s3a", "gs", "gcs", "az", "azure", "abfs", "abfss", "adl", "hf", "http", "https", "file")
"""Addresses that Polars opens."""

SCANNED = ("parquet", "arrow", "jsonl", "csv")

FUNDUS_BODY = r'^\s*\{\s*"(?:summary|sections)"\s*:\s*\['
"""How a text begins that is a body of Fundus in JSON."""

_WHOLE = (".parquet", ".arrow", ".feather", ".ipc")
"""Formats that are compressed in themselves."""


def kind(path: Path) -> str | None:
    """What the file is by its name, one of the values of SUFFIXES; None if it is none of them."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in COMPRESSED:
        suffixes.pop()
        return SUFFIXES.get(suffixes[-1]) if suffixes and suffixes[-1] not in _WHOLE else None
    return SUFFIXES.get(suffixes[-1]) if suffixes else None


def remote(path: Path) -> str | None:
    """The address that a path is, as Polars takes it; None for paths of this machine. A Path has one slash of two."""
    scheme, colon, rest = str(path).partition(":/")
    if not colon or not re.fullmatch(r"[a-z][a-z0-9]+", scheme):
        return None
    return f"file:///{rest.lstrip('/')}" if scheme == "file" else f"{scheme}://{rest.lstrip('/')}"


def unopened(path: Path) -> str:
    """Why Polars cannot open an address; nothing if it can."""
    scheme = str(path).partition(":")[0]
    if scheme not in SCHEMES:
        return f"{scheme}:// is not known. Known are {', '.join(f'{known}://' for known in SCHEMES)}."
    if kind(path) not in SCANNED or path.suffix.lower() in COMPRESSED:
        return "only .parquet, .arrow, .jsonl and .csv are read from there. Name such a file or a pattern, or copy it."
    try:
        _scan(path).collect_schema()
    except (*BROKEN, ImportError) as error:
        return f"it cannot be opened: {said(error)}. Check the address, and the credentials in the environment."
    return ""


def columns(path: Path, block_bytes: int) -> dict[str, pl.DataType]:
    """The columns of a file and their types; none of a text file or of one that cannot be read."""
    try:
        return _columns(path, block_bytes)
    except BROKEN:
        return {}


def _columns(path: Path, block_bytes: int) -> dict[str, pl.DataType]:
    if remote(path):
        return dict(_scan(path).collect_schema())
    match kind(path):
        case "jsonl":
            found = jsonlines.columns(path, block_bytes)
        case "json":
            found = jsonlines.block_columns(json_lines(path))
        case "csv":
            found = dict.fromkeys(_csv_columns(path), pl.String())
        case "parquet" | "arrow":
            found = dict(_scan(path).collect_schema())
        case "feed" | "warc" as form:
            found = dict.fromkeys(FEED_COLUMNS if form == "feed" else warc.COLUMNS, pl.String())
        case _:
            found = {}
    return found


def _csv_columns(path: Path) -> list[str]:
    return _csv_header(_csv_text(path)[0])


def _csv_text(path: Path) -> tuple[str, str | None]:
    with opened(path) as file:
        text, encoding = decoded(file.read())
    return text, encoding


def _csv_header(text: str) -> list[str]:
    return next(csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text)), [])


def _separator(text: str) -> str:
    """What stands between fields: a comma, or the semicolon or tab that the first line has more of."""
    first = text[: text.find("\n")] if "\n" in text else text
    return max(",;\t", key=first.count)


def records(path: Path, schema: dict[str, pl.DataType], block_bytes: int) -> Iterator[Records]:
    """The records of a JSON lines, CSV or Parquet file, about `block_bytes` at a time, with the columns of `schema`.

    A file that breaks off gives what could be read, and a Reject of the file.
    """
    reader = {
        "jsonl": jsonlines.records,
        "csv": _csv_records,
        "parquet": _scanned_records,
        "arrow": _scanned_records,
        "json": _json_records,
        "feed": _feed_records,
        "warc": warc.records,
    }
    last = -1
    try:
        read = _scanned_records if remote(path) else reader[kind(path) or "jsonl"]
        for part in read(path, schema, block_bytes):
            if part.frame.height:
                last = part.frame[RECORD].max()  # type: ignore[assignment]
            yield part
    except BROKEN as error:
        after = f" after record {last}" if last >= 0 else ""
        yield Records(frame_of({}, schema), (Reject(None, "unreadable", f"{said(error)}{after}"),))


def _scan(path: Path) -> pl.LazyFrame:
    where, whole = remote(path) or path, remote(path) is not None
    match kind(path):
        case "parquet":
            return pl.scan_parquet(where, glob=whole)
        case "arrow":
            return pl.scan_ipc(where, glob=whole)
        case "csv":
            return pl.scan_csv(where, infer_schema=False, separator="\t" if path.suffix.lower() == ".tsv" else ",")
        case _:
            return pl.scan_ndjson(where, infer_schema_length=None)


def json_lines(path: Path) -> bytes:
    """The records of a JSON file as lines: those of an array, of the one array in an object, or the object itself.

    Raises:
        ValueError: It is no JSON, or holds no objects.
    """
    with opened(path) as file:
        text, _ = decoded(file.read())
    try:
        found = json.loads(text, strict=False)
    except ValueError:
        if "\n{" not in text.strip():
            raise
        return text.encode("utf-8", "replace")  # lines, whatever the name says
    except RecursionError as error:
        message = "nested too deep"
        raise ValueError(message) from error
    if isinstance(found, dict):
        lists = [value for value in found.values() if isinstance(value, list) and value and isinstance(value[0], dict)]
        found = lists[0] if len(lists) == 1 and len(found) <= LIST_AND_REST else [found]
    if not isinstance(found, list):
        message = "a JSON value that is neither an object nor an array"
        raise ValueError(message)  # noqa: TRY004 (it is the file's fault)
    return b"\n".join(json.dumps(record).encode() for record in found)


def _json_records(path: Path, schema: dict[str, pl.DataType], _block_bytes: int) -> Iterator[Records]:
    lines = json_lines(path)
    if lines:
        yield jsonlines.block_records(lines, 0, schema)


def _feed_records(path: Path, schema: dict[str, pl.DataType], _block_bytes: int) -> Iterator[Records]:
    """The entries of an RSS or Atom file: their whole content where it is there, else their summaries."""
    import feedparser  # noqa: PLC0415 (few inputs have feeds)

    with opened(path) as file:
        feed = feedparser.parse(file.read(), sanitize_html=False, resolve_relative_uris=False)
    if not feed.version and not feed.entries:
        message = "no RSS or Atom feed"
        raise ValueError(message)
    rows = [_entry(entry, feed.feed) for entry in feed.entries]
    data: dict[str, list[Any]] = {name: [row.get(name) for row in rows] for name in schema}
    yield Records(frame_of({**data, RECORD: list(range(len(rows))), ENCODING: [None] * len(rows)}, schema))


def _entry(entry: Any, feed: Any) -> dict[str, str | None]:
    contents = [content.get("value") or "" for content in entry.get("content", [])]
    said = {
        "html": max(contents, key=len, default="") or entry.get("summary"),
        "id": entry.get("id"),
        "url": entry.get("link"),
        "title": entry.get("title"),
        "date": _iso(entry, "published") or _iso(entry, "updated"),
        "author": entry.get("author"),
        "lang": (contents and entry.content[0].get("language")) or feed.get("language"),
    }
    return {name: str(value) if value else None for name, value in said.items()}


def _iso(entry: Any, name: str) -> str | None:
    """A date of an entry as ISO 8601 in UTC; as it stands there where it cannot be read."""
    read, said = entry.get(f"{name}_parsed"), entry.get(name)
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", read) if read else said


def unfolded(text: pl.Expr) -> pl.Expr:
    """Texts; those that are a body as Fundus writes it (a summary, and sections of headlines and paragraphs) as one.

    Its parts stand in their order, each on a line; what only looks like such a body stays as it is.
    """
    nested = pl.when(text.str.contains(FUNDUS_BODY)).then(text)
    return pl.coalesce(nested.map_elements(_body_text, return_dtype=pl.String), text)


def _body_text(body: str) -> str | None:
    try:
        found = json.loads(body)
        sections = [part for section in found["sections"] for part in (*section["headline"], *section["paragraphs"])]
        return "\n".join([*(found.get("summary") or []), *sections])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _scanned_records(path: Path, schema: dict[str, pl.DataType], block_bytes: int) -> Iterator[Records]:
    scan = _scan(path)
    names = [name for name in schema if name in scan.collect_schema()]
    rows = max(1, block_bytes // 4096)  # an article is a few kilobytes
    record = 0
    for frame in scan.select(names).collect_batches(chunk_size=rows, maintain_order=True):
        missing = [pl.lit(None, dtype).alias(name) for name, dtype in schema.items() if name not in names]
        yield Records(
            frame.with_columns(*missing).select(
                pl.int_range(record, record + frame.height, dtype=pl.Int64).alias(RECORD),
                pl.lit(None, pl.String).alias(ENCODING),
                *(pl.col(name).cast(dtype, strict=False) for name, dtype in schema.items()),
            )
        )
        record += frame.height


def _csv_records(path: Path, schema: dict[str, pl.DataType], block_bytes: int) -> Iterator[Records]:
    """The records of a CSV file; Python's reader, which takes any quoting, where Polars refuses the file."""
    text, encoding = _csv_text(path)
    rejects: tuple[Reject, ...] = ()
    try:
        frame = pl.read_csv(io.BytesIO(text.encode()), infer_schema=False, separator=_separator(text))
    except pl.exceptions.PolarsError:
        frame, rejects = _loose_csv(text)
    if RECORD not in frame.columns:
        frame = frame.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias(RECORD))
    numbered = frame.select(
        RECORD,
        pl.lit(encoding, pl.String).alias(ENCODING),
        *(pl.col(name) if name in frame.columns else pl.lit(None, dtype).alias(name) for name, dtype in schema.items()),
    )
    rows = max(1, block_bytes // 4096)
    yield from (Records(part) for part in numbered.iter_slices(rows))
    yield Records(numbered.clear(), rejects)


def _loose_csv(text: str) -> tuple[pl.DataFrame, tuple[Reject, ...]]:
    """The rows of a CSV text that Polars refuses; those with more fields than the header are rejects."""
    csv.field_size_limit(sys.maxsize)
    names, *rows = [*csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))] or [[]]
    rejects = tuple(
        Reject(number, "unreadable", f"record {number}: {len(row)} fields, the header has {len(names)}; quote the text")
        for number, row in enumerate(rows)
        if len(row) > len(names)
    )
    good = [
        (n, *row, *[None] * (len(names) - len(row))) for n, row in enumerate(rows) if row and len(row) <= len(names)
    ]
    schema = {RECORD: pl.Int64(), **dict.fromkeys(names, pl.String())}
    return pl.DataFrame(good, schema=schema, orient="row"), rejects
