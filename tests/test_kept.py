"""What is made of rule files is the same whether it was kept on disk or not."""

import sys
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal, assert_series_equal

from cleaner.chrome import kept, rules
from cleaner.chrome.calling import Calling
from cleaner.chrome.compiled import Rules
from cleaner.chrome.phrases import Phrases
from cleaner.errors import RuleError
from tests.conftest import GOOD

FILES = [("one.toml", "[a]\n"), ("two.toml", "[b]\n")]
FACTS = {"columns": pl.DataFrame({"a": [1, 2]}), "words": ("read also", "à lire")}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where files are kept: Python is told to have its compiled modules there."""
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "kept"))
    rules.compiled_of.cache_clear()
    return tmp_path / "kept"


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def made_again() -> Any:
    raise AssertionError("it was not read from disk")


def is_facts(found: Any) -> bool:
    return bool(found["words"] == FACTS["words"] and found["columns"].equals(FACTS["columns"]))


def test_what_was_kept_is_what_was_made(folder: Path) -> None:
    assert kept.kept(FILES, lambda: FACTS) is FACTS
    assert len(files(folder)) == 1
    assert is_facts(kept.kept(FILES, made_again))


@pytest.mark.parametrize(
    "other", [FILES[:1], FILES[::-1], [("one.toml", "[a]\n[b]\n")], [("1.toml", "[a]\n"), FILES[1]]]
)
def test_other_files_are_read_anew(folder: Path, other: list[tuple[str, str]]) -> None:
    kept.kept(FILES, lambda: FACTS)
    assert kept.kept(other, lambda: "made anew") == "made anew"
    assert is_facts(kept.kept(FILES, made_again))
    assert len(files(folder)) == 2


@pytest.mark.parametrize("damage", [b"", b"short", None])
def test_a_damaged_file_is_made_again(folder: Path, damage: bytes | None) -> None:
    kept.kept(FILES, lambda: FACTS)
    (file,) = files(folder)
    whole = file.read_bytes()
    middle = len(whole) // 2
    file.write_bytes(whole[:middle] + b"!!!!" + whole[middle + 4 :] if damage is None else damage)
    assert kept.kept(FILES, lambda: FACTS) is FACTS
    assert file.read_bytes() == whole


class Gone:
    """What is kept of it cannot be read."""

    def __reduce__(self) -> tuple[Any, ...]:
        return made_again, ()


def test_what_cannot_be_read_is_made_again(folder: Path) -> None:
    kept.kept(FILES, Gone)
    assert len(files(folder)) == 1
    assert kept.kept(FILES, lambda: FACTS) is FACTS


def test_nothing_need_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file, no folder")
    monkeypatch.setattr(sys, "pycache_prefix", str(taken))
    assert kept.kept(FILES, lambda: FACTS) is FACTS
    assert files(tmp_path) == [taken]


def test_each_set_of_files_has_its_own_and_there_are_few(folder: Path) -> None:
    for turn in range(kept.MOST + 2):
        assert kept.kept([*FILES, ("own.toml", f"turn {turn}")], partial(str, turn)) == str(turn)
    assert len(files(folder)) == kept.MOST


def test_the_rules_are_kept_with_all_that_is_made_of_them(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = rules.load()
    assert len(files(folder)) == 1
    rules.compiled_of.cache_clear()
    monkeypatch.setattr(rules, "parse", made_again)
    monkeypatch.setattr("cleaner.chrome.compiled.calling", made_again)
    found = rules.load()
    assert found == made
    assert_same(found, made)


def assert_same(found: Rules, made: Rules) -> None:
    assert_frame_equal(found.table, made.table)
    for kind, one, other in ((Phrases, found.phrases, made.phrases), (Calling, found.calling, made.calling)):
        for field in fields(kind):
            alike = assert_frame_equal if field.type is pl.DataFrame else assert_series_equal
            alike(getattr(one, field.name), getattr(other, field.name))


def test_a_file_of_ones_own_that_is_refused_is_refused_again(folder: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(GOOD, "utf-8")
    names = [rule.name for rule in rules.load((str(own),)).rules]
    assert names[0] == "own/mark"
    there = files(folder)
    own.write_text(GOOD.replace("La fin du texte maison approche.", "Fin du texte maison."), "utf-8")
    for _ in range(2):
        with pytest.raises(RuleError, match="own/mark"):
            rules.load((str(own),))
    assert files(folder) == there
