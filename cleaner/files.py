"""Files to bytes and text: decompressed, decoded, or the reason why not."""

import csv
import gzip
import sys
from dataclasses import dataclass
from io import BufferedIOBase
from pathlib import Path

import polars as pl

from cleaner.decode import decoded

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

READ_BYTES = 1 << 18
"""Bytes of a text file read at once; a larger request would allocate as much for the smallest file."""


@dataclass(frozen=True)
class Reject:
    """A record that cannot be read: its number in the file (null for the whole file), and why."""

    record: int | None
    reason: str
    detail: str


def opened(path: Path) -> BufferedIOBase:
    """The file's bytes, decompressed."""
    if path.suffix.lower() == ".gz":
        return gzip.open(path)
    if path.suffix.lower() == ".zst":
        return zstd.open(path)
    return path.open("rb")


BROKEN = (OSError, EOFError, ValueError, zstd.ZstdError, gzip.zlib.error, pl.exceptions.PolarsError, csv.Error)  # type: ignore[attr-defined]
"""What reading a damaged file raises."""


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
