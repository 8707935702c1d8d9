"""Inputs of every kind, good and bad: each is a document or is named in rejected."""

import gzip
import json
import os
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import cleaner
from cleaner import files, formats, jsonlines, read, sources
from cleaner.documents import Batch
from cleaner.settings import Settings

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

BODY = "Le phare est vide depuis mardi, a dit la gardienne."


def read_all(*paths: Path, settings: Settings | None = None) -> tuple[pl.DataFrame, pl.DataFrame]:
    inputs = read.Inputs(sources.find(paths), settings or Settings(), batch_bytes=1000)
    batches = list(inputs.batches())
    return pl.concat([b.documents for b in batches]), pl.concat([b.rejected for b in batches])


def batch(size: int) -> Batch:
    return Batch(pl.DataFrame({"text": ["x" * size] if size else []}, schema={"text": pl.String}), pl.DataFrame())


def cut(sizes: list[int], threads: int) -> list[int]:
    runs = read.evened([batch(size) for size in sizes], 24, threads)
    return [sum(int(part.documents["text"].str.len_bytes().sum()) for part in run) for run in runs]


def test_batches_are_cut_so_that_threads_end_together() -> None:
    assert cut([6] * 2, threads=2) == [12]  # too little to be cut
    assert cut([6] * 8, threads=2) == [24, 24]
    assert cut([6] * 7, threads=2) == [24, 18]
    assert cut([6] * 14, threads=2) == [24, 18, 24, 18]
    assert cut([6] * 24, threads=2) == [24] * 6
    assert cut([6] * 9, threads=1) == [24, 30]
    assert cut([100, 1, 1], threads=2)[0] == 100
    assert cut([6] * 9 + [60], threads=2) == [24, 24, 6, 60]  # no document is cut
    for threads in range(1, 5):
        for parts in range(40):
            assert sum(cut([6, 0] * parts, threads)) == 6 * parts
            assert 0 not in cut([6, 0] * parts, threads)[:-1]  # batches are named by their first rows
            large_before_none = [6] * parts + [200] + [0] * 9
            assert 0 not in cut(large_before_none, threads)[:-1]
            assert all(read.evened(map(batch, large_before_none), 24, threads))


def test_batches_are_cut_between_documents_and_keep_their_order() -> None:
    texts = pl.DataFrame({"text": [f"{number:03}" for number in range(100)]})
    part = Batch(texts, pl.DataFrame({"file": ["a", "b"]}))
    for threads in range(1, 5):
        runs = list(read.evened([part, batch(0), part], 60, threads))
        assert pl.concat([piece.documents for run in runs for piece in run]).equals(pl.concat([texts, texts]))
        assert pl.concat([piece.rejected for run in runs for piece in run if piece.rejected.width])["file"].len() == 4
        sizes = [sum(piece.documents.height for piece in run) for run in runs]
        assert (sizes[0], min(sizes)) == (20, 20)
        assert max(sizes) <= 40


def write(path: Path, data: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def jsonl(*records: object) -> str:
    return "\n".join(json.dumps(record, ensure_ascii=False) for record in records) + "\n"


def test_a_directory_gives_its_files_in_order_with_the_folder_as_site(tmp_path: Path) -> None:
    write(tmp_path / "b" / "2.txt", BODY)
    write(tmp_path / "a" / "x y'\"é日.txt", BODY)
    write(tmp_path / "a" / "picture.jpg", b"\xff\xd8")
    write(tmp_path / "top.txt", BODY)
    documents, rejected = read_all(tmp_path)
    assert documents["file"].to_list() == ["a/x y'\"é日.txt", "b/2.txt", "top.txt"]
    assert documents["id"].equals(documents["file"].alias("id"))
    assert documents["site"].to_list() == ["a", "b", None]
    assert rejected.is_empty()


@pytest.mark.parametrize("suffix", ["", ".gz", ".zst"])
def test_json_lines(tmp_path: Path, suffix: str) -> None:
    records = [
        {"url": "https://www.Journal.fr/a?x=1", "content": BODY, "n": 1, "nested": {"k": [1, 2]}},
        {"url": "https://eu.journal.fr:80/b", "content": BODY, "n": 2, "headline": "Titre"},
    ]
    data = jsonl(*records).encode()
    data = {"": data, ".gz": gzip.compress(data), ".zst": zstd.compress(data)}[suffix]
    documents, _ = read_all(write(tmp_path / f"in.jsonl{suffix}", data))
    assert documents["id"].to_list() == [record["url"] for record in records]
    assert documents["site"].to_list() == ["journal.fr", "eu.journal.fr"]
    assert documents["title"].to_list() == [None, "Titre"]
    assert documents["file"].to_list() == [f"in.jsonl{suffix}#0", f"in.jsonl{suffix}#1"]
    assert documents.select("n", "nested").row(0) == (1, {"k": [1, 2]})


def test_csv_and_parquet(tmp_path: Path) -> None:
    frame = pl.DataFrame({"id": ["1", "2"], "text": [BODY, f'{BODY}\n"deux"'], "source": ["s", None]})
    frame.write_csv(tmp_path / "in.csv")
    frame.with_columns(pl.lit(3).alias("score")).write_parquet(tmp_path / "in.parquet")
    documents, _ = read_all(tmp_path)
    assert documents["text"].to_list() == frame["text"].to_list() * 2
    assert documents["score"].to_list() == [None, None, 3, 3]
    assert documents["file"].to_list() == ["in.csv#0", "in.csv#1", "in.parquet#0", "in.parquet#1"]


def test_a_broken_line_is_rejected_by_file_and_line_and_the_rest_goes_on(tmp_path: Path) -> None:
    lines = [jsonl({"text": f"{BODY} {i}"}).strip() for i in range(2000)]
    lines[700] = '{"text": "broken'
    lines[1500] = '["no", "object"]'
    documents, rejected = read_all(write(tmp_path / "in.jsonl", "\n".join(lines)))
    assert documents.height == 1998
    assert rejected["file"].to_list() == ["in.jsonl#700", "in.jsonl#1500"]
    assert rejected["reason"].unique().to_list() == ["unreadable"]
    assert "line 701" in rejected["detail"][0]
    assert documents["text"][1999 - 2] == f"{BODY} 1999"


def test_types_that_differ_from_line_to_line(tmp_path: Path) -> None:
    path = write(
        tmp_path / "in.jsonl", jsonl({"text": BODY, "n": 1}, {"text": 5, "n": "x"}, {"text": BODY, "n": {"k": 1}})
    )
    documents, _ = read_all(path)
    assert documents["text"].to_list() == [BODY, "5", BODY]
    assert documents["n"].to_list() == ["1", "x", '{"k": 1}']


def test_null_empty_and_too_large_texts_are_rejected(tmp_path: Path) -> None:
    path = write(
        tmp_path / "in.jsonl", jsonl({"text": None}, {"text": ""}, {"text": BODY * 100}, {"text": BODY}, {"x": 1})
    )
    documents, rejected = read_all(path, settings=Settings(max_document_mb=0.001))
    assert documents.height == 1
    assert sorted(rejected["reason"]) == ["empty", "empty", "empty", "too large"]
    assert "5,100" in rejected["detail"][2] or "5100 bytes" in rejected["detail"][2]


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        (b"\xef\xbb\xbf" + BODY.encode(), BODY, "utf-8-sig"),
        (BODY.encode("utf-16"), BODY, "utf-16"),
        (
            ("L'été, la mère a chanté près du café fermé. " * 5).encode("latin-1"),
            "L'été, la mère a chanté près du café fermé. " * 5,
            "cp1252",
        ),
        (b"un\x00deux", "un\x00deux", None),
    ],
)
def test_encodings(tmp_path: Path, data: bytes, text: str, encoding: str | None) -> None:
    documents, _ = read_all(write(tmp_path / "in.txt", data))
    assert documents["text"].to_list() == [text]
    assert documents["encoding"].to_list() == [encoding]


def test_bytes_that_are_no_text_are_rejected(tmp_path: Path) -> None:
    write(tmp_path / "in" / "a.txt", bytes(range(256)) * 40 + b"\x00\xff" * 900)
    write(tmp_path / "in" / "b.txt", bytes(1000))
    write(tmp_path / "in" / "c.csv", bytes(1000))
    _, rejected = read_all(tmp_path / "in")
    assert rejected["reason"].to_list() == ["undecodable", "undecodable", "unreadable"]


def test_json_lines_with_wrong_bytes_or_lone_surrogates(tmp_path: Path) -> None:
    data = '\ufeff{"text": "déjà été fermé"}\n'.encode() + b'{"text": "caf\xe9"}\n{"text": "a\\ud800b"}\n'
    data += b'{"text": "\\ud83d\\ude00"}\n{"text": "nul\\u0000 \x00"}\n'
    documents, rejected = read_all(write(tmp_path / "in.jsonl", data))
    assert documents["text"].to_list() == ["déjà été fermé", "caf\ufffd", "a\ufffdb", "\U0001f600", "nul\x00 \x00"]
    assert documents["encoding"].to_list() == [None, "utf-8 (replaced)", "utf-8 (replaced)", None, None]
    assert rejected.is_empty()


FRENCH = "L'été, la mère a chanté près du café fermé, et le gardien du phare a fêté Noël à l'hôtel."


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8"])
@pytest.mark.parametrize("form", ["jsonl", "json", "lines.json", "csv"])
def test_records_in_other_encodings(tmp_path: Path, form: str, encoding: str) -> None:
    texts = [f"{FRENCH} {number}" for number in range(20)]
    records = [{"id": f"é{number}", "text": text} for number, text in enumerate(texts)]
    data = {
        "jsonl": jsonl(*records),
        "json": json.dumps(records, ensure_ascii=False),
        "lines.json": jsonl(*records),
        "csv": "".join(["id,text\n", *(f'{record["id"]},"{record["text"]}"\n' for record in records)]),
    }
    documents, rejected = read_all(write(tmp_path / f"in.{form}", data[form].encode(encoding)))
    assert rejected.is_empty()
    assert documents["text"].to_list() == texts
    assert documents["id"][3] == "é3"
    assert documents["encoding"].unique().to_list() == [None if encoding == "utf-8" else encoding]


@pytest.mark.parametrize("wrong", [b"\xe9", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xc0\xaf", b"\xf5\x80\x80\x80"])
@pytest.mark.parametrize("line", [0, 700, 1499])
def test_no_file_with_wrong_bytes_anywhere_is_taken_for_utf8(tmp_path: Path, wrong: bytes, line: int) -> None:
    lines = [json.dumps({"text": f"{FRENCH} {number}"}, ensure_ascii=False).encode() for number in range(1500)]
    whole = write(tmp_path / "whole.jsonl", b"\n".join(lines))
    assert jsonlines.look(whole, 20_000) == ({"text": pl.String()}, True, ())
    for old, new in ((b"text", b"text" + wrong), (b"caf", b"caf" + wrong), (b'"}', b'"}' + wrong)):
        changed = [*lines[:line], lines[line].replace(old, new, 1), *lines[line + 1 :]]
        path = write(tmp_path / "wrong.jsonl", b"\n".join(changed))
        assert not jsonlines.look(path, 20_000, 1_000_000).is_utf8
        assert jsonlines.look(path, 20_000, 1_000_000).blocks == ()
        assert files.lines_encoding(path) is not None
    damaged = write(tmp_path / "whole.jsonl.gz", gzip.compress(whole.read_bytes())[:-200])
    assert not jsonlines.look(damaged, 20_000).is_utf8


@pytest.mark.parametrize("size", [20, 40, 1000])
def test_lines_that_are_kept_from_the_first_look_are_read_as_the_file_is(tmp_path: Path, size: int) -> None:
    path = write(tmp_path / "in.jsonl", "\ufeff" + jsonl({"text": "One."}, {"text": "Two."}, {"id": "3"}) + "\n")
    schema: dict[str, pl.DataType] = {"text": pl.String(), "id": pl.String()}
    seen = jsonlines.look(path, size, 1000)
    assert b"\n".join(seen.blocks).split() == path.read_bytes().removeprefix(b"\xef\xbb\xbf").split()
    path.write_bytes(path.read_bytes().replace(b"Two", b"2nd"))
    kept, read_again = (list(jsonlines.records(path, schema, size, look)) for look in (seen, None))
    assert [part.rejects for part in kept if part.rejects] == [part.rejects for part in read_again if part.rejects]
    again = pl.concat([part.frame for part in read_again]).with_columns(pl.col("text").str.replace("2nd", "Two"))
    assert pl.concat([part.frame for part in kept]).equals(again)
    assert jsonlines.look(path, size, len(path.read_bytes()) // 2).blocks == ()


def test_blank_lines_tell_nothing_of_what_a_file_is_encoded_in(tmp_path: Path) -> None:
    path = write(tmp_path / "in.jsonl", jsonl({"text": "One."}) + "\n\n\n \n\n")
    for size in (1, 3, 20, 1000):
        assert jsonlines.look(path, size, 1000).is_utf8


@pytest.mark.parametrize("form", ["json", "csv"])
def test_few_wrong_bytes_are_replaced_and_named(tmp_path: Path, form: str) -> None:
    records = [{"text": FRENCH}, {"text": "caf? fermé"}]
    text = json.dumps(records, ensure_ascii=False) if form == "json" else f'text\n"{FRENCH}"\ncaf? fermé\n'
    documents, _ = read_all(write(tmp_path / f"in.{form}", text.encode().replace(b"?", b"\xe9")))
    assert documents["text"].to_list() == [FRENCH, "caf\ufffd fermé"]
    assert documents["encoding"].to_list() == [None, "utf-8 (replaced)"]


def test_a_line_of_many_megabytes(tmp_path: Path) -> None:
    data = jsonl({"text": BODY}, {"text": "x" * 50_000_000}, {"text": BODY})
    documents, rejected = read_all(write(tmp_path / "in.jsonl", data))
    assert documents.height == 2
    assert rejected["reason"].to_list() == ["too large"]
    assert rejected["file"].to_list() == ["in.jsonl#1"]


def test_a_truncated_gz_gives_what_could_be_read(tmp_path: Path) -> None:
    lines = [json.dumps({"text": f"{BODY} {os.urandom(40).hex()}"}) for _ in range(3000)]
    data = gzip.compress("\n".join(lines).encode())
    documents, rejected = read_all(write(tmp_path / "in.jsonl.gz", data[: len(data) // 2]))
    assert 100 < documents.height < 3000
    assert documents["text"].to_list() == [json.loads(line)["text"] for line in lines[: documents.height]]
    assert rejected.select("file", "reason").rows() == [("in.jsonl.gz", "unreadable")]


@pytest.mark.parametrize("name", ["in.parquet", "in.jsonl.gz", "in.jsonl.zst", "in.txt.gz"])
def test_a_file_that_is_not_what_it_says_is_rejected(tmp_path: Path, name: str) -> None:
    good = write(tmp_path / "good.txt", BODY)
    documents, rejected = read_all(good, write(tmp_path / name, b"no such thing"))
    assert documents.height == 1
    assert rejected.select("file", "reason").rows() == [(name, "unreadable")]


def test_a_file_that_vanishes_is_rejected(tmp_path: Path) -> None:
    gone = write(tmp_path / "gone.txt", BODY)
    inputs = read.Inputs(sources.find([tmp_path]), Settings())
    gone.unlink()
    rejected = pl.concat([batch.rejected for batch in inputs.batches()])
    assert rejected.select("file", "reason").rows() == [("gone.txt", "unreadable")]


def test_empty_files_and_directories(tmp_path: Path) -> None:
    for name in ("a.txt", "b.jsonl", "c.csv"):
        write(tmp_path / name, "")
    documents, rejected = read_all(tmp_path)
    assert documents.is_empty()
    assert rejected["file"].to_list() == ["a.txt"]  # the others have no records


def test_links_that_lead_back_up_are_not_followed_for_ever(tmp_path: Path) -> None:
    write(tmp_path / "a" / "1.txt", BODY)
    (tmp_path / "a" / "up").symlink_to(tmp_path, target_is_directory=True)
    documents, _ = read_all(tmp_path)
    assert documents["file"].to_list() == ["a/1.txt"]


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    path = write(tmp_path / "a" / "1.txt", BODY)
    assert len(sources.find([tmp_path, path, tmp_path / "a" / "*.txt"])) == 1


def test_a_file_with_several_names_is_read_once_and_what_is_no_file_not_at_all(tmp_path: Path) -> None:
    outside = write(tmp_path / "elsewhere" / "1.txt", BODY)
    inside = write(tmp_path / "in" / "deep" / "2.txt", BODY)
    (tmp_path / "in" / "linked.txt").symlink_to(outside)
    (tmp_path / "in" / "again.txt").symlink_to(inside)
    (tmp_path / "in" / "nothing.txt").symlink_to(tmp_path / "nowhere.txt")
    (tmp_path / "by-link").symlink_to(tmp_path / "in", target_is_directory=True)
    os.mkfifo(tmp_path / "in" / "pipe.txt")
    for paths in ([tmp_path / "in"], [tmp_path / "by-link", tmp_path / "in"]):
        found = sources.find(paths)
        assert [source.file for source in found] == ["deep/2.txt", "linked.txt", "nothing.txt"]
        assert [source.real for source in found] == [str(source.path.resolve()) for source in found]
    _, rejected = read_all(tmp_path / "in")
    assert rejected.select("file", "reason").rows() == [("nothing.txt", "unreadable")]


def test_what_lies_in_a_folder_is_told_from_what_lies_beside_it(tmp_path: Path) -> None:
    for name in ("a", "out/b", "out-takes/c", "other/out/d"):
        write(tmp_path / f"{name}.txt", BODY)
    found = sources.find([tmp_path], leave_out=[str(tmp_path / "out")])
    assert [source.file for source in found] == ["a.txt", "other/out/d.txt", "out-takes/c.txt"]
    assert sources.is_below("/data/out", "/data/out")
    assert sources.is_below("/data/out/a/b", "/data/out")
    assert sources.is_below("/data", "/")
    assert not sources.is_below("/data/out-takes", "/data/out")
    assert not sources.is_below("/data", "/data/out")


@pytest.mark.parametrize(
    "name", ["a.txt", "A.TXT", ".txt", "..txt", "a.b.jsonl.GZ", "a.txt.", "a", "a.gz", ".jsonl.zst", "a.nix", "x.y.csv"]
)
def test_a_name_has_the_suffixes_that_a_path_has(name: str) -> None:
    suffixes = [suffix.lower() for suffix in Path(name).suffixes]
    packed = suffixes[-1:] and suffixes[-1] in formats.COMPRESSED
    last = suffixes[:-1][-1:] if packed else suffixes[-1:]
    assert formats.kind(f"/some/folder.txt/{name}") == formats.kind(Path(name))
    assert formats.kind(name) == (formats.SUFFIXES.get(last[0]) if last else None)


def test_a_missing_text_column_is_an_error_that_lists_those_there_are(tmp_path: Path) -> None:
    path = write(tmp_path / "in.jsonl", jsonl({"title": "x", "article": BODY}))
    with pytest.raises(cleaner.InputError, match=r"it has title, article\. Name .* --text-column"):
        read_all(path)
    documents, _ = read_all(path, settings=Settings(text_column="article"))
    assert documents["text"].to_list() == [BODY]
    with pytest.raises(cleaner.InputError, match="no column 'nix' for the text"):
        read_all(path, settings=Settings(text_column="nix"))


def test_further_columns_with_our_names_get_a_prefix(tmp_path: Path) -> None:
    documents, _ = read_all(write(tmp_path / "in.jsonl", jsonl({"text": BODY, "cluster": 7, "file": "f"})))
    assert documents.select("input_cluster", "input_file", "file").row(0) == (7, "f", "in.jsonl#0")


@pytest.mark.parametrize("path", ["nowhere", "nowhere/*.txt"])
def test_paths_that_lead_nowhere_are_errors(tmp_path: Path, path: str) -> None:
    with pytest.raises(cleaner.InputError, match="nowhere"):
        sources.find([tmp_path / path])


def test_a_named_file_of_an_unknown_format_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(cleaner.InputError, match=r"in\.doc.*\.jsonl"):
        sources.find([write(tmp_path / "in.doc", BODY)])


@pytest.mark.parametrize("form", ["parquet", "jsonl", "csv", "arrow"])
def test_an_address_is_opened_by_polars(tmp_path: Path, form: str) -> None:
    frame = pl.DataFrame({"id": ["1", "2"], "text": [BODY, f"{BODY} deux"]})
    path = tmp_path / f"in.{form}"
    writers: dict[str, Any] = {
        "parquet": frame.write_parquet,
        "jsonl": frame.write_ndjson,
        "csv": frame.write_csv,
        "arrow": frame.write_ipc,
    }
    writers[form](path)
    summary = cleaner.run(path.as_uri(), tmp_path / "out")
    assert summary.inputs == 2
    with pytest.raises(cleaner.OutputError):  # what is at an address may have changed unseen
        cleaner.run(path.as_uri(), tmp_path / "out")
    documents, rejected = read_all(Path(path.as_uri()))
    assert documents["text"].to_list() == frame["text"].to_list()
    assert documents["file"].to_list() == [f"in.{form}#0", f"in.{form}#1"]
    assert rejected.is_empty()


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("s4://bucket/x.parquet", r"s4://bucket/x\.parquet: s4:// is not known\. Known are s3://"),
        ("s3://bucket/x.doc", r"s3://bucket/x\.doc: only \.parquet"),
        ("gs://bucket/x.jsonl.gz", r"gs://bucket/x\.jsonl\.gz: only \.parquet"),
        ("file:///nowhere/x.parquet", r"file:///nowhere/x\.parquet: it cannot be opened: .*Check the address"),
    ],
)
def test_an_address_that_cannot_be_opened_is_named(address: str, message: str) -> None:
    with pytest.raises(cleaner.InputError, match=message):
        sources.find([address])


def test_loose_csv(tmp_path: Path) -> None:
    documents, _ = read_all(write(tmp_path / "in.csv", f'id,text\n1,"{BODY}\n2,un "mot" libre\n'))
    assert documents.height >= 1


def test_ids_are_made_unique_in_the_order_of_the_rows() -> None:
    ids, clashes = sources.unique_ids(pl.Series(["a", "b", "a", "a~2", "a"]))
    assert ids.to_list() == ["a", "b", "a~2", "a~2~2", "a~3"]
    assert ids.n_unique() == 5
    assert clashes == 2


def test_the_output_of_a_run_can_be_read_again(tmp_path: Path) -> None:
    write(tmp_path / "in" / "a.txt", BODY)
    cleaner.run(tmp_path / "in", tmp_path / "out")
    documents, rejected = read_all(tmp_path / "out" / "corpus.parquet")
    assert documents["text"].to_list() == [BODY]
    assert rejected.is_empty()


def test_names_that_are_taken_twice_over(tmp_path: Path) -> None:
    documents, _ = read_all(write(tmp_path / "in.jsonl", jsonl({"text": BODY, "row": 1, "input_row": 2, "record": 3})))
    assert {"input_row", "input_input_row", "record"} <= set(documents.columns)


def test_rows_of_csv_with_too_many_fields_are_rejected(tmp_path: Path) -> None:
    documents, rejected = read_all(
        write(tmp_path / "in.csv", f"id,text\n1,Bonjour, le monde\n2,{BODY.split(',', maxsplit=1)[0]}\n")
    )
    assert documents["id"].to_list() == ["2"]
    assert rejected["file"].to_list() == ["in.csv#0"]
    assert "3 fields, the header has 2" in rejected["detail"].item()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_csv_by_any_separator_and_encoding(tmp_path: Path, separator: str, encoding: str) -> None:
    text = f"id{separator}text\n1{separator}Le phare a été fermé.\n"
    documents, _ = read_all(write(tmp_path / "in.csv", text.encode(encoding)))
    assert documents.select("id", "text").rows() == [("1", "Le phare a été fermé.")]


def test_lines_without_any_record_are_named(tmp_path: Path) -> None:
    _, rejected = read_all(write(tmp_path / "in.jsonl", "x\n[1]\n"), write(tmp_path / "good.txt", BODY))
    assert rejected["file"].to_list() == ["in.jsonl#0", "in.jsonl#1"]
    assert "one object per line is wanted" in rejected["detail"][1]


def test_objects_without_fields_become_text(tmp_path: Path) -> None:
    path = write(tmp_path / "in.jsonl", jsonl({"text": BODY, "meta": {}, "list": [{}]}))
    cleaner.run(path, tmp_path / "out")
    assert pl.read_parquet(tmp_path / "out" / "corpus.parquet").select("meta", "list").row(0) == ("{}", "[{}]")


def test_each_file_has_its_own_column_of_text(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", jsonl({"text": BODY, "body": "aside"}))
    write(tmp_path / "b.jsonl", jsonl({"body": BODY}))
    write(tmp_path / "c.jsonl", jsonl({"markup": BODY}))
    documents, rejected = read_all(tmp_path)
    assert documents["text"].to_list() == [BODY, BODY]
    assert documents["body"].to_list() == ["aside", None]
    assert rejected["detail"].to_list() == ["no column of text: the file has markup"]


def test_of_several_names_for_a_file_the_longest_stays(tmp_path: Path) -> None:
    write(tmp_path / "in" / "site" / "x.txt", BODY)
    one = sources.find([tmp_path / "in", tmp_path / "in" / "site"])
    other = sources.find([tmp_path / "in" / "site", tmp_path / "in"])
    assert [source.file for source in one] == [source.file for source in other] == ["site/x.txt"]


def test_files_of_one_path_below_two_inputs_are_told_apart(tmp_path: Path) -> None:
    write(tmp_path / "a" / "x.txt", BODY)
    write(tmp_path / "b" / "x.txt", f"{BODY} Encore.")
    assert [source.file for source in sources.find([tmp_path / "a", tmp_path / "b"])] == ["x.txt", "x.txt~2"]
