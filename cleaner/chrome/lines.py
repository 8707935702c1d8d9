"""Documents to lines and back, without loss.

A line owns its end: its text runs from `start` to `end`, terminator included, in UTF-8 bytes of the document.
"""

import numpy as np
import numpy.typing as npt
import polars as pl

Integers = npt.NDArray[np.int64]

LINE = pl.Schema({"doc": pl.UInt32, "line": pl.UInt32, "start": pl.UInt32, "end": pl.UInt32, "text": pl.String})
"""`doc` is the document's place in the column; `text` has no terminator."""


def to_lines(texts: pl.Series) -> pl.DataFrame:
    """Each line of each text, as LINE; a text without line ends is one line, an empty text one empty line.

    Lines end with a line feed, a carriage return, or both in this order.
    """
    texts = texts.alias("text")
    # a pattern is looked for quicker than a string
    pieces = (
        pl.DataFrame([pl.int_range(texts.len(), dtype=pl.UInt32, eager=True).alias("doc"), texts])
        .with_columns(pl.col("text").fill_null("").str.split("\n", literal=False))
        .explode("text")
    )
    if texts.str.contains("\r", literal=True).any():
        widths = _split_at_returns(pieces, pieces["text"].str.contains("\r", literal=True))
    else:
        widths = pieces.with_columns(width=pl.col("text").str.len_bytes() + 1)
    # Ends are counted over the whole column first: each text is one byte longer there than it is,
    # for the line feed that its last line does not have.
    docs, width = widths["doc"], widths["width"].cast(pl.UInt64)
    sizes = texts.str.len_bytes().fill_null(0).cast(pl.UInt64)
    bases = (sizes + 1).cum_sum() - (sizes + 1)
    ends = width.cum_sum() - bases.gather(docs)
    firsts = docs.search_sorted(pl.int_range(texts.len(), dtype=pl.UInt32, eager=True))
    return pl.select(
        doc=docs,
        line=pl.int_range(widths.height, dtype=pl.UInt32, eager=True) - firsts.gather(docs),
        start=(ends - width).cast(pl.UInt32),
        end=pl.min_horizontal(ends, sizes.gather(docs)).cast(pl.UInt32),
        text=widths["text"],
    )


def _split_at_returns(pieces: pl.DataFrame, returns: pl.Series) -> pl.DataFrame:
    """Split further at carriage returns; one before a line feed belongs to the same line end."""
    last = pl.col("doc").ne(pl.col("doc").shift(-1)).fill_null(value=True)
    both = pieces.with_row_index("piece").with_columns(both=~last & pl.col("text").str.ends_with("\r"))
    body = pl.when("both").then(pl.col("text").str.strip_suffix("\r")).otherwise("text")
    split = both.filter(returns).with_columns(body.str.split("\r")).explode("text")
    inner = pl.col("piece").eq(pl.col("piece").shift(-1)).fill_null(value=False)
    whole = pl.concat([split, both.filter(~returns)]).sort("piece", maintain_order=True)
    return whole.select(
        "doc", "text", width=pl.col("text").str.len_bytes() + pl.when(~inner & pl.col("both")).then(2).otherwise(1)
    )


def cut(texts: pl.Series, spans: pl.DataFrame) -> pl.Series:
    """The texts without the spans (`doc`, `start`, `end`), which are sorted and do not overlap."""
    if spans.is_empty():
        return texts
    doc, since, size = _kept(texts, spans)
    whole = texts.gather(pl.Series(doc)).cast(pl.Binary)
    parts = pl.select(
        pl.lit(whole).bin.slice(pl.lit(pl.Series(since)), pl.lit(pl.Series(size))).cast(pl.String)
    ).to_series()
    first = np.flatnonzero(np.diff(doc, prepend=-1))
    single = np.diff(first, append=doc.size) == 1
    of_several = pl.Series(np.repeat(~single, np.diff(first, append=doc.size)), dtype=pl.Boolean)
    joined = (
        pl.DataFrame({"doc": pl.Series(doc), "part": parts})
        .filter(of_several)
        .group_by("doc", maintain_order=True)
        .agg("part")
        .select(pl.col("part").list.join(""))
        .to_series()
    )
    # texts are picked and not put in the place of others, which would copy all of them once more
    found = pl.concat([texts.alias("text"), pl.Series([""]), parts.gather(pl.Series(first[single])), joined])
    place = np.arange(texts.len())
    place[spans["doc"].to_numpy()] = texts.len()
    place[doc[first[single]]] = texts.len() + 1 + np.arange(np.count_nonzero(single))
    place[doc[first[~single]]] = found.len() - joined.len() + np.arange(joined.len())
    return found.rechunk().gather(pl.Series(place))


def _kept(texts: pl.Series, spans: pl.DataFrame) -> tuple[Integers, Integers, Integers]:
    """What stands before, between and behind the spans: the document, where it begins, and its size in bytes."""
    doc, start, end = (spans[name].cast(pl.Int64).to_numpy() for name in ("doc", "start", "end"))
    first = np.flatnonzero(np.diff(doc, prepend=-1))
    changed = pl.Series(doc[first])
    ends = texts.gather(changed).str.len_bytes().cast(pl.Int64).to_numpy()
    behind = np.append(first[1:], doc.size)
    # one part more than there are spans in each text: the last ends with the text
    till, since = np.insert(start, behind, ends), np.insert(end, first, 0)
    some = np.flatnonzero(till > since)
    return np.insert(doc, behind, doc[first])[some], since[some], (till - since)[some]
