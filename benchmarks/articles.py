"""Invented articles in the language of each pack: what stripping takes of them, and of chrome around them.

The false removals first: of an article without chrome nothing may go, though its sentences begin as chrome does.
"""

import tomllib
from pathlib import Path
from typing import Any, Final

import polars as pl

from benchmarks.measure import ROOT
from benchmarks.quality import covered, places
from cleaner.chrome.rules import load
from cleaner.chrome.strip import strip_texts
from cleaner.write import shown

ARTICLES: Final = ROOT / "fixtures" / "articles.toml"
CASES: Final = ROOT / "fixtures" / "cases"

_APART: Final = ("title", "blank")
"""Categories of removals that take nothing from an article: its title moves, and one blank line of several stays."""

_LINE: Final = pl.Schema({"row": pl.UInt32, "start": pl.UInt32, "end": pl.UInt32, "category": pl.String})
"""Where a line stands in a text, and what it is: `title`, `body`, or the category of chrome."""


def judged(articles: Path = ARTICLES, cases: Path = CASES) -> dict[str, float]:
    """What is taken wrongly, and the share of each category of chrome that is found.

    Returns:
        `clean_lost` and `framed_lost`, bytes of articles that go, without chrome around them and with it; `page_lost`,
        the same where each, a short article with much around it, may be taken for a whole page; `sentences_taken`, how
        many of the sentences go that are known to; `cases_wrong`, golden cases that do not come out as they should;
        and for each category `CATEGORY_found`, the share of its bytes that goes.
    """
    found = read(articles)
    bare, full = ([_lines(one, chrome=chrome) for one in found] for chrome in (False, True))
    clean, framed, pages = _stripped(bare, "auto"), _stripped(full, "article"), _stripped(full, "auto")
    by_category = framed.group_by("category").agg(share=pl.col("gone").sum() / pl.col("size").sum())
    shares = dict(by_category.sort("category").iter_rows())
    return {
        "clean_lost": _lost(clean),
        "framed_lost": _lost(framed),
        "page_lost": _lost(pages),
        "sentences_taken": float(len(taken(found))),
        "cases_wrong": float(len(wrong(cases))),
        **{f"{name}_found": share for name, share in shares.items() if name not in ("title", "body")},
    }


def read(path: Path = ARTICLES) -> list[dict[str, Any]]:
    """The articles: `lang`, `title`, `text`, and pairs of a category and a line as `head`, `inside` and `tail`."""
    articles: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["article"]
    return articles


def taken(articles: list[dict[str, Any]]) -> list[str]:
    """The sentences that are known to go, and do, above the article that they are of."""
    sentences = [(sentence, one["text"]) for one in articles for sentence in one.get("taken", [])]
    texts = strip_texts(
        pl.Series([f"{sentence}\n{text}" for sentence, text in sentences], dtype=pl.String), load()
    ).text
    return [sentence for (sentence, _), text in zip(sentences, texts, strict=True) if not text.startswith(sentence)]


def wrong(folder: Path = CASES) -> list[str]:
    """The golden cases that do not come out as they should."""
    cases = sorted(folder.iterdir())
    texts = pl.Series([(case / "input.txt").read_bytes().decode() for case in cases], dtype=pl.String)
    stripped = strip_texts(texts, load())
    made = zip(cases, stripped.told()["title"], stripped.text, strict=True)
    return [
        case.name for case, title, text in made if shown(title, text).encode() != (case / "expected.txt").read_bytes()
    ]


def _lines(article: dict[str, Any], *, chrome: bool) -> list[tuple[str, str]]:
    """The lines of an article, with what each is; of the chrome inside one line stands below each paragraph."""
    body = [("body", line) for line in article["text"].strip().split("\n\n")]
    if not chrome:
        return [("title", article["title"]), *body]
    head, inside, tail = ([(kind, line) for kind, line in article[place]] for place in ("head", "inside", "tail"))
    mixed = [line for turn, one in enumerate(body) for line in (one, *inside[turn : turn + 1])]
    return [("title", article["title"]), *head, *mixed, *tail]


def _stripped(documents: list[list[tuple[str, str]]], kind: str) -> pl.DataFrame:
    """Every line of documents of a kind: its category, its `size` in bytes, and how many of them are `gone`."""
    texts = pl.Series(["\n\n".join(line for _, line in lines) for lines in documents], dtype=pl.String)
    rows = []
    for doc, lines in enumerate(documents):
        start = 0
        for category, line in lines:
            end = start + len(line.encode())
            rows.append((doc, start, end, category))
            start = end + len("\n\n")
    placed = pl.DataFrame(rows, schema=_LINE, orient="row")
    removed = strip_texts(texts, load(), kind=kind).removed.filter(~pl.col("category").is_in(_APART))
    gone = covered(*places(placed), places(removed.rename({"doc": "row"})))
    return placed.select("category", size=pl.col("end") - pl.col("start"), gone=pl.Series(gone))


def _lost(lines: pl.DataFrame) -> float:
    return float(lines.filter(pl.col("category").is_in(["title", "body"]))["gone"].sum())
