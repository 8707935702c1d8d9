"""Documents drawn at random and explained: always the same ones, whole, with what the run itself decided."""

import json
import re
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cleaner
from cleaner import sample
from cleaner.explain import explain
from cleaner.pipeline import plan
from cleaner.settings import Settings
from tests.conftest import SCRAPED

HEADING = re.compile(r"^==== (.+): (.+)$", re.MULTILINE)


def written(output: Path) -> str:
    return (output / sample.NAME).read_text("utf-8")


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of the demo run, all documents explained."""
    output = tmp_path_factory.mktemp("sample") / "out"
    cleaner.run(SCRAPED, output, settings=Settings(explain_sample=1000))
    return output


@given(st.sets(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=1), st.integers(0, 9), st.data())
def test_the_same_are_drawn_in_any_order_and_from_fewer(ids: set[str], number: int, data: st.DataObject) -> None:
    chosen = set(sample.drawn(pl.Series(sorted(ids)), number, 1))
    assert len(chosen) == min(number, len(ids))
    assert set(sample.drawn(pl.Series(data.draw(st.permutations(sorted(ids)))), number, 1)) == chosen
    assert chosen <= set(sample.drawn(pl.Series(sorted(ids)), number + 1, 1))
    fewer = data.draw(st.sets(st.sampled_from(sorted(ids)), min_size=1))
    assert chosen & fewer <= set(sample.drawn(pl.Series(sorted(fewer)), number, 1))


def test_another_seed_draws_others_and_each_is_drawn_as_often() -> None:
    ids = pl.Series([f"article {number}" for number in range(100)])
    draws = pl.concat([sample.drawn(ids, 10, seed) for seed in range(400)]).value_counts()
    assert draws.height == 100
    assert draws["count"].min() >= 40 - 4 * 6  # type: ignore[operator] # four standard deviations of 400 draws at a tenth
    assert draws["count"].max() <= 40 + 4 * 6  # type: ignore[operator]


def test_batches_and_order_change_no_byte(tmp_path: Path) -> None:
    chosen = Settings(explain_sample=5)
    cleaner.run(SCRAPED, tmp_path / "one", settings=chosen)
    cleaner.run(SCRAPED, tmp_path / "other", settings=chosen, batch_bytes=12_000)
    assert written(tmp_path / "one") == written(tmp_path / "other")
    assert len(HEADING.findall(written(tmp_path / "one"))) == 5


def test_every_document_is_told_of_with_what_became_of_it(output: Path) -> None:
    told = dict(HEADING.findall(written(output)))
    kept = pl.read_parquet(output / "corpus.parquet")["id"]
    duplicates = pl.read_parquet(output / "duplicates.parquet")
    rejected = pl.read_parquet(output / "rejected.parquet").filter(pl.col("reason") == "empty after cleaning")["id"]
    assert [one for one, fate in told.items() if fate == "kept"] == kept.to_list()
    assert {one: fate for one, fate in told.items() if "duplicate of" in fate} == {
        row["id"]: f"{row['relation']} duplicate of {row['duplicate_of']}" for row in duplicates.iter_rows(named=True)
    }
    assert [one for one, fate in told.items() if fate == "empty after cleaning"] == rejected.to_list()


def test_what_the_run_removed_is_what_is_shown(output: Path) -> None:
    """Each removal that begins on a line of text stands below it with its rule."""
    removed = pl.read_parquet(output / "removed.parquet")
    first = removed.filter(pl.col("text").str.strip_chars() != "").unique(["id", "line"], keep="first")
    told = written(output)
    shown = re.findall(r"^ +[0-9]+  (?:cut|edit|title) +\S.*\n +\^ (?:strong|place): (\S+) ", told, re.MULTILINE)
    assert sorted(shown) == sorted(first["rule"])


def test_lines_are_as_the_command_explains_them(tmp_path: Path) -> None:
    text = "Un phare vide | Le Journal\n\nPublicité\n\nLe phare est vide.\r\n\n\nLire aussi : un port"
    (tmp_path / "in.jsonl").write_text(json.dumps({"id": "a", "text": text}), encoding="utf-8")
    cleaner.run(tmp_path / "in.jsonl", tmp_path / "out", settings=Settings(explain_sample=3))
    lines = [part for line in explain(text) for part in (line.shown, line.reason) if part is not None]
    heading = ["==== a: kept", "title: Un phare vide", "file: in.jsonl#0", ""]
    assert written(tmp_path / "out").split("\n") == [*heading, *lines, "", ""]


def test_what_was_learned_is_shown_as_learned(tmp_path: Path) -> None:
    rows = [
        {"id": str(at), "site": "a", "text": f"Il a plu {at} jours à {chr(97 + at)}.\n\nLe large chaque matin"}
        for at in range(26)
    ]
    (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    cleaner.run(tmp_path / "in.jsonl", tmp_path / "out", settings=Settings(explain_sample=2, dedupe=False))
    assert written(tmp_path / "out").count("learned (in 26 of 26 articles of this source)") == 2


def test_nothing_is_stripped_and_nothing_is_asked_for(tmp_path: Path) -> None:
    cleaner.run(SCRAPED / "harbour-herald", tmp_path / "out", settings=Settings(explain_sample=2, strip=False))
    assert not re.search(r"^ +[0-9]+  (?:cut|edit|title)", written(tmp_path / "out"), re.MULTILINE)
    cleaner.run(SCRAPED / "harbour-herald", tmp_path / "none")
    assert not (tmp_path / "none" / sample.NAME).exists()


def test_it_is_named_before_the_run_and_may_be_thrown_away_after_it(tmp_path: Path) -> None:
    chosen = Settings(explain_sample=1)
    assert sample.NAME in plan(SCRAPED, tmp_path / "out", settings=chosen)[1]
    assert sample.NAME not in plan(SCRAPED, tmp_path / "out")[1]
    cleaner.run(SCRAPED / "harbour-herald", tmp_path / "out", settings=chosen)
    (tmp_path / "out" / sample.NAME).unlink()
    assert cleaner.run(SCRAPED / "harbour-herald", tmp_path / "out", settings=chosen).again


def test_no_documents(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    cleaner.run(tmp_path / "in", tmp_path / "out", settings=Settings(explain_sample=2))
    assert written(tmp_path / "out") == ""
