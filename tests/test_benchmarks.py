"""Benchmarks measure what they say: the corpus is what its truth says, the gate shuts, the table is fresh."""

import html
import json
import sys
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from benchmarks import articles, gate, labelled, noise, quality, report, webpages
from benchmarks.frames import FIRST_CHROME, KINDS, sources
from benchmarks.generate import generate
from benchmarks.plan import Plan
from benchmarks.watched import watch
from cleaner.chrome.rulefiles import CATEGORIES
from cleaner.chrome.rules import pack_names
from cleaner.duplicates import shingles
from tests.conftest import ROOT

DOCS = 400


@pytest.mark.parametrize("chunk", [7, 400])
def test_the_same_seed_gives_the_same_bytes_whatever_the_chunk(chunk: int, tmp_path: Path) -> None:
    once = generate(Plan(docs=DOCS), tmp_path / "once")
    again = generate(Plan(docs=DOCS), tmp_path / "again", chunk=chunk)
    assert once.digest == again.digest
    assert pl.read_parquet(once.truth).equals(pl.read_parquet(again.truth))
    assert pl.read_parquet(once.lines).equals(pl.read_parquet(again.lines))


def test_another_seed_gives_other_bytes(tmp_path: Path) -> None:
    digests = {generate(Plan(docs=50, seed=seed), tmp_path / str(seed)).digest for seed in (1, 2)}
    assert len(digests) == 2


@pytest.mark.parametrize("noise", [0.0, 0.05])
def test_planted_pairs_have_the_similarity_that_is_stated(noise: float, tmp_path: Path) -> None:
    corpus = generate(Plan(docs=DOCS, noise=noise, chrome=False), tmp_path)
    truth, texts = pl.read_parquet(corpus.truth), pl.read_ndjson(corpus.texts)
    sets = {one: shingles.shingle_hashes(text, shingle_size=5) for one, text in texts.select("id", "text").iter_rows()}
    pairs = truth.drop_nulls("of")
    assert set(pairs["relation"]) == {"exact", "wire", "edited", "truncated", "update", "template"}
    for row in pairs.iter_rows(named=True):
        one, other = sets[row["id"]], sets[row["of"]]
        assert shingles.similarity(one, other) == pytest.approx(row["similarity"], abs=0.03), row
        assert shingles.containment(one, other) == pytest.approx(row["containment"], abs=0.03), row


def test_lines_of_the_truth_cover_the_texts(tmp_path: Path) -> None:
    corpus = generate(Plan(docs=DOCS), tmp_path)
    truth, lines = pl.read_parquet(corpus.truth), pl.read_parquet(corpus.lines)
    texts = pl.read_ndjson(corpus.texts)
    assert texts["id"].equals(truth["id"])
    assert set(texts["site"]) <= {source.site for source in sources()}
    said = lines.join(texts.select("text", row=truth["row"]), on="row", maintain_order="left").with_columns(
        said=pl.col("text").cast(pl.Binary).bin.slice("start", pl.col("end") - pl.col("start")).cast(pl.String)
    )
    assert not said["said"].str.contains("\n").any()
    rest = texts["text"].str.replace_all("\n", "").str.len_bytes().sum()
    assert (lines["end"] - lines["start"]).sum() == rest
    chrome = pl.col("kind").to_physical() >= FIRST_CHROME
    counted = said.filter(chrome).group_by("row").agg(pl.len(), pl.col("said").str.len_bytes().sum()).sort("row")
    assert counted["len"].to_list() == truth.filter(pl.col("chrome_lines") > 0)["chrome_lines"].to_list()
    assert counted["said"].sum() == truth["chrome_bytes"].sum()
    assert set(said["kind"]) == {*KINDS} - {"structure"}


def test_quality_counts_what_was_found_and_what_was_lost() -> None:
    truth = pl.DataFrame(
        {
            "row": [0, 1, 2, 3],
            "id": ["a", "b", "c", "d"],
            "cluster": [0, 0, 2, 2],
            "relation": ["original", "wire", "template", "template"],
            "of": [None, "a", None, "c"],
            "similarity": [None, 0.8, None, 0.8],
        },
        schema_overrides={"row": pl.UInt32},
    )
    gone = pl.DataFrame({"id": ["b", "d"], "duplicate_of": ["a", "c"]})
    found = quality.duplicates(truth, gone, 0.7)
    assert (found["recall"], found["precision"], found["templates_merged"]) == (1.0, 0.5, 1.0)
    lines = pl.DataFrame(
        {"row": [0, 0], "start": [0, 12], "end": [10, 20], "kind": ["body", "share"]},
        schema={"row": pl.UInt32, "start": pl.UInt32, "end": pl.UInt32, "kind": pl.Enum(KINDS)},
    )
    removed = pl.DataFrame({"id": ["a"], "start": [9], "end": [16], "category": ["share"]})
    counted = quality.chrome(truth, lines, removed)
    assert (counted["body_lost"], counted["chrome_removed"]) == (0.1, 0.5)


def test_labelled_pairs_are_judged_as_they_are_labelled() -> None:
    pairs = labelled.read()
    found = labelled.merged(pairs)
    assert [pair["about"] for pair, one in zip(pairs, found, strict=True) if one != pair["duplicate"]] == []


@pytest.mark.parametrize("stride", [0, 1])
def test_chrome_neither_makes_nor_hides_a_duplicate(stride: int) -> None:
    """All in the frame of one source, and each in another's; what was laid around the texts is there, and goes."""
    pairs = labelled.read()
    again = labelled.stripped(pairs, stride)
    found = zip(pairs, labelled.merged(pairs), labelled.merged(again), strict=True)
    assert [pair["about"] for pair, one, other in found if one != other] == []


def test_pairs_that_are_labelled_otherwise_are_counted(tmp_path: Path) -> None:
    said = labelled.PAIRS.read_text("utf-8")
    for one, other, name in (("true", "false", "pairs_merged"), ("false", "true", "pairs_missed")):
        path = tmp_path / f"{name}.toml"
        path.write_text(said.replace(f"duplicate = {one}", f"duplicate = {other}"), encoding="utf-8")
        assert labelled.judged(path)[name] == said.count(f"duplicate = {one}")


def test_noise_hides_copies_and_hides_fewer_from_characters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(noise, "NOISES", (0.0, 0.1))
    rows = noise.noise(Plan(docs=DOCS), tmp_path)["rows"]
    recall = {(row["noise"], row["shingle_of"]): row["recall"] for row in rows}
    assert recall[0.0, "words"] > 0.9
    assert recall[0.1, "words"] < recall[0.1, "characters"] < recall[0.0, "characters"] + 1e-9


def test_chrome_of_the_fixtures_is_above_its_floors_and_nothing_of_an_article_goes() -> None:
    """What the gate asks of the fixtures is asked in every run of the tests."""
    found = articles.judged()
    assert gate.complaints(found, gate.read()["figures"]) == []
    assert found["clean_lost"] == found["framed_lost"] == found["cases_wrong"] == 0


def test_there_is_an_article_for_each_pack_and_each_has_chrome_of_its_kinds() -> None:
    found = articles.read()
    assert sorted(one["lang"] for one in found) == sorted(set(pack_names()) - {"any"})
    for one in found:
        kinds = [kind for place in ("head", "inside", "tail") for kind, _ in one[place]]
        assert len(kinds) >= 15
        assert set(kinds) <= set(CATEGORIES), one["lang"]


def test_what_goes_wrongly_from_an_article_is_counted(tmp_path: Path) -> None:
    (tmp_path / "cases" / "one").mkdir(parents=True)
    (tmp_path / "cases" / "one" / "input.txt").write_text("Publicité\n\nLe phare est vide.", encoding="utf-8")
    (tmp_path / "cases" / "one" / "expected.txt").write_text("Le phare est plein.", encoding="utf-8")
    (tmp_path / "articles.toml").write_text(
        'article = [{title = "Le phare", text = "Le phare est vide.\\n\\nPublicité", taken = ["Le port est vide."],'
        ' head = [["share", "Partager un pain est bon."]], inside = [], tail = [["share", "Partager sur Facebook"]]}]',
        encoding="utf-8",
    )
    found = articles.judged(tmp_path / "articles.toml", tmp_path / "cases")
    assert (found["clean_lost"], found["cases_wrong"], found["sentences_taken"]) == (len("Publicité".encode()), 1, 0)
    assert found["share_found"] == pytest.approx(21 / (21 + 25))


def result(processor: str = "one", **changes: float) -> dict[str, Any]:
    found = dict.fromkeys(
        ("recall", "clear_recall", "precision", "chrome_removed", "known_removed", "titles_found"), 0.9
    )
    found |= {"contained_found": 0.2, "body_lost": 0.001, "unrelated": 0, "unique_dropped": 0, "templates_merged": 0.1}
    return {
        "corpus": {"xxh3_128": "one"},
        "machine": {"processor": processor},
        "cold": {"quality": {**found, **changes}},
        "articles": {name: changes.get(name, 0.0) for name in ("clean_lost", "related_found")},
        "labelled": {name: changes.get(name, 0) for name in ("pairs_missed", "pairs_merged", "chrome_changes")},
        "reference_seconds": 0.1,
        "warm": {"mb_per_second": changes.get("mb_per_second", 100.0)},
    }


def test_the_gate_opens_rises_and_shuts(tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    assert gate.judge(result(), allow_regression=False, path=path) == []
    assert gate.judge(result(recall=0.95), allow_regression=False, path=path) == []
    assert json.loads(path.read_text())["figures"]["recall"] == 0.95
    (said,) = gate.judge(result(), allow_regression=False, path=path)
    assert said.startswith("recall 0.9 (floor 0.95)")
    (said,) = gate.judge(result(recall=0.95, body_lost=0.002), allow_regression=False, path=path)
    assert said.startswith("body_lost 0.002 (ceiling 0.001)")
    (said,) = gate.judge(result(recall=0.95, pairs_merged=1), allow_regression=False, path=path)
    assert said.startswith("pairs_merged 1 (ceiling 0)")
    (said,) = gate.judge(result(recall=0.95, clean_lost=3.0), allow_regression=False, path=path)
    assert said.startswith("clean_lost 3 (ceiling 0)")
    assert gate.judge(result(recall=0.95, related_found=0.8), allow_regression=False, path=path) == []
    (said,) = gate.judge(result(recall=0.95, related_found=0.7), allow_regression=False, path=path)
    assert said.startswith("related_found 0.7 (floor 0.8)")
    assert gate.judge(result(), allow_regression=True, path=path) == []
    assert json.loads(path.read_text())["figures"]["recall"] == 0.9


def test_the_gate_gives_speed_some_slack_and_no_more(tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    gate.judge(result(), allow_regression=False, path=path)
    assert gate.judge(result(mb_per_second=80.0), allow_regression=False, path=path) == []
    assert gate.judge(result(mb_per_second=70.0), allow_regression=False, path=path)


def test_each_kind_of_processor_has_a_floor_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    gate.judge(result(), allow_regression=False, path=path)
    assert gate.judge(result("other", mb_per_second=40.0), allow_regression=False, path=path) == []
    (said,) = gate.judge(result("other", mb_per_second=20.0), allow_regression=False, path=path)
    assert said.startswith("speed on other 2 (floor 3)")
    (said,) = gate.judge(result(mb_per_second=40.0), allow_regression=False, path=path)
    assert said.startswith("speed on one 4 (floor 7.5)")


def test_the_gate_refuses_another_corpus(tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    gate.judge(result(), allow_regression=False, path=path)
    other = {**result(), "corpus": {"xxh3_128": "two"}}
    assert "the floors are for one" in gate.judge(other, allow_regression=False, path=path)[0]


def test_a_table_that_is_not_the_newest_is_stale(tmp_path: Path) -> None:
    page = f"# figures\n{report.BEGIN}\n{report.END}\nend\n"
    fresh = report.refreshed(page, tmp_path)
    assert not report.is_stale(fresh, tmp_path)
    assert report.is_stale(page, tmp_path)
    assert not report.is_stale("no markers", tmp_path)
    assert fresh.endswith("end\n")


def test_the_readme_has_the_newest_figures() -> None:
    assert not report.is_stale((ROOT / "README.md").read_text("utf-8")), "run python -m benchmarks report"


def test_pages_are_the_texts_of_the_corpus(tmp_path: Path) -> None:
    corpus = generate(Plan(docs=30), tmp_path)
    made = list(webpages._ours(corpus.texts, corpus.lines))
    assert len(made) == 30
    lines = pl.read_parquet(corpus.lines).filter(pl.col("kind").cast(pl.String) == "body")
    texts = pl.read_ndjson(corpus.texts)["text"]
    for row, start, end in lines.select("row", "start", "end").iter_rows():
        assert html.escape(texts[row].encode()[start:end].decode()) in made[row].decode()


def test_pages_of_a_directory_are_repeated_and_told_apart(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<html>a")
    (tmp_path / "b.txt").write_text("b")
    assert len(set(islice(webpages._repeated(tmp_path), 5))) == 5
    with pytest.raises(ValueError, match=r"no \.html files"):
        next(webpages._repeated(tmp_path / "none"))


def test_a_command_is_watched_with_all_its_processes() -> None:
    inner = "import time; data = bytearray(100_000_000); time.sleep(1.5)"
    outer = f"import subprocess, sys; print('x'); subprocess.run([sys.executable, '-c', {inner!r}]); sys.exit(3)"
    seen = watch([sys.executable, "-c", outer])
    assert (seen.code, seen.said) == (3, "x\n")
    assert seen.wall > 1.5
    if Path("/proc/self/task").exists():
        assert 100_000_000 < seen.peak < 400_000_000
        assert len(seen.quarters()) <= 4
