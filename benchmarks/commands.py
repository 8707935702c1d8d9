"""The benchmark runs: each makes a result that can be saved."""

import json
from pathlib import Path
from statistics import median
from typing import Any

import polars as pl

from benchmarks import articles, labelled, measure, quality
from benchmarks.generate import Corpus, obtain
from benchmarks.measure import ONE_THREAD, TURNS, in_child
from benchmarks.plan import Plan
from benchmarks.signers import NOTES, SIGNERS, THRESHOLD
from benchmarks.wholes import WHOLES, UnavailableError, environment, measure_ours, measure_whole

Result = dict[str, Any]

SIGNED_DOCS = 10_000
"""Documents that signing tools are measured on: the slowest takes some seconds for them."""

SCALES = (1_000, 10_000, 100_000, 1_000_000)


def _whole_row(corpus: Corpus, work: Path, turns: int = 1) -> Result:
    """A fresh process that does the job some times: its time the last time, its memory, its quality."""
    cold = in_child("whole", texts=str(corpus.texts), output=str(work / "cold"), turns=turns)
    found = quality.of_output(work / "cold", corpus.truth, corpus.lines, THRESHOLD)
    return {
        "first_seconds": cold["seconds"][0],
        **measure.spread(cold["seconds"][-1:], docs=corpus.plan.docs, size=corpus.size),
        "wall": cold["wall"],
        "peak_bytes": cold["peak_bytes"],
        "stages": cold["stages"][-1],
        "candidates": cold["candidates"],
        "large_buckets": cold["large_buckets"],
        "quality": found,
    }


def throughput(plan: Plan, work: Path, turns: int = TURNS) -> Result:
    """The whole job cold and warm, the floor, and each step by itself."""
    corpus = obtain(plan, work)
    files: dict[str, Any] = {"texts": str(corpus.texts), "output": str(work / "out"), "turns": turns}
    cold, warm, steps = _whole_row(corpus, work), in_child("both", **files), in_child("steps", **files)
    floor = in_child("floor", **{**files, "turns": 1})
    sizes = {"docs": plan.docs, "size": corpus.size}
    of_steps = {
        name: measure.spread(
            seconds, docs=steps["docs"], size=steps["clean_bytes" if _is_after_strip(name) else "text_bytes"]
        )
        for name, seconds in steps["seconds"].items()
    }
    whole, least = measure.spread(warm["whole"], **sizes), measure.spread(warm["floor"], **sizes)
    return {
        **measure.about("throughput", corpus),
        "cold": cold,
        "warm": {**whole, "stages": warm["stages"][-1], "quality": cold["quality"], "peak_bytes": cold["peak_bytes"]},
        "floor": {**least, "peak_bytes": floor["peak_bytes"]},
        "steps": of_steps,
        "labelled": labelled.judged(),
        "articles": articles.judged(),
        "reference_seconds": median(warm["reference"]),
        "ratios": {
            "whole to floor": whole["seconds"] / least["seconds"],
            "second core, plain hashing": steps["second_core"],
            "second thread": of_steps["sign, 1 thread"]["seconds"] / of_steps["sign, 2 threads"]["seconds"],
        },
    }


def _is_after_strip(step: str) -> bool:
    return step not in {"read", "lines", "strip"}


def quality_run(plan: Plan, work: Path) -> Result:
    """What one run finds of that which was planted."""
    corpus = obtain(plan, work)
    return {**measure.about("quality", corpus), **_whole_row(corpus, work)}


def scale(plan: Plan, work: Path) -> Result:
    """Runs at sizes up to the plan's, each the second in its process: what is loaded once is no matter of scale."""
    sizes = [*(size for size in SCALES if size < plan.docs), plan.docs]
    rows, corpus = [], None
    for docs in sizes:
        corpus = obtain(Plan(docs=docs, seed=plan.seed, noise=plan.noise, chrome=plan.chrome), work)
        rows.append(
            {"docs": docs, "bytes": corpus.size, "xxh3_128": corpus.digest, **_whole_row(corpus, work, turns=2)}
        )
    return {**measure.about("scale", corpus), "rows": rows}


def peers(plan: Plan, work: Path, turns: int = TURNS, *, wholes: bool = True) -> Result:
    """This tool and its peers in turns, on the same texts."""
    bodies = obtain(Plan(docs=min(plan.docs, SIGNED_DOCS), seed=plan.seed, noise=plan.noise, chrome=False), work)
    corpus = obtain(plan, work)
    result = {**measure.about("peers", corpus), "signing_corpus": {"docs": bodies.plan.docs, "xxh3_128": bodies.digest}}
    result["signing"], skipped = _signing(bodies, turns)
    if wholes:
        result["whole"], more = _wholes(corpus, work, turns)
        skipped |= more
    return {**result, "skipped": skipped}


def _signing(corpus: Corpus, turns: int) -> tuple[list[Result], dict[str, str]]:
    seconds: dict[str, list[float]] = {name: [] for name in SIGNERS}
    facts, skipped = dict[str, Result](), dict[str, str]()
    for _ in range(turns):
        for name in SIGNERS:
            if name in skipped:
                continue
            try:
                facts[name] = in_child(
                    "signing", threads=ONE_THREAD, peer=name, texts=str(corpus.texts), docs=corpus.plan.docs, turns=1
                )
            except measure.ChildError as error:
                skipped[name] = error.reason
                continue
            seconds[name] += facts[name]["seconds"]
    rows = [
        {
            "tool": name,
            "note": NOTES[name],
            **measure.spread(seconds[name], docs=fact["docs"], size=fact["text_bytes"]),
            "error": fact["error"],
            "peak_bytes": fact["peak_bytes"],
        }
        for name, fact in facts.items()
        if name not in skipped
    ]
    return _against_first(rows), skipped


def _wholes(corpus: Corpus, work: Path, turns: int) -> tuple[list[Result], dict[str, str]]:
    seconds: dict[str, list[float]] = {"cleaner": []}
    found, skipped, pythons = dict[str, Result](), dict[str, str](), dict[str, Path]()
    truth = pl.read_parquet(corpus.truth)
    for tool in WHOLES:
        try:
            pythons[tool] = environment(tool, work / "environments")
        except UnavailableError as error:
            skipped[tool] = str(error)
    for _ in range(turns):
        seconds["cleaner"].append(measure_ours(corpus.texts, work / "out"))
        gone = pl.read_parquet(work / "out" / "duplicates.parquet", columns=["id"])["id"]
        found["cleaner"] = quality.dropped_only(truth, gone, THRESHOLD)
        for tool, python in list(pythons.items()):
            try:
                wall, kept = measure_whole(tool, python, corpus.texts, work / f"{tool}-run", measure.machine()["cores"])
            except UnavailableError as error:
                skipped[tool] = str(error)
                pythons.pop(tool)
                continue
            seconds.setdefault(tool, []).append(wall)
            gone = truth["id"].filter(~truth["id"].is_in(kept.implode()))
            found[tool] = quality.dropped_only(truth, gone, THRESHOLD)
    notes = {"cleaner": "all of it: chrome stripped, candidates checked exactly, every removal accounted for"}
    rows = [
        {
            "tool": tool,
            "note": notes.get(tool) or WHOLES[tool].note,
            **measure.spread(times, docs=corpus.plan.docs, size=corpus.size),
            "quality": found[tool],
        }
        for tool, times in seconds.items()
        if tool not in skipped
    ]
    return _against_first(rows), skipped


def _against_first(rows: list[Result]) -> list[Result]:
    """The rows, each with how many times as long it takes as the first, which is ours."""
    return [{**row, "times_ours": row["seconds"] / rows[0]["seconds"]} for row in rows]


def shown(result: Result) -> str:
    """A result as a person reads it on a terminal: its rows without what is long."""
    short = {key: value for key, value in result.items() if key not in {"machine", "versions"}}
    return json.dumps(_rounded(short), indent=1, ensure_ascii=False)


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.4g}")
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items() if key not in {"curve", "xxh3_128"}}
    return [_rounded(one) for one in value] if isinstance(value, list) else value
