"""Evidence on disk: what was gathered of a batch waits there until all batches have been learned from."""

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from cleaner.chrome.evidence import Evidence
from cleaner.chrome.seen import is_left
from cleaner.chrome.verdict import Verdict


def save(evidence: Evidence, verdict: Verdict, folder: Path) -> None:
    """Write the evidence, and which lines the verdict leaves, into a folder that is not there yet.

    The words of the lines are not written: they stand in the texts, which wait too.
    """
    folder.mkdir()
    for field in dataclasses.fields(evidence):
        part = getattr(evidence, field.name)
        if field.name == "lines":
            part = part.drop("rest")
        if isinstance(part, pl.DataFrame):
            part.write_ipc(folder / f"{field.name}.arrow")
        elif part is not None:
            np.save(folder / f"{field.name}.npy", part)
    np.save(folder / "left", evidence.content[is_left(verdict)])


def load(folder: Path, texts: pl.Series) -> Evidence:
    """The evidence that was written there, on these texts."""
    parts: dict[str, Any] = {}
    for field in dataclasses.fields(Evidence):
        frame, array = folder / f"{field.name}.arrow", folder / f"{field.name}.npy"
        if frame.exists():
            parts[field.name] = pl.scan_ipc(frame, glob=False).collect()
        elif array.exists():
            parts[field.name] = np.load(array)
    parts["lines"] = _worded(parts["lines"], texts)
    return Evidence(**parts)


def left(folder: Path, texts: pl.Series, docs: pl.Series) -> pl.DataFrame:
    """The lines that the verdict leaves of some of the texts, titles among them: `doc`, `text`."""
    lines = pl.scan_ipc(folder / "lines.arrow", glob=False).select("doc", "from", "to").collect()
    kept: pl.DataFrame = lines[np.load(folder / "left.npy")]
    return _worded(kept.filter(pl.col("doc").is_in(docs.implode())), texts).select("doc", text="rest")


def _worded(lines: pl.DataFrame, texts: pl.Series) -> pl.DataFrame:
    """The lines with the words that are left of them, in `rest`."""
    whole = pl.lit(texts.cast(pl.Binary)).gather(pl.col("doc"))
    return lines.with_columns(rest=whole.bin.slice("from", pl.col("to") - pl.col("from")).cast(pl.String))
