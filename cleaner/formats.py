"""One file of records to records, by its format; and what a file is by its name."""

import csv
import io
import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from cleaner import jsonlines
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
    ".csv": "csv",
    ".parquet": "parquet",
}
"""What a file is, by the end of its name; `.gz` or `.zst` may follow all but Parquet."""

PLAIN = {"text": "text", "page": "page", "archive": "page"}
"""The kinds of files that are one document, and whether it is a text or a page."""

COMPRESSED = (".gz", ".zst")


def kind(path: Path) -> str | None:
    """What the file is by its name: text, jsonl, csv or parquet; None if it is none of them."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in COMPRESSED:
        suffixes.pop()
        return SUFFIXES.get(suffixes[-1]) if suffixes and suffixes[-1] != ".parquet" else None
    return SUFFIXES.get(suffixes[-1]) if suffixes else None


def columns(path: Path, block_bytes: int) -> dict[str, pl.DataType]:
    """The columns of a file and their types; none of a text file or of one that cannot be read."""
    try:
        match kind(path):
            case "jsonl":
                return jsonlines.columns(path, block_bytes)
            case "csv":
                return dict.fromkeys(_csv_columns(path), pl.String())
            case "parquet":
                return dict(pl.scan_parquet(path, glob=False).collect_schema())
    except BROKEN:
        pass
    return {}


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
    reader = {"jsonl": jsonlines.records, "csv": _csv_records, "parquet": _parquet_records}
    last = -1
    try:
        for part in reader[kind(path) or "jsonl"](path, schema, block_bytes):
            if part.frame.height:
                last = part.frame[RECORD].max()  # type: ignore[assignment]
            yield part
    except BROKEN as error:
        after = f" after record {last}" if last >= 0 else ""
        yield Records(frame_of({}, schema), (Reject(None, "unreadable", f"{said(error)}{after}"),))


def _parquet_records(path: Path, schema: dict[str, pl.DataType], block_bytes: int) -> Iterator[Records]:
    scan = pl.scan_parquet(path, glob=False)
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
