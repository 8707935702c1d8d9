"""What a new machine compiles: once, half of it in another process, and for all that a run asks for."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cleaner import compiling
from tests.conftest import ROOT

FIRST = """
import sys
from pathlib import Path
import cleaner
from cleaner import compiling, firstrun
from cleaner.chrome import compiled, words
from cleaner.chrome.rules import load
from cleaner.duplicates import cluster, match, overlap, signatures
from numba.core import event

with firstrun.compiled_beside(load(()), compiled.load_compiled, dedupe=True):
    while not compiling._begun:
        pass
    for call in firstrun._calls(load(()), dedupe=True):
        call()
    compiling.wait()
compiled.MANY = match.SMALL = match.FEW_WORDS = overlap.FEW = overlap.FEW_LINKED = words.MANY = 0
signatures.SMALL = signatures.FEW = cluster.FEW = 0
# all that follows is on disk, or was compiled above
with event.install_recorder("numba:compile") as recorder:
    cleaner.run("fixtures/scraped", OUTPUT)
    for page in Path("fixtures/cases").glob("page-*/input.txt"):
        cleaner.clean(page.read_text("utf-8"))
with firstrun.compiled_beside(load(()), compiled.load_compiled, dedupe=True):
    pass
print(len(recorder.buffer), len(compiling._begun))
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
    assert asked.stdout == "0 0\n", "it is compiled later, or begun a second time"
    assert {file.name.split("-")[0] for file in kept.rglob("*.nbi")} == {
        "counts._count", "counts._share", "holding._held", "lookups._fill", "lookups._hash", "scan._scan",
        "kernel._band", "kernel._hash", "kernel._sign", "kernel._words",
        "pairs._count_shared", "pairs._differ", "pairs._take",
        "sketches._link", "sketches._may_recur", "sketches._overlaps", "sketches._stands",
    }  # fmt: skip
    assert not list(kept.rglob("*.2.nbc")), "something was compiled for two kinds of arrays"


@pytest.mark.parametrize("executable", ["", str(ROOT / "no" / "python")])
def test_a_process_that_cannot_be_started_is_not_waited_for(monkeypatch: pytest.MonkeyPatch, executable: str) -> None:
    monkeypatch.setattr(sys, "executable", executable)
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


def test_what_lies_where_it_is_started_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("path", "here"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "which.py").write_text(
            "import pathlib\npathlib.Path(__file__).with_name('done').touch()\n"
        )
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setattr(sys, "path", [*(path for path in sys.path if path), str(tmp_path / "path")])
    compiling.begin("which")
    compiling.wait()
    assert (tmp_path / "path" / "done").exists()
    assert not (tmp_path / "here" / "done").exists()


def test_what_was_compiled_is_compiled_anew_when_another_file_changes(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "cleaner", tmp_path / "cleaner", ignore=shutil.ignore_patterns("__pycache__", "packs"))

    def is_new() -> str:
        ask = "import numpy as np; from cleaner.chrome import lookups; lookups.table(np.ones(1, np.uint64)); "
        asked = subprocess.run(  # noqa: S603
            [sys.executable, "-c", f"{ask}print(lookups.__file__, lookups.is_new())"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(tmp_path)},
            capture_output=True,
            text=True,
            check=True,
        )
        file, new = asked.stdout.split()
        assert Path(file).is_relative_to(tmp_path)
        return new

    assert [is_new(), is_new()] == ["True", "False"]
    other = tmp_path / "cleaner" / "intrinsics.py"
    other.write_text(other.read_text("utf-8") + "\n_ANOTHER = 1\n", "utf-8")
    assert [is_new(), is_new()] == ["True", "False"]
