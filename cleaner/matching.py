"""The batches compared with each other: which documents stay, and what the others went for."""

from dataclasses import dataclass

import polars as pl

from cleaner.duplicates.cluster import clusters, verdict_columns
from cleaner.schema import ROW, VERDICT
from cleaner.settings import Settings
from cleaner.sources import unique_ids
from cleaner.spool import Part, marks_of, texts_of
from cleaner.times import seconds
from cleaner.waiting import together


@dataclass(frozen=True)
class Found:
    """The verdict on each document by `row`, the documents' names, and what it took to find the verdicts."""

    verdicts: pl.DataFrame
    ids: pl.DataFrame
    pairs: pl.DataFrame | None = None
    candidates: int = 0
    large_buckets: int = 0
    dates_unknown: int = 0


def named(parts: list[Part]) -> tuple[pl.DataFrame, int]:
    """What all documents of the batches are called, as `Part.ids` but with unique ids; and how many were not."""
    ids = pl.concat([part.ids for part in parts])
    unique, clashes = unique_ids(ids["id"])
    return ids.with_columns(id=unique), clashes


def matched(parts: list[Part], ids: pl.DataFrame, settings: Settings) -> Found:
    """The verdicts on all documents of the batches, whose names `named` gives."""
    facts = (
        together(part.facts for part in parts)
        .collect()
        .join(ids.select(ROW, "id"), on=ROW, how="left", maintain_order="left")
    )
    if not settings.dedupe:
        return Found(facts.select(ROW, *(pl.lit(None, kind).alias(name) for name, kind in VERDICT.items())), ids)
    facts = facts.with_columns(time=seconds(facts["date"]))

    found = clusters(facts, marks_of(parts), lambda places: texts_of(parts, facts[ROW].gather(places)), settings)
    verdicts = pl.concat([facts.select(ROW), verdict_columns(found.verdicts, facts["id"])], how="horizontal")
    names = pl.lit(facts["id"])
    pairs = found.pairs.with_columns(kept=names.gather("kept"), other=names.gather("other"))
    unknown = facts["time"].null_count() if settings.window is not None else 0
    return Found(verdicts, ids, pairs, found.candidates, found.large_buckets, unknown)
