"""Pages among the inputs: files of one page, and columns of pages in records."""

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Self

import polars as pl

from cleaner.files import BROKEN, Reject, opened, said, some
from cleaner.jsonlines import ENCODING
from cleaner.page import LOOKS_LIKE_A_PAGE, Page, RawPage

HTML_COLUMNS = ("html", "raw_html", "html_content", "content_html", "body_html", "article_html", "page_html", "page")
"""What columns of pages are called; they are read where a record has no text."""

PAGE_COLUMNS = ("author", "site_name", "tags", "extracted_by")
"""What is known of a page besides the columns of documents."""

PAGE_NAMES = {name: name for name in ("text", "url", "lang", "date", "title")}
"""The columns of documents that a frame of pages has."""

_ROW = "+row"


def page_of(path: Path, limit: int) -> RawPage | Reject:
    """The page in a file, that of an archive (MHTML) apart from its pictures, or why there is none.

    Args:
        path: The file.
        limit: Bytes beyond which a page is too large.
    """
    try:
        with opened(path) as file:
            data, broken = some(file, limit + 1)
    except BROKEN as error:
        broken = error
    if broken:
        return Reject(None, "unreadable", said(broken))
    if len(data) > limit:
        return too_large(limit)
    if not data.strip():
        return Reject(None, "empty", "no text")
    return _archived(data) if ".mht" in "".join(path.suffixes).lower() else RawPage(data)


def too_large(limit: int) -> Reject:
    """What becomes of a page over the limit."""
    return Reject(None, "too large", f"a page of over {limit} bytes (max_page_mb)")


def _archived(data: bytes) -> RawPage | Reject:
    """The page in an archive of MIME parts: the first that is HTML."""
    message = message_from_bytes(data, policy=policy.default)
    for part in message.walk():
        if isinstance(part, EmailMessage) and part.get_content_type() in {"text/html", "application/xhtml+xml"}:
            page = part.get_payload(decode=True)
            if isinstance(page, bytes) and page.strip():
                url = part.get("Content-Location") or message.get("Snapshot-Content-Location")
                return RawPage(page, url and str(url), part.get_content_charset())
    return Reject(None, "unreadable", "no part of the archive is HTML")


def row_of(page: Page) -> dict[str, str | None]:
    """A page as a row of page_frame."""
    return {
        **{name: getattr(page, name) for name in (*PAGE_NAMES, *PAGE_COLUMNS)},
        ENCODING: page.encoding,
    }


def page_frame(rows: list[dict[str, str | None]]) -> pl.DataFrame:
    """Pages as documents: `+file`, `+folder`, their encoding, PAGE_NAMES and PAGE_COLUMNS."""
    return pl.DataFrame(
        rows, schema=dict.fromkeys((*PAGE_NAMES, *PAGE_COLUMNS, ENCODING, "+file", "+folder"), pl.String)
    )


@dataclass(frozen=True)
class Part:
    """Some records of a file.

    Attributes:
        frame: Their columns, and `+file`, `+folder` and the encoding.
        rejects: What was no record, and where it stood.
        names: What the columns of documents, and `html`, are called in the frame.
    """

    frame: pl.DataFrame
    rejects: tuple[tuple[str, Reject], ...]
    names: dict[str, str]

    def pages(self, limit: int) -> Iterator[tuple[int, RawPage | Reject]]:
        """The pages among the records: those that have no text and a page, and those whose text is one."""
        text, html, url = (self._column(name) for name in ("text", "html", "url"))
        page = pl.when(text.str.contains(LOOKS_LIKE_A_PAGE)).then(text).when(text.fill_null("") == "").then(html)
        found = self.frame.select(page=page, url=url).with_row_index(_ROW).filter(pl.col("page") != "")
        for row, data, where in found.iter_rows():
            yield row, RawPage(data, where) if len(data) <= limit else too_large(limit)

    def _column(self, name: str) -> pl.Expr:
        return pl.col(self.names[name]) if name in self.names else pl.lit(None, pl.String)

    def with_pages(self, answers: list[tuple[int, Any]]) -> Self:
        """The records with the pages among them extracted: their texts, and what the records do not say themselves."""
        if not answers:
            return self
        rejects = [(row, answer) for row, answer in answers if isinstance(answer, Reject)]
        found = [{_ROW: row, **row_of(answer)} for row, answer in answers if not isinstance(answer, Reject)]
        pages = pl.DataFrame(found, schema={_ROW: pl.UInt32, **dict.fromkeys(row_of(Page("")), pl.String)})
        names = {**self.names, **{name: self.names.get(name, name) for name in PAGE_NAMES}}
        joined = self.frame.with_row_index(_ROW).join(
            pages.rename(lambda name: name if name == _ROW else f"+page {name}"),
            on=_ROW, how="left", maintain_order="left",
        )  # fmt: skip
        taken = pl.col("+page text").is_not_null()
        given = {names.get(name, name): pl.col(f"+page {name}") for name in (*PAGE_NAMES, *PAGE_COLUMNS, ENCODING)}
        filled = [
            (
                pl.when(taken).then(value).otherwise(pl.col(column) if column in self.frame.columns else None)
                if column == names["text"]
                else pl.coalesce(_given(joined, column), value)
            ).alias(column)
            for column, value in given.items()
        ]
        refused = {row for row, _ in rejects}
        whole = (
            joined.with_columns(filled)
            .filter(~pl.col(_ROW).is_in(refused))
            .select(pl.exclude(f"^{_ROW}$|^\\+page .*$"))
        )
        files = self.frame["+file"]
        return type(self)(whole, (*self.rejects, *((files[row], reject) for row, reject in rejects)), names)


def _given(frame: pl.DataFrame, column: str) -> pl.Expr:
    """What the records themselves say in a column, empty text being nothing."""
    if frame.schema.get(column) != pl.String:
        return pl.lit(None, pl.String)
    return pl.when(pl.col(column) != "").then(pl.col(column))
