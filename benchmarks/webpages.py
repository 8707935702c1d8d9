"""Web pages to a corpus: pages per second and memory of the whole job, beside trafilatura alone on one core."""

import html
import json
import shutil
import sys
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any, Final

import polars as pl

from benchmarks import measure
from benchmarks.generate import obtain
from benchmarks.measure import ONE_THREAD
from benchmarks.plan import Plan
from benchmarks.watched import watch

ALONE: Final = 300
"""Pages that trafilatura alone is measured on."""

LINKS, TEASERS, SCRIPT_BYTES, SCRIPTS = 130, 40, 3_000, 24
"""What stands on each of our pages besides the article: real ones have 750 elements and 105 kB (median)."""


def pages(plan: Plan, work: Path, given: Path | None) -> dict[str, Any]:
    """The whole job on pages in files, and trafilatura on some of them; those of a directory, or ours.

    Raises:
        ValueError: There are no pages in the directory.
    """
    folder = work / "pages"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    corpus = None if given else obtain(plan, work)
    made = _repeated(given) if given else _ours(corpus.texts, corpus.lines) if corpus else iter([])
    for number, page in enumerate(islice(made, plan.docs)):
        (folder / f"{number:07}.html").write_bytes(page)
    size = sum(path.stat().st_size for path in folder.iterdir())
    output = work / "pages-out"
    seen = watch([sys.executable, "-m", "cleaner", "run", str(folder), "--output", str(output), "--overwrite"])
    if seen.code:
        raise RuntimeError(seen.said)
    counts = json.loads((output / "run.json").read_text(encoding="utf-8"))["counts"]
    ours = _row("cleaner, the whole job on all cores", plan.docs, size, seen.wall, seen.processor)
    result = {**measure.about("pages", corpus), "pages": plan.docs, "bytes": size, "given": given is not None}
    ours |= {"quarters": seen.quarters(), "peak_bytes": seen.peak, "counts": counts}
    rows, skipped = _alone(folder)
    ratios = {
        row["tool"]: {
            "pages per second": ours["pages_per_second"] / row["pages_per_second"],
            "by time of the processor": measure.machine()["cores"] * row["processor_ms"] / ours["processor_ms"],
        }
        for row in rows
    }
    shutil.rmtree(folder)
    return {**result, "rows": [ours, *rows], "ratios": ratios, "skipped": skipped}


def _row(tool: str, count: int, size: int, wall: float, processor: float) -> dict[str, Any]:
    return {
        "tool": tool,
        "seconds": wall,
        "pages_per_second": count / wall,
        "mb_per_second": size / 1e6 / wall,
        "processor_ms": 1000 * processor / count,
    }


def _alone(folder: Path) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """What trafilatura takes: with its defaults, and when it is asked for title, date and the like as we ask it."""
    rows, skipped = [], dict[str, str]()
    for metadata in (False, True):
        tool = f"trafilatura, bare_extraction{' with metadata' * metadata}, one core"
        try:
            found = measure.in_child("bare", threads=ONE_THREAD, pages=str(folder), most=ALONE, metadata=metadata)
        except measure.ChildError as error:
            skipped[tool] = error.reason
            continue
        rows.append(_row(tool, found["pages"], found["bytes"], found["seconds"], found["processor"]))
    return rows, skipped


def _repeated(folder: Path) -> Iterator[bytes]:
    """The pages of a directory over and over, a number behind each, since equal pages are extracted once."""
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in {".html", ".htm", ".xhtml"})
    if not files:
        message = f"{folder}: no .html files in it. Name a directory that has some."
        raise ValueError(message)
    for number, path in enumerate(cycle(files)):
        yield path.read_bytes() + f"\n<!-- {number} -->".encode()


def _ours(texts: Path, lines: Path) -> Iterator[bytes]:
    """Our texts as pages, each line an element by its kind, among menus, teasers and scripts."""
    table, at = pl.scan_parquet(lines), 0
    for batch in pl.scan_ndjson(texts).select("url", "lang", "date", "text").collect_batches(maintain_order=True):
        inside = table.filter(pl.col("row").is_between(at, at + batch.height - 1)).collect()
        kinds = {row: list(zip(*found, strict=True)) for row, *found in _grouped(inside)}
        titles = [text.partition("\n")[0] for text in batch["text"]]
        for turn, row in enumerate(batch.iter_rows(named=True)):
            yield _page(row, row["text"].encode(), kinds.get(at + turn, []), _others(titles, turn))
        at += batch.height


def _grouped(lines: pl.DataFrame) -> Iterator[tuple[Any, ...]]:
    return lines.group_by("row", maintain_order=True).agg("start", "end", pl.col("kind").cast(pl.String)).iter_rows()


def _others(titles: list[str], turn: int) -> list[str]:
    return [html.escape(titles[(turn * 7 + number) % len(titles)]) for number in range(LINKS)]


def _page(said_of: dict[str, str], text: bytes, spans: list[tuple[int, int, str]], others: list[str]) -> bytes:
    url, lang, date = (said_of[name] for name in ("url", "lang", "date"))
    said = [(kind, html.escape(text[start:end].decode())) for start, end, kind in spans]
    title = next((line for kind, line in said if kind == "title"), "")
    body = "".join(
        f"<p>{line}</p>\n" if kind == "body" else f"<div class='{kind}'>{line}</div>\n" for kind, line in said
    )
    menu = "".join(
        f"<li class='menu-item menu-item-{n}'><a href='/{n}'>{one[:24]}</a></li>" for n, one in enumerate(others)
    )
    teasers = "".join(
        f"<div class='teaser'><a href='/t{n}'><img src='/{n}.jpg' alt=''/><h3>{one}</h3></a><span>{date}</span></div>"
        for n, one in enumerate(others[:TEASERS])
    )
    script = f"<script>window.data = {json.dumps(others * 9)[:SCRIPT_BYTES]!r};</script>"
    return (
        f"<!DOCTYPE html><html lang='{lang}'><head><meta charset='utf-8'><title>{title} | {url}</title>"
        f"<link rel='canonical' href='{url}'><meta property='og:title' content='{title}'>{script * SCRIPTS}</head>"
        f"<body><header><nav><ul>{menu}</ul></nav></header><main><article><h1>{title}</h1>"
        f"<time datetime='{date}'>{date}</time><div class='article-body'>{body}</div></article>"
        f"<aside class='related'>{teasers}</aside></main><footer><ul>{menu}</ul></footer>{script}</body></html>"
    ).encode()
