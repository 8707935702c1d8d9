"""Files to bytes and text: decompressed, decoded, or the reason why not."""

import codecs
import csv
import gzip
import sys
from dataclasses import dataclass
from io import BufferedIOBase
from pathlib import Path

import charset_normalizer
import polars as pl

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

READ_BYTES = 1 << 18
"""Bytes of a text file read at once; a larger request would allocate as much for the smallest file."""

REPLACED = "utf-8 (replaced)"
"""The encoding of text in which bytes or escapes that are no character were replaced by U+FFFD."""

CHAOS = 0.1
"""Difference of charset-normalizer's measure of disorder that says nothing: French in cp1252 has as much more than
the same bytes as cp1257. Below it, likeness to a language decides, and then how common the encoding is."""

_ENCODINGS = (
    "cp1252", "cp1250", "cp1251", "cp1254", "cp1253", "cp1256", "koi8_r", "gb18030", "big5", "shift_jis", "euc_jp",
    "euc_kr", "cp1255", "cp1257", "cp874",
)  # fmt: skip
"""What pages that are not UTF-8 are written in (those of the WHATWG's list that are met), the commoner first."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


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


def decoded(data: bytes) -> tuple[str, str | None]:
    """The text in some bytes and its encoding, None for UTF-8.

    Raises:
        ValueError: The bytes are no text.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding, "replace"), encoding
    try:
        return data.decode(), None
    except UnicodeDecodeError:
        pass
    if data.count(0) > len(data) // 100:
        message = f"{data.count(0)} NUL bytes in {len(data)}"
        raise ValueError(message)
    likely = list(charset_normalizer.from_bytes(data[:100_000], cp_isolation=list(_ENCODINGS)))
    if not likely:
        return data.decode("utf-8", "replace"), REPLACED
    least = min(match.chaos for match in likely) + CHAOS
    readable = [match for match in likely if match.chaos <= least]
    best = max(readable, key=lambda match: (match.coherence, -_ENCODINGS.index(match.encoding)))
    return data.decode(best.encoding, "replace"), best.encoding


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
