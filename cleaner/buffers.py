"""The bytes of a column of texts, for work on arrays; nothing here loads numba."""

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl


def fixed(array: npt.NDArray[Any], dtype: type[np.generic]) -> npt.NDArray[Any]:
    """The array in one piece and read-only, as columns are, so that numba compiles for one kind and no other."""
    array = np.ascontiguousarray(array, dtype).view()
    array.flags.writeable = False
    return array


def utf8(texts: pl.Series) -> npt.NDArray[np.uint8]:
    """The texts' bytes end to end, as `fixed` gives them."""
    listed = texts.cast(pl.Binary).cast(pl.List(pl.UInt8))
    return fixed(listed.explode(empty_as_null=False, keep_nulls=False).to_numpy(), np.uint8)


def offsets(texts: pl.Series) -> npt.NDArray[np.int64]:
    """Where each text begins among the bytes, and behind them where the last one ends; nulls are empty."""
    return np.append(0, texts.str.len_bytes().fill_null(0).to_numpy().cumsum(dtype=np.int64))
