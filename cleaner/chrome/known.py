"""What was learned of sources, now or in an earlier run, and which lines it speaks against."""

from dataclasses import replace

import numpy as np
import polars as pl

from cleaner.chrome.evidence import LEARNED, Booleans, Evidence, in_order
from cleaner.chrome.seen import DASHED, masked
from cleaner.chrome.titles import dash_suffix
from cleaner.errors import InputError

PLACES = {"head": ("head",), "tail": ("tail",), "edge": ("head", "tail"), "anywhere": ("anywhere",)}

_ORDERS = pl.DataFrame(
    [(position, LEARNED[place]) for position, places in PLACES.items() for place in places],
    schema={"position": pl.String, "order": pl.Int64},
    orient="row",
)

TABLE = pl.Schema(
    {
        "site": pl.String,
        "line": pl.String,
        "position": pl.String,
        "support": pl.UInt32,
        "articles": pl.UInt32,
        "category": pl.String,
    }
)
"""What was learned: a line of a source; where it goes: `head`, `tail`, `edge`, which is either, `anywhere`, or `title`
for what stands behind titles; in how many different articles it was seen, of how many the source has; and a guess what
it is for. Of a line whose numbers differ one form stands for all."""


def together(tables: list[pl.DataFrame]) -> pl.DataFrame:
    """Tables as one: of a line that several have, what was learned from most articles."""
    order = ["articles", "support", "line", "category"]
    best = pl.concat([pl.DataFrame(schema=TABLE), *tables]).pipe(_keyed).sort(order, descending=True)
    once = best.unique(["site", "key", "position"], keep="first", maintain_order=True)
    return once.select(TABLE.names()).sort("site", "line", "position")


def read_table(file: str) -> pl.DataFrame:
    """What an earlier run learned.

    Raises:
        InputError: The file cannot be read, or is no such table.
    """
    try:
        table = pl.read_parquet(file, glob=False)
        return table.select(TABLE.names()).cast(TABLE).filter(pl.col("position").is_in([*PLACES, "title"]))
    except (OSError, pl.exceptions.PolarsError) as error:
        message = f"learned lines {file}: {error}. Give the learned.parquet of an earlier run."
        raise InputError(message) from error


def _keyed(table: pl.DataFrame) -> pl.DataFrame:
    return table.with_columns(key=masked(pl.col("line")).hash())


def found_in(seen: pl.DataFrame, sites: pl.Series, table: pl.DataFrame) -> pl.DataFrame:
    """The lines of a batch that were learned of their sources: rows of SEEN, each with the columns of the table.

    Args:
        seen: What `observe` saw of the batch.
        sites: The source of each text.
        table: What was learned.
    """
    here = table.filter(pl.col("position") != "title", pl.col("site").is_in(sites.unique().implode()))
    keyed = _keyed(here).unique(["site", "key", "position"], keep="first", maintain_order=True)
    found = seen.join(keyed.select("key").unique(), on="key", how="semi")
    return found.with_columns(site=sites.gather(found["doc"])).join(keyed, on=["site", "key"])


def concerned(found: pl.DataFrame, sites: pl.Series, table: pl.DataFrame) -> Booleans:
    """The texts whose verdicts what was learned may change: they have such lines, or are of sources with suffixes."""
    texts: Booleans = sites.is_in(_suffixes(table)["site"].implode()).fill_null(value=False).to_numpy().copy()
    texts[found["doc"].to_numpy()] = True
    return texts


def with_learned(evidence: Evidence, found: pl.DataFrame, sites: pl.Series, table: pl.DataFrame) -> Evidence:
    """The evidence, and what was learned of the documents' sources; learned sentences are no prose of theirs.

    Documents that have no other prose are left as they are: in them nothing is known to be the article.

    Args:
        evidence: The evidence on a batch.
        found: As `found_in` gives them.
        sites: The source of each text.
        table: What was learned.
    """
    behind = _suffixes(table)
    if found.is_empty() and behind.is_empty():
        return evidence
    owning = np.zeros(sites.len(), np.bool_)
    owning[evidence.doc[_without(evidence.prose & ~evidence.title_like, found)]] = True
    found = found.filter(pl.Series(owning[found["doc"].to_numpy()], dtype=pl.Boolean))
    hits = found.join(_ORDERS, on="position").select(
        "at", "order", evidence=pl.format("in {} of {} articles of this source", "support", "articles")
    )
    return replace(
        evidence,
        prose=_without(evidence.prose, found),
        hits=in_order(pl.concat([evidence.hits, hits.cast(evidence.hits.schema)]), "order"),
        suffixed=_suffixed(evidence, sites, behind),
    )


def _suffixes(table: pl.DataFrame) -> pl.DataFrame:
    return table.filter(pl.col("position") == "title").select("site", suffix="line")


def _without(prose: Booleans, found: pl.DataFrame) -> Booleans:
    """Which lines are prose, those found left out."""
    prose = prose.copy()
    prose[found["at"].to_numpy()] = False
    return prose


def _suffixed(evidence: Evidence, sites: pl.Series, behind: pl.DataFrame) -> Booleans:
    """Whether each line of content, were it the title, has a learned suffix."""
    found = np.zeros(evidence.doc.size, np.bool_)
    if behind.height:
        likely = np.flatnonzero(evidence.title_like)
        text = evidence.lines["rest"].gather(evidence.content[likely])
        dashed = text.str.contains(DASHED)
        at = likely[dashed.to_numpy()]
        suffix = dash_suffix(pl.col("text").str.strip_chars()).str.strip_chars()
        named = (
            text.filter(dashed)
            .to_frame("text")
            .select(suffix=suffix, site=sites.gather(evidence.doc[at]), at=pl.Series(at))
        )
        found[named.join(behind, on=["site", "suffix"], how="semi")["at"].to_numpy()] = True
    return found
