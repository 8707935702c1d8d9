"""Evidence that waits, with the verdict on the batch, until all batches have been learned from."""

from dataclasses import dataclass, fields, replace
from pathlib import Path
from shutil import rmtree
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from cleaner.chrome.evidence import Booleans, Evidence
from cleaner.chrome.seen import left, left_of, spoken
from cleaner.chrome.verdict import Verdict


@dataclass
class Judged:
    """Evidence on a batch and the verdict on it, which wait.

    Attributes:
        held: The two, until they are on disk.
        folder: The folder they go to; it is not there yet.
    """

    held: tuple[Evidence, Verdict] | None
    folder: Path

    def stow(self) -> None:
        """Put them on disk, if they are not there.

        The words of the lines are not written: they stand in the texts, which wait too.
        """
        if self.held is None:
            return
        self.folder.mkdir()
        for part in self.held:
            for field in (field for field in fields(part) if field.name != "short"):
                _write(getattr(part, field.name), self.folder / f"{type(part).__name__}-{field.name}")
        self.held = None

    def forget(self) -> None:
        """Let go of them, also on disk; what was read of them stays."""
        self.held = None
        rmtree(self.folder, ignore_errors=True)

    def of(self, texts: pl.Series, concerned: Booleans) -> tuple[Evidence, Verdict]:
        """The evidence and the verdict; on these texts.

        From disk the lines have their words where these are asked for: in `concerned` texts, where the verdict is
        taken anew, and where a line could be a title.
        """
        if self.held is not None:
            return self.held
        evidence, verdict = Evidence(**_parts(Evidence, self.folder)), _parts(Verdict, self.folder)
        asked = concerned[evidence.lines["doc"].to_numpy()]
        asked[evidence.content[evidence.title_like]] = True
        return (
            replace(evidence, lines=_worded(evidence.lines, texts, pl.Series(asked))),
            Verdict(**verdict | {"evidence": verdict["evidence"].to_series()}),
        )

    def left(self, texts: pl.Series, docs: pl.Series) -> pl.DataFrame:
        """The lines that the verdict leaves of some of the texts, as `seen.left` gives them."""
        if self.held is not None:
            return left(*self.held, docs)
        lines, hits = (pl.scan_ipc(self.folder / f"Evidence-{name}.arrow", glob=False) for name in ("lines", "hits"))
        content, doc = (np.load(self.folder / f"Evidence-{name}.npy") for name in ("content", "doc"))
        kept = left_of(np.load(self.folder / "Verdict-order.npy"), doc, docs)
        bounds: pl.DataFrame = lines.select("doc", "from", "to").collect()[content[kept]]
        orders = spoken(hits.select("at", "order").collect(), doc.size)
        return _worded(bounds, texts).select("doc", orders.gather(kept), text="rest").select("doc", "text", "order")


def _write(part: pl.DataFrame | pl.Series | npt.NDArray[Any] | None, place: Path) -> None:
    if isinstance(part, pl.Series):
        part = part.to_frame()
    if isinstance(part, pl.DataFrame):
        part.drop("rest", strict=False).write_ipc(place.with_suffix(".arrow"))
    elif part is not None:
        np.save(place, part)


def _parts(kind: type[Evidence | Verdict], folder: Path) -> dict[str, Any]:
    """The fields of one of the two, as far as they were written."""
    parts: dict[str, Any] = {}
    for field in fields(kind):
        place = folder / f"{kind.__name__}-{field.name}"
        if place.with_suffix(".arrow").exists():
            parts[field.name] = pl.scan_ipc(place.with_suffix(".arrow"), glob=False).collect()
        elif place.with_suffix(".npy").exists():
            parts[field.name] = np.load(place.with_suffix(".npy"))
    return parts


def _worded(lines: pl.DataFrame, texts: pl.Series, asked: pl.Series | None = None) -> pl.DataFrame:
    """The lines with the words that are left of them, in `rest`; those not asked for, if that is given, with none."""
    whole, size = pl.lit(texts.cast(pl.Binary)).gather(pl.col("doc")), pl.col("to") - pl.col("from")
    size = size if asked is None else size * asked
    return lines.with_columns(rest=whole.bin.slice("from", size).cast(pl.String))
