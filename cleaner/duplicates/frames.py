"""Frames and pairs of documents to what they are to each other: what `cleaner.dedupe` and `cleaner compare` ask."""

from dataclasses import replace
from typing import Any, TypeVar

import polars as pl

from cleaner.duplicates.cluster import clusters, fact_columns, marks, verdict_columns
from cleaner.duplicates.signatures import sign
from cleaner.errors import InputError
from cleaner.parallel import check_engine
from cleaner.settings import Settings
from cleaner.times import seconds

Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)


def dedupe(
    frame: Frame,
    *,
    text: str = "text",
    id: str = "id",  # noqa: A002 (options have the names of the columns)
    title: str = "title",
    settings: Settings | None = None,
) -> Frame:
    """Find the duplicates in a frame.

    Args:
        frame: One row per document, eager or lazy; a lazy one is collected when its result is.
        text: Name of the column of texts.
        id: Name of the column that identifies documents; the row's number, as text, if there is no such column.
        title: Name of the column of titles, if there is one; texts shorter than a shingle are copies only if these are.
        settings: The threshold, the preference and the like. The columns `date`, `site` and `url` are read, if there.

    Returns:
        The frame, all rows kept, with the columns of VERDICT. `duplicate_of` names the document that is kept in the
        row's stead and is null where the row is kept; `similarity` and `containment` are those of the two, exact;
        `cluster` is the id of the document kept, of all that have duplicates.

    Raises:
        InputError: A column is missing, or ids repeat.
        CleanerError: The process was forked from one in which Polars was at work.
    """
    check_engine()
    chosen = settings or Settings()
    if isinstance(frame, pl.LazyFrame):
        schema = _dedupe_frame(frame.collect_schema().to_frame(), text, id, title, chosen).schema
        return frame.map_batches(lambda whole: _dedupe_frame(whole, text, id, title, chosen), schema=schema)
    return _dedupe_frame(frame, text, id, title, chosen)


def _dedupe_frame(frame: pl.DataFrame, text: str, id_column: str, title: str, settings: Settings) -> pl.DataFrame:
    if frame.schema.get(text) != pl.String:
        message = f"no column of text named {text!r}: the frame has {', '.join(frame.columns)}. Name it with text=..."
        raise InputError(message)
    ids = frame[id_column] if id_column in frame.columns else pl.int_range(frame.height, eager=True).cast(pl.String)
    if repeated := ids.filter(ids.is_duplicated()).head(3).to_list():
        message = (
            f"ids repeat in the column {id_column!r}: {repeated}. Give each document its own, or name another column."
        )
        raise InputError(message)
    missing = [pl.lit(None, pl.String).alias(name) for name in ("date", "site", "url") if name not in frame.columns]
    titles = frame[title].cast(pl.String) if title in frame.columns else pl.repeat(None, frame.height, eager=True)
    texts = pl.DataFrame({"text": frame[text], "title": titles.cast(pl.String)})
    signatures = sign(frame[text], settings, texts["title"])
    facts = frame.drop(text).with_columns(*missing, ids.alias("id"))
    columns = fact_columns(signatures, texts["title"], facts["url"])
    facts = facts.with_columns(**columns, time=seconds(facts["date"]))
    found = clusters(facts, marks(signatures, settings), lambda rows: texts[rows], settings)
    return frame.with_columns(verdict_columns(found.verdicts, ids).get_columns())


def compare(documents: pl.DataFrame, settings: Settings) -> dict[str, Any]:
    """What the second of two documents is to the first: `relation`, `similarity`, `containment`; nothing if unlike.

    Args:
        documents: Two rows of `text`, `title` and `date`; the first is taken for the one preferred.
        settings: The thresholds and the size of shingles.
    """
    chosen = replace(settings, keep="turn", window=None, across_sources_only=False, within_source_only=False)
    texts = documents.select("text", "title")
    signatures = sign(texts["text"], chosen, texts["title"])
    nothing = pl.Series([None, None], dtype=pl.String)
    facts = pl.DataFrame({"id": ["0", "1"], "turn": [0, 1], "site": nothing}).with_columns(
        **fact_columns(signatures, texts["title"], pl.Series(["http://pair"] * 2)), time=seconds(documents["date"])
    )
    found = clusters(facts, marks(signatures, chosen), lambda rows: texts[rows], chosen)
    verdict = found.verdicts.row(1, named=True)
    if verdict["relation"] is not None:
        return {name: verdict[name] for name in ("relation", "similarity", "containment")}
    told = found.pairs.select("relation", "similarity", "containment").rows(named=True)
    return told[0] if told else {"relation": None, "similarity": 0.0, "containment": 0.0}
