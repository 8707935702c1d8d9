"""Documents to lines and back, without loss.

A line owns its end: its text runs from `start` to `end`, terminator included, in UTF-8 bytes of the document.
"""

import polars as pl

LINE = pl.Schema({"doc": pl.UInt32, "line": pl.UInt32, "start": pl.UInt32, "end": pl.UInt32, "text": pl.String})
"""`doc` is the document's place in the column; `text` has no terminator."""


def to_lines(texts: pl.Series) -> pl.DataFrame:
    """Each line of each text, as LINE; a text without line ends is one line, an empty text one empty line.

    Lines end with a line feed, a carriage return, or both in this order.
    """
    texts = texts.alias("text")
    pieces = (
        pl.DataFrame([pl.int_range(texts.len(), dtype=pl.UInt32, eager=True).alias("doc"), texts])
        .with_columns(pl.col("text").fill_null("").str.split("\n"))
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
    changed = spans["doc"].unique().sort()
    whole = texts.gather(changed).cast(pl.Binary)
    bounds = pl.concat(
        [
            spans.select("doc", start="start", end="end"),
            # an empty span at each end, so that what is kept is what stands between two spans
            pl.DataFrame({"doc": changed, "start": whole.bin.size().cast(pl.UInt32)}).with_columns(end="start"),
        ]
    ).sort("doc", "start", "end", maintain_order=True)
    below = pl.col("doc") == pl.col("doc").shift(1)
    kept = (
        bounds.with_columns(since=pl.when(below).then(pl.col("end").shift(1)).otherwise(0))
        .filter(pl.col("start") > pl.col("since"))
        .join(pl.DataFrame({"doc": changed, "whole": whole}), on="doc", maintain_order="left")
        .select("doc", part=pl.col("whole").bin.slice("since", pl.col("start") - pl.col("since")).cast(pl.String))
        .group_by("doc", maintain_order=True)
        .agg("part")
        .with_columns(pl.col("part").list.join(""))
    )
    documents = pl.DataFrame([pl.int_range(texts.len(), dtype=pl.UInt32, eager=True).alias("doc"), texts.alias("text")])
    shorter = pl.DataFrame({"doc": changed}).join(kept, on="doc", how="left", maintain_order="left").fill_null("")
    return documents.update(shorter.rename({"part": "text"}), on="doc")["text"]
