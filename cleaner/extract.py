"""HTML to the text of its article and what the page says of it; the only file that knows trafilatura.

The page is parsed once. What is never article goes from the tree before trafilatura sees it, which makes its work
shorter and its choice better; where it gives nothing or loses the lede, the page itself is asked.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from trafilatura import bare_extraction
from trafilatura.baseline import _collect_json_content, _render_text
from trafilatura.meta import reset_caches
from trafilatura.metadata import extract_metadata
from trafilatura.utils import HTML_PARSER, load_html

from cleaner.decode import page_text
from cleaner.page import Page

NEVER = ("style", "svg", "canvas", "button", "select", "input", "textarea", "footer")
"""Elements that hold no article text. trafilatura drops them too, after it has copied and searched them.
Those that a page may forget to close, and the parser then closes at its end (`iframe`, `noscript`), are left to it."""

HOLLOW = ("div", "span", "li", "ul", "a", "i", "section", "p", "td")
"""Elements that may stand empty, for pictures, advertisements and scripts to come."""

BLOCKS = (
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "li", "main", "nav", "ol",
    "p", "pre", "section", "summary", "table", "tbody", "td", "th", "tr", "ul",
)  # fmt: skip
"""Elements that begin a line of their own."""

_WHOLE = frozenset({"body", "article", "main", "section", "html"})
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_BLOCKS = frozenset(BLOCKS)

LINKED = 0.6
"""Share of a block's characters in links into the same site from which it is a pointer to other articles."""

SHORT = 250
"""Characters below which an extraction is doubted and another is tried."""

PROSE, MOST = 80, 0.7
"""Characters from which a block is taken for a paragraph, and the share of them that makes an element the article."""

LEDE, LEDE_HEADING = 130, 165
"""Characters from which a block between headline and body is the article's first paragraph, and a heading there.
What is shorter is a sub-headline: a line to sell the story, most often not of the reporter's text."""

HEADLINE, FOUND = 10, 40
"""Letters from which a block is told to be the headline, or one of the body."""

LEDE_BLOCKS = 12
"""Blocks between headline and body above which they are a page of their own, and no lede is looked for."""

_APART = re.compile(
    r"byline|author|caption|quote|credit|meta|date|time|share|social|comment|related|newsletter|promo|\bad[-_]|banner|player"
    r"|copyright|cookie|disclaimer|bio|widget|breadcrumb|tags?\b|sidebar|trending|popular",
    re.IGNORECASE,
)
"""Names of classes and ids of what stands around the headline and is no lede."""

_WHOLE_PAGE = re.compile(r"<(?:html|head|body|!doctype)\b", re.IGNORECASE)
_NO_LETTER = re.compile(r"\W+")
_DATES = {"original_date": True, "extensive_search": False, "max_date": "2100-01-01"}
"""htmldate's options. Its own latest date is the day it runs on, and a result must not depend on that."""


# ---- the tree ------------------------------------------------------------------------------------------------------


def extract(page: bytes | str, *, url: str | None = None, mode: str = "precision", charset: str | None = None) -> Page:
    """The article of a page.

    Args:
        page: The page, as bytes or as text.
        url: Where it came from, if that is known.
        mode: What trafilatura favours, one of `precision`, `balanced`, `recall` and `fast`.
        charset: What the transport said the bytes are in.

    Raises:
        ValueError: The page is no text, or no parser takes it whole.
    """
    text, encoding = page_text(page, charset) if isinstance(page, bytes) else (page, None)
    text = text.replace("\0", "")
    if _WHOLE_PAGE.search(text) is None:
        return Page(_rendered(text), "fragment", encoding=encoding) if text.strip() else Page("", encoding=encoding)
    tree = _parsed(text)
    lang = _lang(tree)
    _drop_never(tree)
    known = extract_metadata(tree, url, _DATES)
    bodies = _article_bodies(tree)
    etree.strip_elements(tree, "script", with_tail=False)
    _drop_pointers(tree, _site(url) or _site(known.url))
    found, source = _body(tree, bodies, known.description, mode)
    lede = _lede(tree, found, known.title) if source == "trafilatura" else []
    return Page(
        "\n".join([*lede, found]),
        f"{source}, lede" if lede else source,
        title=known.title,
        author=known.author,
        date=known.date,
        url=known.url,
        site_name=known.sitename,
        tags="; ".join(known.tags or []) or None,
        lang=lang,
        encoding=encoding,
    )


def _rendered(text: str) -> str:
    """All of the text in a piece of HTML, such as a feed or an interface gives: one block per line."""
    tree = document_fromstring(f"<div>{text}</div>", parser=HTMLParser(encoding="utf-8", remove_comments=True))
    etree.strip_elements(tree, "script", *NEVER, with_tail=False)
    for element in tree.iter("br", *BLOCKS):
        element.text, element.tail = f"\n{element.text or ''}", f"\n{element.tail or ''}"
    lines = (" ".join(line.split()) for line in "".join(tree.itertext()).split("\n"))
    return "\n".join(line for line in lines if line)


def _parsed(text: str) -> HtmlElement:
    """The tree of a page.

    Raises:
        ValueError: The parser broke off, or made nothing of it.
    """
    tree = load_html(text)
    if tree is None:
        message = "no parser made anything of it, or it takes more memory than max_page_memory_mb allows"
        raise ValueError(message)
    if _is_cut(HTML_PARSER):
        parser = HTMLParser(huge_tree=True, collect_ids=False, encoding="utf-8", remove_comments=True, remove_pis=True)
        tree = document_fromstring(text.encode("utf-8", "replace"), parser=parser)
        if _is_cut(parser):
            message = f"the parser broke off: {parser.error_log.filter_from_fatals()[0].message}"
            raise ValueError(message)
    return tree


def _is_cut(parser: HTMLParser) -> bool:
    """Whether the last page that was parsed was too deep, or too much at one place, for the parser's usual limits."""
    return any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log.filter_from_fatals())


def _lang(tree: HtmlElement) -> str | None:
    """The language that the page says it is in."""
    said = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
    code = re.match(r"[A-Za-z]{2,3}(?![A-Za-z])", said.strip())
    return code[0].lower() if code else None


def _drop_never(tree: HtmlElement) -> None:
    """Take out what is no text, scripts of data apart, and elements with nothing in them."""
    etree.strip_elements(tree, *NEVER, with_tail=False)
    for script in list(tree.iter("script")):
        if script.get("type") != "application/ld+json":
            script.drop_tree()
    for menu in list(tree.iter("nav")):
        if menu.find(".//p") is None and menu.getparent() is not None:
            menu.drop_tree()
    for element in reversed(list(tree.iter(*HOLLOW))):
        parent = element.getparent()
        if parent is not None and not len(element) and not (element.text or "").strip():
            element.drop_tree()


def _text(element: HtmlElement) -> str:
    return " ".join("".join(element.itertext()).split())


def _site(url: str | None) -> str:
    """The last two labels of a URL's host; empty if there is none."""
    try:
        host = urlsplit(url or "").hostname or ""
    except ValueError:
        return ""
    return ".".join(host.split(".")[-2:])


def _drop_pointers(tree: HtmlElement, site: str) -> None:
    """Take out blocks that are little but links into the same site: "read also", menus, lists of other articles."""
    linked: dict[HtmlElement, int] = {}
    for link in tree.iter("a"):
        if _is_inside(link.get("href"), site):
            block = next((above for above in link.iterancestors() if above.tag in _BLOCKS), None)
            if block is not None and block.tag not in _WHOLE:
                linked[block] = linked.get(block, 0) + len(_text(link))
    for block, letters in linked.items():
        whole = len(_text(block))
        if whole and letters >= LINKED * whole and block.find(".//p") is None and block.getparent() is not None:
            block.drop_tree()


def _is_inside(href: str | None, site: str) -> bool:
    """Whether a link leads to another page of the same site."""
    if not href or href.startswith(("#", "mailto:", "tel:", "javascript:", "data:")):
        return False
    return "//" not in href[:8] or (bool(site) and _site(href) == site)


# ---- the article ---------------------------------------------------------------------------------------------------


def _body(tree: HtmlElement, bodies: list[str], description: str | None, mode: str) -> tuple[str, str | None]:
    """The text of the article, and what it was taken from."""
    text = _by_trafilatura(tree, mode)
    if len(text) < SHORT:
        other = _by_trafilatura(tree, "recall" if mode == "balanced" else "balanced")
        text = other if len(other) > 2 * len(text) else text
    said = max((_render_text(body) for body in bodies), key=len, default="")
    if len(said) >= SHORT and len(said) > 2 * len(text):
        return said, "json-ld"
    if len(text) < SHORT and len(dense := _dense(tree)) > 2 * max(len(text), SHORT):
        return dense, "paragraphs"
    if text.strip():
        return text, "trafilatura"
    return (description, "description") if description else ("", None)


def _by_trafilatura(tree: HtmlElement, mode: str) -> str:
    found = bare_extraction(
        tree,
        fast=mode == "fast",
        favor_precision=mode == "precision",
        favor_recall=mode == "recall",
        include_comments=False,
    )
    return (found.text or "") if found is not None and not isinstance(found, dict) else ""


def _article_bodies(tree: HtmlElement) -> list[str]:
    """The texts of the article that the page's own data (schema.org, JSON-LD) hold."""
    bodies, _ = _collect_json_content(tree)
    return bodies


def _dense(tree: HtmlElement) -> str:
    """The paragraphs of the smallest element that holds most of the page's prose, with the headings among them."""
    blocks = [
        (element, text) for element, text in _leaves(tree) if element.tag in _HEADINGS or _is_prose(element, text)
    ]
    held: dict[HtmlElement, int] = {}
    for element, text in blocks:
        if element.tag not in _HEADINGS:
            for above in element.iterancestors():
                held[above] = held.get(above, 0) + len(text)
    most = max(held.values(), default=0)
    container = min((above for above in held if held[above] >= MOST * most), key=held.__getitem__, default=tree)
    return "\n".join(text for element, text in blocks if container in element.iterancestors())


def _is_prose(element: HtmlElement, text: str) -> bool:
    return len(text) >= PROSE and sum(len(_text(link)) for link in element.iter("a")) <= len(text) / 2


def _lede(tree: HtmlElement, text: str, title: str | None) -> list[str]:
    """The first paragraphs, where they stand between the headline and the body and were not taken for body."""
    between: list[tuple[HtmlElement, str]] = []
    headline, whole, begun = _letters(title or ""), _letters(text), False
    for element, block in _leaves(tree):
        letters = _letters(block)
        if element.tag == "h1" or (len(headline) > HEADLINE and letters == headline):
            between, begun = [], True
        elif len(letters) >= FOUND and letters[:200] in whole:
            break
        elif len(letters) >= LEDE / 2:
            between.append((element, block))
    else:
        return []
    if not begun or len(between) > LEDE_BLOCKS:
        return []
    return [block for element, block in between if _is_lede(element, block)]


def _letters(text: str) -> str:
    """A text's letters and digits, in lower case: what two renderings of it have in common."""
    return _NO_LETTER.sub("", text.lower())


def _leaves(tree: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    """The blocks that hold no other block, and their texts."""
    for element in tree.iter(*BLOCKS):
        if next(element.iterdescendants(*BLOCKS), None) is None:
            text = _text(element)
            if text:
                yield element, text


def _is_lede(element: HtmlElement, text: str) -> bool:
    if element.tag in {"li", "figcaption", "td"} or len(text) < (LEDE_HEADING if element.tag in _HEADINGS else LEDE):
        return False
    parent = element.getparent()
    names = [each.get(key) or "" for each in (element, parent) if each is not None for key in ("class", "id")]
    return not _APART.search(" ".join(names)) and _is_prose(element, text)


def forget() -> None:
    """Empty the caches that trafilatura keeps; they change no result and would grow."""
    reset_caches()
