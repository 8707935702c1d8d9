"""One file of records to records, by its format; and what a file is by its name."""

import os
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from cleaner import delimited, feeds, jsonarrays, jsonlines, warc
from cleaner.files import BROKEN, Reject, opened, said, some
from cleaner.jsonlines import ENCODING, RECORD, Look, Records, frame_of
from cleaner.nested import as_text

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

FEED_BYTES = 20_000_000
"""Bytes of the largest feed that is read; a large one has a tenth of it."""

SCHEMES = ("s3", "s3a", "gs", "gcs", "az", "azure", "abfs", "abfss", "adl", "hf", "http", "https", "file")
"""Addresses that Polars opens."""

SCANNED = ("parquet", "arrow", "jsonl", "csv")

_WHOLE = (".parquet", ".arrow", ".feather", ".ipc")
"""Formats that are compressed in themselves."""


def kind(path: Path | str) -> str | None:
    """What the file is by its name, one of the values of SUFFIXES; None if it is none of them."""
    name = os.path.basename(path).lower()  # noqa: PTH119 (quicker than `suffixes` of a Path)
    suffixes = [] if name.endswith(".") else [f".{suffix}" for suffix in name.lstrip(".").split(".")[1:]]
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


def look(path: Path, block_bytes: int, keep_bytes: int = 0) -> Look:
    """What a first look at a file tells; no columns of a text file or of one that cannot be read.

    Args:
        path: The file.
        block_bytes: How much is looked at at once.
        keep_bytes: Bytes of the largest file whose lines may be kept.
    """
    try:
        if kind(path) == "jsonl" and not remote(path):
            return jsonlines.look(path, block_bytes, keep_bytes)
        return Look(_columns(path, block_bytes))
    except BROKEN:
        return Look({})


def _columns(path: Path, block_bytes: int) -> dict[str, pl.DataType]:
    if remote(path):
        return dict(_scan(path).collect_schema())
    match kind(path):
        case "json":
            found = jsonarrays.columns(path, block_bytes)
        case "csv":
            found = delimited.columns(path)
        case "parquet" | "arrow":
            found = dict(_scan(path).collect_schema())
        case "feed" | "warc" as form:
            found = dict.fromkeys((feeds if form == "feed" else warc).COLUMNS, pl.String())
        case _:
            found = {}
    return found


def records(
    path: Path,
    schema: dict[str, pl.DataType],
    block_bytes: int,
    entries: Callable[[bytes], Any],
    seen: Look | None = None,
) -> Iterator[Records]:
    """The records of a file, about `block_bytes` at a time, with the columns of `schema`.

    A file that breaks off gives what could be read, and a Reject of the file.

    Args:
        path: The file.
        schema: The columns that are asked for, with their types.
        block_bytes: How much is read at once.
        entries: What makes entries of a feed, or a Reject.
        seen: What a first look told.
    """
    reader: dict[str, Callable[[Path, dict[str, pl.DataType], int], Iterator[Records]]] = {
        "jsonl": partial(jsonlines.records, seen=seen),
        "csv": delimited.records,
        "parquet": _scanned_records,
        "arrow": _scanned_records,
        "json": jsonarrays.records,
        "feed": partial(_feed_records, entries),
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


def _feed_records(
    entries: Callable[[bytes], Any], path: Path, schema: dict[str, pl.DataType], _block_bytes: int
) -> Iterator[Records]:
    """The entries of a feed, which is read whole."""
    with opened(path) as file:
        data, broken = some(file, FEED_BYTES + 1)
    if broken:
        raise broken
    large = Reject(None, "too large", f"a feed of over {FEED_BYTES} bytes")
    rows = large if len(data) > FEED_BYTES else entries(data)
    if isinstance(rows, Reject):
        yield Records(frame_of({}, schema), (rows,))
        return
    found: dict[str, list[Any]] = {name: [row.get(name) for row in rows] for name in schema}
    yield Records(frame_of({**found, RECORD: list(range(len(rows))), ENCODING: [None] * len(rows)}, schema))


def _scanned_records(path: Path, schema: dict[str, pl.DataType], block_bytes: int) -> Iterator[Records]:
    scan = _scan(path)
    there = scan.collect_schema()
    names = [name for name in schema if name in there]
    rows = max(1, block_bytes // 4096)  # an article is a few kilobytes
    record = 0
    for frame in scan.select(names).collect_batches(chunk_size=rows, maintain_order=True):
        missing = [pl.lit(None, dtype).alias(name) for name, dtype in schema.items() if name not in names]
        yield Records(
            frame.with_columns(*missing).select(
                pl.int_range(record, record + frame.height, dtype=pl.Int64).alias(RECORD),
                pl.lit(None, pl.String).alias(ENCODING),
                *(
                    as_text(name, there.get(name, dtype))
                    if dtype == pl.String
                    else pl.col(name).cast(dtype, strict=False)
                    for name, dtype in schema.items()
                ),
            )
        )
        record += frame.height
