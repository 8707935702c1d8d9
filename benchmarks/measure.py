"""Timing, memory, and what a figure must carry with it: the machine, the versions, the commit, the corpus."""

import hashlib
import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Any, Final

import numpy as np
import xxhash

from benchmarks.generate import Corpus
from benchmarks.ragged import mixed

ROOT: Final = Path(__file__).resolve().parent.parent
RESULTS: Final = ROOT / "benchmarks" / "results"
TURNS: Final = 5
"""Warm repetitions that a median is taken of, at least."""

_PACKAGES: Final = (
    "polars", "numpy", "numba", "datasketch", "xxhash", "rensa", "polars-textproc", "FastSketchLSH", "gaoya",
)  # fmt: skip

ONE_THREAD: Final = dict.fromkeys(
    ("POLARS_MAX_THREADS", "RAYON_NUM_THREADS", "OMP_NUM_THREADS", "NUMBA_NUM_THREADS"), "1"
)


def timed(work: Callable[[], object], turns: int = 1) -> list[float]:
    """Seconds of each of some turns."""
    seconds = []
    for _ in range(turns):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return seconds


def spread(seconds: Sequence[float], *, docs: int, size: int) -> dict[str, Any]:
    """What a row says of its times: median, least, most, and what the median means per document and byte."""
    middle = median(seconds)
    return {
        "seconds": middle,
        "least": min(seconds),
        "most": max(seconds),
        "turns": len(seconds),
        "docs_per_second": docs / middle,
        "mb_per_second": size / 1e6 / middle,
    }


def reference() -> float:
    """Seconds of a fixed piece of work, by which the speed of a machine at a moment can be divided out."""
    data, numbers = bytes(1 << 24), np.arange(1 << 20, dtype=np.uint64)
    seconds = []
    for _ in range(TURNS):
        started = time.perf_counter()
        for _ in range(4):
            xxhash.xxh32_intdigest(data)
            mixed(numbers)
        seconds.append(time.perf_counter() - started)
    return median(seconds)


def second_core() -> float:
    """How many times as fast two threads hash as one does: what the machine gave us of its second core, at most 2."""
    data = bytes(1 << 22)

    def work(threads: int) -> None:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(lambda _: hashlib.sha256(data).digest(), range(16)))

    work(2)
    return median(timed(lambda: work(1), TURNS)) / median(timed(lambda: work(2), TURNS))


def peak_memory() -> int:
    """The most memory that this process had at once, in bytes."""
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss counts what the parent had when it started us
        for line in status.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def users_environment() -> dict[str, str]:
    """The environment, with modules kept as Python compiled them, as they are on users' machines.

    Where they are not, each process spends seconds on compiling scipy, numba or pyarrow anew, ours and others'.
    """
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def in_child(
    name: str, *, python: Path | str = sys.executable, threads: dict[str, str] | None = None, **given: Any
) -> dict[str, Any]:
    """Run a function of `benchmarks.jobs` in a process of its own; its result, with `wall` and `peak_bytes`.

    Raises:
        ChildError: It failed.
    """
    started = time.perf_counter()
    done = subprocess.run(
        [str(python), "-m", "benchmarks.jobs", name, json.dumps(given)],
        cwd=ROOT,
        env={**users_environment(), **(threads or {})},
        capture_output=True,
        check=False,
    )
    wall = time.perf_counter() - started
    if done.returncode:
        raise ChildError(name, done.returncode, done.stderr.decode(errors="replace"))
    result: dict[str, Any] = json.loads(done.stdout.decode().splitlines()[-1])
    return {**result, "wall": wall}


class ChildError(RuntimeError):
    """A measurement failed in its own process."""

    def __init__(self, name: str, code: int, said: str) -> None:
        self.reason = said.strip().splitlines()[-1] if said.strip() else f"ended with {code}"
        super().__init__(f"{name} ended with {code}: {said[-2000:]}")


def machine() -> dict[str, Any]:
    """What the figures were measured on; no name that would tell whose it is."""
    model, memory = platform.processor() or platform.machine(), 0
    info, total = Path("/proc/cpuinfo"), Path("/proc/meminfo")
    if info.exists():
        names = [line for line in info.read_text(encoding="utf-8").splitlines() if line.startswith("model name")]
        model = names[0].partition(":")[2].strip() if names else model
    if total.exists():
        memory = int(total.read_text(encoding="utf-8").split()[1]) * 1024
    return {
        "processor": model,
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_gb": round(memory / 1e9, 1),
        "system": platform.system(),
    }


def versions() -> dict[str, str]:
    """The versions of all that takes part, as far as it is installed."""
    found = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def commit() -> str:
    """The commit that was measured, with a plus sign where the code differs from it."""

    def said(*words: str) -> str:
        done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, check=False)  # noqa: S607 (whichever)
        return done.stdout.decode().strip()

    changed = said("status", "--porcelain", "--", "cleaner")
    return (said("rev-parse", "--short=10", "HEAD") or "unknown") + ("+" if changed else "")


def about(command: str, corpus: Corpus | None) -> dict[str, Any]:
    """The head of a result."""
    head = {
        "command": command,
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "versions": versions(),
        "commit": commit(),
    }
    if corpus:
        plan = corpus.plan
        head["corpus"] = {
            "docs": plan.docs, "seed": plan.seed, "noise": plan.noise, "chrome": plan.chrome, "bytes": corpus.size,
            "xxh3_128": corpus.digest,
        }  # fmt: skip
    return head


def save(result: dict[str, Any], path: Path | None) -> Path:
    """Write a result as JSON; into `results/` under a name of its own if no path is given."""
    stamp = "".join(c for c in result["when"].partition("+")[0] if c.isdigit())
    target = path or RESULTS / f"{result['command']}-{stamp}.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return target


def newest(command: str, folder: Path = RESULTS) -> dict[str, Any] | None:
    """The newest result of a command."""
    found = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob(f"{command}-*.json")]
    return max(found, key=lambda result: result["when"], default=None)
