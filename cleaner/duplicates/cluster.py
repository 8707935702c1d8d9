"""Verified pairs to clusters: one document of each stays, and every other names it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from cleaner.duplicates import match, overlap
from cleaner.duplicates.pages import pages
from cleaner.duplicates.relations import EXACT, related
from cleaner.duplicates.shingles import Signatures
from cleaner.duplicates.signatures import bands, title_keys
from cleaner.errors import InputError
from cleaner.parallel import both
from cleaner.settings import PREFERENCE_HELP, PREFERENCES, Settings, seconds_in

FEW = 10_000
"""Pairs up to which the slow way of taking them one by one is the faster, loading numba included."""

FACTS = ("high", "low", "tokens", "title_key", "page", "time")
"""What is reckoned of documents and joined to their columns: `fact_columns`, and the `time` of their dates."""

ALIKE = 0.4
"""Similarity from which on documents are versions of one story: a text that all of them have is no standing text."""

DROPPED = pl.Schema(
    {
        "place": pl.UInt32,
        "kept": pl.UInt32,
        "relation": pl.String,
        "similarity": pl.Float64,
        "containment": pl.Float64,
    }
)
"""A document that goes, the one it goes for, and what the two were found to be to each other."""


def preference(documents: pl.DataFrame, settings: Settings) -> pl.Series:
    """Each document's place in the order of preference; the smaller stays.

    Args:
        documents: `id`, `tokens`, `time`, and as far as the setting `keep` needs it `site` or the column it names.
        settings: `keep`.

    Raises:
        InputError: `keep` names a column that is not there.
    """
    longest, earliest = -pl.col("tokens").cast(pl.Int64), pl.col("time")
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
            f"out of the columns {', '.join(name for name in documents.columns if name not in FACTS)}."
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
        pairs: All pairs that share enough to be told of, by rows: `kept` and `other`, `relation` of the other to the
            first, `similarity`, `containment`.
        candidates: Number of pairs that were measured.
        large_buckets: Number of buckets over `max_bucket`, of which not all pairs were.
    """

    verdicts: pl.DataFrame
    pairs: pl.DataFrame
    candidates: int
    large_buckets: int


@dataclass(frozen=True)
class Marks:
    """What documents are found by.

    Attributes:
        bands: Band values, documents by bands.
        sketch: The sketches end to end.
        offsets: Where each document's sketch begins, and where the last one ends.
    """

    bands: npt.NDArray[np.uint64]
    sketch: npt.NDArray[np.uint32]
    offsets: npt.NDArray[np.int64]


def marks(signatures: Signatures, settings: Settings) -> Marks:
    """What documents with these signatures are found by."""
    return Marks(bands(signatures.values, settings), signatures.sketch, signatures.sketch_offsets)


def joined(parts: list[Marks]) -> Marks:
    """The marks of several batches of documents, one after the other."""
    sizes = np.cumsum([0, *(part.sketch.size for part in parts)])
    offsets = [part.offsets[1:] + before for part, before in zip(parts, sizes, strict=False)]
    return Marks(
        bands=np.concatenate([part.bands for part in parts]),
        sketch=np.concatenate([part.sketch for part in parts]),
        offsets=np.concatenate([np.zeros(1, np.int64), *offsets]),
    )


def clusters(documents: pl.DataFrame, found_by: Marks, texts: match.Texts, settings: Settings) -> Clusters:
    """Find the duplicates among documents.

    Args:
        documents: The columns of FACTS; `id`; and `site` or the column that the preference asks for.
        found_by: The documents' bands and sketches.
        texts: Gives the texts and titles of documents by their rows.
        settings: The thresholds, the bucket limit, the relations that go and the preference.
    """
    facts = documents.select(*FACTS, "site", place=preference(documents, settings)).with_row_index("row")
    rows, tokens = facts.sort("place").select("row", "tokens").get_columns()  # at each place
    copies = exact_copies(facts, settings)
    pairs, large, index = candidates(facts, copies, found_by, settings)
    del found_by  # the bands, which are as large as all that is to come
    measured = match.verify(pairs, lambda places: texts(rows.gather(places)), tokens.to_numpy(), settings)
    judged = related(with_facts(measured, facts, rows, index), settings)
    judged = allowed(judged, facts, rows, settings)  # not before: versions of one story are known by all their pairs
    near = star(judged.filter(pl.col("relation").is_in(settings.drop)))
    told = judged.select(
        pl.lit(rows).gather("left").alias("kept"),
        pl.lit(rows).gather("right").alias("other"),
        "relation",
        "similarity",
        "containment",
    )
    return Clusters(_verdicts(facts, rows, copies, near), told, pairs.height, large)


def exact_copies(facts: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """The documents that have the normal form and the title of a preferred one: `place`, and that one's, `first`.

    Only those that must be copies whatever else is asked: where a window is set those of one time, where sources are
    looked at those of one source. The others are compared as pairs.
    """
    among, keys = facts.filter(pl.col("tokens") > 0), ["high", "low", "title_key"]
    if settings.across_sources_only or EXACT not in settings.drop:
        among = among.clear()
    for name in ["time"] * (settings.window is not None) + ["site"] * settings.within_source_only:
        among, keys = among.drop_nulls(name), [*keys, name]
    return among.select("place", first=pl.col("place").min().over(keys)).filter(pl.col("place") != pl.col("first"))


def allowed(pairs: pl.DataFrame, facts: pl.DataFrame, rows: pl.Series, settings: Settings) -> pl.DataFrame:
    """The pairs that the window and the sources let be duplicates; where time or source is not known, they do not."""
    left, right = (facts.select("time", "site")[rows.gather(pairs[side])] for side in match.PAIR)
    among = pl.Series([True]).new_from_index(0, pairs.height)
    if settings.window is not None:
        among &= ((left["time"] - right["time"]).abs() <= seconds_in(settings.window)).fill_null(value=False)
    if settings.across_sources_only:
        among &= (left["site"] != right["site"]).fill_null(value=False)
    if settings.within_source_only:
        among &= (left["site"] == right["site"]).fill_null(value=False)
    return pairs.filter(among)


def candidates(
    facts: pl.DataFrame, copies: pl.DataFrame, found_by: Marks, settings: Settings
) -> tuple[pl.DataFrame, int, overlap.Index]:
    """The pairs to be measured, by places; the number of buckets over `max_bucket`; the index of sketches."""
    compared = facts.filter(
        pl.col("tokens") >= settings.tokens_in_shingle, ~pl.col("place").is_in(copies["place"].implode())
    )
    rows = compared["row"].to_numpy()
    further = [compared["low"], compared["page"]]
    (by_value, large), (index, overlaps) = both(
        lambda: match.candidates(found_by.bands[rows], compared["place"], further, settings),
        lambda: _overlaps(found_by, rows),
        side_by_side=found_by.sketch.size <= overlap.SLICE,  # beyond it what both sort at once would be the peak
    )
    places = pl.lit(facts["place"])
    by_sketch = overlaps.select(one=places.gather("left"), other=places.gather("right"))
    by_sketch = by_sketch.select(left=pl.min_horizontal("one", "other"), right=pl.max_horizontal("one", "other"))
    return pl.concat([by_value, by_sketch]).unique().sort("left", "right"), large, index


def _overlaps(found_by: Marks, rows: npt.NDArray[np.uint32]) -> tuple[overlap.Index, pl.DataFrame]:
    """The index of the sketches of some documents, and the pairs of them that share enough."""
    among = np.zeros(found_by.offsets.size - 1, np.bool_)
    among[rows] = True
    index = overlap.index(found_by.sketch, found_by.offsets, among)
    return index, overlap.overlaps(index)


def with_facts(measured: pl.DataFrame, facts: pl.DataFrame, rows: pl.Series, index: overlap.Index) -> pl.DataFrame:
    """The measured pairs with `equal`, the two times, and how often what they share stands."""
    left, right = (rows.gather(measured[side]) for side in match.PAIR)
    one, other = facts[left], facts[right]
    alike = (measured["similarity"] >= ALIKE).to_numpy()
    ends = left.to_numpy().astype(np.int64), right.to_numpy().astype(np.int64)
    groups = overlap.groups(facts.height, ends[0][alike], ends[1][alike])
    return measured.with_columns(
        overlap.stands(index, *ends, groups).get_columns(),
        equal=(one["low"] == other["low"]) & (one["high"] == other["high"]),
        left_time=one["time"],
        right_time=other["time"],
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
        from cleaner.duplicates import pairs as compiled  # noqa: PLC0415 (numba takes a second to load)

        chosen = compiled.taken(left, right)
    return ordered.filter(pl.Series(chosen)).select("relation", "similarity", "containment", place="right", kept="left")


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
    exact = copies.join(by_first, on="first", how="left").with_columns(
        pl.col("kept").fill_null(pl.col("first")),
        pl.col("relation").fill_null(EXACT),
        pl.col("similarity", "containment").fill_null(1.0),
    )
    dropped = pl.concat([near, exact.drop("first")], how="diagonal")
    return (
        facts.select("place")
        .join(dropped, on="place", how="left", maintain_order="left")
        .select(pl.lit(rows).gather(pl.col("kept")).alias("kept"), "relation", "similarity", "containment")
    )


def fact_columns(signatures: Signatures, titles: pl.Series, urls: pl.Series) -> dict[str, pl.Series]:
    """What `clusters` asks of documents as columns: FACTS without the `time`, which is told from all dates at once."""
    high, low = (np.ascontiguousarray(half) for half in signatures.digests.T)
    keys, page = both(lambda: title_keys(titles), lambda: pages(urls), side_by_side=True)
    return {
        "high": pl.Series(high),
        "low": pl.Series(low),
        "tokens": pl.Series(signatures.tokens),
        "title_key": keys,
        "page": page,
    }


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
