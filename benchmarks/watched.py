"""A command with an eye on it: its time, the time of the processor, and the memory of all its processes."""

import os
import resource
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.measure import ROOT

EVERY_SECONDS = 0.25
"""Time between two looks at the memory."""


@dataclass(frozen=True)
class Watched:
    """What was seen of a command.

    Attributes:
        code: Its exit code.
        said: What it printed, errors last.
        wall: Seconds.
        processor: Seconds of the processor, of all its processes.
        memory: Bytes of memory that all its processes had, at each look; empty where the system does not tell.
    """

    code: int
    said: str
    wall: float
    processor: float
    memory: list[int] = field(repr=False)

    @property
    def peak(self) -> int:
        """The most memory at a look."""
        return max(self.memory, default=0)

    def quarters(self) -> list[int]:
        """The most memory in each quarter of the time."""
        size = max(1, -(-len(self.memory) // 4))
        return [max(self.memory[at : at + size]) for at in range(0, len(self.memory), size)]


def watch(command: Sequence[str]) -> Watched:
    """Run a command to its end."""
    before, started, memory = _processor(), time.perf_counter(), []
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    while running.poll() is None:
        if seen := _memory(running.pid):
            memory.append(seen)
        time.sleep(EVERY_SECONDS)
    wall = time.perf_counter() - started
    said = running.communicate()[0].decode(errors="replace")
    return Watched(running.returncode, said, wall, _processor() - before, memory)


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _memory(pid: int) -> int:
    """Bytes that a process and those it started have now (their resident sets); 0 where the system does not tell."""
    try:
        size = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
        threads = list(Path(f"/proc/{pid}/task").glob("*/children"))
        children = [int(child) for thread in threads for child in thread.read_text(encoding="ascii").split()]
    except OSError:
        return 0
    return size + sum(_memory(child) for child in children)
