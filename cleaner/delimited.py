"""CSV and TSV to records. Python's reader takes any quoting; where it loses its way, that is named, and it goes on."""

import csv
import sys
from collections.abc import Iterator
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TextIO

import polars as pl

from cleaner.files import Reject, lines_encoding, names_encoding, opened_text
from cleaner.jsonlines import RECORD, Records, encoded, frame_of

SWALLOWED = 1 << 27
"""Characters after which a quote that is open is taken for one that is never closed, and a line for none."""


def columns(path: Path) -> dict[str, pl.DataType]:
    """The columns of a file, all of text."""
    csv.field_size_limit(sys.maxsize)
    with opened_text(path, names_encoding(path)) as text:
        header = next(_rows(*_fed(text)), [])
        return dict.fromkeys(header if isinstance(header, list) else [], pl.String())


def _fed(text: TextIO) -> tuple["_Feed", str]:
    """The lines of a text for a reader, and what separates their fields.

    Raises:
        ValueError: It begins as no text does.
    """
    lines = _lines(text)
    first = next(lines, "")
    if "\0" in first:
        message = "NUL bytes in the header"
        raise ValueError(message)
    return _Feed(chain([first], lines)), _separator(first)


def _lines(text: TextIO) -> Iterator[str]:
    """The lines of a text; of one that is too long to be held only the beginning, which has no line end."""
    for line in iter(partial(text.readline, SWALLOWED), ""):
        yield line
        rest = line
        while len(rest) == SWALLOWED and not rest.endswith("\n"):
            rest = text.readline(SWALLOWED)


def _separator(first: str) -> str:
    """What stands between fields: a comma, or the semicolon or tab that the first line has more of."""
    return max(",;\t", key=first.count)


def records(path: Path, schema: dict[str, pl.DataType], block_bytes: int) -> Iterator[Records]:
    """The records of a file, about `block_bytes` characters of it at a time, with the columns of `schema`.

    Rows with more fields than the header, and those with a quote that is never closed, are Rejects.
    """
    csv.field_size_limit(sys.maxsize)
    encoding = lines_encoding(path)
    with opened_text(path, encoding) as text:
        feed, separator = _fed(text)
        found = _rows(feed, separator)
        header = next(found, [])
        names = header if isinstance(header, list) else []
        rows: list[tuple[int, list[str]]] = []
        rejects = [Reject(None, "unreadable", f"the header: {header}")] if isinstance(header, str) else []
        for number, row in enumerate(found):
            if isinstance(row, str):
                rejects.append(Reject(number, "unreadable", f"record {number}: {row}"))
            elif len(row) > len(names):
                many = f"{len(row)} fields, the header has {len(names)}; quote the text"
                rejects.append(Reject(number, "unreadable", f"record {number}: {many}"))
            else:
                rows.append((number, row))
            if feed.size >= block_bytes:
                yield _records(rows, names, schema, rejects, encoding)
                rows, rejects, feed.size = [], [], 0
        yield _records(rows, names, schema, rejects, encoding)


def _records(
    rows: list[tuple[int, list[str]]],
    names: list[str],
    schema: dict[str, pl.DataType],
    rejects: list[Reject],
    encoding: str | None,
) -> Records:
    """Rows as records; an empty field is null, as one that is missing."""
    data: dict[str, list[int] | list[str | None]] = {RECORD: [number for number, _ in rows]}
    for name in schema:
        place = names.index(name) if name in names else sys.maxsize
        data[name] = [(row[place] or None) if place < len(row) else None for _, row in rows]
    return Records(encoded(frame_of(data, schema), encoding), tuple(rejects))


class _Feed:
    """Lines for a reader; those of the row that it is at are held.

    Attributes:
        held: The lines since they were last cleared.
        size: Characters that were given out since this was last set to 0.
        is_cut: The reader asked for more where there was no more, or too much: a quote is open.
        is_long: What came was too long to be held, and let go.
    """

    def __init__(self, lines: Iterator[str]) -> None:
        self.lines = lines
        self.held: list[str] = []
        self.size = 0
        self.is_cut = False
        self.is_long = False
        self._begun = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if not self.held:
            self._begun = self.size
        line = next(self.lines, None) if self.size - self._begun < SWALLOWED else None
        self.is_long = line is not None and len(line) >= SWALLOWED
        if line is None or self.is_long:
            self.is_cut = bool(self.held) or self.is_long
            raise StopIteration
        self.held.append(line)
        self.size += len(line)
        return line


def _rows(feed: _Feed, separator: str) -> Iterator[list[str] | str]:
    """The rows that are not empty; in the place of one whose quote is never closed, what is wrong with it.

    A reader asks for another line only inside quotes or at the beginning of a row, which is how an open quote is known.
    What it swallowed behind the row's first line is read again.
    """
    while True:
        for row in csv.reader(feed, delimiter=separator):
            if feed.is_cut:
                break
            feed.held.clear()
            if row:
                yield row
        if not feed.is_cut:
            return
        yield f"a line of over {SWALLOWED} characters" if feed.is_long else "a quote in its first line is never closed"
        feed.lines = chain(feed.held[1:], feed.lines)
        feed.held, feed.is_cut = [], False
