"""Web archives: whole, damaged and cut ones; each response of HTML is a page or is named."""

import gzip
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cleaner
from cleaner import warc
from tests.test_pages import article, page

pytest.importorskip("fastwarc")


def response(number: int, status: str = "200 OK", kind: str = "text/html; charset=utf-8") -> bytes:
    """A response of a web archive."""
    body = page(article()).replace("ferries", f"{number + 2} ferries").encode()
    http = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n".encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{number:032}>\r\n"
        f"WARC-Date: 2026-01-02T03:04:05Z\r\nWARC-Target-URI: https://lendal.example/{number}\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def archived(path: Path, data: bytes) -> tuple[list[str], list[tuple[int | None, str, str]]]:
    """The pages in an archive, and its rejects."""
    path.write_bytes(data)
    parts = list(warc.records(path, dict.fromkeys(warc.COLUMNS, pl.String()), 1000))
    rejects = [(reject.record, reject.reason, reject.detail) for part in parts for reject in part.rejects]
    return [text or "" for part in parts for text in part.frame["html"]], rejects


def numbers(pages: list[str]) -> list[int]:
    """The numbers of the responses that pages come from; -1 for one that does not tell."""
    return [next((n for n in range(9) if f" {n + 2} ferries" in text), -1) for text in pages]


def test_a_run_over_a_whole_archive(tmp_path: Path) -> None:
    info = b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 4\r\n\r\na: b\r\n\r\n"
    picture = response(1).replace(b"text/html; charset=utf-8", b"image/svg+xml; version=1")
    untyped = response(2).replace(b"Content-Type: text/html; charset=utf-8", b"X-Type: " + b"x" * 30)
    unlike = response(3, kind="application/octet-stream")
    picture = picture.replace(b"<!DOCTYPE html><html", b"<svg><!-- text--><ht")
    (tmp_path / "in.warc").write_bytes(info + response(0) + picture + untyped + unlike + response(4, "404 Not Found"))
    cleaner.run(tmp_path / "in.warc", tmp_path / "out", settings=cleaner.Settings(dedupe=False))
    corpus = pl.read_parquet(tmp_path / "out" / "corpus.parquet")
    rejected = pl.read_parquet(tmp_path / "out" / "rejected.parquet")
    assert [url[-1] for url in corpus["url"]] == ["0", "2", "3"]
    assert corpus["date"].unique().to_list() == ["2026-01-02"]
    assert corpus["id"][0] == f"<urn:uuid:{0:032}>"
    assert rejected.select("reason", "detail").rows() == [("no article", "https://lendal.example/4: HTTP status 404")]


DAMAGES = [
    (False, "WARC/1.0\r\n", 0, "what stands behind this record is none"),
    (False, "WARC-Type: ", 1, "of no known type"),
    (False, ": response", 1, "of no known type"),
    (False, "Content-Type: application", 1, "no HTTP response"),
    (False, "https://lendal.example/1\r\nContent-Type", 1, "no HTTP response"),
    (False, "Content-Length: ", 1, "it does not end where it says"),
    (False, "l; charset=utf-8", 1, ""),
    (False, "text", 1, ""),
    (False, "text/html; charset=utf-8\r\n\r\n<!DOCTYPE", 1, "a response of no known type, and no page"),
    (True, "", 1, "Gzip decompression error: data error"),
]


@pytest.mark.parametrize(("packed", "destroyed", "named", "detail"), DAMAGES)
def test_an_archive_damaged_in_the_middle(
    tmp_path: Path,
    packed: bool,  # noqa: FBT001
    destroyed: str,
    named: int,
    detail: str,
) -> None:
    whole = [gzip.compress(response(n), mtime=0) if packed else response(n) for n in range(4)]
    at, size = (30, 40) if packed else (whole[1].index(destroyed.encode()), len(destroyed))
    broken = whole[1][:at] + b"x" * size + whole[1][at + size :]
    pages, rejects = archived(tmp_path / f"a.warc{'.gz' * packed}", whole[0] + broken + whole[2] + whole[3])
    place = [0, len(whole[0])][named]
    assert [reject[1:] for reject in rejects] == ([("damaged record", f"at byte {place}: {detail}")] if detail else [])
    assert numbers(pages) == ([0, 2, 3] if detail else [0, 1, 2, 3])


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("share", [0.02, 0.1, 0.24, 0.5, 0.9])
def test_an_archive_that_is_cut(tmp_path: Path, packed: bool, share: float) -> None:  # noqa: FBT001
    whole = [gzip.compress(response(n), mtime=0) if packed else response(n) for n in range(3)]
    cut = whole[1][: int(share * len(whole[1]))]
    for rest, kept in ((whole[2], [0, 2]), (b"", [0])):  # in the middle, and at the end
        pages, rejects = archived(tmp_path / f"a.warc{'.gz' * packed}", whole[0] + cut + rest)
        assert numbers(pages) == kept
        ((record, reason, detail),) = rejects
        assert (record, reason) == (1, "damaged record")
        assert f"at byte {len(whole[0])}: " in detail


@given(st.booleans(), st.integers(0, 699), st.binary(max_size=40), st.integers(0, 200))
def test_no_damage_hides_a_response(
    tmp_path_factory: pytest.TempPathFactory,
    packed: bool,  # noqa: FBT001
    at: int,
    junk: bytes,
    gone: int,
) -> None:
    """Each response is there, though its text may be damaged, or is named; the others are untouched."""
    whole = [gzip.compress(response(n), mtime=0) if packed else response(n) for n in range(4)]
    broken = whole[1][:at] + junk + whole[1][at + gone :]
    path = tmp_path_factory.getbasetemp() / f"a.warc{'.gz' * packed}"
    pages, rejects = archived(path, whole[0] + broken + whole[2] + whole[3])
    assert {0, 2, 3} <= set(numbers(pages))
    assert len(pages) + len(rejects) >= 4


def test_records_that_are_too_large_to_be_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc, "LARGEST", 5000)
    large = response(1).replace(b"Content-Length: 664", b"Content-Length: 8664")[:-4] + b" " * 8000 + b"\r\n\r\n"
    film = large.replace(b"text/html; charset=utf-8", b"video/mp4; charset=utf-8")
    bomb = gzip.compress(page("<p>" + "a" * 100_000).encode())
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n" + bomb
    packed = response(3)[: response(3).index(b"Content-Length")] + b"Content-Length: %d\r\n\r\n" % len(http) + http
    data = response(0) + large + film + packed + b"\r\n\r\n" + response(4)
    for name, written in (("a.warc", data), ("a.warc.gz", gzip.compress(data))):
        pages, rejects = archived(tmp_path / name, written)
        assert numbers(pages) == [0, 4]
        assert [(record, reason) for record, reason, _ in rejects] == [(1, "too large"), (2, "too large")]


@pytest.mark.parametrize("packed", [True, False])
def test_responses_that_came_packed_and_in_chunks(tmp_path: Path, packed: bool) -> None:  # noqa: FBT001
    whole = [response(0), response(1), response(2)]
    head, _, body = whole[1].partition(b"\r\n\r\n")[2].partition(b"\r\n\r\n")
    sent = gzip.compress(body[:-4])
    http = head + b"\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (
        len(sent),
        sent,
    )
    whole[1] = whole[1].partition(b"Content-Length")[0] + b"Content-Length: %d\r\n\r\n%s\r\n\r\n" % (len(http), http)
    pages, rejects = archived(tmp_path / "a.warc", b"".join(gzip.compress(one) if packed else one for one in whole))
    assert (numbers(pages), rejects) == ([0, 1, 2], [])
