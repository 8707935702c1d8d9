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

SWALLOWED = 256_000_000
"""Characters after which a quote that is open is taken for one that is never closed."""


def columns(path: Path) -> dict[str, pl.DataType]:
    """The columns of a file, all of text."""
    with opened_text(path, names_encoding(path)) as text:
        lines = _lines(text)
        first = next(lines, "")
        return dict.fromkeys(next(csv.reader(chain([first], lines), delimiter=_separator(first)), []), pl.String())


def _lines(text: TextIO) -> Iterator[str]:
    """The lines of a text, those that are too long to be held in pieces."""
    return iter(partial(text.readline, SWALLOWED), "")


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
        lines = _lines(text)
        first = next(lines, "")
        feed = _Feed(chain([first], lines))
        names: list[str] | None = None
        rows: list[tuple[int, list[str]]] = []
        rejects: list[Reject] = []
        for number, row in enumerate(_rows(feed, _separator(first)), -1):
            if names is None:
                names = row if isinstance(row, list) else []
            elif isinstance(row, str) or len(row) > len(names):
                said = (
                    row if isinstance(row, str) else f"{len(row)} fields, the header has {len(names)}; quote the text"
                )
                rejects.append(Reject(number, "unreadable", f"record {number}: {said}"))
            else:
                rows.append((number, row))
            if feed.size >= block_bytes:
                yield _records(rows, names, schema, rejects, encoding)
                rows, rejects, feed.size = [], [], 0
        yield _records(rows, names or [], schema, rejects, encoding)


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
    """

    def __init__(self, lines: Iterator[str]) -> None:
        self.lines = lines
        self.held: list[str] = []
        self.size = 0
        self.is_cut = False
        self._begun = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if not self.held:
            self._begun = self.size
        line = next(self.lines, None) if self.size - self._begun < SWALLOWED else None
        if line is None:
            self.is_cut = bool(self.held)
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
        yield "a quote in its first line is never closed"
        feed.lines = chain(feed.held[1:], feed.lines)
        feed.held, feed.is_cut = [], False
