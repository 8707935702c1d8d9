"""What is compiled at the first run on a machine: all of it beside the work, and half of it in another process."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import Event, Lock

import numpy as np
import polars as pl

from cleaner import compiling
from cleaner.chrome.compiled import Rules
from cleaner.duplicates import overlap
from cleaner.duplicates.shingles import Words
from cleaner.parallel import ahead

_once = Lock()
"""Held from the first run on a new machine to the end of the process."""


@contextmanager
def compiled_beside(rules: Rules, loaded: Callable[[], object], *, dedupe: bool) -> Iterator[None]:
    """While something is done, compile what is not on disk; no more is begun when it ends early.

    Args:
        rules: What lines are looked at for.
        loaded: Waits for what is loaded of all that is compiled, which tells whether the machine is new.
        dedupe: Whether duplicates are looked for too.
    """
    over = Event()
    ahead(partial(_compile, rules, loaded, over, dedupe=dedupe))
    try:
        yield
    finally:
        over.set()


def _compile(rules: Rules, loaded: Callable[[], object], over: Event, *, dedupe: bool) -> None:
    loaded()
    from cleaner.chrome import lookups  # noqa: PLC0415 (numba takes its time to load)

    # what is compiled is kept in one place: all of it is there, or nothing
    if over.is_set() or not lookups.is_new() or not _once.acquire(blocking=False):
        return
    if dedupe and pl.thread_pool_size() > 1:
        compiling.begin(__name__)
    for call in _calls(rules, dedupe=dedupe):
        if over.is_set():
            return
        call()


def _calls(rules: Rules, *, dedupe: bool) -> Iterator[Callable[[], object]]:
    """What has all compiled that looks at lines, and then what compares documents."""
    yield lambda: rules.held_by_many(pl.Series(["a line"]))
    yield lambda: rules.scanned(pl.Series(["a line"]))
    if not dedupe:
        return
    from cleaner.duplicates import pairs, sketches  # noqa: PLC0415

    zero, nil = np.zeros(1, np.int64), np.zeros(1, np.uint32)
    words, found = Words(np.zeros((1, 2), np.uint64), np.array([0, 1])), overlap.index(nil, np.array([0, 1]))
    held = found.documents, found.starts, found.ids, found.id_offsets
    yield lambda: sketches.may_recur(nil)
    yield lambda: sketches.overlaps(*held, found.sizes, overlap.LEAST)
    yield lambda: pairs.shared_counts(words.codes[:, 0], words.offsets, zero, zero)
    yield lambda: pairs.differences(words, words, zero, zero, shingle_size=2)
    yield lambda: sketches.groups(1, zero, zero)
    yield lambda: sketches.stands(found.sketch, found.offsets, *held, zero, zero, nil, enough=1, common=1)
    yield lambda: pairs.taken(nil, nil)


def main() -> None:
    """Have all compiled that reads whole texts and paragraphs."""
    from cleaner.chrome import counts  # noqa: PLC0415
    from cleaner.duplicates import kernel  # noqa: PLC0415

    texts = pl.Series(["a text"])
    kernel.sign(texts, shingle_size=2, num_perm=1, seed=1, scale=overlap.SCALE)
    kernel.shingle_hashes(texts, shingle_size=2)
    kernel.words(texts)
    kernel.bands(np.zeros((1, 1), np.uint32), bands=1, rows=1)
    counts.counted(texts)
    counts.shared(texts, np.array([0, 1]), np.ones(1, np.bool_), 1)


if __name__ == "__main__":
    main()
