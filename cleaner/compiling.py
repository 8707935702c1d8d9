"""Another process that compiles: numba does so on one thread at a time, and keeps on disk what it has made."""

import atexit
import os
import subprocess
import sys

PATIENCE = 120.0
"""Seconds that the process is waited for, on a machine that is busy; it takes ten."""

_begun: list["subprocess.Popen[bytes]"] = []


def begin(module: str) -> None:
    """Run a module in a process of its own, one that calls compiled functions."""
    known = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    quiet = subprocess.DEVNULL
    try:
        process = subprocess.Popen([sys.executable, "-m", module], stdin=quiet, stdout=quiet, stderr=quiet, env=known)  # noqa: S603
    except OSError:  # where no Python can be started, all is compiled here
        return
    atexit.register(process.kill)
    _begun.append(process)


def wait() -> None:
    """Wait for what was begun, so that it is not compiled twice."""
    for process in _begun[:]:
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
    _begun.clear()
