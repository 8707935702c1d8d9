"""Every form that news comes in and goes out in, whole and broken."""

import gzip
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import cleaner
from cleaner.settings import Settings
from cleaner.write import text_places
from tests.conftest import SCRAPED
from tests.test_pages import STORY, article, page

FEED = f"""<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>Lendal</title><language>en</language><item><title>Harbour</title><link>https://lendal.example/1</link>
<content:encoded><![CDATA[<p>{STORY[0]}</p><p>{STORY[1]}</p>]]></content:encoded></item></channel></rss>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Lendal</title><entry><id>tag:1</id><title>Harbour</title>
<content type="html">&lt;p&gt;{STORY[0]}&lt;/p&gt;</content></entry></feed>"""
RECORD: dict[str, Any] = {"url": "https://lendal.example/1", "title": "Harbour", "text": STORY[0]}


def records(folder: Path, name: str, data: bytes | str, **settings: Any) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The corpus and the rejects of a run over one file."""
    path = folder / "in" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    cleaner.run(folder / "in", folder / "out", settings=Settings(**settings), overwrite=True)
    return pl.read_parquet(folder / "out" / "corpus.parquet"), pl.read_parquet(folder / "out" / "rejected.parquet")


FUNDUS = {
    "title": "Harbour",
    "authors": ["Ada Penhalligon"],
    "body": {
        "summary": [STORY[0]],
        "sections": [
            {"headline": [], "paragraphs": [STORY[1]]},
            {"headline": ["After the gale"], "paragraphs": STORY[2:]},
        ],
    },
    "publishing_date": "2026-01-02 03:04:05+00:00",
}
"""An article as Fundus writes it."""
FUNDUS_TEXT = "\n".join([*STORY[:2], "After the gale", *STORY[2:]])


@pytest.mark.parametrize(
    ("name", "data", "text"),
    [
        ("feed.xml", FEED, f"{STORY[0]}\n{STORY[1]}"),
        ("feed.atom", ATOM, STORY[0]),
        ("list.json", json.dumps([RECORD]), STORY[0]),
        ("one.json", json.dumps(RECORD, indent=2), STORY[0]),
        ("inside.json", json.dumps({"count": 1, "articles": [RECORD]}), STORY[0]),
        ("lines.json", json.dumps(RECORD) + "\n" + json.dumps({**RECORD, "text": "  "}), STORY[0]),
        ("table.tsv", f"url\ttext\nhttps://lendal.example/1\t{STORY[0]}\n", STORY[0]),
        ("news-please.json", json.dumps({"maintext": STORY[0], "date_publish": "2026-01-02 03:04:05"}), STORY[0]),
        ("newspaper4k.json", json.dumps({"text": STORY[0], "publish_date": "2026-01-02", "meta_lang": "en"}), STORY[0]),
        ("fundus.json", json.dumps([FUNDUS, {**FUNDUS, "body": None}]), FUNDUS_TEXT),
        ("fundus.jsonl", f"{json.dumps(FUNDUS)}\n{json.dumps({**FUNDUS, 'body': STORY[1]})}\n", FUNDUS_TEXT),
        ("scrapy.jl.jsonl", json.dumps({"url": "https://lendal.example/1", "body": page(article())}), "\n".join(STORY)),
    ],
)
def test_a_form_gives_its_text(tmp_path: Path, name: str, data: str, text: str) -> None:
    corpus, _ = records(tmp_path, name, data)
    assert corpus["text"][0] == text


@pytest.mark.parametrize(
    ("said", "date"),
    [("Fri, 02 Jan 2026 03:04:05 +0100", "2026-01-02T02:04:05Z"), ("soon", "soon")],
)
def test_dates_of_feeds_are_iso(tmp_path: Path, said: str, date: str) -> None:
    corpus, _ = records(tmp_path, "feed.rss", FEED.replace("</link>", f"</link><pubDate>{said}</pubDate>", 2))
    assert corpus["date"].to_list() == [date]


@pytest.mark.parametrize(
    "text",
    [
        '{"sections": [1, 2]} is what the port\'s office wrote on its door on Monday.',
        '{"sections": [{"headline": "x"}]}',
        '["ferry", "port"] are the tags that the office of the port wrote on its door, and ["x"]',
        '["a", 1, "b"]',
    ],
)
def test_a_text_that_only_looks_nested_stays(tmp_path: Path, text: str) -> None:
    corpus, _ = records(tmp_path, "a.jsonl", json.dumps({"text": text}), strip=False)
    assert corpus["text"].to_list() == [text]


@pytest.mark.parametrize("form", ["jsonl", "json", "parquet"])
def test_nested_values_are_opened(tmp_path: Path, form: str) -> None:
    rows = [
        {"url": ["https://lendal.example/1"], "title": ["Harbour", "Lendal"], "body": FUNDUS["body"], "tags": ["a"]},
        {"url": ["https://lendal.example/2"], "title": [], "body": None, "tags": None},
    ]
    path = tmp_path / "in" / f"a.{form}"
    path.parent.mkdir()
    frame = pl.DataFrame(rows)
    if form == "parquet":
        frame.write_parquet(path)
    else:
        path.write_text(json.dumps(rows) if form == "json" else "".join(f"{json.dumps(row)}\n" for row in rows))
    cleaner.run(path, tmp_path / "out")
    corpus = pl.read_parquet(tmp_path / "out" / "corpus.parquet")
    assert corpus.select("id", "title", "text", "site").rows() == [
        ("https://lendal.example/1", "Harbour", FUNDUS_TEXT, "lendal.example")
    ]
    listed = pl.DataFrame({"text": [STORY[:2], None], "n": [1, 2]})
    listed.write_parquet(tmp_path / "in" / "b.parquet")
    cleaner.run(tmp_path / "in" / "b.parquet", tmp_path / "two")
    assert pl.read_parquet(tmp_path / "two" / "corpus.parquet")["text"].to_list() == ["\n".join(STORY[:2])]


def test_arrow_files_and_directories_of_parquet(tmp_path: Path) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    pl.DataFrame([RECORD]).write_ipc(tmp_path / "in" / "a.arrow")
    pl.DataFrame([{**RECORD, "text": STORY[1]}]).write_parquet(tmp_path / "in" / "deep" / "b.parquet")
    cleaner.run(tmp_path / "in", tmp_path / "out")
    assert pl.read_parquet(tmp_path / "out" / "corpus.parquet")["text"].to_list() == STORY[:2]


@pytest.mark.parametrize("name", ["x.json", "x.xml", "x.arrow", "x.rss"])
def test_a_file_that_is_none_of_its_form_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "good.txt").write_text(STORY[0])
    corpus, rejected = records(tmp_path, name, b"<<{{ no such thing")
    assert corpus["text"].to_list() == [STORY[0]]
    assert rejected["file"].to_list() == [name]


def test_a_line_far_over_the_limit_is_one_reject(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    with gzip.open(tmp_path / "in" / "a.jsonl.gz", "wb", compresslevel=1) as file:
        file.write(b'{"text": "' + b"word " * 16_000_000 + b'"}\n' + json.dumps(RECORD).encode() + b"\n")
    summary = cleaner.run(tmp_path / "in", tmp_path / "out")
    assert (summary.kept, summary.rejected) == (1, {"too large": 1})


def test_a_quote_that_is_never_closed_costs_no_other_file(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "good.txt").write_text(STORY[1])
    corpus, rejected = records(tmp_path, "bad.csv", f'id,text\n1,"{STORY[0]}\n2,more\n')
    assert STORY[1] in corpus["text"].to_list()
    assert corpus.height + rejected.height >= 1


def test_no_id_leads_out_of_the_output_and_case_alone_tells_ids_apart(tmp_path: Path) -> None:
    ids = ["../../x", "/x", "a/../../../x", "Story", "story", "..", "C:\\x"]
    rows = [{"id": name, "text": f"{STORY[n % 4]} {n}"} for n, name in enumerate(ids)]
    (tmp_path / "deep" / "in").mkdir(parents=True)
    (tmp_path / "deep" / "in" / "Story.txt").write_text(STORY[0])
    (tmp_path / "deep" / "in" / "story.txt").write_text(STORY[1])
    (tmp_path / "deep" / "in" / "a.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    out = tmp_path / "deep" / "out"
    command = [sys.executable, "-m", "cleaner", "run", str(tmp_path / "deep" / "in"), "-o", str(out)]
    done = subprocess.run(  # noqa: S603
        [*command, "--format", "txt", "--no-dedupe", "--no-strip"], capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_dir()) == ["corpus", "deep", "in", "out"]
    assert [path for path in tmp_path.rglob("*.txt") if not path.is_relative_to(tmp_path / "deep")] == []
    written = [path for path in (out / "corpus").rglob("*") if path.is_file()]
    assert len({path.name.lower() for path in written}) == len(written) == len(ids) + 2
    assert pl.read_parquet(out / "documents.parquet")["id"].to_list() == ["Story.txt", *ids, "story.txt"]
    places = text_places(pl.Series(["../../x", "/x", "a/../../../x", "..", "Story.txt", "story.txt"])).to_list()
    assert not any(".." in Path(place).parts or Path(place).is_absolute() for place in places)
    assert len({place.lower() for place in places}) == len(places)


LAYOUTS: list[dict[str, Any]] = [
    {"format": "jsonl.gz"},
    {"format": "csv"},
    {"format": "jsonl.zst", "shard_mb": 0.02},
    {"format": "parquet", "shard_mb": 0.02},
    {"format": "csv", "partition_by": "site"},
    {"format": "parquet", "partition_by": "date", "shard_mb": 0.01},
]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> tuple[cleaner.Summary, pl.DataFrame]:
    """A run in the layout that is the default, and the originals that come back from it."""
    folder = tmp_path_factory.mktemp("plain")
    summary = cleaner.run(SCRAPED, folder / "out")
    cleaner.restore(folder / "out", folder / "back")
    return summary, pl.read_parquet(folder / "back" / "originals.parquet")


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_originals_come_back_from_every_layout(
    tmp_path: Path, layout: dict[str, Any], plain: tuple[cleaner.Summary, pl.DataFrame]
) -> None:
    summary = cleaner.run(SCRAPED, tmp_path / "out", settings=Settings(**layout))
    cleaner.restore(tmp_path / "out", tmp_path / "two")
    assert pl.read_parquet(tmp_path / "two" / "originals.parquet").equals(plain[1])
    assert cleaner.run(SCRAPED, tmp_path / "out", settings=Settings(**layout)).again
    assert summary.kept == plain[0].kept


@pytest.mark.parametrize("layout", [{}, {"shard_mb": 0.02, "partition_by": "site"}], ids=str)
def test_the_card_names_the_files_of_each_table(tmp_path: Path, layout: dict[str, Any]) -> None:
    """`datasets.load_dataset` reads it: the corpus comes unasked, the other tables by their names."""
    summary = cleaner.run(SCRAPED, tmp_path, settings=Settings(**layout), overwrite=True)
    card = (tmp_path / "README.md").read_text("utf-8")
    configs = dict(re.findall(r"- config_name: (\w+)\n  data_files: '(.+)'\n", card))
    assert list(configs) == ["corpus", "removed", "duplicates", "rejected", "learned"]
    assert re.findall(r"config_name: (\w+)\n  data_files: .+\n  default: true\n", card) == ["corpus"]
    heights = {name: pl.read_parquet(sorted(tmp_path.glob(files))).height for name, files in configs.items()}
    assert (heights["corpus"], heights["duplicates"]) == (summary.kept, sum(summary.duplicates.values()))


def test_shards_have_the_size_that_was_asked_for(tmp_path: Path) -> None:
    summary = cleaner.run(SCRAPED, tmp_path / "out", settings=Settings(shard_mb=0.02))
    parts = sorted((tmp_path / "out" / "corpus").iterdir())
    sizes = [pl.read_parquet(part)["text"].str.len_bytes().sum() for part in parts]
    assert len(parts) > 2
    assert max(sizes) < 30_000
    assert pl.read_parquet(parts).height == summary.kept
