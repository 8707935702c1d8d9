"""Values that scrapers nest, as text: lists of paragraphs, bodies of Fundus, structures of Parquet."""

import json

import polars as pl

NESTED = r'(?s)^\s*(?:\[\s*(?:".*"\s*)?\]|\{\s*"(?:summary|sections)"\s*:\s*\[.*\})\s*$'
"""How a value looks that is a list of texts, or a body as Fundus writes it, in JSON."""


def as_text(name: str, dtype: pl.DataType) -> pl.Expr:
    """A column as text; what is nested in it as JSON, which is how a file of JSON would have it."""
    column = pl.col(name)
    if not dtype.is_nested():
        return column.cast(pl.String, strict=False)
    inside = pl.struct(column.alias("_")).struct.json_encode().str.extract(r"(?s)^[^:]*:(.*)\}$")
    return pl.when(column.is_not_null()).then(inside).alias(name)


def unfolded(frame: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    """Records with nothing nested in the columns of documents: all texts, each on a line; of others the first.

    The parts of a Fundus body (a summary, and sections of headlines and paragraphs) stand in their order.
    What only looks like such values stays as it is.

    Args:
        frame: The records.
        names: From the columns of documents, and `html`, to what they are called.
    """
    nested = frame.select(pl.col(name).str.contains(NESTED).any() for name in set(names.values()))
    some = {column: name for column, name in names.items() if nested[name].item()}
    return frame.with_columns(
        _opened(name, most=None if column in {"text", "html"} else 1) for column, name in some.items()
    )


def _opened(name: str, *, most: int | None) -> pl.Expr:
    values = pl.col(name)

    def read(value: str) -> str | None:
        parts = _parts(value)
        return None if parts is None else "\n".join(parts[:most])

    nested = pl.when(values.str.contains(NESTED)).then(values)
    return pl.coalesce(nested.map_elements(read, return_dtype=pl.String), values).alias(name)


def _parts(value: str) -> list[str] | None:
    """The texts in a nested value; None if it is something else."""
    try:
        found = json.loads(value)
        if isinstance(found, dict):
            sections = [part for each in found["sections"] for part in (*each["headline"], *each["paragraphs"])]
            found = [*(found.get("summary") or []), *sections]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return found if all(isinstance(part, str) for part in found) else None
