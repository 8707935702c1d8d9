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


def may_be_at_once(parts: list[Part]) -> bool:
    """Whether several tables may be written at once: if all is in memory; else each of them holds some batches."""
    return all(part.documents.held is not None for part in parts)


def write_removed(
    parts: list[Part], ids: pl.DataFrame, target: write.Output, *, learned: pl.DataFrame
) -> dict[str, dict[str, int]]:
    """Write the tables that no duplicate is needed for: what was removed, rejected and learned.

    Returns:
        The counts of what was written: `removed` by category, `rejected` by reason.
    """
    folder = target.partial
    removed = _with(ids.select("id"), together(part.removed for part in parts))
    emptied = ids.filter("empty").select(
        "file", "id", reason=pl.lit("empty after cleaning"), detail=pl.lit("all of the text was chrome")
    )
    rejected = write.in_order(pl.concat([*(part.rejected for part in parts), emptied]))
    write.table(removed.select(REMOVED.names()), folder, "removed")
    write.table(rejected.lazy(), folder, "rejected")
    write.table(learned.lazy(), folder, "learned")
    by = {"rejected": "reason", "removed": "category"}
    return {name: write.count_by(folder, name, column) for name, column in by.items()}


def write_documents(parts: list[Part], found: Found, target: write.Output, rules: Rules, settings: Settings) -> None:
    """Write the corpus, the duplicates, and the pairs and the sample if they are asked for.

    Side by side if they may be, since most of the corpus is one column, which one thread packs.
    """
    folder = target.partial
    told = found.ids.select(ROW, "id").join(found.verdicts, on=ROW, how="left", maintain_order="left").drop(ROW)
    documents = _with(told, together(part.documents for part in parts))
    ours = (ROW, *DOCUMENTS, *VERDICT)
    columns = [*DOCUMENTS, *(name for name in documents.collect_schema() if name not in ours)]
    kept = documents.filter(pl.col("duplicate_of").is_null()).select(columns)
    dropped = documents.filter(pl.col("duplicate_of").is_not_null()).select(*columns, *VERDICT)
    duplicates = dropped if settings.keep_duplicates else dropped.drop("text")
    jobs = [
        partial(write.corpus, kept, target, Layout.of(settings.as_dict())),
        partial(write.table, duplicates, folder, "duplicates", rows=TEXTS_IN_GROUP),
    ]
    if settings.annotate and found.pairs is not None:
        jobs.append(partial(write.table, found.pairs.sort("kept", "other").lazy(), folder, "pairs"))
    if settings.explain_sample:
        jobs.append(partial(sample.write, parts, found, folder, rules, settings))
    called(jobs, side_by_side=may_be_at_once(parts))


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


def counts(
    parts: list[Part], found: Found, target: write.Output, settings: Settings, gone: dict[str, dict[str, int]]
) -> dict[str, Any]:
    """The counts of what was written, checked against what came in; `gone` is what `write_removed` counted."""
    kept = write.count_corpus(target.partial, Layout.of(settings.as_dict()))
    duplicates = write.count_by(target.partial, "duplicates", "relation")
    rejected = gone["rejected"]
    inputs = sum(part.ids.height + part.rejected.height for part in parts)
    if inputs != kept + sum(duplicates.values()) + sum(rejected.values()):
        message = f"{inputs} inputs, but {kept} kept, duplicates {duplicates}, rejected {rejected}: please report this."
        raise AssertionError(message)
    return {
        "inputs": inputs,
        "kept": kept,
        "duplicates": duplicates,
        **gone,
        "text_bytes": sum(part.text_bytes for part in parts),
        "removed_bytes": sum(part.removed_bytes for part in parts),
        "candidates": found.candidates,
        "large_buckets": found.large_buckets,
        "dates_unknown": found.dates_unknown,
    }
