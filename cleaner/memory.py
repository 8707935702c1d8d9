"""What becomes of memory that was let go of, in a process that is the tool's own."""

import os


def kept_at_hand() -> None:
    """Let Polars keep for ten seconds more what it let go of, for what comes next; to be called before it is loaded.

    Each batch asks for what the last one let go of. Polars' allocator, jemalloc, gives it back to the system after ten
    seconds at most, which then has to clear every page anew: a tenth of the time of 300 thousand documents. Kept, such
    pages are marked as free, and the system takes them when it is short of memory (MADV_FREE). Where the allocator is
    another one this means nothing. What the user has set stays.
    """
    os.environ.setdefault("_RJEM_MALLOC_CONF", "dirty_decay_ms:10000,muzzy_decay_ms:10000")
