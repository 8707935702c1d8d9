"""Tools that turn texts into MinHash signatures, each as its own documentation has it, on one thread.

All get the same texts and make 128 values of shingles of five words. What a tool leaves to its user, splitting and
joining words, is done by the fastest Python we could write. `NOTES` says where a tool is asked for less.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from benchmarks.measure import timed

SHINGLE, VALUES, SEED, THRESHOLD = 5, 128, 1, 0.7

Values = npt.NDArray[Any]
"""Documents by values."""

_WORD: Final = re.compile(r"\w+")

NOTES: Final = {
    "cleaner": "raw text to values; case folded, accents off",
    "datasketch": "`MinHash.bulk` (affine32, xxh32) behind Python shingling; accents stay",
    "rensa": "full sketch, `digest_matrix_from_token_sets`, behind Python shingling; another sketch; accents stay",
    "polars-textproc": "`minhash`, 128 buckets of one value, on lower-case text; accents stay",
    "FastSketchLSH": "`FastSimilaritySketch.batch` behind Python shingling; another sketch; accents stay",
    "gaoya": "`MinHashStringIndex.par_bulk_insert_docs`, which also puts them into its index; accents stay",
}
"""What each does."""


def shingles(text: str) -> list[str]:
    """The runs of five words of a text."""
    words = _WORD.findall(text.lower())
    return list(map(" ".join, zip(words, words[1:], words[2:], words[3:], words[4:], strict=False)))


def byte_shingles(text: str) -> set[bytes]:
    """The same as bytes, each once: faster than bytes of each shingle."""
    words = " ".join(_WORD.findall(text.lower())).encode().split(b" ")
    return set(map(b" ".join, zip(words, words[1:], words[2:], words[3:], words[4:], strict=False)))


def cleaner(texts: pl.Series) -> Any:
    """This project's kernel."""
    from cleaner.duplicates import kernel

    return kernel.sign(texts, shingle_size=SHINGLE, num_perm=VALUES, seed=SEED, threads=1).values


def datasketch(texts: pl.Series) -> Any:
    """The tool whose values ours are equal to."""
    import xxhash
    from datasketch import MinHash

    sets = (byte_shingles(text) for text in texts.to_list())
    return MinHash.bulk(sets, num_perm=VALUES, seed=SEED, scheme="affine32", hashfunc=xxhash.xxh32_intdigest)


def rensa(texts: pl.Series) -> Any:
    """Its full sketch; the faster `rho` path looks at a sample of positions and misses copies with another lead."""
    from rensa import RMinHash

    return RMinHash.digest_matrix_from_token_sets([shingles(text) for text in texts.to_list()], VALUES, SEED)


def polars_textproc(texts: pl.Series) -> Any:
    """A plugin of Polars."""
    from polars_textproc import minhash

    hashed = minhash(pl.col("text").str.to_lowercase(), buckets=VALUES, bsize=1, window=SHINGLE)
    return texts.alias("text").to_frame().select(hashed).to_series()


def fastsketch(texts: pl.Series) -> Any:
    """A C++ library."""
    from FastSketchLSH import FastSimilaritySketch

    sketcher = FastSimilaritySketch(size=VALUES, seed=SEED)
    return sketcher.batch([shingles(text) for text in texts.to_list()], num_threads=1)


def gaoya(texts: pl.Series) -> Any:
    """A Rust library that signs only into its index."""
    from gaoya.minhash import MinHashStringIndex

    index = MinHashStringIndex(32, THRESHOLD, 16, 8, None, "word", True, (SHINGLE, SHINGLE))  # noqa: FBT003
    index.par_bulk_insert_docs(list(range(texts.len())), texts.to_list())
    return index


SIGNERS: Final[dict[str, Callable[[pl.Series], Any]]] = {
    "cleaner": cleaner,
    "polars-textproc": polars_textproc,
    "rensa": rensa,
    "FastSketchLSH": fastsketch,
    "datasketch": datasketch,
    "gaoya": gaoya,
}


def _from_hex(column: pl.Series) -> Values:
    """A text without shingles has nothing."""
    signed = (one or bytes(8 * VALUES) for one in column.str.decode("hex").to_list())
    return np.frombuffer(b"".join(signed), ">u8").reshape(-1, VALUES)


_VALUES: Final[dict[str, Callable[[Any], Values]]] = {
    "cleaner": np.asarray,
    "polars-textproc": _from_hex,
    "rensa": lambda matrix: np.array(matrix.to_rows()),
    "FastSketchLSH": np.asarray,
    "datasketch": lambda hashed: np.stack([signature.hashvalues for signature in hashed]),
}
"""What a tool made as an array, for those that show it; not part of what is timed."""


def measure_signer(peer: str, texts: Path, docs: int, turns: int) -> dict[str, Any]:
    """Seconds of a tool for the first `docs` texts, and how far its estimates are from the truth.

    `error` is the mean distance between estimated and planted similarity, over the planted pairs; None where no truth
    lies beside the texts, or the tool does not show its values.
    """
    frame = pl.read_ndjson(texts, n_rows=docs)
    column, sign = frame["text"], SIGNERS[peer]
    sign(column.head(500))  # what it loads and compiles the first time
    truth = texts.with_name("truth.parquet")
    values = _VALUES[peer](sign(column)) if peer in _VALUES and truth.exists() else None
    seconds = timed(lambda: sign(column), turns)
    found = {"seconds": seconds, "docs": frame.height, "text_bytes": int(column.str.len_bytes().sum())}
    return {**found, "error": None if values is None else _error(frame["id"], values, truth)}


def _error(ids: pl.Series, values: npt.NDArray[Any], truth: Path) -> float:
    rows = pl.DataFrame({"id": ids}).with_row_index("one")
    pairs = (
        pl.read_parquet(truth)
        .drop_nulls("of")
        .join(rows, on="id")
        .join(rows.rename({"id": "of", "one": "other"}), on="of")
    )
    alike = (values[pairs["one"].to_numpy()] == values[pairs["other"].to_numpy()]).mean(axis=1)
    return float(np.abs(alike - pairs["similarity"].to_numpy()).mean())
