"""Web archives to records: the responses that are HTML. Needs the extra `warc`."""

import re
import zlib
from collections.abc import Iterator
from io import SEEK_CUR
from pathlib import Path
from typing import Any, BinaryIO

import polars as pl

from cleaner.decode import page_text
from cleaner.errors import InputError
from cleaner.files import Reject, said
from cleaner.jsonlines import ENCODING, RECORD, Records, frame_of
from cleaner.page import LOOKS_LIKE_A_PAGE
from cleaner.payload import payload

COLUMNS = ("html", "id", "url", "date")

HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})

TYPE = re.compile(
    r"(?:application|audio|binary|chemical|content|example|font|haptics|httpd|image|message|model|multipart|octet"
    r"|text|unknown|video|www|x-[\w.+-]+)/[\w.+*-]+"
)
"""A type of content: the kinds that are registered, and those that servers have made up."""

OTHERWISE = ("dns:", "ftp:", "ftps:", "whois:", "gopher:", "gemini:", "file:", "urn:", "screenshot:", "metadata:")
"""How the address of a response begins that did not come by HTTP."""

ERRORS = range(300, 600)
"""Statuses of HTTP with which no article comes, but a note that it is elsewhere or nowhere."""

BEGINNING_BYTES = 4096
"""Bytes by which a response is told to be a page that does not say so."""

BEGINS_AS_A_PAGE = re.compile(LOOKS_LIKE_A_PAGE.encode())

PLAIN = b"WARC/1."
BEGINS = (b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", PLAIN)
"""How a record begins: packed by gzip, by Zstandard, or plain."""

DAMAGED = "damaged record"
BEHIND = "what stands behind this record is none"

LARGEST = 1 << 27
"""Bytes of a record that are held, and of a page that is packed in one."""

HEAD_BYTES = 1 << 14
"""Bytes in which the head of a record is looked for."""

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
        if isinstance(found, tuple):
            rejects.append(Reject(number, *found))
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


def _responses(path: Path) -> Iterator[dict[str, Any] | tuple[str, str]]:
    """What is in each response of HTML, or the reason and detail why a record gives none.

    After damage it goes on with what next begins as a record does. Each that begins so and is none is named; and so is
    what stands behind a good record and has no beginning.
    """
    archive, any_type = _fastwarc(path)
    with path.open("rb") as file, path.open("rb") as beside:
        plain = beside.read(len(PLAIN)) == PLAIN
        before: int | None = None  # the good record before damage that is not named yet
        at = 0
        while True:
            file.seek(at)
            good = None
            try:
                for record in archive(file, parse_http=False, record_types=any_type):
                    if before is not None:
                        yield _damaged(before, BEHIND)
                    good, before = int(record.stream_pos), None
                    found = _taken(record, beside if plain else None)
                    if found is not None:
                        yield found
                    if isinstance(found, tuple) and found[0] == DAMAGED:
                        break
                else:
                    yield from () if plain else _cut(beside, at if good is None else good + 1)
                    return
            except (OSError, EOFError, ValueError, RuntimeError) as error:
                before = good
                if good is None:
                    yield _damaged(at, said(error))
            following = _next_record(file, (at if good is None else good) + 1)
            if following is None:
                break
            at = following
        if before is not None:
            yield _damaged(before, BEHIND)


def _damaged(at: int, detail: str) -> tuple[str, str]:
    return DAMAGED, f"at byte {at}: {detail}"


def _taken(record: Any, file: BinaryIO | None) -> dict[str, Any] | tuple[str, str] | None:
    """What is in a record or what is wrong with it; None if it is no input. `file` as in `_damage`."""
    if record.content_length > LARGEST:
        return _large(record)
    damage = _damage(record, file)
    if damage:
        return _damaged(record.stream_pos, damage)
    if record.is_http:
        record.parse_http()
    try:
        page = _page(record)
    except ValueError as error:
        return "unreadable", f"{record.headers.get('WARC-Target-URI')}: {error}"
    if page is None and _says_no_type(record):
        return _damaged(record.stream_pos, "a response of no known type, and no page")
    return None if page is None else _response(record, page)


def _large(record: Any) -> dict[str, Any] | tuple[str, str] | None:
    """What is wrong with a record that is too large to be held; None if it is no input, as a film."""
    promised = record.content_length
    if record.is_http:
        record.parse_http()
        promised = record.content_length
    there = sum(len(block) for block in iter(lambda: record.reader.read(SEARCHED), b""))
    if there < promised:
        return _damaged(record.stream_pos, f"{there} of {promised} bytes")
    is_page = _is_web_response(record) and _said_type(record) in HTML_TYPES
    return ("too large", f"at byte {record.stream_pos}: a record of {promised} bytes") if is_page else None


def _damage(record: Any, file: BinaryIO | None) -> str:
    """What is wrong with a record; nothing if it is a whole one.

    Args:
        record: The record, its content not read yet.
        file: The archive, if it is not packed; packed ones have a checksum of each record.
    """
    promised = record.content_length
    record.freeze()
    there = record.content_length
    if there < promised:
        return f"{there} of {promised} bytes"
    if file is not None and not _is_framed(file, record):
        return "it does not end where it says"
    if record.record_type in (record.record_type.unknown, record.record_type.no_type):
        return "of no known type"
    otherwise = (record.headers.get("WARC-Target-URI") or "").lower().startswith(OTHERWISE)
    if record.record_type == record.record_type.response and not otherwise and not record.is_http:
        return "no HTTP response"
    return ""


def _is_framed(file: BinaryIO, record: Any) -> bool:
    """Whether a record that is not packed has one head, and line ends or nothing behind its content."""
    file.seek(record.stream_pos)
    data = file.read(HEAD_BYTES)
    size = data.find(b"\r\n\r\n")
    if size < 0:
        return True  # written by rules of its own
    file.seek(record.stream_pos + size + 4 + int(record.headers.get("Content-Length") or 0))
    return PLAIN not in data[1:size] and not file.read(4).strip(b"\r\n")


def _cut(file: BinaryIO, start: int) -> Iterator[tuple[str, str]]:
    """The packed record that is cut in its head, which fastwarc takes for the end of the archive; if there is one."""
    at = _next_record(file, start)
    while at is not None:
        file.seek(at)
        data = file.read(HEAD_BYTES)
        try:
            if not data.startswith(BEGINS[0]) or b"WARC/".startswith(zlib.decompressobj(31).decompress(data, 5)):
                yield _damaged(at, "cut")
                return
        except zlib.error:
            pass  # packed content that looks like a beginning
        at = _next_record(file, at + 1)


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
    """The iterator over an archive, and what asks it for records of all types."""
    try:
        from fastwarc.warc import ArchiveIterator, WarcRecordType  # noqa: PLC0415 (an extra)
    except ImportError as error:
        message = f"{path}: web archives need fastwarc. Install it with pip install 'news-cleaner[warc]'."
        raise InputError(message) from error
    return ArchiveIterator, WarcRecordType.any_type


def _said_type(record: Any) -> str:
    return (record.http_content_type or "").split(";")[0].strip().lower()


def _says_no_type(record: Any) -> bool:
    return _is_web_response(record) and not TYPE.fullmatch(_said_type(record))


def _is_web_response(record: Any) -> bool:
    return bool(record.is_http) and record.record_type == record.record_type.response


def _page(record: Any) -> bytes | None:
    """The page in a record, if it holds one: by the type that it says, else by how it begins.

    Raises:
        ValueError: It says that it is one, and cannot be unpacked.
    """
    if not _is_web_response(record):
        return None
    says = _said_type(record) in HTML_TYPES
    transfer, packing = (record.http_headers.get(name) or "" for name in ("Transfer-Encoding", "Content-Encoding"))
    body = bytes(record.reader.read())
    if not says and not (transfer or packing) and not BEGINS_AS_A_PAGE.match(body[:BEGINNING_BYTES]):
        return None
    try:
        page = payload(body, transfer, packing, LARGEST)
    except ValueError:
        if says:
            raise
        return None
    return page if says or BEGINS_AS_A_PAGE.match(page[:BEGINNING_BYTES]) else None


def _response(record: Any, page: bytes) -> dict[str, Any] | tuple[str, str]:
    url, status = record.headers.get("WARC-Target-URI"), record.http_headers.status_code
    if status in ERRORS:
        return "no article", f"{url}: HTTP status {status}"
    if len(page) >= LARGEST:
        return "too large", f"{url}: a page of over {LARGEST} bytes"
    try:
        text, encoding = page_text(page, record.http_charset)
    except ValueError as error:
        return "unreadable", f"{url}: {error}"
    return {
        "html": text,
        "id": str(record.record_id),
        "url": url,
        "date": (record.headers.get("WARC-Date") or "")[:10] or None,
        ENCODING: encoding,
    }
