"""Texts explained: one line by line, what stays and what gave it away; two, what they share and what differs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from cleaner.chrome.lines import to_lines
from cleaner.chrome.rules import load, speakers
from cleaner.chrome.strip import strip_texts
from cleaner.duplicates import cluster
from cleaner.duplicates.differ import gap_places
from cleaner.duplicates.match import words_in_shingle
from cleaner.duplicates.shingles import tokens
from cleaner.errors import InputError
from cleaner.settings import Settings
from cleaner.shards import Layout
from cleaner.write import REPORT, corpus_of, report_of


@dataclass(frozen=True)
class LineVerdict:
    """What became of a line.

    Attributes:
        line: Its number, from 0.
        text: The line, without its end.
        kept: What is left of it; None if the whole line went.
        rule: What took it, or a part of it, first, or speaks for it in vain; None if nothing does.
        category: What that was for on the page.
        evidence: The words or the pattern that gave it away.
        strength: How much that says: `strong`, wherever the line stands; `place`, because of where it stands; `weak`,
            too little, so that the line stays; None if nothing speaks against the line.
    """

    line: int
    text: str
    kept: str | None
    rule: str | None
    category: str | None
    evidence: str | None
    strength: str | None

    @property
    def verdict(self) -> str:
        """`keep`, `cut`, or `edit` where a part was cut; `title` for the line that became the title."""
        if self.category == "title" and self.rule == "title":
            return "title"
        if self.kept is None:
            return "cut"
        return "keep" if self.kept == self.text else "edit"


def explain(text: str, *, title: str | None = None, settings: Settings | None = None) -> list[LineVerdict]:
    """Each line of a text with its verdict, the rule behind it and the evidence.

    Args:
        text: The text, as extracted from a page.
        title: The article's title if it is known.
        settings: Only `input` and `rules` matter here.

    Raises:
        RuleError: A rule file of the settings is refused.
    """
    chosen = settings or Settings()
    texts, rules = pl.Series([text], dtype=pl.String), load(chosen.rules)
    stripped = strip_texts(texts, rules, pl.Series([title], dtype=pl.String), kind=chosen.input)
    lines, data = to_lines(texts), text.encode()
    spoken = speakers(rules, lines["text"].unique().to_list())
    where = {rule.name: rule.where for rule in rules.rules}
    removals = stripped.removed.to_dicts()
    verdicts = []
    for line in lines.iter_rows(named=True):
        start, size = line["start"], len(line["text"].encode())
        inside = [cut for cut in removals if cut["start"] < line["end"] and cut["end"] > start]
        whole = any(cut["start"] <= start and cut["end"] >= line["end"] for cut in inside) and line["end"] > start
        left = _left(data, start, start + size, inside)
        first = next((cut for cut in inside if cut["start"] < start + size or whole), None) or {}
        weak = next(iter(spoken[line["text"]]), None) if not first else None
        verdicts.append(
            LineVerdict(
                line=line["line"],
                text=line["text"],
                kept=None if whole or (inside and not left and line["text"]) else left,
                rule=first.get("rule", weak),
                category=first.get("category"),
                evidence=first.get("evidence", weak and f"only in another place: {where[weak]}"),
                strength=_strength(first.get("rule"), weak, where),
            )
        )
    return verdicts


def _strength(rule: str | None, weak: str | None, where: Mapping[str, str]) -> str | None:
    """What `strength` says of a line that a rule took, or that one only speaks for."""
    if rule is None:
        return "weak" if weak else None
    return "strong" if where.get(rule, "anywhere") == "anywhere" else "place"


def _left(data: bytes, start: int, end: int, cuts: list[dict[str, int]]) -> str:
    """What the cuts leave of the bytes from start to end."""
    left, since = b"", start
    for cut in cuts:
        left += data[since : max(cut["start"], since)]
        since = max(cut["end"], since)
    return (left + data[since:end]).decode() if since < end else left.decode()


# ---- two texts -----------------------------------------------------------------------------------------------------


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
    found = cluster.compare(pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)), chosen)
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
