"""Verified pairs to clusters: one document of each stays, and every other names it."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

from cleaner.duplicates import match
from cleaner.duplicates.shingles import Signatures
from cleaner.duplicates.signatures import bands, sign
from cleaner.errors import InputError
from cleaner.settings import PREFERENCE_HELP, PREFERENCES, Settings

FEW = 10_000
"""Pairs up to which the slow way of taking them one by one is the faster, loading numba included."""

_DIGEST = ("high", "low", "tokens")

DROPPED = pl.Schema({"place": pl.UInt32, "kept": pl.UInt32, "similarity": pl.Float64, "containment": pl.Float64})
"""A document that goes, the one it goes for, and how alike they were measured to be."""


def preference(documents: pl.DataFrame, settings: Settings) -> pl.Series:
    """Each document's place in the order of preference; the smaller stays.

    Args:
        documents: `id`, `tokens`, and as far as the setting `keep` needs them `date`, `site` or the column it names.
        settings: `keep`.

    Raises:
        InputError: `keep` names a column that is not there.
    """
    longest, earliest = -pl.col("tokens").cast(pl.Int64), pl.col("date")
    keep = settings.keep
    if keep.startswith("source:"):
        wanted = [name.strip() for name in keep.removeprefix("source:").split(",")]
        turns = {name: turn for turn, name in reversed(list(enumerate(wanted)))}
        by = [pl.col("site").replace_strict(turns, default=len(wanted), return_dtype=pl.UInt32), longest]
    elif keep in PREFERENCES:
        by = [{"longest": longest, "shortest": -longest, "earliest": earliest, "latest": earliest}[keep]]
    elif keep in documents.columns:
        by = [pl.col(keep)]
    else:
        message = (
            f"keep is {keep!r}: there is no such column. Give {PREFERENCE_HELP}, "
            f"out of the columns {', '.join(name for name in documents.columns if name not in _DIGEST)}."
        )
        raise InputError(message)
    keys = [*by, earliest, pl.col("id")]
    descending = [keep == "latest", False, False] if len(by) == 1 else [False] * len(keys)
    order = documents.select(pl.arg_sort_by(keys, descending=descending, nulls_last=True)).to_series()
    places = pl.int_range(documents.height, dtype=pl.UInt32, eager=True)
    return pl.DataFrame({"order": order, "place": places}).sort("order")["place"]


@dataclass(frozen=True)
class Clusters:
    """What each document is to the one that is kept.

    Attributes:
        verdicts: In the order of the documents: `kept`, the row of the document kept, null where the document itself
            is kept; `relation`; `similarity`; `containment`.
        candidates: Number of pairs that were measured.
        large_buckets: Number of buckets over `max_bucket`, of which not all pairs were.
    """

    verdicts: pl.DataFrame
    candidates: int
    large_buckets: int


def clusters(
    documents: pl.DataFrame, values: npt.NDArray[np.uint64], texts: match.Texts, settings: Settings
) -> Clusters:
    """Find the duplicates among documents.

    Args:
        documents: `high` and `low`, the halves of the digest; `tokens`; `id`; and `date`, `site` or the column that
            the preference asks for.
        values: The documents' band values, documents by bands.
        texts: Gives the texts of documents by their rows.
        settings: The threshold, the bucket limit and the preference.
    """
    facts = documents.select("high", "low", "tokens", place=preference(documents, settings)).with_row_index("row")
    rows = facts.sort("place")["row"]  # the row at each place
    copies = exact_copies(facts)
    compared = facts.filter(
        pl.col("tokens") >= settings.shingle_size, ~pl.col("place").is_in(copies["place"].implode())
    )
    pairs, large = match.candidates(values[compared["row"].to_numpy()], compared["place"], settings)
    near = star(match.verify(pairs, lambda places: texts(rows.gather(places)), settings))
    return Clusters(_verdicts(facts, rows, copies, near), pairs.height, large)


def exact_copies(facts: pl.DataFrame) -> pl.DataFrame:
    """The documents that have the normal form of a preferred one: `place`, and that one's place, `first`."""
    return (
        facts.filter(pl.col("tokens") > 0)
        .select("place", first=pl.col("place").min().over("high", "low"))
        .filter(pl.col("place") != pl.col("first"))
    )


def star(pairs: pl.DataFrame) -> pl.DataFrame:
    """Which documents go, and for which, as DROPPED: one stays unless one that stays is verified close to it.

    Documents are taken in order of preference, so that whether the preferred one of a pair stays is known by then. A
    document goes for the closest of those that stay.
    """
    ordered = pairs.sort("right", "similarity", "left", descending=[False, True, False])
    left, right = ordered["left"].to_numpy(), ordered["right"].to_numpy()
    if pairs.height <= FEW:
        chosen = taken(left, right)
    else:
        from cleaner.duplicates import kernel  # noqa: PLC0415 (numba takes a second to load)

        chosen = kernel.taken(left, right)
    return ordered.filter(pl.Series(chosen)).select("similarity", "containment", place="right", kept="left")


def taken(left: npt.NDArray[np.uint32], right: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
    """Of pairs in the order of `right`, closest first, those for which `right` goes."""
    gone: set[int] = set()
    chosen = np.zeros(left.size, np.bool_)
    for turn, (one, other) in enumerate(zip(left.tolist(), right.tolist(), strict=True)):
        if one not in gone and other not in gone:
            gone.add(other)
            chosen[turn] = True
    return chosen


def _verdicts(facts: pl.DataFrame, rows: pl.Series, copies: pl.DataFrame, near: pl.DataFrame) -> pl.DataFrame:
    """The verdict on each document. An exact copy of one that goes is as close to the kept one as that one is."""
    by_first = near.rename({"place": "first"})
    exact = (
        copies.join(by_first, on="first", how="left")
        .with_columns(relation=pl.when(pl.col("kept").is_null()).then(pl.lit("exact")).otherwise(pl.lit("near")))
        .with_columns(pl.col("kept").fill_null(pl.col("first")), pl.col("similarity", "containment").fill_null(1.0))
    )
    dropped = pl.concat([near.with_columns(relation=pl.lit("near")), exact.drop("first")], how="diagonal")
    return (
        facts.select("place")
        .join(dropped, on="place", how="left", maintain_order="left")
        .select(pl.lit(rows).gather(pl.col("kept")).alias("kept"), "relation", "similarity", "containment")
    )


# ---- frames --------------------------------------------------------------------------------------------------------

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
        settings: The threshold, the preference and the like. The preference reads the columns `date` and `site`.

    Returns:
        The frame, all rows kept, with the columns of VERDICT. `duplicate_of` names the document that is kept in the
        row's stead and is null where the row is kept; `similarity` and `containment` are those of the two, exact;
        `cluster` is the id of the document kept, of all that have duplicates.

    Raises:
        InputError: A column is missing, or ids repeat.
    """
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
    missing = [pl.lit(None, pl.String).alias(name) for name in ("date", "site") if name not in frame.columns]
    titles = frame[title].cast(pl.String) if title in frame.columns else None
    signatures = sign(frame[text], settings, titles)
    facts = frame.drop(text).with_columns(*missing, ids.alias("id"), **digest_columns(signatures))
    found = clusters(facts, bands(signatures.values, settings), frame[text].gather, settings)
    return frame.with_columns(verdict_columns(found.verdicts, ids).get_columns())


def digest_columns(signatures: Signatures) -> dict[str, pl.Series]:
    """What `clusters` asks of signatures as columns: `high`, `low`, `tokens`."""
    high, low = (np.ascontiguousarray(half) for half in signatures.digests.T)
    return {"high": pl.Series(high), "low": pl.Series(low), "tokens": pl.Series(signatures.tokens)}


def verdict_columns(verdicts: pl.DataFrame, ids: pl.Series) -> pl.DataFrame:
    """Verdicts as they are shown: VERDICT, with ids for rows."""
    kept = verdicts["kept"]
    has_duplicates = pl.Series(np.isin(np.arange(ids.len()), kept.drop_nulls().to_numpy()))
    duplicate_of = ids.gather(kept)
    return verdicts.select(
        duplicate_of=duplicate_of,
        relation="relation",
        similarity="similarity",
        containment="containment",
        cluster=duplicate_of.zip_with(~has_duplicates, ids),
    )
