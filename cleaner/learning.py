"""Learning needs all documents before the first is final: batches are looked at, wait on disk, and are finished."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import polars as pl

from cleaner import spool
from cleaner.chrome import known, waiting
from cleaner.chrome.anew import settled_anew
from cleaner.chrome.compiled import Rules
from cleaner.chrome.evidence import gather
from cleaner.chrome.learned import learn
from cleaner.chrome.seen import described, observe
from cleaner.chrome.strip import cut_out
from cleaner.chrome.verdict import settle
from cleaner.documents import Batch
from cleaner.schema import ROW
from cleaner.settings import Settings
from cleaner.stages import Stages


@dataclass(frozen=True)
class Looked:
    """What is known of a batch whose lines are to be learned from; the rest waits on disk.

    Attributes:
        place: Where it waits: the documents as they came, with `row`; the lines that may be learned, whose `doc` is
            the row; and the evidence on all lines.
        described: What learning asks of each document; its `doc` likewise.
        rejected: The rejects.
        row: The row of the first document.
    """

    place: Path
    described: pl.DataFrame
    rejected: pl.DataFrame
    row: int

    @property
    def height(self) -> int:
        """The number of documents."""
        return self.described.height

    @property
    def documents(self) -> Path:
        """File of the documents."""
        return self.place.with_suffix(".arrow")

    @property
    def seen(self) -> Path:
        """File of the lines."""
        return self.place.with_suffix(".seen.arrow")

    @property
    def evidence(self) -> Path:
        """Folder of the evidence."""
        return self.place.with_suffix(".evidence")


def looked_at(numbered: tuple[int, Batch], rules: Rules, settings: Settings, folder: Path, stages: Stages) -> Looked:
    """Gather the evidence on a batch, see what there is to learn from it, and put it on disk."""
    row, batch = numbered
    documents = batch.documents.with_row_index(ROW, offset=row)
    texts = documents["text"].rechunk()
    with stages.timed("strip"):
        evidence = gather(texts, rules, documents["title"])
    with stages.timed("learn"):
        verdict = settle(evidence, rules, texts.len(), kind=settings.input)
        shift = (pl.col("doc") + row).cast(pl.UInt32)
        seen = observe(evidence, verdict).with_columns(shift)
        facts = described(texts, documents["site"], evidence, verdict).with_columns(shift)
    looked = Looked(folder / f"{row:010}", facts, batch.rejected, row)
    with stages.timed("spool"):
        documents.write_ipc(looked.documents)
        seen.write_ipc(looked.seen)
        waiting.save(evidence, verdict, looked.evidence)
    return looked


def learned(looked: list[Looked], rules: Rules) -> pl.DataFrame:
    """What recurs across the documents of each source."""
    seen = pl.scan_ipc([part.seen for part in looked], glob=False)
    documents = pl.concat([part.described for part in looked])
    return learn(seen, documents, partial(_lines, looked), rules)


def _lines(looked: list[Looked], docs: pl.Series) -> pl.DataFrame:
    """The lines that the rules left of some documents, as they wait on disk."""
    found = [pl.DataFrame(schema={"doc": pl.UInt32, "text": pl.String})]
    for part in looked:
        inside = docs.filter(docs.is_between(part.row, part.row + part.height - 1)) - part.row
        if inside.len():
            texts = pl.scan_ipc(part.documents, glob=False).select("text").collect()["text"].rechunk()
            lines = waiting.left(part.evidence, texts, inside)
            found.append(lines.with_columns((pl.col("doc") + part.row).cast(pl.UInt32)))
    return pl.concat(found)


def finished(looked: Looked, table: pl.DataFrame, rules: Rules, settings: Settings, stages: Stages) -> spool.Part:
    """Strip and sign a batch that was learned from, and put it on disk."""
    with stages.timed("strip"):
        documents = pl.scan_ipc(looked.documents, glob=False).collect()
        seen = pl.scan_ipc(looked.seen, glob=False).collect().with_columns(pl.col("doc") - looked.row)
        texts, sites = documents["text"].rechunk(), documents["site"]
        found = known.found_in(seen, sites, table)
        evidence, verdict = waiting.load(looked.evidence, texts, known.concerned(found, sites, table))
        evidence = known.with_learned(evidence, found, sites, table)
        verdict = settled_anew(verdict, evidence, rules, kind=settings.input)
        stripped = cut_out(texts, evidence, verdict, rules)
    return spool.part(Batch(documents, looked.rejected), stripped, settings, looked.place, stages)
