"""Signatures of a column of texts, their bands, and datasketch objects of them.

Small inputs take the slow way of shingles.py, larger ones the compiled one of kernel.py, which takes seconds to
compile on a new machine. Both give the same bits.
"""

import sys
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import polars as pl

from cleaner.duplicates import shingles
from cleaner.duplicates.overlap import SCALE
from cleaner.duplicates.shingles import Signatures
from cleaner.settings import Settings

if TYPE_CHECKING:
    from datasketch import LeanMinHash

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
    if not _is_loaded() and texts.len() <= FEW and texts.str.len_bytes().sum() <= SMALL:
        return shingles.sign(texts, **sizes)
    from cleaner.duplicates import kernel  # noqa: PLC0415 (numba takes a second to load)

    return kernel.sign(texts, **sizes)


def _is_loaded() -> bool:
    """Whether the compiled way is there already: it is always the faster one then."""
    return "cleaner.duplicates.kernel" in sys.modules


def title_keys(titles: pl.Series) -> pl.Series:
    """A number for the normal form of each title; null for none."""
    signed = _signed(titles, Settings(num_perm=2))
    keys = pl.Series(np.ascontiguousarray(signed.digests[:, 1]))
    return pl.select(pl.when(pl.Series(signed.tokens > 0)).then(keys)).to_series()


@cache
def band_sizes(threshold: float, num_perm: int) -> tuple[int, int]:
    """Number of bands and rows per band for pairs of that similarity: those that miss least, as datasketch weighs it.

    Of bands of r rows, 1 - (1 - s**r)**b is the chance that texts of similarity s meet (Leskovec, Rajaraman and Ullman,
    Mining of Massive Datasets, chapter 3). What meets below the threshold and what does not above it is summed over
    all similarities. The sums are of polynomials, for which Gauss-Legendre quadrature is exact.
    """
    nodes, weights = np.polynomial.legendre.leggauss(num_perm // 2 + 1)
    below, above = threshold * (nodes + 1) / 2, threshold + (1 - threshold) * (nodes + 1) / 2
    best, sizes = np.inf, (1, num_perm)
    for count in range(1, num_perm + 1):
        rows = np.arange(1, num_perm // count + 1)[:, None]
        false = (1 - (1 - below**rows) ** count) @ weights * threshold / 2
        missed = (1 - above**rows) ** count @ weights * (1 - threshold) / 2
        error = (1 - RECALL) * false + RECALL * missed
        if error.min() < best:
            best, sizes = error.min(), (count, int(error.argmin()) + 1)
    return sizes


def bands(values: npt.NDArray[np.uint32], settings: Settings) -> npt.NDArray[np.uint64]:
    """One value per band of each signature; signatures that agree on a band have equal values there.

    Returns:
        An array of documents by bands.
    """
    count, rows = band_sizes(settings.threshold, settings.num_perm)
    if not _is_loaded() and values.nbytes <= SMALL:
        return shingles.bands(values, bands=count, rows=rows)
    from cleaner.duplicates import kernel  # noqa: PLC0415

    return kernel.bands(values, bands=count, rows=rows)


def to_datasketch(values: npt.NDArray[np.uint32], *, seed: int) -> "list[LeanMinHash]":
    """Signatures as datasketch objects, for its LSH and its storage."""
    from datasketch import LeanMinHash  # noqa: PLC0415 (it loads scipy, which takes a second)

    return [LeanMinHash(seed=seed, hashvalues=row, scheme="affine32") for row in values]


def from_datasketch(signatures: "list[LeanMinHash]") -> npt.NDArray[np.uint32]:
    """The values of datasketch objects, as `sign` gives them."""
    return np.stack([signature.hashvalues for signature in signatures]).astype(np.uint32)
