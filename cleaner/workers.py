"""Pages to articles in other processes: on all cores, each page with a limit of time and of memory.

A page can keep a parser busy for hours, fill memory, or crash it; only a process can be ended from outside.
The processes are plain ones, talked to over pipes: those of `multiprocessing`, and the pools built on it, import the
caller's main module again, and so ask every script that calls for a guard.
"""

import os
import pickle
import signal
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from io import SEEK_END
from queue import Empty, LifoQueue
from threading import Lock, Timer
from typing import IO, Any, Self, TypeVar

import polars as pl

from cleaner.feeds import FEED
from cleaner.files import Reject
from cleaner.page import RawPage

Item = TypeVar("Item")

WINDOW_BYTES, WINDOW_PAGES = 64_000_000, 256
"""Pages that are on their way at once. While one takes its time, this many others go on."""

PAGES_PER_PROCESS = 8
"""Pages that are worth starting another process for, which takes half a second."""

START_SECONDS = 120.0
"""Time that a process may take to start, on a machine that is busy."""

PATIENCE = 10
"""Times the limit that a page may take by the clock. By the processor's time, which a busy machine does not change, the
process ends itself; this is for where it cannot."""


@dataclass(frozen=True)
class Limits:
    """What trafilatura favours, and what a page may take: seconds of the processor, and megabytes for its process."""

    mode: str = "precision"
    seconds: float = 30.0
    memory_mb: float = 2000.0


class Process:
    """A process that extracts pages. It is started when it is first asked, and again after it died."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._running: subprocess.Popen[bytes] | None = None
        self._late = False

    def ask(self, page: RawPage, mode: str) -> Any:
        """What was found in a page, or the Reject that it became."""
        task = pickle.dumps((page.data, page.url, mode, page.charset), pickle.HIGHEST_PROTOCOL)
        running = self._running or self._start()
        try:
            found = self._answer(running, task, PATIENCE * self.limits.seconds)
        except (EOFError, OSError, pickle.UnpicklingError):
            code = self.end()
            if self._late or code == -getattr(signal, "SIGXCPU", 0):
                return Reject(None, "too slow", f"no result after {self.limits.seconds:g} s (max_page_seconds)")
            return Reject(None, "unreadable", f"the process that extracted it died (exit code {code})")
        return Reject(None, *found) if isinstance(found, tuple) else found

    def _start(self) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "cleaner.worker", str(self.limits.seconds), str(self.limits.memory_mb)]
        known = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        self._running = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=known)  # noqa: S603
        self._answer(self._running, b"", START_SECONDS)
        return self._running

    def _answer(self, running: "subprocess.Popen[bytes]", task: bytes, seconds: float) -> Any:
        tasks, answers = _pipes(running)
        self._late = False
        timer = Timer(seconds, self._end_late, [running])
        timer.daemon = True
        timer.start()
        try:
            tasks.write(task)
            tasks.flush()
            return pickle.load(answers)  # noqa: S301 (from a process that this one started)
        finally:
            timer.cancel()

    def _end_late(self, running: "subprocess.Popen[bytes]") -> None:
        self._late = True
        running.kill()

    def end(self) -> int:
        """End the process; its exit code."""
        running, self._running = self._running, None
        if running is None:
            return 0
        for pipe in _pipes(running):
            with suppress(OSError):
                pipe.close()
        with suppress(subprocess.TimeoutExpired):  # one that ends by itself tells why
            return running.wait(1)
        running.kill()
        return running.wait()


def _pipes(running: "subprocess.Popen[bytes]") -> tuple[IO[bytes], IO[bytes]]:
    if running.stdin is None or running.stdout is None:
        raise OSError
    return running.stdin, running.stdout


class Pool:
    """Some processes, and what they said of the pages that they had."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._most = pl.thread_pool_size() + 1  # one has a page to do while another waits for its next
        self._idle: LifoQueue[Process] = LifoQueue()
        self._processes: list[Process] = []
        self._asked = 0
        self._lock = Lock()
        self._coming: dict[bytes, Future[Any]] = {}
        self._places: dict[bytes, int] = {}  # where answers lie in the file: pages come again long after
        self._answers = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the pool)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.end()
        self._answers.close()

    def answers(self, pages: Iterable[tuple[Item, RawPage | Reject]]) -> Iterator[tuple[Item, Any]]:
        """Each item with the Page that was found, or with the Reject that its page is or became; in their order.

        A page that was there before is not extracted again.
        """
        waiting: deque[tuple[Item, RawPage | Reject, bytes, Future[Any] | None]] = deque()
        size = 0
        with ThreadPoolExecutor(self._most) as threads:
            try:
                for item, page in pages:
                    digest = b"" if isinstance(page, Reject) else page.digest
                    future = None if isinstance(page, Reject) else self._submitted(page, digest, threads)
                    waiting.append((item, page, digest, future))
                    size += _size(page)
                    while waiting and (isinstance(waiting[0][1], Reject) or _is_full(size, len(waiting))):
                        size -= _size(waiting[0][1])
                        yield self._taken(*waiting.popleft())
                while waiting:
                    yield self._taken(*waiting.popleft())
            finally:
                threads.shutdown(wait=False, cancel_futures=True)

    def _submitted(self, page: RawPage, digest: bytes, threads: ThreadPoolExecutor) -> Future[Any] | None:
        if digest not in self._places and digest not in self._coming:
            self._coming[digest] = threads.submit(self._ask, page, self.limits.mode)
        return self._coming.get(digest)

    def _taken(self, item: Item, page: RawPage | Reject, digest: bytes, future: Future[Any] | None) -> tuple[Item, Any]:
        if isinstance(page, Reject):
            return item, page
        if future is None:
            self._answers.seek(self._places[digest])
            return item, pickle.load(self._answers)  # noqa: S301 (written below)
        found = future.result()
        if self._coming.pop(digest, None):
            self._places[digest] = self._answers.seek(0, SEEK_END)
            pickle.dump(found, self._answers, pickle.HIGHEST_PROTOCOL)
        return item, found

    def entries(self, feed: bytes) -> Any:
        """The entries of a feed as `feeds.entries` gives them, or the Reject that it is."""
        return self._ask(RawPage(feed), FEED)

    def _ask(self, page: RawPage, mode: str) -> Any:
        process = self._process()
        try:
            return process.ask(page, mode)
        finally:
            self._idle.put(process)

    def _process(self) -> Process:
        """An idle process; a new one while there are pages enough for it."""
        with suppress(Empty):
            return self._idle.get_nowait()
        with self._lock:
            self._asked += 1
            if len(self._processes) < min(self._most, 1 + self._asked // PAGES_PER_PROCESS):
                self._processes.append(Process(self.limits))
                return self._processes[-1]
        return self._idle.get()


def _is_full(size: int, pages: int) -> bool:
    return size > WINDOW_BYTES or pages > WINDOW_PAGES


def _size(page: RawPage | Reject) -> int:
    return 0 if isinstance(page, Reject) else len(page.data)
