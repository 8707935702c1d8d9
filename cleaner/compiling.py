"""Another process that compiles: numba does so on one thread at a time, and keeps on disk what it has made."""

import atexit
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

PATIENCE = 120.0
"""Seconds that the process is waited for, on a machine that is busy; it takes ten."""

_begun: list["subprocess.Popen[bytes]"] = []


def begin(module: str) -> None:
    """Run a module in a process of its own, one that calls compiled functions."""
    if not sys.executable or getattr(sys, "frozen", False):  # an application that has Python inside is none
        return
    known = os.pathsep.join(path or str(Path.cwd()) for path in sys.path)
    quiet = subprocess.DEVNULL
    with suppress(OSError):  # where no Python can be started, all is compiled here
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-P", "-m", module],  # -P: with what lies where it is started it has nothing to do
            stdin=quiet,
            stdout=quiet,
            stderr=quiet,
            env={**os.environ, "PYTHONPATH": known},
        )
        _begun.append(process)


def wait() -> None:
    """Wait for what was begun, so that it is not compiled twice."""
    for process in _begun[:]:
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
        with suppress(ValueError):  # another thread waited too
            _begun.remove(process)


@atexit.register
def _end() -> None:
    for process in _begun:
        process.kill()
        process.wait()
