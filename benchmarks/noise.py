"""How many copies are still found when words are dropped and misspelt: shingles of words beside those of characters."""

from pathlib import Path
from typing import Any, Final

import polars as pl

from benchmarks import measure, quality
from benchmarks.generate import Corpus, obtain
from benchmarks.plan import Plan
from cleaner.duplicates.frames import dedupe
from cleaner.settings import SHINGLES, Settings

NOISES: Final = (0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3)
"""Shares of the words of near copies that are dropped or misspelt, half and half."""

DUE: Final = 0.75
"""Similarity before noise from which on a copy is looked for."""


def noise(plan: Plan, work: Path) -> dict[str, Any]:
    """Corpora that differ by nothing but noise, each looked through by both kinds of shingles."""
    corpora = [obtain(Plan(docs=plan.docs, seed=plan.seed, noise=share, chrome=False), work) for share in NOISES]
    due = _due(corpora[0])
    rows = [
        {"noise": corpus.plan.noise, "shingle_of": kind, "pairs": due.height, **_found(corpus, due, kind)}
        for corpus in corpora
        for kind in SHINGLES
    ]
    return {**measure.about("noise", corpora[0]), "shingle_sizes": SHINGLES, "rows": rows}


def _due(corpus: Corpus) -> pl.DataFrame:
    """The near copies that are alike enough where there is no noise: `id`, `of`."""
    truth = pl.read_parquet(corpus.truth)
    near = truth.filter(pl.col("relation").is_in(["wire", "edited"]), pl.col("similarity") >= DUE)
    return near.select("id", "of")


def _found(corpus: Corpus, due: pl.DataFrame, kind: str) -> dict[str, float]:
    """The share of those copies that are in one cluster with their original, and the precision of all that goes."""
    documents = dedupe(pl.read_ndjson(corpus.texts), settings=Settings(shingle_of=kind))
    truth, kept_for = pl.read_parquet(corpus.truth), documents.drop_nulls("duplicate_of").select("id", "duplicate_of")
    pairs = due.join(quality.pairs_found(truth, kept_for).select("id", "found"), on="id")
    of_all = quality.duplicates(truth, kept_for, DUE)
    return {"recall": pairs.select(pl.col("found").mean()).item(), "precision": of_all["precision"]}
