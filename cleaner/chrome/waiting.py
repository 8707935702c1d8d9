"""Evidence on disk: it and the verdict on a batch wait there until all batches have been learned from."""

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from cleaner.chrome.evidence import Booleans, Evidence
from cleaner.chrome.seen import is_left
from cleaner.chrome.verdict import Verdict


def save(evidence: Evidence, verdict: Verdict, folder: Path) -> None:
    """Write the evidence and the verdict into a folder that is not there yet.

    The words of the lines are not written: they stand in the texts, which wait too.
    """
    folder.mkdir()
    for part in (evidence, verdict):
        for field in dataclasses.fields(part):
            _write(getattr(part, field.name), folder / f"{type(part).__name__}-{field.name}")


def _write(part: pl.DataFrame | pl.Series | npt.NDArray[Any] | None, place: Path) -> None:
    if isinstance(part, pl.Series):
        part = part.to_frame()
    if isinstance(part, pl.DataFrame):
        part.drop("rest", strict=False).write_ipc(place.with_suffix(".arrow"))
    elif part is not None:
        np.save(place, part)


def load(folder: Path, texts: pl.Series, concerned: Booleans) -> tuple[Evidence, Verdict]:
    """The evidence and the verdict that were written there, on these texts.

    The lines have their words where these are asked for: in `concerned` texts, where the verdict is taken anew, and
    where a line could be a title.
    """
    evidence, verdict = Evidence(**_parts(Evidence, folder)), _parts(Verdict, folder)
    asked = concerned[evidence.lines["doc"].to_numpy()]
    asked[evidence.content[evidence.title_like]] = True
    return (
        dataclasses.replace(evidence, lines=_worded(evidence.lines, texts, pl.Series(asked))),
        Verdict(**verdict | {"evidence": verdict["evidence"].to_series()}),
    )


def _parts(kind: type[Evidence | Verdict], folder: Path) -> dict[str, Any]:
    """The fields of one of the two, as far as they were written."""
    parts: dict[str, Any] = {}
    for field in dataclasses.fields(kind):
        place = folder / f"{kind.__name__}-{field.name}"
        if place.with_suffix(".arrow").exists():
            parts[field.name] = pl.scan_ipc(place.with_suffix(".arrow"), glob=False).collect()
        elif place.with_suffix(".npy").exists():
            parts[field.name] = np.load(place.with_suffix(".npy"))
    return parts


def left(folder: Path, texts: pl.Series, docs: pl.Series) -> pl.DataFrame:
    """The lines that the verdict leaves of some of the texts, titles among them: `doc`, `text`."""
    lines = pl.scan_ipc(folder / "Evidence-lines.arrow", glob=False).select("doc", "from", "to").collect()
    content, order = np.load(folder / "Evidence-content.npy"), np.load(folder / "Verdict-order.npy")
    kept: pl.DataFrame = lines[content[is_left(order)]]
    return _worded(kept.filter(pl.col("doc").is_in(docs.implode())), texts).select("doc", text="rest")


def _worded(lines: pl.DataFrame, texts: pl.Series, asked: pl.Series | None = None) -> pl.DataFrame:
    """The lines with the words that are left of them, in `rest`; those not asked for, if that is given, with none."""
    whole, size = pl.lit(texts.cast(pl.Binary)).gather(pl.col("doc")), pl.col("to") - pl.col("from")
    size = size if asked is None else size * asked
    return lines.with_columns(rest=whole.bin.slice("from", size).cast(pl.String))
