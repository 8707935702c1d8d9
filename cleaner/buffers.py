"""The bytes of a column of texts, for work on arrays; nothing here loads numba."""

import numpy as np
import numpy.typing as npt
import polars as pl


def utf8(texts: pl.Series) -> npt.NDArray[np.uint8]:
    """The texts' bytes end to end, read-only, so that numba compiles for one kind of array and no other."""
    listed = texts.cast(pl.Binary).cast(pl.List(pl.UInt8))
    source = np.ascontiguousarray(listed.explode(empty_as_null=False, keep_nulls=False).to_numpy(), np.uint8).view()
    source.flags.writeable = False
    return source


def offsets(texts: pl.Series) -> npt.NDArray[np.int64]:
    """Where each text begins among the bytes, and behind them where the last one ends; nulls are empty."""
    return np.append(0, texts.str.len_bytes().fill_null(0).to_numpy().cumsum(dtype=np.int64))
