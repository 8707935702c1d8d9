"""What is compiled at the first run on a machine: all of it beside the work, and half of it in another process."""

import threading
from collections.abc import Callable, Iterator

import numpy as np
import polars as pl

from cleaner import compiling
from cleaner.chrome.compiled import Rules, load_compiled
from cleaner.duplicates import overlap
from cleaner.duplicates.shingles import Words


def load(rules: Rules, *, dedupe: bool) -> None:
    """Load what is compiled, so that it is there when many texts come; where it is not on disk, compile it.

    Args:
        rules: What lines are looked at for.
        dedupe: Whether duplicates will be looked for too.
    """
    load_compiled()
    from cleaner.chrome import lookups  # noqa: PLC0415 (numba takes its time to load)

    if not lookups.is_new():  # all that is compiled is kept in one place
        return
    if dedupe and pl.thread_pool_size() > 1:
        compiling.begin(__name__)
    for call in _calls(rules, dedupe=dedupe):
        if not threading.main_thread().is_alive():  # the run has ended early
            return
        call()


def _calls(rules: Rules, *, dedupe: bool) -> Iterator[Callable[[], object]]:
    """What has all compiled that looks at lines, and then what compares documents."""
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
    """Have all compiled that reads texts."""
    from cleaner.duplicates import kernel  # noqa: PLC0415

    texts = pl.Series(["a text"])
    kernel.sign(texts, shingle_size=2, num_perm=1, seed=1, scale=overlap.SCALE)
    kernel.shingle_hashes(texts, shingle_size=2)
    kernel.words(texts)
    kernel.bands(np.zeros((1, 1), np.uint32), bands=1, rows=1)


if __name__ == "__main__":
    main()
