"""A web page before extraction and after."""

from dataclasses import dataclass

import xxhash

LOOKS_LIKE_A_PAGE = r"(?i)^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^>]*>\s*)?<(?:!doctype\s+html|html)\b"
"""How a text begins that is a page."""


@dataclass(frozen=True)
class RawPage:
    """A page as it came: bytes or text, and if they are known, where from and what the transport says it is in."""

    data: bytes | str
    url: str | None = None
    charset: str | None = None

    @property
    def digest(self) -> bytes:
        """The same for pages that give the same article."""
        data = self.data if isinstance(self.data, bytes) else self.data.encode("utf-8", "surrogatepass")
        return xxhash.xxh3_128(repr((type(self.data), self.url, self.charset)).encode() + data).digest()


@dataclass(frozen=True)
class Page:
    """What was found in a page.

    Attributes:
        text: The article's text, one block per line; empty where there is none.
        extracted_by: `trafilatura`, `trafilatura, lede` (the first paragraph stood outside the body), `json-ld`
            (`articleBody` of the page's own data), `paragraphs` (those of the element that holds most of the prose),
            `description` (the page's own summary, where nothing else is), `fragment` (all of a piece of HTML).
        title: The title.
        author: The authors, separated by `; `.
        date: The date of publication, as `YYYY-MM-DD`.
        url: The page's own URL, as it says.
        site_name: The site's name.
        tags: The tags, separated by `; `.
        lang: The language the page says it is in, as ISO 639-1.
        encoding: What the bytes were decoded from, None for UTF-8.
    """

    text: str
    extracted_by: str | None = None
    title: str | None = None
    author: str | None = None
    date: str | None = None
    url: str | None = None
    site_name: str | None = None
    tags: str | None = None
    lang: str | None = None
    encoding: str | None = None
