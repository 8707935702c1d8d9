"""Web pages: what is taken from them, and that no page stops a run."""

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import cleaner
from cleaner.decode import page_text
from cleaner.extract import extract
from cleaner.files import Reject
from cleaner.page import Page, RawPage
from cleaner.settings import Settings
from cleaner.workers import Limits, Pool

STORY = [
    "The harbour of Lendal reopened on Monday after two weeks of storms, and all five ferries left on time.",
    "The harbour master said that the northern pier would need new timber before the winter, and a crane to set it.",
    "Fishermen had moved their boats up the river when the first warning came, and lost only some nets and buoys.",
    "A second gale is expected at the end of the month, although the weather office gives it little chance.",
]
LEDE = (
    "Two weeks of storms had closed the harbour of Lendal to all ships; since Monday the ferries to the islands "
    "leave again, and the town counts what the water took."
)


def page(*body: str, head: str = "") -> str:
    return (
        f"<!DOCTYPE html><html lang='en-GB'><head><title>Harbour reopens</title>{head}</head>"
        f"<body>{''.join(body)}</body></html>"
    )


def article(*before: str, inside: str = "") -> str:
    paragraphs = [f"<p>{text}</p>" for text in STORY]
    paragraphs.insert(2, inside)
    return f"<h1>Harbour reopens</h1>{''.join(before)}<div class='article-body'>{''.join(paragraphs)}</div>"


def test_a_page_becomes_an_article_without_its_chrome() -> None:
    data = page(article(inside="<p>Read also: <a href='/other'>Crane arrives by sea</a></p>"))
    found = cleaner.clean_html(data.encode(), url="https://www.lendal.example/harbour")
    assert (found.title, found.lang, found.extracted_by) == ("Harbour reopens", "en", "trafilatura")
    assert [text for text in STORY if text not in found.text] == []
    assert "Crane" not in found.text
    assert found.url == "https://www.lendal.example/harbour"


def test_links_into_the_site_are_pointers_and_others_are_text() -> None:
    inside = "<p>The ferries' <a href='https://{}/a'>timetable was given out by the company on Monday</a> at noon.</p>"
    for host, stays in (("lendal.example", False), ("port.test", True)):
        text = extract(page(article(inside=inside.format(host))), url="https://www.lendal.example/x").text
        assert ("timetable" in text) == stays


def test_a_lede_above_the_body_is_found_and_a_byline_is_not() -> None:
    before = (
        f"<p class='story-lead-text'>{LEDE}</p><p class='byline'>{'By Ada Penhalligon, who writes on ships. ' * 5}</p>"
    )
    found = extract(page(article(before)))
    assert found.extracted_by == "trafilatura, lede"
    assert found.text.startswith(LEDE)
    assert "Penhalligon" not in found.text


def test_a_short_line_under_the_headline_is_no_lede() -> None:
    assert "Ferries sail" not in extract(page(article("<h2 class='sub'>Ferries sail on time again</h2>"))).text


def test_the_page_s_own_data_is_used_where_nothing_else_is() -> None:
    data = f'<script type="application/ld+json">{{"@type": "NewsArticle", "articleBody": "{" ".join(STORY)}"}}</script>'
    found = extract(page("<div id='app'></div>", head=data))
    assert STORY[3] in found.text
    described = extract(page("<div id='app'></div>", head=f"<meta property='og:description' content='{LEDE}'>"))
    assert (described.text, described.extracted_by) == (LEDE, "description")


def test_a_piece_of_html_is_taken_whole() -> None:
    found = extract("<p>The port is <b>open</b>.</p><ul><li>One</li><li>Two</li></ul>Last<br>line")
    assert (found.text, found.extracted_by) == ("The port is open.\nOne\nTwo\nLast\nline", "fragment")


@pytest.mark.parametrize(
    ("data", "encoding", "text"),
    [
        ("<p>Été".encode(), None, "<p>Été"),
        (
            '<meta charset="iso-8859-1"><p>Été “oui”'.encode("cp1252"),
            "cp1252",
            '<meta charset="iso-8859-1"><p>Été “oui”',
        ),
        (
            '<meta charset="koi8-r"><p>Гавань открыта'.encode("koi8-r"),
            "koi8-r",
            '<meta charset="koi8-r"><p>Гавань открыта',
        ),
        ('<meta charset="latin1"><p>Été'.encode(), None, '<meta charset="latin1"><p>Été'),
        ("<p>Été".encode("utf-16"), "utf-16", "<p>Été"),
        (("<p>" + "été " * 50).encode() + b"\xe9", "utf-8 (replaced)", "<p>" + "été " * 50 + "\ufffd"),
    ],
)
def test_encodings_declared_sniffed_and_wrong(data: bytes, encoding: str | None, text: str) -> None:
    assert page_text(data) == (text, encoding)


def test_what_the_transport_says_goes_before_what_the_page_says() -> None:
    assert page_text('<meta charset="cp1252"><p>Порт'.encode("cp1251"), "windows-1251")[1] == "cp1251"


def answers(pages: list[bytes | str], limits: Limits | None = None) -> list[Any]:
    with Pool(limits or Limits()) as pool:
        return [found for _, found in pool.answers((None, RawPage(data)) for data in pages)]


def test_processes_answer_in_order_and_as_one_would() -> None:
    pages: list[bytes | str] = [page(article()).replace("Lendal", f"Port {n % 7}").encode() for n in range(30)]
    assert answers(pages) == [extract(data) for data in pages]


def test_a_page_that_takes_too_long_is_named_and_the_rest_goes_on() -> None:
    slow = page("<p " + " ".join(f"a{n}=1" for n in range(150_000)) + ">")  # a parser looks through all for each
    first, second, third = answers([page(article()), slow, page(article(), "<p>More.</p>")], Limits(seconds=1))
    assert isinstance(first, Page)
    assert isinstance(third, Page)
    assert isinstance(second, Reject)
    assert second.reason == "too slow"


ODD: dict[str, bytes | str] = {
    "divs": page("<div>" * 100_000 + "<p>deep</p>"),
    "spans": page("<span>" * 100_000),
    "entities": '<!DOCTYPE html [<!ENTITY a "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
    + page("&a;&b;"),
    "nul": "\0" * 1000 + page(article()),
    "brackets": "<" * 100_000,
    "binary": bytes(range(256)) * 400,
    "half": b"\xff\xfe\x00",
}


def test_no_page_is_too_odd() -> None:
    """Each gives a page or a reject, and the good one behind it is as ever."""
    good = [page(article()).replace("Lendal", f"Port {number}") for number in range(len(ODD))]
    found = answers([data for pair in zip(ODD.values(), good, strict=True) for data in pair])
    assert [type(one) for one in found[::2]] == [Reject, Reject, Page, Page, Page, Reject, Page]
    assert [text.splitlines()[0] for text in (one.text for one in found[1::2])] == [
        STORY[0].replace("Lendal", f"Port {number}") for number in range(len(ODD))
    ]


def test_a_feed_is_parsed_within_limits_too() -> None:
    slow = '<rss version="2.0"><channel ' + " ".join(f"a{n}='1'" for n in range(30_000)) + "/></rss>"
    feed = '<rss version="2.0"><channel><item><title>Harbour</title></item></channel></rss>'
    with Pool(Limits(seconds=1)) as pool:
        first, second, third = (pool.entries(data.encode()) for data in (slow, feed, "<html>no feed"))
    assert isinstance(first, Reject)
    assert first.reason == "too slow"
    assert second[0]["title"] == "Harbour"
    assert (third.reason, third.detail) == ("unreadable", "no RSS or Atom feed")


def run(folder: Path, **settings: Any) -> tuple[cleaner.Summary, pl.DataFrame, pl.DataFrame]:
    summary = cleaner.run(folder, folder.parent / "out", settings=Settings(**settings), overwrite=True)
    out = folder.parent / "out"
    return summary, pl.read_parquet(out / "corpus.parquet"), pl.read_parquet(out / "rejected.parquet")


def test_pages_of_all_kinds_in_one_run(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.html").write_text(page(article()))
    (folder / "b.htm.gz").write_bytes(gzip.compress(page(article().replace("Lendal", "Brook")).encode()))
    (folder / "c.mhtml").write_bytes(
        b"MIME-Version: 1.0\r\nSnapshot-Content-Location: https://m.example/c\r\n"
        b'Content-Type: multipart/related; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n'
        b"Content-Transfer-Encoding: 8bit\r\n\r\n"
        + page(article().replace("harbour", "lock")).encode()
        + b"\r\n--b--\r\n"
    )
    pl.DataFrame({"html": [page(article().replace("Monday", "Sunday")), "", None]}).write_parquet(folder / "d.parquet")
    (folder / "e.html").write_bytes(b"")
    (folder / "f.html").write_bytes(b"<html><body>" + b" " * 3_000_000)
    (folder / "g.html.gz").write_bytes(gzip.compress(b" " * 3_000_000 + b"x"))
    summary, corpus, rejected = run(folder, dedupe=False, max_page_mb=2.0)
    assert corpus["file"].to_list() == ["a.html", "b.htm.gz", "c.mhtml", "d.parquet#0"]
    assert corpus["title"].to_list() == ["Harbour reopens"] * 4
    assert corpus["url"][2] == "https://m.example/c"
    assert corpus["extracted_by"].unique().to_list() == ["trafilatura"]
    assert dict(rejected.select("file", "reason").iter_rows()) == {
        **dict.fromkeys(("d.parquet#1", "d.parquet#2", "e.html"), "empty"),
        **dict.fromkeys(("f.html", "g.html.gz"), "too large"),
    }
    assert summary.inputs == 9


def test_a_process_for_pages_loads_no_frames() -> None:
    """There is one for each core and one more; each would be slower to start, and larger."""
    code = "import sys, cleaner.worker; sys.exit('polars' in sys.modules)"
    assert subprocess.call([sys.executable, "-c", code]) == 0  # noqa: S603 (the code above)


def test_a_page_that_takes_too_much_memory_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.html").write_text(page("<p>x</p>" * 2_000_000))
    (folder / "b.html").write_text(page(article()))
    _, corpus, rejected = run(folder, max_page_memory_mb=500.0)
    assert rejected.select("file", "reason").rows() == [("a.html", "unreadable")]
    assert "max_page_memory_mb" in rejected["detail"].item()
    assert corpus["file"].to_list() == ["b.html"]


def test_bombs_and_large_pages_are_named_in_a_run_of_the_command(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "bomb.html.gz").write_bytes(gzip.compress(b"<html><body>" + b"a" * 20_000_000))
    (folder / "bomb.txt.gz").write_bytes(gzip.compress(b"a" * 20_000_000))
    (folder / "large.html").write_text(page("<p>x</p>" * 200_000))
    records = [{"html": page("<p>x</p>" * 200_000)}, {"html": page(article())}]
    (folder / "lines.jsonl").write_text("".join(f"{json.dumps(record)}\n" for record in records))
    limits = ["--max-page-mb", "1", "--max-document-mb", "1"]
    command = [sys.executable, "-m", "cleaner", "run", str(folder), "-o", str(tmp_path / "out"), *limits]
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603
    assert (done.returncode, done.stderr) == (0, b"")
    rejected = pl.read_parquet(tmp_path / "out" / "rejected.parquet")
    assert rejected.select("file", "reason").sort("file").rows() == [
        (name, "too large") for name in ("bomb.html.gz", "bomb.txt.gz", "large.html", "lines.jsonl#0")
    ]
    assert pl.read_parquet(tmp_path / "out" / "corpus.parquet")["file"].to_list() == ["lines.jsonl#1"]


def test_the_text_that_extraction_gave_comes_back(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.html").write_text(page(article(inside="<p>Leave a Reply</p>")))
    _, corpus, _ = run(folder)
    cleaner.restore(tmp_path / "out", tmp_path / "back")
    original = pl.read_parquet(tmp_path / "back" / "originals.parquet")["text"][0]
    assert original == extract((folder / "a.html").read_bytes()).text
    assert len(corpus["text"][0]) <= len(original)


def test_real_pages_give_a_text(shared: Path) -> None:
    assert (shared / "pages_dev").is_dir()
    sample = sorted((shared / "pages_dev" / "shub" / "html").iterdir())[:5]
    assert all(len(extract(path.read_bytes()).text) > 100 for path in sample)
