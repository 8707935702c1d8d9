"""Verdicts taken anew where something was learned: the other documents keep those they had before."""

from dataclasses import replace

import numpy as np
import polars as pl

from cleaner.chrome.compiled import Rules
from cleaner.chrome.evidence import LEARNED, Booleans, Evidence
from cleaner.chrome.verdict import Verdict, settle


def settled_anew(verdict: Verdict, evidence: Evidence, rules: Rules, *, kind: str = "auto") -> Verdict:
    """The verdict, that on the documents of which something was learned taken anew.

    Args:
        verdict: The one before anything was learned.
        evidence: With what was learned.
        rules: What chrome looks like.
        kind: As `settle` takes it.
    """
    docs = taught(evidence)
    if not docs.any():
        return verdict
    places = np.flatnonzero(docs[evidence.doc])
    later = settle(of_documents(evidence, docs), rules, docs.size, kind=kind)
    order = verdict.order.copy()
    order[places] = later.order
    stays = ~docs[evidence.doc[verdict.titles]]
    titles = np.concatenate([verdict.titles[stays], places[later.titles]])
    dashed = np.concatenate([verdict.dashed[stays], later.dashed])
    turn = np.argsort(titles)
    return Verdict(order, verdict.evidence.scatter(places, later.evidence), titles[turn], dashed[turn])


def taught(evidence: Evidence) -> Booleans:
    """The documents of which something was learned."""
    found = np.zeros(evidence.titled.size, np.bool_)
    learned = evidence.hits.filter(pl.col("order").is_in(list(LEARNED.values())))["at"]
    found[evidence.doc[learned.to_numpy()]] = True
    if evidence.suffixed is not None:
        found[evidence.doc[evidence.suffixed]] = True
    return found


def of_documents(evidence: Evidence, docs: Booleans) -> Evidence:
    """The evidence on the lines of some documents, which keep their numbers."""
    keep = docs[evidence.doc]
    before = pl.Series(np.cumsum(keep) - keep, dtype=pl.UInt32)  # lines of these documents before each
    kept, turn = pl.lit(pl.Series(keep)).gather(pl.col("at")), pl.lit(before).gather(pl.col("at"))
    return replace(
        evidence,
        content=evidence.content[keep],
        doc=evidence.doc[keep],
        prose=evidence.prose[keep],
        stopped=evidence.stopped[keep],
        title_like=evidence.title_like[keep],
        continues=evidence.continues[keep],
        twice=evidence.twice[keep],
        hits=evidence.hits.filter(kept).with_columns(at=turn),
        keys=evidence.keys.filter(kept).with_columns(at=turn),
        again=evidence.again.filter(kept).with_columns(at=turn),
        suffixed=None if evidence.suffixed is None else evidence.suffixed[keep],
        short=None,
    )
