"""What is measured in a process of its own: `python -m benchmarks.jobs NAME JSON`, which prints JSON.

A fresh process has nothing in its caches and its peak memory is its own.
"""

import json
import shutil
import sys
import time
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks import measure


def whole(*, texts: str, output: str, turns: int) -> dict[str, Any]:
    """The whole job, as a user of the library runs it."""
    import cleaner

    stages, seconds, peaks = [], list[float](), list[int]()
    for _ in range(turns):
        shutil.rmtree(output, ignore_errors=True)
        seconds += measure.timed(lambda: stages.append(cleaner.run(texts, output)))
        peaks.append(measure.peak_memory())
    summary = stages[-1]
    return {
        "seconds": seconds,
        "peak_bytes": peaks[0],
        "stages": [one.seconds for one in stages],
        "kept": summary.kept,
        "candidates": summary.candidates,
        "large_buckets": summary.large_buckets,
        "text_bytes": summary.text_bytes,
    }


def floor(*, texts: str, output: str, turns: int) -> dict[str, Any]:
    """What no job of this kind can be faster than: Polars reads the lines of JSON and writes them as Parquet."""
    target = Path(output) / "floor.parquet"
    target.parent.mkdir(parents=True, exist_ok=True)
    return {"seconds": measure.timed(lambda: pl.scan_ndjson(texts).sink_parquet(target), turns)}


def both(*, texts: str, output: str, turns: int) -> dict[str, Any]:
    """The whole job, the floor and the reference loop in turns, after one turn that does not count."""
    found: dict[str, Any] = {"whole": [], "floor": [], "reference": [], "stages": []}
    for turn in range(turns + 1):
        job = whole(texts=texts, output=f"{output}/whole", turns=1)
        least = floor(texts=texts, output=f"{output}/floor", turns=1)
        if turn:
            found["whole"] += job["seconds"]
            found["stages"] += job["stages"]
            found["floor"] += least["seconds"]
            found["reference"].append(measure.reference())
    return found


def steps(*, texts: str, output: str, turns: int) -> dict[str, Any]:
    """Each step of the job by itself."""
    from benchmarks import steps as measured

    return measured.measure_steps(Path(texts), Path(output), turns)


def signing(*, peer: str, texts: str, docs: int, turns: int) -> dict[str, Any]:
    """One tool's signatures of the same texts."""
    from benchmarks import signers

    return signers.measure_signer(peer, Path(texts), docs, turns)


def bare(*, pages: str, most: int, metadata: bool) -> dict[str, Any]:
    """What trafilatura alone takes for the first pages of a directory, after some that do not count."""
    from trafilatura import bare_extraction  # noqa: TID251 (it is what is measured)

    files = sorted(Path(pages).iterdir())[:most]
    data = [path.read_bytes() for path in files]
    for page in data[:5]:
        bare_extraction(page, with_metadata=metadata)
    before, seconds = (
        time.process_time(),
        measure.timed(lambda: [bare_extraction(x, with_metadata=metadata) for x in data]),
    )
    processor = time.process_time() - before
    return {"pages": len(data), "bytes": sum(map(len, data)), "seconds": seconds[0], "processor": processor}


JOBS = {job.__name__: job for job in (whole, floor, both, steps, signing, bare)}

if __name__ == "__main__":
    found = JOBS[sys.argv[1]](**json.loads(sys.argv[2]))
    print(json.dumps({"peak_bytes": measure.peak_memory(), **found}))
