"""One web page to one article: extracted, then stripped as any text."""

from dataclasses import dataclass

import polars as pl

from cleaner.chrome.rules import load
from cleaner.chrome.strip import Article, Removal, strip_texts
from cleaner.errors import InputError
from cleaner.extract import extract
from cleaner.schema import SPAN
from cleaner.settings import Settings


@dataclass(frozen=True)
class WebArticle(Article):
    """What is left of a page's text, what was taken away, and what the page says of itself.

    Attributes:
        author: The authors, separated by `; `.
        url: The page's URL: the one given, else the one it names.
        site_name: The site's name.
        lang: The language the page says it is in, as ISO 639-1.
        extracted_by: What the text was taken from: `trafilatura`, `trafilatura, lede`, `json-ld`, `paragraphs` or
            `description`; None where there was none.
        encoding: What the bytes were decoded from, None for UTF-8.
        original: The text that extraction gave; the spans of `removed` are offsets in it.
    """

    author: str | None
    url: str | None
    site_name: str | None
    lang: str | None
    extracted_by: str | None
    encoding: str | None
    original: str


def clean_html(page: bytes | str, *, url: str | None = None, settings: Settings | None = None) -> WebArticle:
    """Take the article out of a page, and the chrome out of the article.

    Args:
        page: The page, as bytes in whatever encoding or as text.
        url: Where it came from, if that is known: links into the same site are told by it.
        settings: Only `rules` and `html_mode` matter here.

    Raises:
        InputError: The page is no text.
        RuleError: A rule file of the settings is refused.
    """
    chosen = settings or Settings()
    try:
        found = extract(page, url=url, mode=chosen.html_mode)
    except ValueError as error:
        message = f"the page is no text: {error}. Give HTML."
        raise InputError(message) from error
    texts, titles = (pl.Series([value], dtype=pl.String) for value in (found.text, found.title))
    stripped = strip_texts(texts, load(chosen.rules), titles)
    tags = tuple(stripped.tags.item() if stripped.tags.item() is not None else ())
    return WebArticle(
        title=found.title if found.title is not None else stripped.title.item(),
        text=stripped.text.item(),
        date=found.date or stripped.date.item(),
        tags=tuple(dict.fromkeys([*(found.tags or "").split("; "), *tags])) if found.tags else tags,
        removed=tuple(Removal(**row) for row in stripped.removed.select(SPAN.names()).iter_rows(named=True)),
        author=found.author,
        url=url or found.url,
        site_name=found.site_name,
        lang=found.lang,
        extracted_by=found.extracted_by,
        encoding=found.encoding,
        original=found.text,
    )
