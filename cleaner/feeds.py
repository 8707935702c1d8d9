"""RSS and Atom to their entries: the whole content where it is there, else the summary. It runs in `worker.py`."""

import time
from typing import Any

COLUMNS = ("html", "id", "url", "title", "date", "author", "lang")

FEED = "feed"
"""What a worker is asked for in the place of trafilatura's mode."""


def entries(data: bytes) -> list[dict[str, str | None]]:
    """The entries of a feed, each with COLUMNS.

    Raises:
        ValueError: It is none.
    """
    import feedparser  # noqa: PLC0415 (few inputs have feeds)

    feed = feedparser.parse(data, sanitize_html=False, resolve_relative_uris=False)
    if not feed.version and not feed.entries:
        message = "no RSS or Atom feed"
        raise ValueError(message)
    return [_entry(entry, feed.feed) for entry in feed.entries]


def _entry(entry: Any, feed: Any) -> dict[str, str | None]:
    contents = [content.get("value") or "" for content in entry.get("content", [])]
    said = {
        "html": max(contents, key=len, default="") or entry.get("summary"),
        "id": entry.get("id"),
        "url": entry.get("link"),
        "title": entry.get("title"),
        "date": _iso(entry, "published") or _iso(entry, "updated"),
        "author": entry.get("author"),
        "lang": (contents and entry.content[0].get("language")) or feed.get("language"),
    }
    return {name: str(value) if value else None for name, value in said.items()}


def _iso(entry: Any, name: str) -> str | None:
    """A date of an entry as ISO 8601 in UTC; as it stands there where it cannot be read."""
    read, said = entry.get(f"{name}_parsed"), entry.get(name)
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", read) if read else said
