"""JSON lines to records. Blocks go to Polars whole; where it refuses one, the lines are looked at one by one."""

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from cleaner.decode import REPLACED
from cleaner.files import BROKEN, Reject, lines_encoding, names_encoding, opened, said, some
from cleaner.parallel import mapped

RECORD, ENCODING = "+record", "+encoding"
"""Columns of Records that no input has: a record's number in its file, from 0, and its encoding, null for UTF-8."""

LONGEST_LINE = 1 << 28
"""Bytes of a line that are held; a longer one, as that of a bomb, is let go while it is read."""

AT_ONCE = 1 << 17
"""Bytes that are compared at once: what comes of more does not fit into the processor's cache."""

LINES_AT_ONCE = 512
"""Lines among which one that cannot be read is looked for, one by one."""

_LONE_SURROGATE = re.compile(
    rb"\\u[dD][89aAbB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89aAbB][0-9a-fA-F]{2})\\u[dD][c-fC-F]"
)


@dataclass(frozen=True)
class Records:
    """Records of a file: their columns, RECORD and ENCODING; and the rejects among them."""

    frame: pl.DataFrame
    rejects: tuple[Reject, ...] = ()


class Look(NamedTuple):
    """What a first look at a file tells.

    Attributes:
        columns: Its columns and their types.
        is_utf8: Whether all is known to be UTF-8.
        blocks: All of it in whole lines, if it is UTF-8 and small enough to be kept until it is read.
    """

    columns: dict[str, pl.DataType]
    is_utf8: bool = False
    blocks: tuple[bytes, ...] = ()


def look(path: Path, block_bytes: int, keep_bytes: int = 0) -> Look:
    """What a first look at a file tells, as far as it can be read; of not more than `keep_bytes` its lines are kept."""
    encoding, kept = names_encoding(path), list[bytes]()
    looks = list(mapped(block_look, _keeping(_blocks_until_damage(path, block_bytes, encoding), kept, keep_bytes)))
    is_utf8 = encoding is None and all(look.is_utf8 for look in looks)
    return Look(merged([look.columns for look in looks]), is_utf8, tuple(kept) if is_utf8 else ())


def _keeping(blocks: Iterator[bytes | None], kept: list[bytes], most: int) -> Iterator[bytes | None]:
    """The blocks, which are put into `kept` too; none of them if they have more than `most` bytes."""
    size = 0
    for block in blocks:
        size += len(block or b"")
        kept.append(block or b"")
        if size > most:
            kept.clear()
        yield block


def _blocks_until_damage(path: Path, block_bytes: int, encoding: str | None) -> Iterator[bytes | None]:
    """The blocks, None for the damage if there is any."""
    try:
        yield from _blocks(path, block_bytes, encoding)
    except BROKEN:
        yield None


def block_look(block: bytes | None) -> Look:
    """What a look at some lines tells; nothing of what cannot be held."""
    if not block or block.isspace():
        return Look({}, is_utf8=block is not None)
    try:
        # Polars takes no JSON that is not UTF-8
        return Look(dict(pl.scan_ndjson(block, infer_schema_length=None).collect_schema()), is_utf8=True)
    except pl.exceptions.PolarsError:
        found = [object_of(line) for line in block.splitlines() if line.strip()]
        return Look(merged([_kinds(record) for record in found if isinstance(record, dict)]))


def _kinds(record: dict[str, Any]) -> dict[str, pl.DataType]:
    plain = {bool: pl.Boolean(), int: pl.Int64(), float: pl.Float64()}
    return {name: plain.get(type(value), pl.String()) for name, value in record.items() if value is not None}


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
    if dtype in (pl.Null, pl.Int128, pl.UInt128, pl.Object):
        return pl.String()
    if isinstance(dtype, pl.Struct):
        parts = [field.dtype for field in dtype.fields]
    elif isinstance(dtype, pl.List):
        parts = [dtype.inner]
    else:
        return dtype
    kinds = [part() if isinstance(part, type) else part for part in parts]
    return dtype if kinds and all(_storable(kind) == kind for kind in kinds) else pl.String()


def _blocks(path: Path, block_bytes: int, encoding: str | None) -> Iterator[bytes | None]:
    """Whole lines of a file as UTF-8, about `block_bytes` at a time; no byte-order mark.

    None stands for one line that is too long to be held. What could be read of a damaged file comes before the error,
    but for the line that it broke off in.
    """
    begun = False
    rest: list[bytes] = []  # of the line that no end was seen of yet; joined once, however long it is
    size, decoder = 0, None
    if encoding not in {None, REPLACED}:  # wrong bytes in UTF-8 are a matter of their record
        decoder = codecs.getincrementaldecoder(str(encoding))("replace")
    with opened(path) as file:
        while True:
            data, broken = some(file, block_bytes, block_bytes)
            last = not data
            data = decoder.decode(data, last).encode() if decoder else data
            if not begun:
                data, begun = data.removeprefix(codecs.BOM_UTF8), True
            start, end = 0, data.rfind(b"\n")
            if end >= 0 and size > LONGEST_LINE:
                yield None
                start = data.find(b"\n") + 1
                rest, size = [], 0
            if end >= start:
                yield b"".join([*rest, memoryview(data)[start:end]])
                rest, size = [], 0
            rest.append(data[end + 1 :])
            size += len(rest[-1])
            if size > LONGEST_LINE:
                rest = []
            if broken:
                raise broken
            if last:
                break
    if size:
        yield None if size > LONGEST_LINE else b"".join(rest)


def records(
    path: Path, schema: dict[str, pl.DataType], block_bytes: int, seen: Look | None = None
) -> Iterator[Records]:
    """The records of a file, about `block_bytes` of it at a time, with the columns of `schema`.

    What it is encoded in is looked for if a first look (`seen`) has not told that it is UTF-8.
    """
    seen = seen or Look({})
    encoding = None if seen.is_utf8 else lines_encoding(path)
    broken: list[BaseException] = []

    def blocks() -> Iterator[tuple[int, int, bytes | None]]:
        first = 0
        try:
            for block in seen.blocks or _blocks(path, block_bytes, encoding):
                lines = 1 if block is None else _line_ends(block) + 1
                yield first, lines, block
                first += lines
        except BROKEN as error:
            broken.append(error)  # raised below, when what comes before has been given

    yield from mapped(partial(_records, schema=schema, encoding=encoding), blocks())
    if broken:
        raise broken[0]


def _records(numbered: tuple[int, int, bytes | None], schema: dict[str, pl.DataType], encoding: str | None) -> Records:
    """The records of a block, given with the number of its first line and that of its lines."""
    first, lines, block = numbered
    if block is None:
        return Records(frame_of({}, schema), (Reject(first, "too large", f"a line of over {LONGEST_LINE} bytes"),))
    found = block_records(block, first, schema, lines)
    return Records(encoded(found.frame, None if encoding == REPLACED else encoding), found.rejects)


def encoded(frame: pl.DataFrame, encoding: str | None) -> pl.DataFrame:
    """Records with the encoding of their file, where they have none of their own.

    Of a file in which some bytes were replaced it is that of the records that have what stands in their place.
    """
    said: pl.Expr = pl.lit(encoding, pl.String)
    if encoding == REPLACED:
        replaced = pl.any_horizontal(pl.col(pl.String).str.contains("\ufffd", literal=True), pl.lit(value=False))
        said = pl.when(replaced).then(pl.lit(REPLACED))
    return frame.with_columns(pl.coalesce(ENCODING, said).alias(ENCODING))


def block_records(block: bytes, first: int, schema: dict[str, pl.DataType], lines: int | None = None) -> Records:
    """The records of some lines, which are counted if that is not known; those that Polars refuses one by one."""
    lines = lines or _line_ends(block) + 1
    if not schema:  # Polars would take anything for a record without columns
        return _line_records(block, first, schema)
    if not (_has_surrogates(block) and _LONE_SURROGATE.search(block)):
        try:
            frame = pl.read_ndjson(block, schema=schema)
        except pl.exceptions.PolarsError:
            frame = None
        if frame is not None and frame.height == lines:
            record = pl.int_range(first, first + lines, dtype=pl.Int64)
            return Records(frame.select(record.alias(RECORD), pl.lit(None, pl.String).alias(ENCODING), *schema))
    if lines > LINES_AT_ONCE:
        cut = _middle(block)
        halves = [
            block_records(block[:cut], first, schema),
            block_records(block[cut + 1 :], first + _line_ends(block[:cut]) + 1, schema),
        ]
        return Records(pl.concat([half.frame for half in halves]), halves[0].rejects + halves[1].rejects)
    return _line_records(block, first, schema)


def _line_ends(block: bytes) -> int:
    """The number of line feeds; three times as quick as `bytes.count`."""
    data = np.frombuffer(block, np.uint8)
    return sum(int(np.count_nonzero(data[i : i + AT_ONCE] == ord("\n"))) for i in range(0, data.size, AT_ONCE))


def _has_surrogates(block: bytes) -> bool:
    r"""Whether a surrogate may be escaped in some JSON (`\ud` or `\uD`); ten times as quick as two searches."""
    data = np.frombuffer(block, np.uint8)
    for i in range(0, data.size, AT_ONCE):
        part = data[i : i + AT_ONCE + 2]
        escapes = (part[:-2] == ord("\\")) & (part[1:-1] == ord("u"))
        if escapes.any() and np.isin(part[2:][escapes], (ord("d"), ord("D"))).any():
            return True
    return False


def _middle(block: bytes) -> int:
    """The place of a line feed near the middle of a block that has one."""
    after = block.find(b"\n", len(block) // 2)
    return after if after >= 0 else block.rfind(b"\n")


def _line_records(block: bytes, first: int, schema: dict[str, pl.DataType]) -> Records:
    """The records of a few lines, one by one."""
    data: dict[str, list[Any]] = {name: [] for name in (RECORD, ENCODING, *schema)}
    rejects = []
    for number, line in enumerate(block.split(b"\n"), first):
        if not line.strip():
            continue
        record = object_of(line)
        if not isinstance(record, dict):
            rejects.append(Reject(number, "unreadable", f"line {number + 1}: {record}"))
            continue
        replaced = False
        for name, dtype in schema.items():
            value, changed = _valued(record.get(name), dtype)
            data[name].append(value)
            replaced |= changed
        data[RECORD].append(number)
        data[ENCODING].append(REPLACED if replaced or _is_no_utf8(line) else None)
    return Records(frame_of(data, schema), tuple(rejects))


def frame_of(data: dict[str, list[Any]], schema: dict[str, pl.DataType]) -> pl.DataFrame:
    """Columns of Python values as a frame of the schema; what does not fit a column's type becomes null."""
    whole = {RECORD: pl.Int64(), ENCODING: pl.String(), **schema}
    height = len(data.get(RECORD, []))
    return pl.DataFrame(
        {name: pl.Series(data.get(name, [None] * height), dtype=dtype, strict=False) for name, dtype in whole.items()}
    )


def object_of(line: bytes) -> dict[str, Any] | str:
    """The object on a line, or what is wrong with it."""
    try:
        value = json.loads(line.decode("utf-8", "replace"), strict=False)
    except (ValueError, RecursionError) as error:
        return said(error)
    kinds = {list: "array", str: "string", type(None): "null", bool: "boolean"}
    return (
        value
        if isinstance(value, dict)
        else f"a JSON {kinds.get(type(value), 'number')}; one object per line is wanted"
    )


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
