"""Bodies of HTTP responses as archives hold them: chunked, packed, mislabelled, cut."""

import gzip
import sys
import zlib

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.payload import payload

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PAGE = b"<!DOCTYPE html><p>The ferries leave again on Monday.</p>" * 40


def bare(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACKERS = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress, "zstd": zstd.compress}


def chunked(data: bytes, size: int) -> bytes:
    parts = [data[at : at + size] for at in range(0, len(data), size)]
    return b"".join(b"%x;a=b\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


@given(st.binary(max_size=300), st.sampled_from(["", *PACKERS]), st.integers(0, 50))
def test_what_was_packed_comes_back(data: bytes, packing: str, size: int) -> None:
    page = b"<p>" + data
    body = PACKERS[packing](page) if packing else page
    sent, transfer = (chunked(body, size), "Chunked") if size else (body, "")
    assert payload(sent, transfer, packing.upper(), 10_000) == page


@pytest.mark.parametrize(
    ("body", "transfer", "packing"),
    [
        (PAGE, "chunked", "gzip"),
        (PAGE, "", "br"),
        (PAGE, "", "deflate"),
        (bare(PAGE), "", "deflate"),
        (gzip.compress(PAGE), "", ""),
        (gzip.compress(gzip.compress(PAGE)), "", "gzip, gzip"),
    ],
    ids=["neither", "no brotli", "no deflate", "bare", "unsaid", "twice"],
)
def test_what_is_not_as_it_says_is_taken_as_it_is(body: bytes, transfer: str, packing: str) -> None:
    assert payload(body, transfer, packing, 10_000) == PAGE


@pytest.mark.parametrize("packing", ["gzip", "deflate"])
def test_what_is_cut_is_given_up_to_there(packing: str) -> None:
    page = b"<p>" + bytes(range(256)) * 20
    found = payload(chunked(PACKERS[packing](page), 100)[:-90], "chunked", packing, 10_000)
    assert page.startswith(found)
    assert len(found) > 200


def test_a_bomb_is_unpacked_only_so_far() -> None:
    for packer in PACKERS.values():
        assert len(payload(packer(b"<" * 3_000_000), "", "br" if packer is brotli.compress else "", 5000)) < 100_000


@pytest.mark.parametrize(("body", "packing"), [(gzip.compress(PAGE)[:20] + b"x" * 90, ""), (bytes(range(256)), "br")])
def test_damage_is_told(body: bytes, packing: str) -> None:
    with pytest.raises(ValueError, match="packing is damaged"):
        payload(body, "", packing, 10_000)
