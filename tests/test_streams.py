"""CSV and JSON arrays, read piece by piece: the same as whole, and damage costs what is damaged."""

import csv
import gzip
import io
import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cleaner import delimited, formats, jsonarrays, jsonlines
from cleaner.jsonlines import RECORD, Records

SCHEMA: dict[str, pl.DataType] = {"id": pl.String(), "text": pl.String()}
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), min_size=1, max_size=20)
objects = st.lists(st.fixed_dictionaries({"id": texts, "text": texts}), max_size=12)


def together(parts: list[Records]) -> tuple[pl.DataFrame, list[tuple[int | None, str]]]:
    frame = pl.concat([part.frame for part in parts])
    return frame, [(reject.record, reject.detail) for part in parts for reject in part.rejects]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("streams")


@given(objects, st.integers(1, 60), st.sampled_from([None, 0, 2]), st.sampled_from(["", "][", " \n]\n["]))
def test_an_array_is_read_as_json_reads_it(
    folder: Path, found: list[dict[str, str]], size: int, indent: int | None, between: str
) -> None:
    data = json.dumps(found, indent=indent, ensure_ascii=False)
    path = folder / "a.json"
    path.write_text(data[:-1] + between + data[1:] if between else data, encoding="utf-8", newline="")
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(jsonarrays, "READ_CHARACTERS", 7)
        frame, rejects = together([Records(pl.DataFrame(schema={RECORD: pl.Int64, **SCHEMA})), *_plain(path, size)])
    assert frame.select("id", "text").rows(named=True) == found * (2 if between else 1)
    assert frame[RECORD].to_list() == list(range(frame.height))
    assert rejects == []


def _plain(path: Path, size: int) -> list[Records]:
    return [
        Records(part.frame.select(RECORD, *SCHEMA), part.rejects) for part in jsonarrays.records(path, SCHEMA, size)
    ]


def test_an_array_that_is_cut_gives_what_is_whole(tmp_path: Path) -> None:
    found = [{"id": str(number), "text": "The ferry left on time. " * 9} for number in range(2000)]
    path = tmp_path / "a.json"
    path.write_text(json.dumps(found)[:-5000])
    frame, rejects = together(list(formats.records(path, SCHEMA, 10_000, entries=list)))
    assert rejects == [(None, f"no JSON (Unterminated string) after record {frame.height - 1}")]
    assert frame["id"].to_list() == [str(number) for number in range(frame.height)]
    assert 1950 < frame.height < 2000
    assert jsonarrays.columns(path, 10_000) == SCHEMA


def test_elements_that_are_no_objects_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('[{"id": "1", "text": "x"}, "y", [2], {"id": "3", "text": "z"}]')
    frame, rejects = together(list(jsonarrays.records(path, SCHEMA, 1)))
    assert frame["id"].to_list() == ["1", "3"]
    assert [number for number, _ in rejects] == [1, 2]


@given(objects, st.integers(1, 60), st.sampled_from(",;\t"), st.sampled_from(["\n", "\r\n"]))
@example([{"id": '"', "text": '\n"\n,'}], 1, ",", "\n")
def test_csv_is_read_as_it_was_written(
    folder: Path, found: list[dict[str, str]], size: int, separator: str, end: str
) -> None:
    rows = io.StringIO(newline="")
    writer = csv.DictWriter(rows, ["id", "text"], delimiter=separator, lineterminator=end)
    writer.writeheader()
    writer.writerows(found)
    path = folder / "a.csv"
    path.write_text(rows.getvalue(), encoding="utf-8", newline="")
    frame, rejects = together(list(delimited.records(path, SCHEMA, size)))
    assert delimited.columns(path) == SCHEMA
    assert frame.select("id", "text").rows(named=True) == found
    assert frame[RECORD].to_list() == list(range(len(found)))
    assert rejects == []


plain_texts = st.text("abc ,é\n", min_size=1, max_size=20)


@given(st.lists(plain_texts, max_size=8), st.lists(plain_texts, max_size=8), st.sampled_from(["", "\n"]))
def test_a_quote_that_is_never_closed_costs_its_record(
    folder: Path, before: list[str], after: list[str], end: str
) -> None:
    """Rows of one line behind it come back; all in front of it is untouched."""
    one_line = [text.replace("\n", " ").replace(",", "") for text in after]
    lines = ["id,text", *(f'a{number},"{text}"' for number, text in enumerate(before)), 'broken,"there it']
    lines += [f"b{number},{text}" for number, text in enumerate(one_line)]
    path = folder / "a.csv"
    path.write_text("\n".join(lines) + end, encoding="utf-8", newline="")
    frame, rejects = together(list(delimited.records(path, SCHEMA, 1 << 20)))
    assert frame["text"].to_list() == [*before, *(text or None for text in one_line)]
    assert rejects == [(len(before), f"record {len(before)}: a quote in its first line is never closed")]


def test_an_open_quote_swallows_only_so_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "SWALLOWED", 1000)
    rows = "".join(f'{number},"The ferry left."\n' for number in range(500))
    path = tmp_path / "a.csv"
    path.write_text('id,text\nx,"open\n' + "y,plain\n" * 300 + rows)
    frame, rejects = together(list(delimited.records(path, SCHEMA, 2000)))
    assert frame.height == 800
    assert len(rejects) == 1


def test_fields_that_are_missing_or_too_many(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,text,n\n1,x\n\n2,"y",3\n4,z,5,6\n7,,8\n')
    wanted: dict[str, pl.DataType] = {**SCHEMA, "n": pl.String(), "other": pl.String()}
    frame, rejects = together(list(delimited.records(path, wanted, 1)))
    assert frame.select("id", "text", "n", "other").rows() == [
        ("1", "x", None, None),
        ("2", "y", "3", None),
        ("7", None, "8", None),
    ]
    assert rejects == [(2, "record 2: 4 fields, the header has 3; quote the text")]


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_a_line_that_is_too_long_to_be_held_is_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(jsonlines, "LONGEST_LINE", 5000)
    good = '{"id": "1", "text": "x"}\n'
    for data, numbers in ((good + "a" * 9000 + "\n" + good, [0, 2]), (good * 2 + "a" * 9000, [0, 1])):
        (tmp_path / name).write_bytes(gzip.compress(data.encode()) if name.endswith("gz") else data.encode())
        for size in (100, 2000, 100_000):
            frame, rejects = together(list(jsonlines.records(tmp_path / name, SCHEMA, size)))
            assert frame[RECORD].to_list() == numbers
            assert [number for number, _ in rejects] == [3 - sum(numbers)] if sum(numbers) < 3 else [2]


def test_a_line_of_csv_that_is_too_long_to_be_held_is_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "SWALLOWED", 1000)
    path = tmp_path / "a.csv"
    for long in ("a" * 5000, '1,"' + "a" * 2000, "a" * 1000, "a" * 999 + "b" * 3000):
        path.write_text(f"id,text\n0,x\n{long}\n2,z\n")
        frame, rejects = together(list(delimited.records(path, SCHEMA, 100)))
        assert frame["id"].to_list() == ["0", "2"]
        assert rejects == [(1, "record 1: a line of over 1000 characters")]
