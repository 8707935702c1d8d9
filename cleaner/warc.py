"""Web archives to records: the responses that are HTML. Needs the extra `warc`."""

from collections.abc import Iterator
from io import SEEK_CUR
from pathlib import Path
from typing import Any, BinaryIO

import polars as pl

from cleaner.decode import page_text
from cleaner.errors import InputError
from cleaner.files import Reject, said
from cleaner.jsonlines import ENCODING, RECORD, Records, frame_of

COLUMNS = ("html", "id", "url", "date")

HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})

BEGINS = (b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"WARC/1.")
"""How a record begins: packed by gzip, by Zstandard, or plain."""

SEARCHED = 1 << 20
"""Bytes that are searched at once."""


def records(path: Path, schema: dict[str, pl.DataType], block_bytes: int) -> Iterator[Records]:
    """The pages in an archive, about `block_bytes` of them at a time; the other records of it are no input.

    Broken and cut records are Rejects, and those after them are read.

    Raises:
        InputError: fastwarc is not installed.
    """
    rows: list[dict[str, Any]] = []
    rejects: list[Reject] = []
    size = 0
    for number, found in enumerate(_responses(path)):
        if isinstance(found, str):
            rejects.append(Reject(number, "unreadable", found))
        else:
            rows.append({**found, RECORD: number})
            size += len(found["html"])
        if size >= block_bytes:
            yield _gathered(rows, rejects, schema)
            rows, rejects, size = [], [], 0
    yield _gathered(rows, rejects, schema)


def _gathered(rows: list[dict[str, Any]], rejects: list[Reject], schema: dict[str, pl.DataType]) -> Records:
    data = {name: [row.get(name) for row in rows] for name in (RECORD, ENCODING, *schema)}
    return Records(frame_of(data, schema), tuple(rejects))


def _responses(path: Path) -> Iterator[dict[str, Any] | str]:
    """What is in each response of HTML, or what is wrong with a record; after damage from the next whole record on."""
    archive, response = _fastwarc(path)
    with path.open("rb") as file:
        at: int | None = 0
        while at is not None:
            file.seek(at)
            last, damage = at, ""
            iterator = iter(archive(file, parse_http=True, record_types=response, auto_decode="all"))
            while not damage:
                try:
                    record = next(iterator)
                    last = record.stream_pos
                    damage = _damage(record)
                    if not damage and _is_html(record):
                        yield _response(record)
                except StopIteration:
                    return
                except (OSError, EOFError, ValueError, RuntimeError) as error:
                    damage = said(error)
            yield f"broken record: {damage}"
            at = _next_record(file, last + 1)


def _damage(record: Any) -> str:
    """What is wrong with a record: that fewer bytes are left of it than it says."""
    promised = record.content_length
    record.freeze()
    there = record.content_length
    return f"{there} of {promised} bytes" if there < promised else ""


def _next_record(file: BinaryIO, start: int) -> int | None:
    """Where the next record begins, by what it begins with; None if there is none."""
    file.seek(0)
    begins = next((begin for begin in BEGINS if file.read(len(begin)) == begin or file.seek(0)), BEGINS[-1])
    file.seek(start)
    while block := file.read(SEARCHED):
        place = block.find(begins)
        if place >= 0:
            return file.tell() - len(block) + place
        if len(block) == SEARCHED:
            file.seek(1 - len(begins), SEEK_CUR)
    return None


def _fastwarc(path: Path) -> tuple[Any, Any]:
    try:
        from fastwarc.warc import ArchiveIterator, WarcRecordType  # noqa: PLC0415 (an extra)
    except ImportError as error:
        message = f"{path}: web archives need fastwarc. Install it with pip install 'news-cleaner[warc]'."
        raise InputError(message) from error
    return ArchiveIterator, WarcRecordType.response


def _is_html(record: Any) -> bool:
    said_type = (record.http_content_type or "").split(";")[0].strip().lower()
    return said_type in HTML_TYPES


def _response(record: Any) -> dict[str, Any] | str:
    page = record.reader.read()
    url = record.headers.get("WARC-Target-URI")
    try:
        text, encoding = page_text(page, record.http_charset)
    except ValueError as error:
        return f"{url}: {error}"
    return {
        "html": text,
        "id": str(record.record_id),
        "url": url,
        "date": (record.headers.get("WARC-Date") or "")[:10] or None,
        ENCODING: encoding,
    }
