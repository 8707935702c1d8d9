"""Two texts compared: what they share, what they are to each other, and what differs."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from cleaner.duplicates import frames
from cleaner.duplicates.differ import gap_places
from cleaner.duplicates.match import words_in_shingle
from cleaner.duplicates.shingles import tokens
from cleaner.errors import InputError
from cleaner.settings import Settings
from cleaner.shards import Layout
from cleaner.write import REPORT, corpus_of, report_of


@dataclass(frozen=True)
class Comparison:
    """What two texts are to each other.

    Attributes:
        relation: What the second is to the first, as in the column `relation`; None where they share little.
        similarity: Jaccard of the shingle sets.
        containment: The share of the smaller set that lies in the larger.
        passages: What stands in the first and what in the second where they differ, in order; either may be empty.
    """

    relation: str | None
    similarity: float
    containment: float
    passages: list[tuple[str, str]]


def compare(
    left: str,
    right: str,
    *,
    titles: tuple[str | None, str | None] = (None, None),
    dates: tuple[str | None, str | None] = (None, None),
    settings: Settings | None = None,
) -> Comparison:
    """Compare two texts as a run would; the first is taken for the one that would be kept."""
    chosen = settings or Settings()
    columns = {"text": [left, right], "title": list(titles), "date": list(dates)}
    found = frames.compare(pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)), chosen)
    return Comparison(**found, passages=_passages(left, right, words_in_shingle(chosen)))


def _passages(left: str, right: str, shingle_size: int) -> list[tuple[str, str]]:
    """The differing passages of two texts, as they are written."""
    placed = [_placed(text) for text in (left, right)]
    numbers = {word: number for number, word in enumerate(dict.fromkeys(word for one in placed for word, _, _ in one))}
    coded = [[numbers[word] for word, _, _ in one] for one in placed]
    found = []
    for one, other in gap_places(coded[0], coded[1], shingle_size=shingle_size):
        found.append((_written(left, placed[0][one]), _written(right, placed[1][other])))
    return found


def _placed(text: str) -> list[tuple[str, int, int]]:
    """The tokens of a text, each with where the stretch without a space begins and ends that it stands in."""
    return [(word, part.start(), part.end()) for part in re.finditer(r"\S+", text) for word in tokens(part.group())]


def _written(text: str, words: list[tuple[str, int, int]]) -> str:
    return text[words[0][1] : words[-1][2]] if words else ""


def dropped_and_kept(directory: str | Path, id: str) -> tuple[dict[str, Any], dict[str, Any]]:  # noqa: A002 (the column's name)
    """The row of a duplicate of a run, and that of the document that was kept in its stead.

    Raises:
        InputError: The directory is no output of a run with the texts of its duplicates, or has no such duplicate.
    """
    report = report_of(Path(directory))
    if report is None or "counts" not in report:
        message = f"{directory}: no {REPORT} of a run there. Name the directory that `cleaner run` wrote."
        raise InputError(message)
    if not report["settings"]["keep_duplicates"]:
        message = f"{directory}: the run kept no text of its duplicates (--no-keep-duplicates). Make it again without."
        raise InputError(message)
    duplicates = pl.read_parquet(Path(directory) / "duplicates.parquet", glob=False)
    found = duplicates.filter(pl.col("id") == id)
    if found.is_empty():
        message = f"{directory}: no duplicate has the id {id!r}."
        raise InputError(f"{message} The column `id` of duplicates.parquet has those that there are.")
    kept = corpus_of(Path(directory), Layout.of(report["settings"])).filter(pl.col("id") == found["duplicate_of"][0])
    return found.row(0, named=True), kept.row(0, named=True)
