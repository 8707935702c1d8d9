"""What a run found of that which was planted."""

from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from benchmarks.frames import FIRST_CHROME, KINDS
from benchmarks.ragged import Numbers

BINS: Final = 10
"""Steps of similarity from .5 to 1 that the recall curve has."""

LOOKED_AT: Final = 200_000
"""Documents whose chrome is looked at; the first so many, in large corpora."""

CLEAR: Final = 0.05
"""As much above the threshold a copy is clear of what signatures cannot tell."""

_COPIES: Final = ("exact", "wire", "edited")


def pairs_found(truth: pl.DataFrame, kept_for: pl.DataFrame) -> pl.DataFrame:
    """The planted pairs, each with whether the run put both into one cluster.

    Args:
        truth: The truth about the documents.
        kept_for: `id` and `duplicate_of` of each document that was dropped.
    """
    stands = pl.concat(
        [
            truth.join(kept_for, on="id", how="anti").select("id", stands="id"),
            kept_for.rename({"duplicate_of": "stands"}),
        ]
    )
    return (
        truth.drop_nulls("of")
        .join(stands, on="id", how="left")
        .join(stands.rename({"id": "of", "stands": "of_stands"}), on="of", how="left")
        .with_columns(found=pl.col("stands") == pl.col("of_stands"))
    )


def duplicates(truth: pl.DataFrame, kept_for: pl.DataFrame, threshold: float) -> dict[str, Any]:
    """Recall of planted pairs by relation and similarity, precision of what was dropped."""
    pairs = pairs_found(truth, kept_for)
    near = pairs.filter(pl.col("relation").is_in(_COPIES))
    due = near.filter(pl.col("similarity") >= threshold)
    low = 0.5 + (1 - 0.5) / BINS * ((pl.col("similarity") - 0.5) * 2 * BINS).floor().clip(0, BINS - 1)
    curve = near.group_by(low=low).agg(pl.len().alias("pairs"), pl.col("found").mean()).sort("low")
    sides = truth.select("id", "cluster", "relation")
    dropped = kept_for.join(sides, on="id").join(
        sides.rename({"id": "duplicate_of", "cluster": "kept_cluster"}).drop("relation"), on="duplicate_of"
    )
    same = (pl.col("cluster") == pl.col("kept_cluster")) & (pl.col("relation") != "template")
    by_relation = pairs.group_by("relation").agg(pl.col("found").mean())
    return {
        "recall": _mean(due["found"]),
        "clear_recall": _mean(due.filter(pl.col("similarity") >= threshold + CLEAR)["found"]),
        "precision": _mean(dropped.select(same).to_series()),
        "wrong": int(dropped.select(~same).to_series().sum()),
        "unrelated": int(dropped.filter(pl.col("cluster") != pl.col("kept_cluster")).height),
        "dropped": dropped.height,
        "pairs": due.height,
        "recall_by_relation": dict(due.group_by("relation").agg(pl.col("found").mean()).sort("relation").iter_rows()),
        "contained_found": _mean(pairs.filter(pl.col("relation").is_in(["truncated", "update"]))["found"]),
        "templates_merged": dict(by_relation.iter_rows()).get("template", 0.0),
        "curve": curve.rows(named=True),
    }


def dropped_only(truth: pl.DataFrame, dropped: pl.Series, threshold: float) -> dict[str, Any]:
    """The same of a tool that does not say for what it dropped a document: coarser, and equal for all tools."""
    gone = truth.with_columns(gone=pl.col("id").is_in(dropped.implode()))
    pairs = gone.drop_nulls("of").join(gone.select(of="id", of_gone="gone"), on="of")
    due = pairs.filter(pl.col("relation").is_in(_COPIES), pl.col("similarity") >= threshold)
    return {
        "recall": _mean(due.select(pl.col("gone") | pl.col("of_gone")).to_series()),
        "unique_dropped": int(gone.filter(pl.col("gone") & (pl.col("relation") == "unique")).height),
        "templates_dropped": int(gone.filter(pl.col("gone") & (pl.col("relation") == "template")).height),
        "dropped": dropped.len(),
    }


def _mean(values: pl.Series) -> float:
    return float(values.mean() or 0.0) if values.len() else 1.0  # type: ignore[arg-type]


def covered(starts: Numbers, ends: Numbers, over: tuple[Numbers, Numbers]) -> Numbers:
    """How many bytes of each span lie in the other spans, which are sorted and do not overlap."""
    if not len(over[0]):
        return np.zeros(len(starts), np.int64)
    before = np.concatenate([[0], np.cumsum(over[1] - over[0])])

    def upto(places: Numbers) -> Numbers:
        turn = np.searchsorted(over[0], places, "right")
        inside = np.minimum(places, over[1][turn - 1]) - over[0][turn - 1]
        return np.where(turn > 0, before[turn - 1] + inside, 0)

    return upto(ends) - upto(starts)


def chrome(truth: pl.DataFrame, lines: pl.DataFrame, removed: pl.DataFrame) -> dict[str, Any]:
    """The share of planted chrome that was removed, by kind, and of bodies that were lost with it.

    Args:
        truth: The truth about the documents.
        lines: The truth about their lines.
        removed: `id`, `start`, `end`, `category` of each removal.
    """
    rows = truth.filter(pl.col("row") < LOOKED_AT).select("id", "row")
    gone = removed.join(rows, on="id").sort("row", "start")
    looked_at = lines.filter(pl.col("row") < LOOKED_AT)
    cut, planted = places(gone), places(looked_at)
    gone_bytes = covered(*planted, cut)
    sizes, kinds = planted[1] - planted[0], looked_at["kind"].to_physical().to_numpy().astype(np.int64)
    planted_bytes, removed_bytes = (
        np.bincount(kinds, weights=one, minlength=len(KINDS)) for one in (sizes, gone_bytes)
    )
    share = removed_bytes / np.maximum(planted_bytes, 1)
    whole = gone.filter(pl.col("category").is_in(["title"]))
    return {
        "chrome_removed": float(removed_bytes[FIRST_CHROME:].sum() / max(planted_bytes[FIRST_CHROME:].sum(), 1)),
        "known_removed": float(removed_bytes[FIRST_CHROME:-1].sum() / max(planted_bytes[FIRST_CHROME:-1].sum(), 1)),
        "body_lost": float(share[KINDS.index("body")]),
        "titles_found": float(share[KINDS.index("title")]) if whole.height else 0.0,
        "removed_by_kind": {kind: float(share[KINDS.index(kind)]) for kind in KINDS[FIRST_CHROME:]},
    }


def places(spans: pl.DataFrame) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Where spans of the texts `row` begin and end when all texts are laid 2**32 bytes apart."""
    bases = spans["row"].to_numpy().astype(np.int64) << 32
    return bases + spans["start"].to_numpy(), bases + spans["end"].to_numpy()


def of_output(folder: Path, truth: Path, lines: Path, threshold: float) -> dict[str, Any]:
    """The quality of a run's output."""
    facts = pl.read_parquet(truth)
    kept_for = pl.read_parquet(folder / "duplicates.parquet", columns=["id", "duplicate_of"])
    removed = pl.read_parquet(folder / "removed.parquet", columns=["id", "start", "end", "category"])
    found = duplicates(facts, kept_for, threshold)
    return {
        **found,
        **dropped_only(facts, kept_for["id"], threshold),
        **{key: found[key] for key in ("recall", "dropped")},
        **chrome(facts, pl.read_parquet(lines), removed),
    }
