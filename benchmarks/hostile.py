"""Inputs that end other tools, at their true size: the run ends well, the good one is there, the bad one is named."""

import gzip
import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import polars as pl

from benchmarks import measure
from benchmarks.watched import watch

GOOD: Final = "The ferries leave again on Monday, and the harbour master has timber for the pier.\n"
MB: Final = 1_000_000

Maker = Callable[[Path, int], None]


def _page(path: Path, begin: str, middle: str, times: int, end: str = "</body></html>") -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(f"<!DOCTYPE html><html><head><title>x</title></head><body>{begin}")
        for at in range(0, times, 100_000):
            file.write(middle * min(100_000, times - at))
        file.write(end)


def _large_page(folder: Path, size: int) -> None:
    _page(folder / "bad.html", "", "<p>A ferry left the harbour.</p>", size * MB // 33)


def _deep(folder: Path, size: int) -> None:
    for name in ("div", "span", "blockquote"):
        _page(folder / f"bad-{name}.html", "", f"<{name}>", size, "<p>deep</p>")
    (folder / "bad.json").write_text("[" * size, encoding="utf-8")
    (folder / "bad.jsonl").write_text('{"text": ' + "[" * size + "\n", encoding="utf-8")


def _attributes(folder: Path, size: int) -> None:
    names = " ".join(f"a{number}=1" for number in range(size))
    _page(folder / "bad.html", f"<p {names}>", "", 0)
    quoted = names.replace("=1", "='1'")
    (folder / "bad.rss").write_text(f'<rss version="2.0"><channel {quoted}/></rss>', encoding="utf-8")


def _zeros(path: Path, size: int, begin: bytes = b"") -> None:
    """A file that unpacks to so many megabytes of one letter."""
    member = gzip.compress(b"a" * (64 * MB))
    with path.open("wb") as file:
        file.write(gzip.compress(begin) + member * (size // 64))


def _gzip_bomb(folder: Path, size: int) -> None:
    begins = {
        "html": b"<html><body>",
        "txt": b"",
        "jsonl": b'{"text": "',
        "json": b'{"text": "',
        "csv": b'id,text\n1,"',
    }
    for form, begin in {**begins, "array.json": b'[{"text": "', "rss": b"<rss>", "mhtml": b""}.items():
        _zeros(folder / f"bad.{form}.gz", size, begin)


def _entity_bomb(folder: Path, size: int) -> None:
    names = [f"e{number}" for number in range(size)]
    said = "".join(f'<!ENTITY {one} "{f"&{other};" * 10}">' for one, other in zip(names[1:], names, strict=False))
    head = f'<!DOCTYPE html [<!ENTITY e0 "aaaaaaaaaa">{said}]>'
    (folder / "bad.xhtml").write_text(f"<?xml version='1.0'?>{head}<html><body>&{names[-1]};</body></html>", "utf-8")
    feed = f'<rss version="2.0"><channel><item><description>&{names[-1]};</description></item></channel></rss>'
    (folder / "bad.rss").write_text(f"<?xml version='1.0'?>{head}{feed}", "utf-8")


def _zero_bytes(folder: Path, size: int) -> None:
    for name in ("bad.html", "bad.txt", "bad.jsonl", "bad.csv", "bad.json", "bad.warc", "bad.rss", "bad.parquet"):
        (folder / name).write_bytes(b"\0" * (size * MB))


def _encodings(folder: Path, size: int) -> None:
    text = "L'été, la mère a chanté près du café fermé, et le gardien a fêté Noël. " * max(1, size * MB // 80)
    head = '<!DOCTYPE html><html><head><meta charset="{}"><title>x</title></head><body><p>{}</p></body></html>'
    (folder / "wrong.html").write_bytes(head.format("utf-16", text).encode("cp1252"))
    (folder / "mixed.html").write_bytes(head.format("utf-8", text).encode() + text.encode("cp1252"))
    (folder / "mixed.txt").write_bytes(text.encode() + text.encode("cp1252") + text.encode("utf-16"))
    (folder / "mixed.jsonl").write_bytes(json.dumps({"text": text}).encode() + b'\n{"text": "caf\xe9"}\n')
    (folder / "random.html").write_bytes(os.urandom(size * MB))
    (folder / "random.csv").write_bytes(os.urandom(size * MB))


def _warc(folder: Path, size: int) -> None:
    body = f"<!DOCTYPE html><html><head><title>x</title></head><body><p>{GOOD * 40}</p></body></html>".encode()
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
    head = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:%d>\r\nWARC-Target-URI: http://a.test/%d\r\n"
    rest = b"Content-Type: application/http\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n" % (len(http), http)
    for name, packed in (("bad.warc", False), ("bad.warc.gz", True)):
        records = (head % (number, number) + rest for number in range(size))
        data = b"".join(gzip.compress(record, 1) if packed else record for record in records)
        (folder / name).write_bytes(data[: len(data) // 2] + data[len(data) // 2 + 37 :])


def _line(folder: Path, size: int) -> None:
    long = "The ferry left on time. " * (size * MB // 24)
    with (folder / "bad.jsonl").open("w", encoding="utf-8") as file:
        for record in ({"text": long}, {"text": GOOD * 3}, {"html": f"<!DOCTYPE html><p>{long}"}):
            file.write(json.dumps(record) + "\n")


def _quote(folder: Path, size: int) -> None:
    with (folder / "bad.csv").open("w", encoding="utf-8") as file:
        file.write(f'id,text\n0,"{GOOD.strip()}"\n1,"open\n')
        for number in range(size * MB // 90):
            file.write(f"{number + 2},{GOOD.replace(',', '')}")


def _names(folder: Path, size: int) -> None:
    ids = ["../../x", "/x", "..", "a/../../../x", "C:\\x", "x" * size, "nul", "é", "e\u0301", "Story", "story", "STORY"]
    records = (json.dumps({"id": name, "text": f"{GOOD} {number}"}) for number, name in enumerate(ids))
    (folder / "bad.jsonl").write_text("\n".join(records), encoding="utf-8")


CASES: Final[dict[str, tuple[Maker, int, int, list[str]]]] = {
    "a page of 100 MB": (_large_page, 100, 1, []),
    "a page of 100 MB that is allowed": (_large_page, 100, 1, ["--max-page-mb", "200"]),
    "nesting 100 thousand deep": (_deep, 100_000, 1_000, []),
    "an element of 1.5 million attributes": (_attributes, 1_500_000, 1_000, []),
    "gzip bombs of 4 GB": (_gzip_bomb, 4_000, 64, []),
    "entities that unfold to 10 to the 12": (_entity_bomb, 12, 6, []),
    "100 MB of zeros": (_zero_bytes, 100, 1, []),
    "wrong and mixed encodings": (_encodings, 10, 1, []),
    "web archives that miss bytes in the middle": (_warc, 4_000, 20, []),
    "a line of 200 MB": (_line, 200, 1, []),
    "a quote that is never closed in 200 MB": (_quote, 200, 1, []),
    "ids that lead out of the output": (_names, 5_000, 300, ["--format", "txt"]),
}
"""Each case: what makes it, how large it is, how large for a quick look, and the options that it needs."""


def run(work: Path, *, small: bool = False) -> dict[str, Any]:
    """Each case once, by the command, beside a good text."""
    rows = []
    for name, (make, full, little, options) in CASES.items():
        folder = work / "hostile"
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "in").mkdir(parents=True)
        (folder / "in" / "good.txt").write_text(GOOD, encoding="utf-8")
        make(folder / "in", little if small else full)
        row = {"case": name, **_ran(folder, options)}
        said = ", ".join(f"{file} {reason}" for file, reason in row["rejected"])
        print(f"{name}: exit {row['code']}, {row['wall']:.1f} s, {row['peak_bytes'] / MB:.0f} MB; {said}")
        rows.append(row)
        shutil.rmtree(folder)
    return {**measure.about("hostile", None), "rows": rows}


def _ran(folder: Path, options: list[str]) -> dict[str, Any]:
    size = sum(path.stat().st_size for path in (folder / "in").iterdir())
    words = ["run", str(folder / "in"), "--output", str(folder / "out"), "--no-dedupe", *options]
    seen = watch([sys.executable, "-m", "cleaner", *words])
    row = {"bytes": size, "code": seen.code, "wall": seen.wall, "processor": seen.processor, "peak_bytes": seen.peak}
    if seen.code:
        return {**row, "failed": seen.said[-500:], "good": False, "kept": 0, "rejected": []}
    table = "documents" if "txt" in options else "corpus"
    kept = pl.read_parquet(folder / "out" / f"{table}.parquet")["file"]
    rejected = pl.read_parquet(folder / "out" / "rejected.parquet")
    return {
        **row,
        "good": "good.txt" in kept,
        "kept": kept.len(),
        "rejected": rejected.select("file", "reason").head(20).rows(),
    }
