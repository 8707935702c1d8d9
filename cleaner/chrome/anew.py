"""Verdicts taken anew where something was learned: the other documents keep those they had before."""

import numpy as np
import polars as pl

from cleaner.chrome.compiled import Rules
from cleaner.chrome.evidence import LEARNED, Booleans, Evidence, of_documents
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
