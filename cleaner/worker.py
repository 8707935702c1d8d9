"""The process that extracts pages: tasks on standard input, answers on standard output. See `workers.py`."""

import logging
import math
import os
import pickle
import sys
from typing import BinaryIO

try:
    import resource
except ImportError:  # Windows has no such limit; time is limited there all the same
    resource = None  # type: ignore[assignment]

from cleaner.extract import extract, forget
from cleaner.feeds import FEED, entries
from cleaner.page import Page

CACHED_PAGES = 512
"""Pages after which the caches of the libraries are emptied."""

Answer = Page | list[dict[str, str | None]] | tuple[str, str]
"""What was found in a page or a feed, or the reason and the detail why nothing was."""


def answer(page: bytes | str, url: str | None, mode: str, charset: str | None) -> Answer:
    """What is in a page or a feed, or why it cannot be said; whatever it does to the libraries ends here."""
    try:
        if mode == FEED and isinstance(page, bytes):
            return entries(page)
        return extract(page, url=url, mode=mode, charset=charset)
    except MemoryError:
        return "too large", "its extraction takes more memory than max_page_memory_mb allows"
    except ValueError as error:
        return "unreadable", str(error)[:300]
    except Exception as error:  # noqa: BLE001 (libraries fail on odd pages in ways of their own)
        return "unreadable", f"extraction failed: {type(error).__name__}: {error}"[:300]


def work(tasks: BinaryIO, answers: BinaryIO, seconds: float) -> None:
    """Answer tasks until there are no more, each in so much time of the processor or the process ends."""
    pickle.dump("ready", answers)
    answers.flush()
    done = 0
    while True:
        try:
            task = pickle.load(tasks)  # noqa: S301 (from the process that started this one)
        except EOFError:
            return
        limit_time(seconds)
        pickle.dump(answer(*task), answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()
        done += 1
        if done % CACHED_PAGES == 0:
            forget()


def limit_time(seconds: float) -> None:
    """End this process by SIGXCPU when it has worked for so long from now; waiting, as on a busy machine, is free."""
    if resource is not None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        soft = math.ceil(used.ru_utime + used.ru_stime + seconds)
        resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def main(seconds: float, memory_mb: float) -> None:
    """Limit this process, and work."""
    if resource is not None:
        size = int(memory_mb * 1_000_000)
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.disable(logging.CRITICAL)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not stand among the answers
    work(sys.stdin.buffer, answers, seconds)


if __name__ == "__main__":
    main(float(sys.argv[1]), float(sys.argv[2]))
