"""Invented pairs that say what a duplicate is and what only looks like one, clean and with chrome around them."""

import tomllib
from pathlib import Path
from typing import Any, Final

import polars as pl

from benchmarks.frames import HEAD, KINDS, Item, sources
from benchmarks.measure import ROOT
from cleaner.chrome.strip import strip
from cleaner.duplicates.frames import dedupe

PAIRS: Final = ROOT / "fixtures" / "pairs.toml"


def judged(path: Path = PAIRS) -> dict[str, int]:
    """How many pairs were missed or merged, and how many are judged otherwise when chrome stood around them.

    Chrome is tried in two ways: the frame of one source around all documents, which must make no duplicates, and
    frames of different sources, which must hide none.
    """
    pairs = read(path)
    found = merged(pairs)
    framed = [merged(stripped(pairs, stride)) for stride in (0, 1)]
    return {
        "pairs_missed": sum(pair["duplicate"] and not one for pair, one in zip(pairs, found, strict=True)),
        "pairs_merged": sum(one and not pair["duplicate"] for pair, one in zip(pairs, found, strict=True)),
        "chrome_changes": sum(one != other for way in framed for one, other in zip(found, way, strict=True)),
    }


def read(path: Path = PAIRS) -> list[dict[str, Any]]:
    """The pairs: `about`, `lang`, `duplicate`, and two `documents` of `title`, `date`, `text`."""
    pairs: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["pair"]
    return pairs


def merged(pairs: list[dict[str, Any]]) -> list[bool]:
    """Whether the two documents of each pair end in one cluster, when all documents are one corpus."""
    frame = pl.DataFrame([document for pair in pairs for document in pair["documents"]])
    verdicts = dedupe(frame.with_row_index("id").with_columns(pl.col("id").cast(pl.String)))
    cluster = verdicts.select(pl.coalesce("cluster", "id"))["cluster"]
    return (cluster.gather_every(2) == cluster.gather_every(2, offset=1)).to_list()


def stripped(pairs: list[dict[str, Any]], stride: int) -> list[dict[str, Any]]:
    """The pairs after chrome was put around their documents and taken away again.

    Args:
        pairs: The pairs.
        stride: How many sources the frame of each document is after that of the one before; 0 is one for all of a
            language.
    """
    framed = []
    for turn, pair in enumerate(pairs):
        headline = pairs[turn - 1]["documents"][0]["title"]
        items = [source.items for source in sources() if source.lang == pair["lang"]]
        framed += [
            {**document, "text": _framed(document["text"], items[stride * (2 * turn + side) % len(items)], headline)}
            for side, document in enumerate(pair["documents"])
        ]
    documents = strip(pl.DataFrame(framed)).select("title", "date", "text").rows(named=True)
    return [{**pair, "documents": documents[2 * turn : 2 * turn + 2]} for turn, pair in enumerate(pairs)]


def _framed(text: str, items: tuple[Item, ...], headline: str) -> str:
    """A text with the lines of a source around it; those left out that no rule can know."""
    known = [item for item in items if KINDS[item.kind] not in {"own", "tags"}]
    lines = [(item.where == HEAD, item.before + (headline if item.headline else "")) for item in known]
    above, below = ([line for is_above, line in lines if is_above is side] for side in (True, False))
    return "\n".join([*above, text.strip(), *below])
