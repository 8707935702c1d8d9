"""What calls for patterns is the same whether it was kept on disk or not."""

import sys
from dataclasses import fields
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal, assert_series_equal

from cleaner.chrome import calling, kept
from cleaner.chrome.calling import Calling

PHRASED = pl.Series("phrased", ["read also", "lire"])
PATTERNS = [(order, rf"^(?:Word{order}|Mot {order})\s?:|© \p{{L}}+ {order}$") for order in range(kept.LEAST)]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where files are kept: Python is told to have its compiled modules there."""
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))
    return tmp_path


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def assert_same(one: Calling, other: Calling) -> None:
    for field in fields(Calling):
        alike = assert_series_equal if field.name == "phrased" else assert_frame_equal
        alike(getattr(one, field.name), getattr(other, field.name))


def test_what_was_kept_is_what_was_made(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = calling.calling(PATTERNS, PHRASED)
    assert_same(kept.called(PATTERNS, PHRASED), plain)
    assert len(files(folder)) == 1

    def made_again(*_: object) -> Calling:
        raise AssertionError("it was not read from disk")

    monkeypatch.setattr(calling, "calling", made_again)
    assert_same(kept.called(PATTERNS, PHRASED), plain)


@pytest.mark.parametrize("damage", [b"", b"short", None])
def test_a_damaged_file_is_made_again(folder: Path, damage: bytes | None) -> None:
    plain = kept.called(PATTERNS, PHRASED)
    (file,) = files(folder)
    whole = file.read_bytes()
    middle = len(whole) // 2
    file.write_bytes(whole[:middle] + b"!!!!" + whole[middle + 4 :] if damage is None else damage)
    assert_same(kept.called(PATTERNS, PHRASED), plain)
    assert file.read_bytes() == whole


def test_nothing_need_be_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = folder / "taken"
    taken.write_text("a file, no folder")
    monkeypatch.setattr(sys, "pycache_prefix", str(taken))
    assert_same(kept.called(PATTERNS, PHRASED), calling.calling(PATTERNS, PHRASED))
    assert files(folder) == [taken]


def test_each_set_of_patterns_has_its_file_and_there_are_few(folder: Path) -> None:
    for turn in range(kept.MOST + 2):
        patterns = [*PATTERNS, (kept.LEAST, f"^turn {turn}")]
        assert_same(kept.called(patterns, PHRASED), calling.calling(patterns, PHRASED))
    assert len(files(folder)) == kept.MOST


def test_a_few_patterns_are_read_each_time(folder: Path) -> None:
    assert_same(kept.called(PATTERNS[:3], PHRASED), calling.calling(PATTERNS[:3], PHRASED))
    assert files(folder) == []
