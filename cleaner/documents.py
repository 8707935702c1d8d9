"""Records to documents: which of their columns is which, and which of them have no usable text."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl

from cleaner import jsonlines
from cleaner.errors import InputError
from cleaner.files import Reject
from cleaner.pages import HTML_COLUMNS, PAGE_COLUMNS
from cleaner.schema import DOCUMENTS, REJECTED, VERDICT
from cleaner.settings import PREFERENCE_HELP, PREFERENCES, Settings

COLUMNS = {
    "text": ("text", "content", "body", "articleBody", "maintext", "plaintext", "article_text"),
    "id": ("id",),
    "url": ("url", "link"),
    "site": ("site", "source", "publisher", "domain", "source_domain"),
    "lang": ("lang", "language", "meta_lang"),
    "date": ("date", "date_publish", "published", "datePublished", "publish_date", "publishing_date"),
    "title": ("title", "headline"),
}
"""The columns of documents that inputs have under these names, the first that is there."""

_HOST = r"^[A-Za-z][A-Za-z0-9+.\-]*://(?:[^/?#@]*@)?(?:[wW]{3}\.)?([^/:?#]+)"


@dataclass(frozen=True)
class Batch:
    """Some documents in order, with the columns of DOCUMENTS and all further ones; and what had to be rejected."""

    documents: pl.DataFrame
    rejected: pl.DataFrame


@dataclass(frozen=True)
class Columns:
    """The columns of the inputs.

    Attributes:
        schemas: Those of each file of records, under the names that they have there.
        settings: Which of them the user named.
        page_files: Whether there are files of one page each.
    """

    schemas: dict[Path, dict[str, pl.DataType]]
    settings: Settings
    page_files: bool

    @cached_property
    def schema(self) -> dict[str, pl.DataType]:
        """The columns of all record files together."""
        return jsonlines.merged(list(self.schemas.values()))

    def _chosen(self) -> dict[str, str | None]:
        settings = self.settings
        return {
            "text": settings.text_column,
            "html": settings.html_column,
            "id": settings.id_column,
            "site": settings.site_column,
        }

    def named(self, schema: dict[str, pl.DataType]) -> dict[str, str]:
        """From the columns of documents, and `html`, to the names they have in a file of such columns."""
        chosen = self._chosen()
        known = {**COLUMNS, "html": HTML_COLUMNS}
        candidates = {column: (chosen.get(column) or "", *names) for column, names in known.items()}
        found = {column: next((name for name in names if name in schema), None) for column, names in candidates.items()}
        return {column: name for column, name in found.items() if name is not None}

    @cached_property
    def names(self) -> dict[str, str]:
        """From the columns of documents to the names they have in the inputs, the first where files differ.

        Raises:
            InputError: There are record files, and no column of text in them; or what `keep` names is not there.
        """
        for column, name in self._chosen().items():
            if name is not None and self.schema and name not in self.schema:
                message = f"no column {name!r} for the {column} in the input. It has {', '.join(self.schema)}."
                raise InputError(message)
        found = self.named(self.schema)
        if self.schema and "text" not in found and "html" not in found:
            message = (
                f"no column of text in the input: it has {', '.join(self.schema)}. "
                "Name the one that holds the text with --text-column, or that of the page with --html-column."
            )
            raise InputError(message)
        keep, columns = self.settings.keep, [*DOCUMENTS, *self.further.values()]
        if not keep.startswith("source:") and keep not in (*PREFERENCES, *columns):
            message = f"keep is {keep!r}: there is no such column. Give {PREFERENCE_HELP} ({', '.join(columns)})."
            raise InputError(message)
        return found

    @cached_property
    def further(self) -> dict[str, str]:
        """The input's further columns and the names they travel under: a name that is ours gets `input_` in front."""
        ours = {*DOCUMENTS, *VERDICT, "row"}
        rest = dict.fromkeys(name for schema in self.schemas.values() for name in self._rest(schema))
        has_pages = self.page_files or any("html" in self.named(schema) for schema in self.schemas.values())
        rest |= dict.fromkeys(PAGE_COLUMNS if has_pages else ())
        travel: dict[str, str] = {}
        for name in rest:
            alias = name
            while alias in ours or alias in travel.values() or (alias != name and alias in rest):
                alias = f"input_{alias}"
            travel[name] = alias
        return travel

    def _rest(self, schema: dict[str, pl.DataType]) -> list[str]:
        taken = set(self.named(schema).values())
        return [name for name in schema if name not in taken]

    def of(self, path: Path) -> tuple[dict[str, str], dict[str, pl.DataType]]:
        """What the columns of documents are called in a file, and all that is asked of it, with the types."""
        names = self.named(self.schemas[path])
        asked = {name: self.schema[name] for name in self.further if name in self.schema}
        asked = {name: kind for name, kind in asked.items() if name not in names.values()}
        return names, asked | {name: pl.String() for name in names.values()}

    def _type(self, name: str) -> pl.DataType:
        """The type of a further column; those that only extraction fills are text."""
        return self.schema.get(name, pl.String())

    @property
    def _limit(self) -> int:
        return int(self.settings.max_document_mb * 1_000_000)

    def documents(self, frame: pl.DataFrame, rejects: list[tuple[str, Reject]], names: dict[str, str]) -> Batch:
        """Records as documents, those without a usable text rejected.

        Args:
            frame: The columns of the input, and `+file`, `+folder` and the encoding.
            rejects: What was no record, and where it stood.
            names: What the columns of documents are called in the frame.
        """
        given = [pl.col(names[c]).alias(c) if c in names else pl.lit(None, pl.String).alias(c) for c in COLUMNS]
        further = [
            (
                pl.col(name).cast(self._type(name), strict=False)
                if name in frame.columns and name not in names.values()
                else pl.lit(None, self._type(name))
            ).alias(alias)
            for name, alias in self.further.items()
        ]
        documents = (
            frame.select(
                *given,
                pl.col(jsonlines.ENCODING).alias("encoding"),
                pl.col("+file").alias("file"),
                pl.col("+folder"),
                *further,
            )
            .with_columns(
                _filled("title"),
                _filled("date"),
                id=pl.coalesce(_filled("id"), _filled("url"), "file"),
                site=pl.coalesce(_filled("site"), _host(pl.when(_filled("site").is_null()).then("url")), "+folder"),
            )
            .select(*DOCUMENTS, *self.further.values())
        )
        size = pl.col("text").str.len_bytes().fill_null(0)
        too_large = pl.format("{} bytes, the limit (max_document_mb) is {}", size, pl.lit(self._limit))
        no_text = (
            "no text"
            if "text" in names or "html" in names
            else f"no column of text: the file has {', '.join(self._shown(frame))}"
        )
        unusable = documents.filter((size == 0) | (size > self._limit)).select(
            "file",
            "id",
            reason=pl.when(size == 0).then(pl.lit("empty")).otherwise(pl.lit("too large")),
            detail=pl.when(size == 0).then(pl.lit(no_text)).otherwise(too_large),
        )
        unread = [(file, None, reject.reason, reject.detail) for file, reject in rejects]
        return Batch(
            documents.filter(size.is_between(1, self._limit)),
            pl.concat([unusable, pl.DataFrame(unread, schema=REJECTED, orient="row")]),
        )

    def _shown(self, frame: pl.DataFrame) -> list[str]:
        return [name for name in frame.columns if not name.startswith("+") and frame[name].null_count() < frame.height]


def _host(url: pl.Expr) -> pl.Expr:
    return url.str.extract(_HOST).str.to_lowercase()


def _filled(column: str) -> pl.Expr:
    """The column, empty text being none."""
    return pl.when(pl.col(column) != "").then(pl.col(column))
