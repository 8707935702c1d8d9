"""Signatures of a column of texts, their bands, and datasketch objects of them.

Small inputs take the slow way of shingles.py, larger ones the compiled one of kernel.py, which takes seconds to
compile on a new machine. Both give the same bits.
"""

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from datasketch import LeanMinHash, MinHashLSH

from cleaner.duplicates import shingles
from cleaner.duplicates.overlap import SCALE
from cleaner.duplicates.shingles import Signatures
from cleaner.settings import Settings

SMALL = 1_000_000
"""Bytes of text up to which the slow way is the faster one, loading numba included."""

FEW = 1000
"""Texts up to which the slow way is; it takes half a millisecond for each, however short."""

RECALL = 0.9
"""Weight of recall against precision in the choice of bands. Every candidate is measured, so that a false one costs
a comparison and a missed one a duplicate."""


def sign(texts: pl.Series, settings: Settings, titles: pl.Series | None = None) -> Signatures:
    """Digests, token counts, signatures and sketches of texts; a null counts as empty.

    A text shorter than a shingle has its title in its digest, if titles are given: the flashes of a wire have a title
    and "More to follow", and are as many stories as they have titles.
    """
    signed = _signed(texts, settings)
    short = np.flatnonzero((signed.tokens > 0) & (signed.tokens < settings.tokens_in_shingle))
    if titles is not None and short.size:
        both = pl.select(pl.concat_str(titles.gather(short).fill_null(""), texts.gather(short), separator="\n"))
        signed.digests[short] = _signed(both.to_series(), settings).digests
    return signed


def _signed(texts: pl.Series, settings: Settings) -> Signatures:
    sizes: dict[str, Any] = {
        "shingle_size": settings.tokens_in_shingle,
        "of": settings.shingle_of,
        "num_perm": settings.num_perm,
        "seed": settings.seed,
        "scale": SCALE,
    }
    if texts.len() <= FEW and texts.str.len_bytes().sum() <= SMALL:
        return shingles.sign(texts, **sizes)
    from cleaner.duplicates import kernel  # noqa: PLC0415 (numba takes a second to load)

    return kernel.sign(texts, **sizes)


def title_keys(titles: pl.Series) -> pl.Series:
    """A number for the normal form of each title; null for none."""
    signed = _signed(titles, Settings(num_perm=2))
    keys = pl.Series(np.ascontiguousarray(signed.digests[:, 1]))
    return pl.select(pl.when(pl.Series(signed.tokens > 0)).then(keys)).to_series()


@cache
def band_sizes(threshold: float, num_perm: int) -> tuple[int, int]:
    """Number of bands and rows per band for pairs of that similarity: datasketch's own choice."""
    try:
        lsh = MinHashLSH(threshold=threshold, num_perm=num_perm, weights=(1 - RECALL, RECALL))
    except ValueError:  # datasketch has no use for one band, which is what so high a threshold asks for
        return 1, num_perm
    return lsh.b, lsh.r


def bands(values: npt.NDArray[np.uint32], settings: Settings) -> npt.NDArray[np.uint64]:
    """One value per band of each signature; signatures that agree on a band have equal values there.

    Returns:
        An array of documents by bands.
    """
    count, rows = band_sizes(settings.threshold, settings.num_perm)
    if values.nbytes <= SMALL:
        return shingles.bands(values, bands=count, rows=rows)
    from cleaner.duplicates import kernel  # noqa: PLC0415

    return kernel.bands(values, bands=count, rows=rows)


def to_datasketch(values: npt.NDArray[np.uint32], *, seed: int) -> list[LeanMinHash]:
    """Signatures as datasketch objects, for its LSH and its storage."""
    return [LeanMinHash(seed=seed, hashvalues=row, scheme="affine32") for row in values]


def from_datasketch(signatures: list[LeanMinHash]) -> npt.NDArray[np.uint32]:
    """The values of datasketch objects, as `sign` gives them."""
    return np.stack([signature.hashvalues for signature in signatures]).astype(np.uint32)
