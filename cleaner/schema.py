"""The frames that travel, declared once."""

from typing import Final

import polars as pl

ROW: Final = "row"
"""A document's place in the order of (path, record): the key that frames are joined on inside a run."""

DOCUMENTS: Final = pl.Schema(
    {
        "id": pl.String,
        "file": pl.String,
        "url": pl.String,
        "site": pl.String,
        "lang": pl.String,
        "date": pl.String,
        "title": pl.String,
        "encoding": pl.String,
        "text": pl.String,
    }
)
"""One row per document. `file` is the path below the input, `#n` for record n; a null `encoding` means UTF-8."""

SPAN: Final = pl.Schema(
    {
        "start": pl.UInt32,
        "end": pl.UInt32,
        "line": pl.UInt32,
        "rule": pl.String,
        "category": pl.String,
        "text": pl.String,
    }
)
"""A removal: UTF-8 byte offsets in the original text, the line it starts on (from 0), and why it was cut."""

REMOVED: Final = pl.Schema([("id", pl.String()), *SPAN.items()])
"""One row per removal."""

VERDICT: Final = pl.Schema(
    {
        "duplicate_of": pl.String,
        "relation": pl.String,
        "similarity": pl.Float64,
        "containment": pl.Float64,
        "cluster": pl.String,
    }
)
"""What deduplication says of a document; all null for one that is like no other."""

REJECTED: Final = pl.Schema({"file": pl.String, "id": pl.String, "reason": pl.String, "detail": pl.String})
"""One row per input that is in neither corpus nor duplicates: empty, empty after cleaning, unreadable, too large …"""
