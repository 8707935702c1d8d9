"""Scraped news in, a corpus out: chrome stripped, duplicates found, every removal accounted for."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cleaner.chrome.strip import Article as Article
    from cleaner.chrome.strip import Removal as Removal
    from cleaner.chrome.strip import clean as clean
    from cleaner.chrome.strip import strip as strip
    from cleaner.duplicates.frames import dedupe as dedupe
    from cleaner.errors import CleanerError as CleanerError
    from cleaner.errors import InputError as InputError
    from cleaner.errors import OutputError as OutputError
    from cleaner.errors import RuleError as RuleError
    from cleaner.errors import SettingsError as SettingsError
    from cleaner.pipeline import run as run
    from cleaner.settings import Settings as Settings
    from cleaner.summary import Summary as Summary
    from cleaner.webpage import WebArticle as WebArticle
    from cleaner.webpage import clean_html as clean_html
    from cleaner.write import restore as restore

__version__ = "0.1.0"

_HOMES = {
    "Article": "cleaner.chrome.strip",
    "CleanerError": "cleaner.errors",
    "InputError": "cleaner.errors",
    "OutputError": "cleaner.errors",
    "Removal": "cleaner.chrome.strip",
    "RuleError": "cleaner.errors",
    "Settings": "cleaner.settings",
    "SettingsError": "cleaner.errors",
    "Summary": "cleaner.summary",
    "WebArticle": "cleaner.webpage",
    "clean": "cleaner.chrome.strip",
    "clean_html": "cleaner.webpage",
    "dedupe": "cleaner.duplicates.frames",
    "restore": "cleaner.write",
    "run": "cleaner.pipeline",
    "strip": "cleaner.chrome.strip",
}

__all__ = sorted([*_HOMES, "__version__"])  # noqa: PLE0605 (names and where they live are one table)


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for (PEP 562): `import cleaner` itself loads nothing."""
    if name not in _HOMES:
        message = f"module 'cleaner' has no attribute {name!r}. It has {', '.join(__all__)}."
        raise AttributeError(message)
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
