"""The steps of the job, each timed by itself, on what the steps before it made."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.measure import second_core, timed
from cleaner import read, sources, write
from cleaner.chrome.lines import to_lines
from cleaner.chrome.rules import load
from cleaner.chrome.strip import strip_texts
from cleaner.duplicates import cluster, kernel, match, overlap, relations
from cleaner.parallel import inside, mapped
from cleaner.settings import Settings
from cleaner.times import seconds


class _Steps:
    """Times of steps by name, and what each made last."""

    def __init__(self, turns: int) -> None:
        self.turns = turns
        self.seconds: dict[str, list[float]] = {}

    def take(self, name: str, work: Callable[[], Any]) -> Any:
        """The result of a step, which is done once unmeasured and then `turns` times."""
        result = work()
        self.seconds[name] = timed(work, self.turns)
        return result


def measure_steps(texts: Path, output: Path, turns: int) -> dict[str, Any]:
    """Seconds of each turn of each step, and the bytes of text that stripping and signing saw."""
    settings, rules, steps = Settings(), load(()), _Steps(turns)
    inputs = read.Inputs(sources.find([texts]), settings, read.BATCH_BYTES)
    batches = [batch.documents for batch in steps.take("read", lambda: list(inputs.batches()))]
    steps.take("lines", lambda: [to_lines(batch["text"]).height for batch in batches])
    stripped = steps.take(  # on all cores and the threads of Polars, as the job does
        "strip", lambda: list(mapped(inside(lambda batch: strip_texts(batch["text"], rules, batch["title"])), batches))
    )
    documents = pl.concat(batches).with_columns(text=pl.concat([one.text for one in stripped])).rechunk()
    documents = documents.filter(pl.col("text") != "")
    column = documents["text"]
    sizes: dict[str, Any] = {"shingle_size": settings.tokens_in_shingle, "num_perm": settings.num_perm}

    def sign(threads: int) -> Any:
        return kernel.sign(column, **sizes, seed=settings.seed, scale=overlap.SCALE, threads=threads)

    steps.take("sign, 1 thread", lambda: sign(1))
    signatures = steps.take("sign, 2 threads", lambda: sign(2))
    marks = steps.take("bands", lambda: cluster.marks(signatures, settings))
    given = documents.select("id", "date", "site").with_columns(
        **cluster.fact_columns(signatures, documents["title"], documents["url"]), time=seconds(documents["date"])
    )
    facts = given.select(*cluster.FACTS, "site", place=cluster.preference(given, settings)).with_row_index("row")
    rows, tokens = facts.sort("place").select("row", "tokens").get_columns()
    copies = cluster.exact_copies(facts, settings)
    bodies = documents.select("text", "title")
    pairs, _, index = steps.take("candidates", lambda: cluster.candidates(facts, copies, marks, settings))
    verified = steps.take(
        "verify", lambda: match.verify(pairs, lambda places: bodies[rows.gather(places)], tokens.to_numpy(), settings)
    )
    judged = steps.take(
        "relations", lambda: relations.related(cluster.with_facts(verified, facts, rows, index), settings)
    )
    steps.take("cluster", lambda: cluster.star(judged.filter(judged["relation"].is_in(settings.drop))))
    output.mkdir(parents=True, exist_ok=True)
    steps.take("write", lambda: write.table(documents.lazy(), output, "corpus"))
    return {
        "seconds": steps.seconds,
        "second_core": second_core(),
        "docs": documents.height,
        "text_bytes": sum(int(batch["text"].str.len_bytes().sum()) for batch in batches),
        "clean_bytes": int(column.str.len_bytes().sum()),
        "candidates": pairs.height,
        "verified": verified.height,
    }
