"""Write a corpus of invented news, with the truth about it.

    python -m benchmarks.generate --docs 100000 --output corpus/

The same seed gives the same bytes, whatever the chunk; nothing but a chunk is ever in memory.
"""

import argparse
import json
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl
import xxhash

from benchmarks.layout import laid_out
from benchmarks.plan import Plan, documents

CHUNK = 200
"""Documents that are made at once: few enough for their numbers to stay near the processor."""

PART = 50_000
"""Documents whose truth is written at once."""

TEXTS, TRUTH, LINES = "corpus.jsonl", "truth.parquet", "lines.parquet"


@dataclass(frozen=True)
class Corpus:
    """Where a corpus lies and what it is.

    Attributes:
        plan: What it was made from.
        texts: The documents, as lines of JSON.
        truth: One row per document.
        lines: One row per line of a text: where it is, and what kind it is of.
        digest: xxh3-128 of `texts`.
        size: Bytes of `texts`.
        seconds: Time it took.
    """

    plan: Plan
    texts: Path
    truth: Path
    lines: Path
    digest: str
    size: int
    seconds: float


def generate(plan: Plan, folder: Path, *, chunk: int = CHUNK, parquet: bool = False) -> Corpus:
    """Write `corpus.jsonl`, `truth.parquet`, `lines.parquet` and, if wanted, `corpus.parquet`."""
    started, digest, size = time.perf_counter(), xxhash.xxh3_128(), 0
    texts, truth, lines, parts = (folder / name for name in (TEXTS, TRUTH, LINES, ".parts"))
    shutil.rmtree(parts, ignore_errors=True)
    parts.mkdir(parents=True)
    with texts.open("wb") as file, ThreadPoolExecutor(pl.thread_pool_size()) as pool:
        for start in range(0, plan.docs, PART):
            stop = min(start + PART, plan.docs)
            rows = [(place, min(place + chunk, stop)) for place in range(start, stop, chunk)]
            facts = []
            for written, *tables in pool.map(lambda bounds: laid_out(plan, documents(plan, *bounds)), rows):
                file.write(written.data)
                digest.update(written.data)
                size += len(written)
                facts.append(tables)
            for turn, name in enumerate((TRUTH, LINES)):
                pl.concat([tables[turn] for tables in facts]).write_parquet(parts / f"{start:010}-{name}")
    for path in (truth, lines):
        pl.scan_parquet(parts / f"*-{path.name}").sink_parquet(path)
    shutil.rmtree(parts)
    if parquet:
        pl.scan_ndjson(texts).sink_parquet(folder / "corpus.parquet")
    return Corpus(plan, texts, truth, lines, digest.hexdigest(), size, time.perf_counter() - started)


def obtain(plan: Plan, folder: Path) -> Corpus:
    """The corpus of a plan, made unless it lies in the folder already."""
    made_by = xxhash.xxh32()
    for module in ("ragged", "words", "frames", "plan", "stories", "layout", "generate"):
        made_by.update(Path(__file__).with_name(f"{module}.py").read_bytes())
    name = "-".join([*(str(value) for value in asdict(plan).values()), made_by.hexdigest()])
    place, note = folder / name, folder / name / "corpus.json"
    if note.exists():
        known = json.loads(note.read_text(encoding="utf-8"))
        return Corpus(plan, place / TEXTS, place / TRUTH, place / LINES, **known)
    corpus = generate(plan, place)
    known = {"digest": corpus.digest, "size": corpus.size, "seconds": corpus.seconds}
    note.write_text(json.dumps(known), encoding="utf-8")
    return corpus


def main() -> None:
    """Make a corpus as the command line asks for it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.generate", description=__doc__.splitlines()[0])
    parser.add_argument("--docs", type=int, default=10_000, help="number of documents (%(default)s)")
    parser.add_argument("--output", type=Path, required=True, help="the directory to write to")
    parser.add_argument("--seed", type=int, default=1, help="another seed, another corpus (%(default)s)")
    parser.add_argument("--noise", type=float, default=0.0, help="share of near copies' words dropped or misspelt")
    parser.add_argument("--no-chrome", action="store_true", help="bodies only")
    parser.add_argument("--chunk", type=int, default=CHUNK, help="documents made at once; changes no byte")
    parser.add_argument("--parquet", action="store_true", help="the texts as Parquet too")
    given = parser.parse_args()
    plan = Plan(docs=given.docs, seed=given.seed, noise=given.noise, chrome=not given.no_chrome)
    corpus = generate(plan, given.output, chunk=given.chunk, parquet=given.parquet)
    megabytes = corpus.size / 1e6
    print(f"{plan.docs} documents, {megabytes:.1f} MB in {corpus.seconds:.1f} s, {megabytes / corpus.seconds:.0f} MB/s")
    print(f"xxh3-128 {corpus.digest}")


if __name__ == "__main__":
    main()
