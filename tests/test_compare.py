"""Two texts compared, a duplicate explained, and the options of which documents may be duplicates."""

import json
from pathlib import Path

import polars as pl
import pytest

import cleaner
from cleaner import compare
from cleaner.duplicates.pages import pages
from cleaner.settings import Settings
from tests.conftest import FIXTURES, call

SCRAPED = FIXTURES / "scraped"


def words(first: int, last: int) -> str:
    return " ".join(f"mot{i}x" for i in range(first, last))


def kept_for(*rows: dict[str, str | None], **settings: object) -> list[str | None]:
    names = ("id", "text", "date", "site", "url")
    frame = pl.DataFrame(
        [dict.fromkeys(names) | {"id": chr(97 + i), "text": words(0, 60)} | row for i, row in enumerate(rows)],
        schema=dict.fromkeys(names, pl.String),
    )
    return cleaner.dedupe(frame, settings=Settings.of(settings))["duplicate_of"].to_list()


@pytest.mark.parametrize("text", [words(0, 60), words(0, 55)])
def test_a_window_of_time(text: str) -> None:
    dates = ["2024-03-01", "2024-03-06", "2024-03-20", None]
    rows: list[dict[str, str | None]] = [{"date": dates[0]}, *({"date": date, "text": text} for date in dates[1:])]
    assert kept_for(*rows, window="7d") == [None, "a", None, None]
    assert kept_for(*rows, window="3w") == [None, "a", "a", None]
    assert kept_for(*rows) == [None, "a", "a", "a"]


@pytest.mark.parametrize("text", [words(0, 60), words(0, 55)])
def test_sources(text: str) -> None:
    rows: list[dict[str, str | None]] = [
        {"site": "a.fr"},
        *({"site": site, "text": text} for site in ("a.fr", "b.fr", None)),
    ]
    assert kept_for(*rows, within_source_only=True) == [None, "a", None, None]
    closest = "a" if text == words(0, 60) else "b"
    assert kept_for(*rows, across_sources_only=True) == [None, None, closest, None]


def test_a_window_that_is_none_is_refused() -> None:
    for window in ("7", "d", "7 days", "0d"):
        with pytest.raises(cleaner.SettingsError, match="a time such as 12h, 7d or 2w"):
            Settings(window=window)
    with pytest.raises(cleaner.SettingsError, match="leave nothing to compare"):
        Settings(across_sources_only=True, within_source_only=True)


def test_the_summary_says_how_many_dates_are_unknown(tmp_path: Path) -> None:
    table = pl.DataFrame({"text": [words(0, 9), words(9, 18), words(20, 30)], "date": ["2024-03-01", "bientôt", None]})
    table.write_parquet(tmp_path / "in.parquet")
    assert cleaner.run(tmp_path / "in.parquet", tmp_path / "out", settings=Settings(window="7d")).dates_unknown == 2
    assert cleaner.run(tmp_path / "in.parquet", tmp_path / "all").dates_unknown == 0


def test_annotations_tell_of_pairs_that_remove_nothing(tmp_path: Path) -> None:
    shared = words(0, 60)
    rows = {"id": ["a", "b"], "text": [f"{shared} {words(100, 160)}", f"{shared} {words(200, 250)}"]}
    pl.DataFrame(rows).write_parquet(tmp_path / "in.parquet")
    summary = cleaner.run(tmp_path / "in.parquet", tmp_path / "out", settings=Settings(annotate=True))
    assert summary.duplicates == {}
    pairs = pl.read_parquet(tmp_path / "out" / "pairs.parquet")
    assert pairs.select("kept", "other", "relation").rows() == [("a", "b", "partial")]


@pytest.mark.parametrize(
    "url",
    [
        "http://a.fr/x/y",
        "https://www.a.fr/x/y/",
        "https://a.fr/x/y?utm_source=z&utm_medium=b&fbclid=3",
        "https://amp.a.fr/x/y.amp.html",
        "https://a.fr/x/y/amp/",
        "https://a.fr/x/y#commentaires",
    ],
)
def test_addresses_of_one_page(url: str) -> None:
    here, there, other = pages(pl.Series(["https://a.fr/x/y", url, "https://a.fr/x/y?id=3"]))
    assert here == there != other
    assert pages(pl.Series([None], dtype=pl.String)).to_list() == [None]


def test_what_differs_is_shown_as_it_is_written() -> None:
    one = "Le pont reste fermé, dit le maire de Grandval. " + words(0, 40)
    other = "Le pont reste fermé, dit la mairesse de Grandval. " + words(0, 40) + " Il rouvrira !"
    found = compare.compare(one, other)
    assert found.passages == [("le maire", "la mairesse"), ("", "Il rouvrira")]  # a mark between two spaces is no word
    assert found.relation == "near"
    assert 0.8 < found.containment < 0.95
    assert compare.compare(one, one).relation == "exact"
    assert compare.compare(one, words(100, 120)).relation is None
    assert compare.compare("", "").similarity == 0.0


def test_the_command_compares_two_files() -> None:
    pair = SCRAPED / "depeche-du-littoral/petite-etoile.txt", SCRAPED / "actu-express-24/sauvetage-grand-large.txt"
    told = json.loads(call("compare", *pair, "--json").stdout)
    assert told["relation"] == "near"
    assert told["similarity"] == pytest.approx(0.847, abs=0.001)
    assert f"+ {pair[1]}" in call("compare", *pair).stdout.decode()


def test_a_duplicate_is_explained_by_its_id(tmp_path: Path) -> None:
    cleaner.run(SCRAPED / "harbour-herald", tmp_path / "out")
    dropped, of = pl.read_parquet(tmp_path / "out" / "duplicates.parquet").select("id", "duplicate_of").row(0)
    assert f"{dropped} went as" in (said := call("explain", "--id", dropped, tmp_path / "out").stdout.decode())
    assert of in said
    assert "no duplicate has the id 'x'" in call("explain", "--id", "x", tmp_path / "out").stderr.decode()
    assert "Name the directory" in call("explain", "--id", "x", tmp_path).stderr.decode()
    assert "needs the directory" in call("explain", "--id", "x").stderr.decode()
