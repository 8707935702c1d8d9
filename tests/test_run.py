"""The whole job: everything is accounted for, comes back, and does not depend on how it was run."""

import hashlib
import json
import shutil
import tomllib
from pathlib import Path

import polars as pl
import pytest

import cleaner
from cleaner import write
from cleaner.duplicates import shingles
from cleaner.settings import Settings
from cleaner.shards import Layout
from tests.conftest import FIXTURES, SCRAPED

TABLES = ["corpus.parquet", "removed.parquet", "duplicates.parquet", "rejected.parquet"]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of the demo run."""
    output = tmp_path_factory.mktemp("run") / "corpus"
    cleaner.run(SCRAPED, output)
    return output


def digests(directory: Path) -> dict[str, str]:
    return {name: hashlib.sha256((directory / name).read_bytes()).hexdigest() for name in TABLES}


def sources() -> dict[str, str]:
    """Each text of the demo input, decoded, by its path."""
    texts = {}
    for path in SCRAPED.rglob("*"):
        name = path.relative_to(SCRAPED).as_posix()
        if path.suffix == ".txt":
            data = path.read_bytes()
            encoding = "utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8"
            try:
                texts[name] = data.decode(encoding)
            except UnicodeDecodeError:
                texts[name] = data.decode("latin-1")
        elif path.suffix == ".jsonl":
            for number, line in enumerate(path.read_text("utf-8").splitlines()):
                texts[f"{name}#{number}"] = json.loads(line)["text"]
    return texts


def test_every_input_is_accounted_for_once(corpus: Path) -> None:
    parts = [pl.read_parquet(corpus / f"{name}.parquet")["file"] for name in ("corpus", "duplicates", "rejected")]
    assert sorted(pl.concat(parts)) == sorted(sources())
    report = json.loads((corpus / "run.json").read_text("utf-8"))
    assert report["counts"]["inputs"] == len(sources())
    assert report["counts"]["kept"] == parts[0].len()
    assert sum(report["counts"]["duplicates"].values()) == parts[1].len()


@pytest.mark.parametrize("form", ["parquet", "jsonl", "txt"])
def test_originals_come_back_byte_for_byte(tmp_path: Path, form: str) -> None:
    cleaner.run(SCRAPED, tmp_path / "corpus", settings=Settings(format=form))
    cleaner.restore(tmp_path / "corpus", tmp_path / "back")
    back = pl.read_parquet(tmp_path / "back" / "originals.parquet")
    expected = {file: text for file, text in sources().items() if text}
    assert dict(back.select("file", "text").iter_rows()) == expected
    for file, text in expected.items():
        if file.endswith(".txt"):
            assert (tmp_path / "back" / "originals" / file).read_bytes() == text.encode()


def test_planted_duplicates_are_found_and_nothing_else(corpus: Path) -> None:
    planted = tomllib.loads((FIXTURES / "scraped-duplicates.toml").read_text("utf-8"))["pair"]
    expected = {frozenset((p["a"], p["b"])): p["relation"] for p in planted if p["relation"] != "template"}
    found = pl.read_parquet(corpus / "duplicates.parquet")
    assert dict(zip(map(frozenset, _files(corpus, found)), found["relation"], strict=True)) == expected


def _files(corpus: Path, duplicates: pl.DataFrame) -> list[tuple[str, str]]:
    kept = pl.read_parquet(corpus / "corpus.parquet").select(duplicate_of="id", of="file")
    return duplicates.join(kept, on="duplicate_of", how="left").select("file", "of").rows()


def test_every_duplicate_names_a_kept_document_and_the_pair_is_true(corpus: Path) -> None:
    kept = {row["id"]: row for row in pl.read_parquet(corpus / "corpus.parquet").iter_rows(named=True)}
    for row in pl.read_parquet(corpus / "duplicates.parquet").iter_rows(named=True):
        sets = [
            shingles.shingle_hashes(text, shingle_size=5) for text in (row["text"], kept[row["duplicate_of"]]["text"])
        ]
        assert row["similarity"] == pytest.approx(shingles.similarity(*sets))
        assert row["containment"] == pytest.approx(shingles.containment(*sets))
        assert row["containment"] >= Settings().containment


def test_order_of_paths_and_size_of_batches_change_no_byte(tmp_path: Path, corpus: Path) -> None:
    folders = sorted(path for path in SCRAPED.iterdir())
    cleaner.run(folders, tmp_path / "one")
    cleaner.run([*reversed(folders)], tmp_path / "other", batch_bytes=12_000)
    assert digests(tmp_path / "one") == digests(tmp_path / "other")
    cleaner.run(SCRAPED, tmp_path / "whole", batch_bytes=12_000)
    assert digests(tmp_path / "whole") == digests(corpus)


@pytest.mark.parametrize("form", ["jsonl.gz", "jsonl.zst"])
def test_the_size_of_batches_changes_no_byte_of_packed_records(tmp_path: Path, form: str) -> None:
    rows = pl.DataFrame({"text": [f"{number} {'quay and tide ' * 90}" for number in range(3_000)]})
    rows.write_ndjson(tmp_path / "in.jsonl")
    settings = Settings(format=form, dedupe=False, strip=False)
    for size in (100_000, 16_000_000):
        cleaner.run(tmp_path / "in.jsonl", tmp_path / str(size), settings=settings, batch_bytes=size)
    written = [(tmp_path / size / f"corpus.{form}").read_bytes() for size in ("100000", "16000000")]
    assert written[0] == written[1]


def test_the_same_run_again_says_so_and_another_needs_overwrite(tmp_path: Path) -> None:
    output = tmp_path / "corpus"
    first = cleaner.run(SCRAPED, output)
    again = cleaner.run(SCRAPED, output)
    assert again.again
    assert (again.kept, again.duplicates, again.removed) == (first.kept, first.duplicates, first.removed)
    other = Settings(threshold=0.9)
    with pytest.raises(cleaner.OutputError, match=r"other inputs or settings\. Give --overwrite"):
        cleaner.run(SCRAPED, output, settings=other)
    assert cleaner.run(SCRAPED, output, settings=other, overwrite=True).duplicates != first.duplicates


def test_a_directory_that_is_not_ours_is_not_written_to(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("x")
    with pytest.raises(cleaner.OutputError, match="no output of cleaner"):
        cleaner.run(SCRAPED, tmp_path / "mine")
    with pytest.raises(cleaner.OutputError, match="is a file"):
        cleaner.run(SCRAPED, tmp_path / "mine" / "thesis.txt")
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "x"


def test_the_input_is_never_written_over(tmp_path: Path) -> None:
    shutil.copytree(SCRAPED / "harbour-herald", tmp_path / "in" / "site")
    for output in (tmp_path / "in", tmp_path, tmp_path / "in" / "site"):
        with pytest.raises(cleaner.OutputError, match="holds the input"):
            cleaner.run(tmp_path / "in", output, overwrite=True)


def test_an_output_inside_the_input_is_not_read(tmp_path: Path) -> None:
    shutil.copytree(SCRAPED / "harbour-herald", tmp_path / "in" / "site")
    first = cleaner.run(tmp_path / "in", tmp_path / "in" / "corpus", settings=Settings(format="txt"))
    assert cleaner.run(tmp_path / "in", tmp_path / "in" / "corpus", settings=Settings(format="txt")).again
    second = cleaner.run(tmp_path / "in", tmp_path / "in" / "corpus", settings=Settings(format="txt"), overwrite=True)
    assert second.inputs == first.inputs


@pytest.mark.parametrize("writer", ["corpus", "table"])  # which are called side by side
def test_a_run_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writer: str) -> None:
    def fail(*_: object, **__: object) -> None:
        message = "disk full"
        raise OSError(message)

    monkeypatch.setattr(write, writer, fail)
    with pytest.raises(OSError, match="disk full"):
        cleaner.run(SCRAPED / "harbour-herald", tmp_path / "corpus")
    assert list(tmp_path.iterdir()) == []


def test_no_documents_at_all(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    summary = cleaner.run(tmp_path / "in", tmp_path / "out")
    assert (summary.inputs, summary.kept) == (0, 0)
    assert cleaner.restore(tmp_path / "out", tmp_path / "back") == 0


@pytest.mark.parametrize("form", ["jsonl", "txt"])
def test_no_documents_in_other_forms(tmp_path: Path, form: str) -> None:
    (tmp_path / "in").mkdir()
    summary = cleaner.run(tmp_path / "in", tmp_path / "out", settings=Settings(format=form))
    assert summary.kept == 0
    assert cleaner.restore(tmp_path / "out", tmp_path / "back") == 0


def test_texts_emptied_by_cleaning_are_rejected_and_come_back(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("Publicité\n\nLire aussi : un port\n", encoding="utf-8")
    summary = cleaner.run(tmp_path / "in", tmp_path / "out")
    assert summary.rejected == {"empty after cleaning": 1}
    cleaner.restore(tmp_path / "out", tmp_path / "back")
    back = pl.read_parquet(tmp_path / "back" / "originals.parquet")
    assert back["text"].to_list() == ["Publicité\n\nLire aussi : un port\n"]


def test_halves_can_be_left_out(tmp_path: Path) -> None:
    kept = cleaner.run(SCRAPED, tmp_path / "a", settings=Settings(dedupe=False))
    assert kept.duplicates == {}
    assert kept.removed
    texts = cleaner.run(SCRAPED, tmp_path / "b", settings=Settings(strip=False, dedupe=False))
    assert texts.removed == {}
    assert texts.kept == texts.inputs - 1  # the empty file


def test_without_the_text_of_duplicates_restoring_is_refused(tmp_path: Path) -> None:
    cleaner.run(SCRAPED, tmp_path / "a", settings=Settings(keep_duplicates=False))
    assert "text" not in pl.read_parquet_schema(tmp_path / "a" / "duplicates.parquet")
    with pytest.raises(cleaner.InputError, match="--no-keep-duplicates"):
        cleaner.restore(tmp_path / "a", tmp_path / "b")
    with pytest.raises(cleaner.InputError, match=r"no run\.json"):
        cleaner.restore(tmp_path, tmp_path / "b")


def test_ids_that_clash_are_told_apart(tmp_path: Path) -> None:
    lines = [json.dumps({"id": "same", "text": f"Le phare numéro {i} est vide."}) for i in range(3)]
    (tmp_path / "in.jsonl").write_text("\n".join(lines), encoding="utf-8")
    summary = cleaner.run(tmp_path / "in.jsonl", tmp_path / "out")
    assert summary.id_clashes == 2
    assert pl.read_parquet(tmp_path / "out" / "corpus.parquet")["id"].to_list() == ["same", "same~2", "same~3"]
    back = write.original_texts(tmp_path / "out", Layout("parquet"))
    assert back["text"].to_list() == [json.loads(line)["text"] for line in lines]


def test_txt_mirrors_the_input_and_cannot_leave_the_output(tmp_path: Path) -> None:
    cleaner.run(SCRAPED, tmp_path / "out", settings=Settings(format="txt"))
    assert (tmp_path / "out" / "corpus" / "harbour-herald").is_dir()
    files = pl.Series(["../../etc/./x.jsonl#3", "A.txt", "a.txt", "a", "..", "a~2"])
    places = ["etc/x.jsonl#3.txt", "A.txt", "a~3.txt", "a~4.txt", "text.txt", "a~2.txt"]
    assert write.text_places(files).to_list() == places


def test_samples_give_five_documents_and_copies_with_other_chrome_are_found(shared: Path, tmp_path: Path) -> None:
    summary = cleaner.run(shared / "samples", tmp_path / "five")
    assert (summary.kept, summary.duplicates) == (5, {})
    shutil.copytree(shared / "samples", tmp_path / "in" / "a")
    (tmp_path / "in" / "b").mkdir()
    for number, path in enumerate(sorted((shared / "samples").iterdir())):
        text = path.read_bytes().decode()
        more = text + "\n\nLire aussi : un hiver sans neige\n\nLeave a Reply\n\nRecent News\n"
        less = cleaner.clean(text).text
        (tmp_path / "in" / "b" / f"copy{number}.txt").write_bytes((more if number % 2 else less).encode())
    twice = cleaner.run(tmp_path / "in", tmp_path / "ten")
    assert (twice.kept, twice.duplicates) == (5, {"exact": 5})
    pairs = _files(tmp_path / "ten", pl.read_parquet(tmp_path / "ten" / "duplicates.parquet"))
    names = [path.name for path in sorted((shared / "samples").iterdir())]
    assert all({a.split("/")[0], b.split("/")[0]} == {"a", "b"} for a, b in pairs)
    assert {frozenset((a.split("/")[1], b.split("/")[1])) for a, b in pairs} == {
        frozenset((name, f"copy{number}.txt")) for number, name in enumerate(names)
    }


def test_files_of_one_path_below_two_inputs_both_come_back(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.txt").write_text(f"Le phare {name} est vide.", encoding="utf-8")
    cleaner.run([tmp_path / "a", tmp_path / "b"], tmp_path / "out", settings=Settings(format="txt"))
    back = write.original_texts(tmp_path / "out", Layout("txt"))
    assert sorted(back["text"]) == ["Le phare a est vide.", "Le phare b est vide."]


def test_an_empty_title_is_none(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"text": "Le phare est vide.", "title": "", "date": ""}', encoding="utf-8")
    cleaner.run(tmp_path / "in.jsonl", tmp_path / "out", settings=Settings(format="txt"))
    assert write.original_texts(tmp_path / "out", Layout("txt"))["text"].to_list() == ["Le phare est vide."]


def test_two_runs_into_one_output(tmp_path: Path) -> None:
    with write.Output(tmp_path / "out").alone(), pytest.raises(cleaner.OutputError, match="another run is writing"):
        cleaner.run(SCRAPED / "harbour-herald", tmp_path / "out")
    cleaner.run(SCRAPED / "harbour-herald", tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_originals_are_no_output_of_a_run(tmp_path: Path) -> None:
    cleaner.run(SCRAPED / "harbour-herald", tmp_path / "out")
    cleaner.restore(tmp_path / "out", tmp_path / "back")
    with pytest.raises(cleaner.OutputError, match="--overwrite"):
        cleaner.run(SCRAPED / "harbour-herald", tmp_path / "back")
    with pytest.raises(cleaner.InputError, match="originals already"):
        cleaner.restore(tmp_path / "back", tmp_path / "again")


def test_an_output_of_which_a_part_is_gone_is_not_finished(tmp_path: Path) -> None:
    cleaner.run(SCRAPED / "harbour-herald", tmp_path / "out")
    (tmp_path / "out" / "corpus.parquet").unlink()
    with pytest.raises(cleaner.InputError, match="Make the run again"):
        cleaner.restore(tmp_path / "out", tmp_path / "back")
    assert not cleaner.run(SCRAPED / "harbour-herald", tmp_path / "out", overwrite=True).again


def test_odd_names_and_settings_at_their_bounds(tmp_path: Path) -> None:
    settings = Settings(threshold=1.0, containment=1.0, num_perm=2, shingle_size=1)
    summary = cleaner.run(SCRAPED / "harbour-herald", tmp_path / "out[1]*", settings=settings)
    assert summary.duplicates == {"exact": 1, "update": 1}  # one report stands whole in the next day's


@pytest.mark.parametrize("keep", ["rank", "row", "tokens"])
def test_a_preference_for_a_column_that_is_not_there_is_told_of_first(tmp_path: Path, keep: str) -> None:
    with pytest.raises(cleaner.InputError, match=f"keep is '{keep}'.*url, site"):
        cleaner.run(SCRAPED, tmp_path / "out", settings=Settings(keep=keep))
    assert list(tmp_path.iterdir()) == []
