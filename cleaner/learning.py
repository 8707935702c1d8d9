"""Learning needs all documents before the first is final: batches are looked at, wait, and are finished."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import polars as pl

from cleaner import spool
from cleaner.chrome import known
from cleaner.chrome.anew import settled_anew
from cleaner.chrome.compiled import Rules
from cleaner.chrome.evidence import gather
from cleaner.chrome.learned import learn
from cleaner.chrome.seen import LEFT, described, observe
from cleaner.chrome.strip import cut_out
from cleaner.chrome.verdict import settle
from cleaner.chrome.waiting import Judged
from cleaner.documents import Batch
from cleaner.parallel import ahead, both
from cleaner.schema import ROW
from cleaner.settings import Settings
from cleaner.stages import Stages
from cleaner.waiting import Waiting, together


@dataclass(frozen=True)
class Looked:
    """What is known of a batch whose lines are to be learned from.

    Attributes:
        documents: The documents as they came, with `row`.
        seen: The lines that may be learned, whose `doc` is the row.
        judged: The evidence on all lines, and the verdict on them before anything was learned.
        described: What learning asks of each document; its `doc` is the row.
        rejected: The rejects.
        row: The row of the first document.
    """

    documents: Waiting
    seen: Waiting
    judged: Judged
    described: pl.DataFrame
    rejected: pl.DataFrame
    row: int

    @property
    def height(self) -> int:
        """The number of documents."""
        return self.described.height

    def stow(self) -> None:
        """Put what waits on disk, if it is not there."""
        for one in (self.documents, self.seen, self.judged):
            one.stow()

    def forget(self) -> None:
        """Let go of what waits: the batch is finished."""
        for one in (self.documents, self.seen, self.judged):
            one.forget()


def looked_at(numbered: tuple[int, Batch], rules: Rules, settings: Settings, folder: Path, stages: Stages) -> Looked:
    """Gather the evidence on a batch and see what there is to learn from it."""
    row, batch = numbered
    documents = batch.documents.with_row_index(ROW, offset=row)
    texts = documents["text"].rechunk()
    with stages.timed("strip"):
        evidence = gather(texts, rules, documents["title"])
    with stages.timed("learn"):
        verdict = settle(evidence, rules, texts.len(), kind=settings.input)
        seen, facts = both(
            lambda: observe(evidence, verdict),
            lambda: described(texts, documents["site"], evidence, verdict),
            side_by_side=True,
        )
        shift = (pl.col("doc") + row).cast(pl.UInt32)
    place = folder / f"{row:010}"
    return Looked(
        documents=Waiting(documents, place.with_suffix(".arrow")),
        seen=Waiting(seen.with_columns(shift), place.with_suffix(".seen.arrow")),
        judged=Judged((evidence, verdict), place.with_suffix(".judged")),
        described=facts.with_columns(shift),
        rejected=batch.rejected,
        row=row,
    )


def learned(looked: list[Looked], rules: Rules) -> pl.DataFrame:
    """What recurs across the documents of each source."""
    seen = together(part.seen for part in looked)
    documents = pl.concat([part.described for part in looked])
    return learn(seen, documents, partial(_lines, looked), rules)


def _lines(looked: list[Looked], docs: pl.Series) -> pl.DataFrame:
    """The lines that the rules left of some documents, as they wait; as LEFT."""
    found = [LEFT.to_frame()]
    for part in looked:
        inside = docs.filter(docs.is_between(part.row, part.row + part.height - 1)) - part.row
        if inside.len():
            texts = part.documents.lazy().select("text").collect()["text"].rechunk()
            lines = part.judged.left(texts, inside)
            found.append(lines.with_columns((pl.col("doc") + part.row).cast(pl.UInt32)))
    return pl.concat(found)


def finished(
    looked: Looked, table: pl.DataFrame, rules: Rules, *, settings: Settings, folder: Path, stages: Stages
) -> spool.Part:
    """Strip and sign a batch that was learned from."""
    with stages.timed("strip"):
        documents = looked.documents.frame()
        seen = looked.seen.frame().with_columns(pl.col("doc") - looked.row)
        texts, sites = documents["text"].rechunk(), documents["site"]
        found = known.found_in(seen, sites, table)
        evidence, verdict = looked.judged.of(texts, known.concerned(found, sites, table))
        evidence = known.with_learned(evidence, found, sites, table)
        verdict = settled_anew(verdict, evidence, rules, kind=settings.input)
        stripped = cut_out(texts, evidence, verdict, rules)
    return spool.part(Batch(documents, looked.rejected), stripped, settings, folder / f"{looked.row:010}", stages)


def forgetting(looked: list[Looked], parts: Iterable[spool.Part]) -> Iterator[spool.Part]:
    """The parts; each batch is let go of as soon as it is finished.

    Aside from the work: disks take their time to remove files. All have gone when the parts end, so that nothing is
    in the midst of it when their folder is removed.
    """
    going = []
    try:
        for one, part in zip(looked, parts, strict=True):
            going.append(ahead(one.forget))
            yield part
    finally:
        for wait in going:
            wait()
