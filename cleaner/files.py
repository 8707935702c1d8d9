"""Files to bytes and text: decompressed, decoded, or the reason why not."""

import csv
import gzip
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BufferedIOBase, TextIOWrapper
from pathlib import Path
from typing import TextIO

import polars as pl

from cleaner.decode import REPLACED, decoded
from cleaner.encodings import encoding_of

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

READ_BYTES = 1 << 18
"""Bytes of a text file read at once; a larger request would allocate as much for the smallest file."""

LINES_BYTES = 1 << 20
"""Bytes of lines that are looked at once for what they are encoded in."""

_HIGH = bytes(range(0x80, 0x100))


@dataclass(frozen=True)
class Reject:
    """A record that cannot be read: its number in the file (null for the whole file), and why."""

    record: int | None
    reason: str
    detail: str


def opened(path: Path) -> BufferedIOBase:
    """The file's bytes, decompressed."""
    suffix = path.suffix.lower()
    if suffix == ".gz":
        return gzip.open(path)
    if suffix == ".zst":
        return zstd.open(path)
    return path.open("rb")


BROKEN = (OSError, EOFError, ValueError, zstd.ZstdError, gzip.zlib.error, pl.exceptions.PolarsError, csv.Error)  # type: ignore[attr-defined]
"""What reading a damaged file raises."""


@contextmanager
def opened_text(path: Path, encoding: str | None) -> Iterator[TextIO]:
    """The file's text by its encoding (`lines_encoding`), with line ends as they are; wrong bytes are replaced."""
    known = "utf-8-sig" if encoding in {None, REPLACED} else encoding
    with opened(path) as file, TextIOWrapper(file, encoding=known, errors="replace", newline="") as text:  # type: ignore[type-var]
        yield text


def lines_encoding(path: Path) -> str | None:
    """What the lines of a file are encoded in, as `encodings.encoding_of` says; of a damaged one, what can be read."""
    return encoding_of(_lines(path))


def names_encoding(path: Path) -> str | None:
    """The same as far as the names of columns need it: only a file that does not begin in UTF-8 is looked through."""
    first = next(_lines(path), b"")
    return lines_encoding(path) if encoding_of([first]) else None


def _lines(path: Path) -> Iterator[bytes]:
    """The bytes of a file, cut behind such as are a character in any encoding, so that none is cut in two."""
    rest = b""
    with suppress(*BROKEN), opened(path) as file:
        while data := file.read(LINES_BYTES):
            data = rest + data
            whole = data.rstrip(_HIGH) or data
            rest = data[len(whole) :]
            yield whole
    yield rest


def text_of(path: Path, limit: int) -> tuple[str | None, str | None] | Reject:
    """The text of a file and its encoding, None for UTF-8; or why it has none.

    Args:
        path: The file.
        limit: Bytes beyond which a text is too large; a file of several times as many is not read.
    """
    try:
        size = path.stat().st_size
        if size > 4 * limit:
            return Reject(None, "too large", f"{size} bytes, the limit (max_document_mb) is {limit}")
        with opened(path) as file:
            data, broken = some(file, 4 * limit + 1)
    except BROKEN as error:
        broken = error
    if broken:
        return Reject(None, "unreadable", said(broken))
    try:
        return decoded(data)
    except ValueError as error:
        return Reject(None, "undecodable", str(error))


def some(file: BufferedIOBase, size: int, at_once: int = READ_BYTES) -> tuple[bytes, BaseException | None]:
    """About so many bytes, fewer at the end, and the error that cut them short."""
    parts: list[bytes] = []
    try:
        while size > 0 and (part := file.read1(min(size, at_once))):
            parts.append(part)
            size -= len(part)
    except BROKEN as error:
        return b"".join(parts), error
    return b"".join(parts), None


def said(error: BaseException) -> str:
    """What an error says, on one line."""
    return " ".join(str(error).split())[:300] or type(error).__name__
