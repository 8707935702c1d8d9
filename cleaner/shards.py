"""The corpus as files of records: in one file, in shards of a wanted size, in directories by site or by date."""

from collections.abc import Mapping
from dataclasses import dataclass
from gzip import GzipFile
from pathlib import Path
from shutil import copyfileobj
from typing import Any, Self
from urllib.parse import quote

import polars as pl

from cleaner.files import opened
from cleaner.schema import DOCUMENTS, ROW

ROWS_IN_GROUP = 16_384
"""Rows of a Parquet row group. Fixed, since bytes must not depend on how the rows came."""

TEXTS_IN_GROUP = 2_048
"""The same of documents, whose texts are most of the work: groups are packed side by side, and a hundredth larger."""

PIECE = 1 << 20
"""Bytes that are packed at once."""

DAY = 10
"""Characters of an ISO date that are its day."""


@dataclass(frozen=True)
class Layout:
    """How the corpus lies on disk: its form, the text in a shard in MB (0: one), and `site`, `date` or neither."""

    form: str
    shard_mb: float = 0.0
    partition: str = ""

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Self:
        """The layout that settings say."""
        return cls(settings["format"], settings.get("shard_mb", 0.0), settings.get("partition_by", ""))

    @property
    def name(self) -> str:
        """What the corpus is called in its directory: one file, or a directory of them."""
        return "corpus" if self.shard_mb or self.partition else f"corpus.{self.form}"

    def files(self, directory: Path) -> list[Path]:
        """The files of a corpus that was written."""
        place = directory / self.name
        return sorted(place.rglob(f"part-*.{self.form}")) if place.is_dir() else [place]


def write(documents: pl.LazyFrame, directory: Path, layout: Layout, spool: Path) -> None:
    """Write the corpus.

    Args:
        documents: Its rows, in order.
        directory: Where to.
        layout: How.
        spool: A directory for what comes between.
    """
    if layout.name != "corpus":
        _sink(documents, directory / layout.name, layout.form)
        return
    places = _places(documents, layout)
    numbers = places.select(pl.col("place").rank("dense").alias("number")).to_series()
    at = 0
    for turn, part in enumerate(documents.collect_batches(chunk_size=4096, maintain_order=True)):
        numbered = part.with_columns(numbers.slice(at, part.height).alias(ROW))
        for (number,), rows in numbered.partition_by(ROW, as_dict=True, include_key=False).items():
            rows.write_ipc(spool / f"shard-{number:08}-{turn:08}.arrow")
        at += part.height
    (directory / layout.name).mkdir()
    named = dict(zip(numbers.to_list(), places["place"].to_list(), strict=True))
    for number, place in sorted(named.items()):
        target = directory / layout.name / place
        target.parent.mkdir(parents=True, exist_ok=True)
        _sink(pl.scan_ipc(sorted(spool.glob(f"shard-{number:08}-*.arrow")), glob=False), target, layout.form)


def _places(documents: pl.LazyFrame, layout: Layout) -> pl.DataFrame:
    """The file that each document goes into, below the corpus: `place`."""
    values = {"site": pl.col("site"), "date": pl.col("date").str.head(DAY)}
    value = values.get(layout.partition, pl.lit("")).fill_null("").alias("value")
    facts = documents.select(value, size=pl.col("text").str.len_bytes().cast(pl.Int64)).collect()
    folders = {
        found: f"{layout.partition}={quote(found, safe='') if found else 'unknown'}/" if layout.partition else ""
        for found in facts["value"].unique().to_list()
    }
    folder = pl.col("value").replace_strict(list(folders), list(folders.values()), return_dtype=pl.String)
    before = (pl.col("size").cum_sum() - pl.col("size")).over(pl.col("value"))
    shard = before // max(1, int(layout.shard_mb * 1_000_000)) if layout.shard_mb else pl.lit(0)
    return facts.select(
        place=pl.format("{}part-{}.{}", folder, shard.cast(pl.String).str.zfill(5), pl.lit(layout.form))
    )


def _sink(documents: pl.LazyFrame, path: Path, form: str) -> None:
    if form == "parquet":
        documents.sink_parquet(path, row_group_size=TEXTS_IN_GROUP)
    elif form == "csv":
        nested = [name for name, kind in documents.collect_schema().items() if kind.is_nested()]
        flat = documents.with_columns(pl.struct(name).struct.json_encode().alias(name) for name in nested)
        flat.sink_csv(path, quote_style="non_numeric")
    elif form == "jsonl.gz":
        plain = path.with_suffix(".partial")
        documents.sink_ndjson(plain)
        # packed in pieces of one size, where Polars packs what it has at hand; and without the time of packing
        with plain.open("rb") as lines, path.open("wb") as file, GzipFile("", "wb", 6, file, mtime=0) as packed:
            copyfileobj(lines, packed, PIECE)
        plain.unlink()
    else:
        documents.sink_ndjson(path, compression={"jsonl": "uncompressed", "jsonl.zst": "zstd"}[form])  # type: ignore[call-overload]


def read(directory: Path, layout: Layout) -> pl.DataFrame:
    """The columns of DOCUMENTS of a corpus that was written."""
    return pl.concat([_read(path, layout.form) for path in layout.files(directory)] or [DOCUMENTS.to_frame()])


def _read(path: Path, form: str) -> pl.DataFrame:
    if form == "parquet":
        return pl.read_parquet(path, glob=False, columns=DOCUMENTS.names(), hive_partitioning=False)
    if form == "csv":
        return pl.read_csv(path, columns=DOCUMENTS.names(), infer_schema=False, glob=False).select(DOCUMENTS.names())
    with opened(path) as file:
        lines = file.read()
    return pl.read_ndjson(lines, schema=dict(DOCUMENTS)) if lines else DOCUMENTS.to_frame()


def count(directory: Path, layout: Layout) -> int:
    """The number of documents in a corpus that was written."""
    return sum(_count(path, layout.form) for path in layout.files(directory))


def _count(path: Path, form: str) -> int:
    if form == "parquet":
        return int(pl.scan_parquet(path, glob=False).select(pl.len()).collect().item())
    if form == "csv":
        return int(pl.scan_csv(path, glob=False, infer_schema=False).select(pl.len()).collect().item())
    with opened(path) as lines:
        return sum(block.count(b"\n") for block in iter(lambda: lines.read(1 << 20), b""))


def card(layout: Layout) -> str:
    """A dataset card: with it `datasets.load_dataset` takes the directory as it is, each table a configuration.

    The corpus is the one that comes unasked.
    """
    corpus = f"{layout.name}/**/part-*.{layout.form}" if layout.name == "corpus" else layout.name
    tables = {
        "corpus": corpus,
        **{name: f"{name}.parquet" for name in ("removed", "duplicates", "rejected", "learned")},
    }
    configs = [f"- config_name: {name}\n  data_files: {files!r}\n" for name, files in tables.items()]
    return "".join(["---\nconfigs:\n", configs[0], "  default: true\n", *configs[1:], "---\n"])
