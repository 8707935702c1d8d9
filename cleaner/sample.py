"""A sample of the documents, explained line by line for a person to read.

The documents are those whose ids have the smallest hashes, which is as good as chance and depends on neither the order
of the inputs nor the size of batches: of more documents some of the same are drawn, and of a larger sample all of them.
"""

import heapq
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import polars as pl
import xxhash

from cleaner.chrome.compiled import Rules
from cleaner.explain import LineVerdict, explained
from cleaner.matching import Found
from cleaner.schema import ROW
from cleaner.settings import Settings
from cleaner.spool import Part, texts_of
from cleaner.waiting import together
from cleaner.write import put_back

NAME: Final = "explained.txt"


def drawn(ids: pl.Series, number: int, seed: int) -> pl.Series:
    """So many of the ids, or all if there are fewer."""
    hashes = ((xxhash.xxh3_64_intdigest(one.encode(), seed), one) for one in ids)
    return pl.Series([one for _, one in heapq.nsmallest(number, hashes)], dtype=pl.String)


def write(parts: list[Part], found: Found, folder: Path, rules: Rules, settings: Settings) -> None:
    """Write documents drawn at random, in the order of the inputs, each line with its verdict and the reason."""
    documents = _documents(parts, found, drawn(found.ids["id"], settings.explain_sample, settings.seed))
    removed = _removed(parts, documents)
    originals = put_back(documents["id"], documents["text"], removed)
    verdicts = explained(originals, removed, rules)
    with (folder / NAME).open("w", encoding="utf-8", newline="\n") as file:
        for document, lines in zip(documents.iter_rows(named=True), verdicts, strict=True):
            file.writelines(f"{line}\n" for line in (*_heading(document), "", *_body(lines), ""))


def _documents(parts: list[Part], found: Found, ids: pl.Series) -> pl.DataFrame:
    """The documents with these ids, as they are after cleaning, and the verdicts on them."""
    wanted = found.ids.filter(pl.col("id").is_in(ids.implode()))
    rows = wanted.filter(~pl.col("empty"))[ROW]
    return (
        wanted.join(texts_of(parts, rows).with_columns(rows), on=ROW, how="left")
        .join(found.verdicts, on=ROW, how="left")
        .with_columns(pl.col("text").fill_null(""))  # those emptied by cleaning do not wait with the others
        .sort(ROW)
    )


def _removed(parts: list[Part], documents: pl.DataFrame) -> pl.DataFrame:
    """What was cut from these documents, in order: `id`, `doc`, the place of the document, the span and `evidence`."""
    places = documents.select(ROW, "id").with_row_index("doc")
    removed = together(part.removed for part in parts).join(places.lazy(), on=ROW).collect(engine="streaming")
    return removed.sort("doc", "start")


def _heading(document: dict[str, Any]) -> Iterator[str]:
    """What a document is, and what became of it."""
    fate = "empty after cleaning" if document["empty"] else "kept"
    if document["duplicate_of"] is not None:
        fate = f"{document['relation']} duplicate of {document['duplicate_of']}"
    yield f"==== {document['id']}: {fate}"
    if document["title"] is not None:
        yield f"title: {document['title']}"
    if document["file"] != document["id"]:
        yield f"file: {document['file']}"


def _body(lines: list[LineVerdict]) -> Iterator[str]:
    for line in lines:
        yield line.shown
        if line.reason is not None:
            yield line.reason
