"""Tools that do a whole job of deduplication, each in an environment of its own, made with uv when it is asked for."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from benchmarks.measure import users_environment

VALUES, SHINGLE, THRESHOLD = 128, 5, 0.7


class UnavailableError(RuntimeError):
    """A tool cannot be measured here; the message says why."""


@dataclass(frozen=True)
class Whole:
    """A tool: what to install, how to run it, which documents it kept.

    Attributes:
        install: What pip is given.
        note: What it does, and what it does not.
        run: Python, texts, directory, number of processes → nothing.
        kept: The ids of the documents it kept, from its directory.
        module: What must be importable.
    """

    install: tuple[str, ...]
    note: str
    run: Callable[[Path, Path, Path, int], None]
    kept: Callable[[Path], pl.Series]
    module: str


def environment(tool: str, folder: Path) -> Path:
    """The Python of a tool's own environment.

    Raises:
        UnavailableError: It cannot be installed.
    """
    place = (folder / tool).absolute()
    python = place / "bin" / "python"
    if shutil.which("uv") is None:
        message = "uv is not installed"
        raise UnavailableError(message)
    if not python.exists():
        _called(["uv", "venv", "--quiet", "--python", f"{sys.version_info[0]}.{sys.version_info[1]}", str(place)])
        _called(["uv", "pip", "install", "--quiet", "--python", str(python), *WHOLES[tool].install])
    _called([str(python), "-c", f"import {WHOLES[tool].module}"])
    return python


def _called(words: list[str], folder: Path | None = None) -> None:
    """Run a command.

    Raises:
        UnavailableError: It failed; the last line that it said is the reason.
    """
    nothing_fetched = {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_DATASETS_DISABLE_PROGRESS_BARS": "1"}
    done = subprocess.run(
        words, cwd=folder, env={**users_environment(), **nothing_fetched}, capture_output=True, check=False
    )
    if done.returncode:
        said = [line for line in done.stderr.decode(errors="replace").splitlines() if line.strip()]
        message = f"{Path(words[0]).name} {' '.join(words[1:4])[:60]}: {said[-1][:300] if said else done.returncode}"
        raise UnavailableError(message)


def _text_dedup(python: Path, texts: Path, folder: Path, processes: int) -> None:
    options = {
        "path": "json", "data_files": texts, "split": "train", "cache_dir": folder / "cache", "output": folder / "kept",
        "column": "text", "ngram": SHINGLE, "num_perm": VALUES, "threshold": THRESHOLD, "hash_func": "xxh3",
        "num_proc": processes,
    }  # fmt: skip
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    _called([str(python), "-m", "text_dedup.minhash", *words], folder)


def _text_dedup_kept(folder: Path) -> pl.Series:
    parts = sorted((folder / "kept").glob("*.arrow"))
    return pl.concat([pl.read_ipc_stream(part, columns=["id"]) for part in parts])["id"]


_DATATROVE: Final = """
import json, sys
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.dedup import MinhashDedupSignature
from datatrove.pipeline.dedup.minhash import (
    MinhashConfig, MinhashDedupBuckets, MinhashDedupCluster, MinhashDedupFilter,
)
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers.jsonl import JsonlWriter
from datatrove.utils.hashing import HashConfig

if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    folder, tasks = given["folder"], given["tasks"]
    config = MinhashConfig(hash_config=HashConfig(precision=64), n_grams=5, num_buckets=16, hashes_per_bucket=8)
    reader = JsonlReader(given["parts"])
    stages = [
        ([reader, MinhashDedupSignature(f"{folder}/signatures", config=config)], tasks),
        ([MinhashDedupBuckets(f"{folder}/signatures", f"{folder}/buckets", config=config)], 16),
        ([MinhashDedupCluster(f"{folder}/buckets", f"{folder}/removed", config=config)], 1),
        ([reader, MinhashDedupFilter(f"{folder}/removed"), JsonlWriter(f"{folder}/kept", compression=None)], tasks),
    ]
    for turn, (pipeline, count) in enumerate(stages):
        LocalPipelineExecutor(
            pipeline, tasks=count, workers=min(count, tasks), logging_dir=f"{folder}/logs/{turn}"
        ).run()
"""


def _datatrove(python: Path, _texts: Path, folder: Path, processes: int) -> None:
    given = {"folder": str(folder), "parts": str(folder / "parts"), "tasks": processes}
    script = folder / "job.py"
    script.write_text(_DATATROVE, encoding="utf-8")
    _called([str(python), str(script), json.dumps(given)], folder)


def _datatrove_kept(folder: Path) -> pl.Series:
    return pl.concat([pl.read_ndjson(part).select("id") for part in sorted((folder / "kept").glob("*.jsonl"))])["id"]


WHOLES: Final = {
    "text-dedup": Whole(
        install=("text-dedup",),
        note="MinHash-LSH and union-find; candidates not checked (its release has no check); chrome stays",
        run=_text_dedup,
        kept=_text_dedup_kept,
        module="text_dedup.minhash",
    ),
    "datatrove": Whole(
        install=("datatrove[io,processing]", "spacy"),
        note="MinHash-LSH and union-find, 16 buckets of 8; candidates not checked; chrome stays",
        run=_datatrove,
        kept=_datatrove_kept,
        module="datatrove.pipeline.dedup.minhash",
    ),
}


def measure_whole(tool: str, python: Path, texts: Path, folder: Path, processes: int) -> tuple[float, pl.Series]:
    """Seconds of a tool's whole job, loading included, and the ids of what it kept.

    Raises:
        UnavailableError: It failed.
    """
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "parts").mkdir(parents=True)
    if tool == "datatrove":  # it gives each task whole files
        lines = texts.read_bytes().splitlines(keepends=True)
        for turn in range(processes):
            (folder / "parts" / f"{turn}.jsonl").write_bytes(b"".join(lines[turn::processes]))
    started = time.perf_counter()
    WHOLES[tool].run(python, texts.absolute(), folder, processes)
    return time.perf_counter() - started, WHOLES[tool].kept(folder)


def measure_ours(texts: Path, folder: Path) -> float:
    """Seconds of our own whole job, the command as a user types it."""
    shutil.rmtree(folder, ignore_errors=True)
    started = time.perf_counter()
    _called([sys.executable, "-m", "cleaner", "run", str(texts), "--output", str(folder)])
    return time.perf_counter() - started
