"""Texts that hold their article twice: paragraphs that stand once more further down.

Scrapers join what a page has of its article, for printing, for phones, for feeds. A few paragraphs said twice may be
the author's, or quotations set apart; several behind each other, in the same order, are not.
"""

import numpy as np
import polars as pl

from cleaner.chrome.keys import within_document

RUN = 5
"""Paragraphs behind each other that are said again, from which the text holds its article twice. Of 80,357 texts of
seven corpora four have such a run, and one of 413 labelled pages as a tool extracts them: all say the article, or much
of it, once more."""

SHORTEST = 60
"""Bytes of the shortest paragraph; shorter ones are what people answer in interviews."""

PARAGRAPHS = pl.Schema({"at": pl.UInt32, "doc": pl.UInt32, "text": pl.String})
"""The paragraphs, in order, of documents that may hold their article twice: `at`, the place among the content."""


def may_recur(content: pl.DataFrame) -> pl.DataFrame:
    """The paragraphs of the documents that say many of them twice, as PARAGRAPHS.

    Args:
        content: The lines that are not blank, in order: `at`, `doc`, `text`, `size` (in bytes) and whether each is
            `prose`.
    """
    long = content.filter(pl.col("prose") & (pl.col("size") >= SHORTEST))
    long = long.filter(np.bincount(long["doc"])[long["doc"]] > RUN)
    said = long.select(within_document(pl.col("text").hash())).to_series()
    twice = long["doc"].filter(said.is_duplicated()).value_counts()
    docs = twice.filter(pl.col("count") > RUN)["doc"]  # a run and its copy may overlap
    return long.filter(pl.col("doc").is_in(docs.implode())).select(PARAGRAPHS.names())


def said_again(paragraphs: pl.DataFrame) -> pl.Series:
    """The places of the paragraphs that stand above too, in documents that have a run of them.

    What is left of such a document says nothing twice, so nothing of it is found again.
    """
    if paragraphs.is_empty():
        return paragraphs["at"]
    following = [pl.col("said").shift(-step).over("doc") for step in range(RUN)]
    runs = paragraphs.with_columns(said=pl.col("text").rank("dense")).with_columns(run=pl.concat_list(following))
    whole = pl.col("run").list.last().is_not_null() & pl.struct("doc", "run").is_duplicated()
    twice = runs.filter(whole)["doc"].unique()
    copies = runs.filter(pl.col("doc").is_in(twice.implode()), ~pl.struct("doc", "said").is_first_distinct())
    return copies["at"]
