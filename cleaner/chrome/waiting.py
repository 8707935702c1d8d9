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
    """Write the evidence, and which lines the verdict leaves, into a folder that is not there yet."""
    folder.mkdir()
    for field in dataclasses.fields(evidence):
        part = getattr(evidence, field.name)
        if isinstance(part, pl.DataFrame):
            part.write_ipc(folder / f"{field.name}.arrow")
        elif part is not None:
            np.save(folder / f"{field.name}.npy", part)
    np.save(folder / "left", evidence.content[is_left(verdict)])


def load(folder: Path) -> Evidence:
    """The evidence that was written there."""
    parts: dict[str, Any] = {}
    for field in dataclasses.fields(Evidence):
        frame, array = folder / f"{field.name}.arrow", folder / f"{field.name}.npy"
        if frame.exists():
            parts[field.name] = pl.scan_ipc(frame, glob=False).collect()
        elif array.exists():
            parts[field.name] = np.load(array)
    return Evidence(**parts)


def left(folder: Path, docs: pl.Series) -> pl.DataFrame:
    """The lines that the verdict leaves of some documents, titles among them: `doc`, `text`."""
    lines = pl.scan_ipc(folder / "lines.arrow", glob=False).select("doc", "rest").collect()
    kept: pl.DataFrame = lines[np.load(folder / "left.npy")]
    return kept.filter(pl.col("doc").is_in(docs.implode())).select("doc", text="rest")
