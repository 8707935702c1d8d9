"""Inputs to batches of documents, in the order of (path below the root, record)."""

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import chain, groupby
from math import inf
from pathlib import Path
from typing import Any

import polars as pl

from cleaner import files, formats, jsonlines
from cleaner.documents import Batch, Columns
from cleaner.nested import unfolded
from cleaner.page import RawPage
from cleaner.pages import PAGE_NAMES, Part, page_frame, page_of, row_of
from cleaner.parallel import inside, mapped
from cleaner.settings import Settings
from cleaner.sources import Source
from cleaner.workers import Limits, Pool

BATCH_BYTES = 28_000_000
"""Text that is worked on at once. It bounds memory and changes no result. Each batch prepares the patterns of all
rules, which takes as long as looking for them in 2 MB."""

PARTS = 3
"""Parts of a batch that are read at once. Each takes some 4 ms, however small it is."""

KEPT = 2
"""Batches of JSON lines that are kept from the first look at them until they are read."""

LEAST_BATCH = 1 / 3
"""Share of a batch that is one of its own if there is a thread for it: less is sooner done on one thread."""


@dataclass(frozen=True)
class Inputs:
    """What is to be read, by which settings, and how much of it at once."""

    sources: list[Source]
    settings: Settings
    batch_bytes: int = BATCH_BYTES

    @cached_property
    def size(self) -> int:
        """Bytes of all files, as they lie on this machine; those that are elsewhere count nothing."""
        total = 0
        for source in self.sources:
            with suppress(OSError):
                total += source.path.stat().st_size
        return total

    @cached_property
    def columns(self) -> Columns:
        """The columns of the inputs; the files of records are looked through for them."""
        return Columns(
            {path: look.columns for path, look in self._looks.items()},
            self.settings,
            any(_plain(source) == "page" for source in self.sources),
        )

    @cached_property
    def _looks(self) -> dict[Path, jsonlines.Look]:
        """What a first look at each file of records tells."""
        looks, left = dict[Path, jsonlines.Look](), KEPT * self.batch_bytes
        for path in (source.path for source in self.sources if source.kind not in formats.PLAIN):
            looks[path] = formats.look(path, self.part_bytes, left)
            left -= sum(map(len, looks[path].blocks))
        return looks

    def batches(self) -> Iterator[Batch]:
        """All documents and rejects, in order, in batches of about `batch_bytes` of text; one at least."""
        return map(together, self.runs())

    def runs(self) -> Iterator[list[Batch]]:
        """The parts of each of these batches, to be put together where it is worked on."""
        _ = self.columns.names  # a column that is not there is told of before anything is read
        none = self.columns.documents(_text_frame([]), [], {"text": "text"})
        with Pool(self._limits) as pool:
            yield from evened(chain([none], self._parts(pool)), self.batch_bytes, pl.thread_pool_size())

    @property
    def part_bytes(self) -> int:
        """Text that is read at once, in bytes."""
        return max(1, self.batch_bytes // PARTS)

    @property
    def _limits(self) -> Limits:
        settings = self.settings
        return Limits(settings.html_mode, settings.max_page_seconds, settings.max_page_memory_mb)

    def _parts(self, pool: Pool) -> Iterator[Batch]:
        for kind, group in groupby(self.sources, _plain):
            sources = list(group)
            if kind == "text":
                yield from self._texts(sources)
            elif kind == "page":
                yield from self._pages(sources, pool)
            else:
                yield from self._records(sources, pool)

    def _texts(self, sources: list[Source]) -> Iterator[Batch]:
        """Text files, gathered until they are a batch: frames of one document each would cost more than the reading."""
        found: list[tuple[str, str | None, str | None, str | None]] = []
        rejects: list[tuple[str, files.Reject]] = []
        size = 0
        for source in sources:
            text = files.text_of(source.path, self._limit)
            if isinstance(text, files.Reject):
                rejects.append((source.file, text))
            else:
                found.append((source.file, source.folder, *text))
                size += len(text[0] or "")
            if size >= self.part_bytes:
                yield self.columns.documents(_text_frame(found), rejects, {"text": "text"})
                found, rejects, size = [], [], 0
        yield self.columns.documents(_text_frame(found), rejects, {"text": "text"})

    def _pages(self, sources: list[Source], pool: Pool) -> Iterator[Batch]:
        """Files of one page each, gathered until they are a batch."""
        found: list[dict[str, str | None]] = []
        rejects: list[tuple[str, files.Reject]] = []
        size = 0
        pages = ((source, page_of(source.path, self._page_limit)) for source in sources)
        for source, page in pool.answers(pages):
            if isinstance(page, files.Reject):
                rejects.append((source.file, page))
            else:
                found.append({**row_of(page), "+file": source.file, "+folder": source.folder})
                size += len(page.text)
            if size >= self.part_bytes:
                yield self.columns.documents(page_frame(found), rejects, PAGE_NAMES)
                found, rejects, size = [], [], 0
        yield self.columns.documents(page_frame(found), rejects, PAGE_NAMES)

    def _records(self, sources: list[Source], pool: Pool) -> Iterator[Batch]:
        """Files of records; the pages among them are extracted while the next records are read."""
        yield from mapped(inside(self._documents), self._answered(sources, pool))

    def _documents(self, answered: tuple[Part, list[tuple[int, Any]]]) -> Batch:
        """The documents of some records, and of the pages among them that were extracted."""
        part, answers = answered
        whole = part.with_pages(answers)
        return self.columns.documents(whole.frame, list(whole.rejects), whole.names)

    def _answered(self, sources: list[Source], pool: Pool) -> Iterator[tuple[Part, list[tuple[int, Any]]]]:
        """The records, some at a time, with what was found in the pages among them."""
        found: list[tuple[int, Any]] = []
        for (part, row), answer in pool.answers(self._pages_of_records(sources, pool)):
            if row is not None:
                found.append((row, answer))
            else:
                yield part, found
                found = []

    def _pages_of_records(self, sources: list[Source], pool: Pool) -> Iterator[tuple[tuple[Part, int | None], Any]]:
        """Each page among the records, and after the last of each part a mark that the part is whole."""
        for source in sources:
            names, asked = self.columns.of(source.path)
            seen = self._looks[source.path]
            self._looks[source.path] = seen._replace(blocks=())  # they are read once, and need not wait longer
            records = formats.records(source.path, asked, self.part_bytes, pool.entries, seen)
            for part, pages in mapped(inside(partial(self._part, source, names)), records):
                for row, page in pages:
                    yield (part, row), page
                yield (part, None), files.Reject(None, "", "")

    def _part(
        self, source: Source, names: dict[str, str], records: jsonlines.Records
    ) -> tuple[Part, list[tuple[int, RawPage | files.Reject]]]:
        """Some records of a file, and the pages among them; `names` are those of its columns."""
        frame = unfolded(records.frame, names).with_columns(
            pl.format("{}#{}", pl.lit(source.file), jsonlines.RECORD).alias("+file"),
            pl.lit(source.folder, pl.String).alias("+folder"),
        )
        rejects = [(source.file if r.record is None else f"{source.file}#{r.record}", r) for r in records.rejects]
        part = Part(frame, tuple(rejects), names)
        return part, list(part.pages(self._page_limit))

    @property
    def _limit(self) -> int:
        return int(self.settings.max_document_mb * 1_000_000)

    @property
    def _page_limit(self) -> int:
        return int(self.settings.max_page_mb * 1_000_000)


def _plain(source: Source) -> str | None:
    """What a file is whole, a text or a page; None for one of records."""
    return formats.PLAIN.get(source.kind or "")


def evened(parts: Iterable[Batch], batch_bytes: int, threads: int) -> Iterator[list[Batch]]:
    """The parts in runs of about `batch_bytes` of text, the last of which let all threads end together.

    A run is given away while one more than there are threads are left: only then is it certain that it is none of the
    last.
    """
    held: deque[tuple[int, Batch]] = deque()
    size = given = 0
    for part in parts:
        held.append((_text_bytes(part), part))
        size += held[-1][0]
        while size > (threads + 1) * batch_bytes:
            taken, run = _first(held, batch_bytes)
            yield run
            size, given = size - taken, given + 1
    left = threads - given % threads
    left += threads if size > 2 * left * batch_bytes else 0
    left = left if given else max(1, min(left, int(size / (LEAST_BATCH * batch_bytes))))
    while held:
        taken, run = _first(held, size / left if left > 1 else inf)
        yield run
        size, left = size - taken, left - 1


def _first(held: deque[tuple[int, Batch]], wanted: float) -> tuple[int, list[Batch]]:
    """The first of the parts, with about so much text, taken away; the last of them is cut. None is without text."""
    taken, run, is_full = 0, list[Batch](), False
    while held and not is_full:
        size, part = held.popleft()
        is_full = taken + size >= max(wanted, 1)
        if is_full:
            part, rest = _cut(part, wanted - taken, least=0 if taken else 1)
            if rest.documents.height:
                held.appendleft((_text_bytes(rest), rest))
                size -= held[0][0]
        taken += size
        run.append(part)
    return taken, run


def _cut(part: Batch, wanted: float, least: int) -> tuple[Batch, Batch]:
    """The first documents with about so much text, so many at `least`, and all rejects; and the rest."""
    sizes = part.documents["text"].str.len_bytes().cast(pl.Int64)
    until = sizes.cum_sum() - sizes / 2  # a document goes where more than half of it does
    rows = max(int((until <= wanted).sum()), least)
    rest = Batch(part.documents.slice(rows), part.rejected.clear())
    return Batch(part.documents.head(rows), part.rejected), rest


def _text_bytes(part: Batch) -> int:
    return int(part.documents["text"].str.len_bytes().sum())


def together(parts: list[Batch]) -> Batch:
    """Parts as one; they are let go of, and their list is empty then."""
    whole = Batch(
        pl.concat([part.documents for part in parts], rechunk=True), pl.concat([part.rejected for part in parts])
    )
    parts.clear()
    return whole


def _text_frame(found: list[tuple[str, str | None, str | None, str | None]]) -> pl.DataFrame:
    schema = dict.fromkeys(("+file", "+folder", "text", jsonlines.ENCODING), pl.String)
    return pl.DataFrame(found, schema=schema, orient="row")
