"""JSON files that are no JSON lines by their name: an array of records, an object with one, a record, or lines."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

import polars as pl

from cleaner import jsonlines
from cleaner.files import BROKEN, lines_encoding, names_encoding, opened_text
from cleaner.jsonlines import Records, encoded

LIST_AND_REST = 8
"""Keys of an object up to which the one array of objects in it is taken for the records, and the rest for a heading."""

READ_CHARACTERS = 1 << 16
"""Characters of a file that are read at once."""

LINE_CHARACTERS = 1 << 24
"""Characters of a line by which it is told whether a file is JSON lines."""

LONGEST = 1 << 27
"""Characters of a record, or of a file that is one object, after which it is given up."""

_BETWEEN = re.compile(r"[\s,]*")
_DECODER = json.JSONDecoder(strict=False)


def columns(path: Path, block_bytes: int) -> dict[str, pl.DataType]:
    """The columns of a file and their types, as far as it can be read."""
    encoding = names_encoding(path)
    if _is_lines(path, encoding):
        return jsonlines.look(path, block_bytes).columns
    looks = map(jsonlines.block_look, _whole_blocks(path, block_bytes, encoding))
    return jsonlines.merged([look.columns for look in looks])


def _whole_blocks(path: Path, block_bytes: int, encoding: str | None) -> Iterator[bytes]:
    """The blocks that come before the damage, if there is any."""
    with suppress(*BROKEN):
        yield from (block for _, block in _blocks(path, block_bytes, encoding))


def records(path: Path, schema: dict[str, pl.DataType], block_bytes: int) -> Iterator[Records]:
    """The records of a file, about `block_bytes` of it at a time, with the columns of `schema`.

    An array is read so; an object is read whole.

    Raises:
        ValueError: It is no JSON, or holds no objects; what comes before the damage is given before.
    """
    encoding = lines_encoding(path)
    if _is_lines(path, encoding):
        yield from jsonlines.records(path, schema, block_bytes)
        return
    for first, block in _blocks(path, block_bytes, encoding):
        found = jsonlines.block_records(block, first, schema)
        yield Records(encoded(found.frame, encoding), found.rejects)


def _is_lines(path: Path, encoding: str | None) -> bool:
    """Whether a file is JSON lines: an object on a line, and something behind it, or an object on the next."""
    with opened_text(path, encoding) as text:
        begun = text.read(READ_CHARACTERS).lstrip()
        if not begun.startswith("{"):
            return False
        lines = (begun + text.readline(LINE_CHARACTERS) + text.readline(LINE_CHARACTERS)).rstrip()
    try:
        return _DECODER.raw_decode(lines)[1] < len(lines)
    except (ValueError, RecursionError):
        following = lines.split("\n")[1:3]
        return any(isinstance(jsonlines.object_of(line.encode()), dict) for line in following)


def _blocks(path: Path, block_bytes: int, encoding: str | None) -> Iterator[tuple[int, bytes]]:
    """The records as JSON lines, and the number of the first."""
    lines: list[bytes] = []
    size = number = 0
    broken: BaseException | None = None
    with opened_text(path, encoding) as text:
        values = _values(text)
        while broken is None:
            try:
                lines.append(json.dumps(next(values)).encode())
            except StopIteration:
                break
            except (*BROKEN, RecursionError) as error:
                broken = error if isinstance(error, BROKEN) else ValueError("nested too deep")
            else:
                number, size = number + 1, size + len(lines[-1])
            if size >= block_bytes:
                yield number - len(lines), b"\n".join(lines)
                lines, size = [], 0
    if lines:
        yield number - len(lines), b"\n".join(lines)
    if broken:
        raise broken


def _values(text: TextIO) -> Iterator[Any]:
    """The records of a file.

    Raises:
        ValueError: It is no JSON, or neither an array nor an object.
    """
    begun = text.read(READ_CHARACTERS).lstrip()
    try:
        yield from _elements(begun, text) if begun.startswith("[") else _inside(begun + _rest(text))
    except json.JSONDecodeError as error:
        message = f"no JSON ({error.msg.removesuffix(' starting at')})"  # its place is one in what was read at once
        raise ValueError(message) from error


def _rest(text: TextIO) -> str:
    """What was not read yet.

    Raises:
        ValueError: It is longer than may be read whole.
    """
    rest = text.read(LONGEST)
    if len(rest) == LONGEST:
        message = f"an object of over {LONGEST} characters"
        raise ValueError(message)
    return rest


def _elements(text: str, file: TextIO) -> Iterator[Any]:
    """What stands in an array whose beginning was read already, and in others behind it, as appending runs leave them.

    An element that does not end in what was read is read again with as much more as there is of it, so that the work
    is linear in its length.
    """
    at = 1
    while True:
        at = _BETWEEN.match(text, at).end()  # type: ignore[union-attr]
        if text.startswith("]", at):
            text = (text[at + 1 :] + file.read(READ_CHARACTERS)).lstrip()
            if not text:
                return
            if not text.startswith("["):
                message = "what stands behind the array is no array"
                raise ValueError(message)
            at = 1
            continue
        try:
            value, at = _DECODER.raw_decode(text, at)
        except ValueError:
            more = file.read(max(READ_CHARACTERS, len(text) - at))
            if not more or len(text) - at > LONGEST:
                raise
            text, at = text[at:] + more, 0
        else:
            yield value


def _inside(text: str) -> list[Any]:
    """The records in an object: those of the one array in it, or the object itself.

    Raises:
        ValueError: It is no JSON, or another value.
    """
    found = json.loads(text, strict=False)
    if not isinstance(found, dict):
        message = "a JSON value that is neither an object nor an array"
        raise ValueError(message)  # noqa: TRY004 (it is the file's fault)
    lists = [value for value in found.values() if isinstance(value, list) and value and isinstance(value[0], dict)]
    return lists[0] if len(lists) == 1 and len(found) <= LIST_AND_REST else [found]
