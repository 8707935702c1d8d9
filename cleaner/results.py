"""The batches and the verdicts on them become the tables of the output, which are counted."""

from functools import partial
from typing import Any

import polars as pl

from cleaner import sample, write
from cleaner.chrome.compiled import Rules
from cleaner.matching import Found
from cleaner.parallel import called
from cleaner.schema import DOCUMENTS, REMOVED, ROW, VERDICT
from cleaner.settings import Settings
from cleaner.shards import TEXTS_IN_GROUP, Layout
from cleaner.spool import Part
from cleaner.waiting import together


def write_tables(
    parts: list[Part], found: Found, target: write.Output, rules: Rules, settings: Settings, *, learned: pl.DataFrame
) -> None:
    """Write the corpus and the tables beside it.

    Side by side if all is in memory, since most of the corpus is one column, which one thread packs; else one after the
    other, since each of them holds some batches at once.
    """
    folder = target.partial
    told = found.ids.select(ROW, "id").join(found.verdicts, on=ROW, how="left", maintain_order="left").drop(ROW)
    documents = _with(told, together(part.documents for part in parts))
    ours = (ROW, *DOCUMENTS, *VERDICT)
    columns = [*DOCUMENTS, *(name for name in documents.collect_schema() if name not in ours)]
    kept = documents.filter(pl.col("duplicate_of").is_null()).select(columns)
    dropped = documents.filter(pl.col("duplicate_of").is_not_null()).select(*columns, *VERDICT)
    removed = _with(told.select("id"), together(part.removed for part in parts))
    emptied = found.ids.filter("empty").select(
        "file", "id", reason=pl.lit("empty after cleaning"), detail=pl.lit("all of the text was chrome")
    )
    duplicates = dropped if settings.keep_duplicates else dropped.drop("text")
    tables = {
        "removed": removed.select(REMOVED.names()),
        "rejected": write.in_order(pl.concat([*(part.rejected for part in parts), emptied])).lazy(),
        "learned": learned.lazy(),
    }
    if settings.annotate and found.pairs is not None:
        tables["pairs"] = found.pairs.sort("kept", "other").lazy()
    jobs = [
        partial(write.corpus, kept, target, Layout.of(settings.as_dict())),
        partial(write.table, duplicates, folder, "duplicates", rows=TEXTS_IN_GROUP),
        *(partial(write.table, frame, folder, name) for name, frame in tables.items()),
    ]
    if settings.explain_sample:
        jobs.append(partial(sample.write, parts, found, folder, rules, settings))
    called(jobs, side_by_side=all(part.documents.held is not None for part in parts))


def _with(told: pl.DataFrame, rows: pl.LazyFrame) -> pl.LazyFrame:
    """The rows, each with what is told of its document; rows of documents are their places there.

    Batch by batch: a join that keeps the order would hold all texts at once.
    """
    schema = rows.collect_schema() | told.schema
    return rows.map_batches(
        lambda batch: batch.with_columns(told[batch[ROW]].get_columns()), schema=schema, streamable=True
    )


def names(settings: Settings) -> list[str]:
    """The names of what a run with these settings leaves in its output."""
    asked = {"pairs.parquet": settings.annotate and settings.dedupe, sample.NAME: settings.explain_sample > 0}
    return [*write.files(Layout.of(settings.as_dict())), *(name for name, wanted in asked.items() if wanted)]


def counts(parts: list[Part], found: Found, target: write.Output, settings: Settings) -> dict[str, Any]:
    """The counts, of what was written; they are checked against what came in."""
    kept = write.count_corpus(target.partial, Layout.of(settings.as_dict()))
    duplicates = write.count_by(target.partial, "duplicates", "relation")
    rejected = write.count_by(target.partial, "rejected", "reason")
    inputs = sum(part.ids.height + part.rejected.height for part in parts)
    if inputs != kept + sum(duplicates.values()) + sum(rejected.values()):
        message = f"{inputs} inputs, but {kept} kept, duplicates {duplicates}, rejected {rejected}: please report this."
        raise AssertionError(message)
    return {
        "inputs": inputs,
        "kept": kept,
        "duplicates": duplicates,
        "rejected": rejected,
        "removed": write.count_by(target.partial, "removed", "category"),
        "text_bytes": sum(part.text_bytes for part in parts),
        "removed_bytes": sum(part.removed_bytes for part in parts),
        "id_clashes": found.id_clashes,
        "candidates": found.candidates,
        "large_buckets": found.large_buckets,
        "dates_unknown": found.dates_unknown,
    }
