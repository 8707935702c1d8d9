"""One file to records: text, JSON lines, CSV and Parquet, compressed or not.

A file of records has columns (`columns`) and records, read a block at a time (`records`); a text file is one text
(`text_of`). What cannot be read becomes a Reject; the rest goes on.
"""

import codecs
import csv
import gzip
import io
import json
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import BufferedIOBase
from pathlib import Path
from typing import Any

import charset_normalizer
import polars as pl

from cleaner.parallel import mapped

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

SUFFIXES = {
    ".txt": "text",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".parquet": "parquet",
}
"""What a file is, by the end of its name; `.gz` or `.zst` may follow all but Parquet."""

COMPRESSED = (".gz", ".zst")

LINES_AT_ONCE = 512
"""Lines among which one that cannot be read is looked for, one by one."""

READ_BYTES = 1 << 18
"""Bytes of a text file read at once; a larger request would allocate as much for the smallest file."""

REPLACED = "utf-8 (replaced)"
"""The encoding of text in which bytes or escapes that are no character were replaced by U+FFFD."""

_ENCODINGS = (
    "cp1252", "cp1250", "cp1251", "cp1254", "cp1253", "cp1256", "koi8_r", "gb18030", "big5", "shift_jis", "euc_jp",
    "euc_kr", "cp1255", "cp1257", "cp874",
)  # fmt: skip
"""What pages that are not UTF-8 are written in (those of the WHATWG's list that are met), the commoner first."""

_LONE_SURROGATE = re.compile(
    rb"\\u[dD][89aAbB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89aAbB][0-9a-fA-F]{2})\\u[dD][c-fC-F]"
)
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


@dataclass(frozen=True)
class Records:
    """Records of a file: their columns, `record`, their numbers from 0, and `encoding`; and the rejects among them."""

    frame: pl.DataFrame
    rejects: tuple[Reject, ...] = ()


def kind(path: Path) -> str | None:
    """What the file is by its name: text, jsonl, csv or parquet; None if it is none of them."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in COMPRESSED:
        suffixes.pop()
        return SUFFIXES.get(suffixes[-1]) if suffixes and suffixes[-1] != ".parquet" else None
    return SUFFIXES.get(suffixes[-1]) if suffixes else None


def opened(path: Path) -> BufferedIOBase:
    """The file's bytes, decompressed."""
    if path.suffix.lower() == ".gz":
        return gzip.open(path)
    if path.suffix.lower() == ".zst":
        return zstd.open(path)
    return path.open("rb")


_BROKEN = (OSError, EOFError, ValueError, zstd.ZstdError, gzip.zlib.error, pl.exceptions.PolarsError, csv.Error)  # type: ignore[attr-defined]
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
    best = max(likely, key=lambda match: (-match.chaos, match.coherence, -_ENCODINGS.index(match.encoding)))
    return data.decode(best.encoding, "replace"), best.encoding


# ---- columns -------------------------------------------------------------------------------------------------------


def columns(path: Path, block_bytes: int) -> dict[str, pl.DataType]:
    """The columns of a file and their types; none of a text file or of one that cannot be read."""
    try:
        match kind(path):
            case "jsonl":
                return _jsonl_columns(path, block_bytes)
            case "csv":
                return dict.fromkeys(_csv_columns(path), pl.String())
            case "parquet":
                return dict(pl.scan_parquet(path, glob=False).collect_schema())
    except _BROKEN:
        pass
    return {}


def merged(schemas: list[dict[str, pl.DataType]]) -> dict[str, pl.DataType]:
    """One schema for all: types that do not go together become text."""
    whole: dict[str, pl.DataType] = {}
    for schema in schemas:
        for name, dtype in schema.items():
            whole[name] = _common(whole[name], dtype) if name in whole else _storable(dtype)
    return whole


def _common(one: pl.DataType, other: pl.DataType) -> pl.DataType:
    if one == other:
        return one
    frames = [pl.DataFrame(schema={"x": one}), pl.DataFrame(schema={"x": other})]
    try:
        return _storable(pl.concat(frames, how="vertical_relaxed").schema["x"])
    except pl.exceptions.PolarsError:
        return pl.String()


def _storable(dtype: pl.DataType) -> pl.DataType:
    """The type, or text where Parquet has no such type."""
    return pl.String() if dtype in (pl.Null, pl.Int128, pl.UInt128, pl.Object) else dtype


def _jsonl_columns(path: Path, block_bytes: int) -> dict[str, pl.DataType]:
    schemas: list[dict[str, pl.DataType]] = []
    with suppress(*_BROKEN):  # what came before the damage counts
        schemas.extend(mapped(_block_columns, (block for _, block in _blocks(path, block_bytes // 4))))
    return merged(schemas)


def _block_columns(block: bytes) -> dict[str, pl.DataType]:
    try:
        return dict(pl.scan_ndjson(block, infer_schema_length=None).collect_schema())
    except pl.exceptions.PolarsError:
        found = [_object(line) for line in block.splitlines() if line.strip()]
        return merged([_kinds(record) for record in found if isinstance(record, dict)])


def _kinds(record: dict[str, Any]) -> dict[str, pl.DataType]:
    plain = {bool: pl.Boolean(), int: pl.Int64(), float: pl.Float64()}
    return {name: plain.get(type(value), pl.String()) for name, value in record.items() if value is not None}


def _csv_columns(path: Path) -> list[str]:
    with opened(path) as file:
        head, _ = decoded(file.readline())
    return next(csv.reader([head]), [])


# ---- records -------------------------------------------------------------------------------------------------------


def records(path: Path, schema: dict[str, pl.DataType], block_bytes: int) -> Iterator[Records]:
    """The records of a JSON lines, CSV or Parquet file, about `block_bytes` at a time, with the columns of `schema`.

    A file that breaks off gives what could be read, and a Reject of the file.
    """
    reader = {"jsonl": _jsonl_records, "csv": _csv_records, "parquet": _parquet_records}
    last = -1
    try:
        for part in reader[kind(path) or "jsonl"](path, schema, block_bytes):
            if part.frame.height:
                last = part.frame["record"].max()  # type: ignore[assignment]
            yield part
    except _BROKEN as error:
        after = f" after record {last}" if last >= 0 else ""
        yield Records(_frame({}, schema), (Reject(None, "unreadable", f"{_said(error)}{after}"),))


def _said(error: BaseException) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__


def _frame(data: dict[str, list[Any]], schema: dict[str, pl.DataType]) -> pl.DataFrame:
    """Columns of Python values as a frame of the schema; what does not fit a column's type becomes null."""
    whole = {"record": pl.Int64(), "encoding": pl.String(), **schema}
    height = len(data.get("record", []))
    return pl.DataFrame(
        {name: pl.Series(data.get(name, [None] * height), dtype=dtype, strict=False) for name, dtype in whole.items()}
    )


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
            data, broken = _some(file, 4 * limit + 1)
    except _BROKEN as error:
        broken = error
    if broken:
        return Reject(None, "unreadable", _said(broken))
    try:
        return decoded(data)
    except ValueError as error:
        return Reject(None, "undecodable", str(error))


def _blocks(path: Path, block_bytes: int) -> Iterator[tuple[int, bytes]]:
    """Whole lines of a file, about `block_bytes` at a time, and the number of the first; no byte-order mark.

    What could be read of a damaged file comes before the error, but for the line that it broke off in.
    """
    number, begun = 0, False
    rest: list[bytes] = []  # of the line that no end was seen of yet; joined once, however long it is
    with opened(path) as file:
        while True:
            data, broken = _some(file, block_bytes, block_bytes)
            if not begun:
                data, begun = data.removeprefix(codecs.BOM_UTF8), True
            whole, feed, after = data.rpartition(b"\n")
            if feed:
                whole = b"".join([*rest, whole])
                yield number, whole
                number += whole.count(b"\n") + 1
                rest = []
            rest.append(after)
            if broken:
                raise broken
            if not data:
                break
    if last := b"".join(rest):
        yield number, last


def _some(file: BufferedIOBase, size: int, at_once: int = READ_BYTES) -> tuple[bytes, BaseException | None]:
    """About so many bytes, fewer at the end, and the error that cut them short."""
    parts: list[bytes] = []
    try:
        while size > 0 and (part := file.read1(min(size, at_once))):
            parts.append(part)
            size -= len(part)
    except _BROKEN as error:
        return b"".join(parts), error
    return b"".join(parts), None


def _jsonl_records(path: Path, schema: dict[str, pl.DataType], block_bytes: int) -> Iterator[Records]:
    for first, block in _blocks(path, block_bytes):
        yield _jsonl_block(block, first, schema)


def _jsonl_block(block: bytes, first: int, schema: dict[str, pl.DataType]) -> Records:
    """The records of some lines; those that Polars refuses are looked at one by one."""
    lines = block.count(b"\n") + 1
    escaped = b"\\ud" in block or b"\\uD" in block
    if not (escaped and _LONE_SURROGATE.search(block)):
        try:
            frame = pl.read_ndjson(block, schema=schema)
        except pl.exceptions.PolarsError:
            frame = None
        if frame is not None and frame.height == lines:
            record = pl.int_range(first, first + lines, dtype=pl.Int64)
            return Records(frame.select(record.alias("record"), pl.lit(None, pl.String).alias("encoding"), *schema))
    if lines > LINES_AT_ONCE:
        cut = _middle(block)
        halves = [
            _jsonl_block(block[:cut], first, schema),
            _jsonl_block(block[cut + 1 :], first + block[:cut].count(b"\n") + 1, schema),
        ]
        return Records(pl.concat([half.frame for half in halves]), halves[0].rejects + halves[1].rejects)
    return _jsonl_lines(block, first, schema)


def _middle(block: bytes) -> int:
    """The place of a line feed near the middle of a block that has one."""
    after = block.find(b"\n", len(block) // 2)
    return after if after >= 0 else block.rfind(b"\n")


def _jsonl_lines(block: bytes, first: int, schema: dict[str, pl.DataType]) -> Records:
    """The records of a few lines, one by one."""
    data: dict[str, list[Any]] = {name: [] for name in ("record", "encoding", *schema)}
    rejects = []
    for number, line in enumerate(block.split(b"\n"), first):
        if not line.strip():
            continue
        record = _object(line)
        if not isinstance(record, dict):
            rejects.append(Reject(number, "unreadable", f"line {number + 1}: {record}"))
            continue
        replaced = False
        for name, dtype in schema.items():
            value, changed = _valued(record.get(name), dtype)
            data[name].append(value)
            replaced |= changed
        data["record"].append(number)
        data["encoding"].append(REPLACED if replaced or _is_no_utf8(line) else None)
    return Records(_frame(data, schema), tuple(rejects))


def _object(line: bytes) -> dict[str, Any] | str:
    """The object on a line, or what is wrong with it."""
    try:
        value = json.loads(line.decode("utf-8", "replace"), strict=False)
    except (ValueError, RecursionError) as error:
        return _said(error)
    return value if isinstance(value, dict) else f"a JSON {type(value).__name__}, no object"


def _valued(value: Any, dtype: pl.DataType) -> tuple[Any, bool]:
    """A JSON value as its column holds it, and whether a lone surrogate in it was replaced."""
    if dtype != pl.String or value is None:
        return value, False
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"), True
    return text, False


def _is_no_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return True
    return False


def _parquet_records(path: Path, schema: dict[str, pl.DataType], block_bytes: int) -> Iterator[Records]:
    scan = pl.scan_parquet(path, glob=False)
    names = [name for name in schema if name in scan.collect_schema()]
    rows = max(1, block_bytes // 4096)  # an article is a few kilobytes
    record = 0
    for frame in scan.select(names).collect_batches(chunk_size=rows, maintain_order=True):
        missing = [pl.lit(None, dtype).alias(name) for name, dtype in schema.items() if name not in names]
        yield Records(
            frame.with_columns(*missing).select(
                pl.int_range(record, record + frame.height, dtype=pl.Int64).alias("record"),
                pl.lit(None, pl.String).alias("encoding"),
                *(pl.col(name).cast(dtype, strict=False) for name, dtype in schema.items()),
            )
        )
        record += frame.height


def _csv_records(path: Path, schema: dict[str, pl.DataType], block_bytes: int) -> Iterator[Records]:
    """The records of a CSV file; Python's reader, which takes any quoting, where Polars refuses the file."""
    with opened(path) as file:
        text, encoding = decoded(file.read())
    try:
        frame = pl.read_csv(io.BytesIO(text.encode()), infer_schema=False)
    except pl.exceptions.PolarsError:
        frame = _loose_csv(text)
    numbered = frame.select(
        pl.int_range(pl.len(), dtype=pl.Int64).alias("record"),
        pl.lit(encoding, pl.String).alias("encoding"),
        *(pl.col(name) if name in frame.columns else pl.lit(None, dtype).alias(name) for name, dtype in schema.items()),
    )
    rows = max(1, block_bytes // 4096)
    yield from (Records(part) for part in numbered.iter_slices(rows))


def _loose_csv(text: str) -> pl.DataFrame:
    csv.field_size_limit(sys.maxsize)
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    names = [name for name in (rows[0] if rows else {}) if name is not None]
    return pl.DataFrame(
        {name: [row.get(name) for row in rows] for name in names}, schema=dict.fromkeys(names, pl.String)
    )
