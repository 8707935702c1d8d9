"""What a new machine compiles: once, half of it in another process, and for all that a run asks for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cleaner import compiling
from tests.conftest import ROOT

FIRST = """
import cleaner
from cleaner import compiling, firstrun
from cleaner.chrome import compiled
from cleaner.chrome.rules import load
from cleaner.duplicates import cluster, match, overlap, signatures
from numba.core import event

firstrun.load(load(()), dedupe=True)
compiling.wait()
compiled.MANY = match.SMALL = match.FEW_WORDS = overlap.FEW = overlap.FEW_LINKED = 0
signatures.SMALL = signatures.FEW = cluster.FEW = 0
# all that follows is on disk, or was compiled above
with event.install_recorder("numba:compile") as recorder:
    cleaner.run("fixtures/scraped", OUTPUT)
print(len(recorder.buffer))
"""


def test_all_that_a_run_compiles_is_compiled_ahead_and_half_of_it_elsewhere(tmp_path: Path) -> None:
    kept = tmp_path / "numba"
    script = f"OUTPUT = {str(tmp_path / 'corpus')!r}\n{FIRST}"
    asked = subprocess.run(  # noqa: S603
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, "NUMBA_CACHE_DIR": str(kept), "POLARS_MAX_THREADS": "2"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert asked.stdout == "0\n"
    assert {file.name.split("-")[0] for file in kept.rglob("*.nbi")} == {
        "kernel._band", "kernel._hash", "kernel._sign", "kernel._words",
        "lookups._fill", "lookups._hash", "scan._scan",
        "pairs._count_shared", "pairs._differ", "pairs._take",
        "sketches._link", "sketches._may_recur", "sketches._overlaps", "sketches._stands",
    }  # fmt: skip
    assert not list(kept.rglob("*.2.nbc")), "something was compiled for two kinds of arrays"


def test_a_process_that_cannot_be_started_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(ROOT / "no" / "python"))
    compiling.begin("cleaner.firstrun")
    compiling.wait()


def test_what_was_begun_has_ended_when_it_was_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "slow_module.py").write_text(
        "import pathlib, time\ntime.sleep(.3)\npathlib.Path(__file__).with_name('done').touch()\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    compiling.begin("slow_module")
    compiling.wait()
    assert (tmp_path / "done").exists()
