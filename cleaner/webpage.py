"""One web page to one article: extracted, then stripped as any text."""

from dataclasses import dataclass, fields

from cleaner.chrome.strip import Article, clean
from cleaner.errors import InputError
from cleaner.extract import extract
from cleaner.settings import Settings


@dataclass(frozen=True)
class WebArticle(Article):
    """What is left of a page's text, what was taken away, and what the page says of itself.

    Attributes:
        url: The page's URL: the one given, else the one it names.
        site_name: The site's name.
        lang: The language the page says it is in, as ISO 639-1.
        extracted_by: What the text was taken from: `trafilatura`, `trafilatura, lede`, `json-ld`, `paragraphs` or
            `description`; None where there was none.
        encoding: What the bytes were decoded from, None for UTF-8.
        original: The text that extraction gave; the spans of `removed` are offsets in it.
    """

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
        settings: Only `input`, `rules` and `html_mode` matter here.

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
    article = clean(found.text, title=found.title, settings=chosen)
    said = {entry.name: getattr(article, entry.name) for entry in fields(Article)}
    tags = [*(found.tags or "").split("; "), *article.tags]
    return WebArticle(
        **{
            **said,
            "date": found.date or article.date,
            "author": found.author or article.author,
            "tags": tuple(dict.fromkeys(tag for tag in tags if tag)),
        },
        url=url or found.url,
        site_name=found.site_name,
        lang=found.lang,
        extracted_by=found.extracted_by,
        encoding=found.encoding,
        original=found.text,
    )
