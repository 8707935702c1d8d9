"""The body of an HTTP response out of its chunks and its packing, as far as it goes.

Archives say what servers said, and often hold something else: what is packed is known by how it begins, and what cannot
be taken apart is given as it is.
"""

import re
import sys
import zlib

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
"""How packed bytes begin."""

CHUNK = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?\r\n")
"""What stands before a chunk: its size."""

LAYERS = 3
"""Times that a body may be packed."""


def payload(body: bytes, transfer: str, packing: str, most: int) -> bytes:
    """The content of a body; what is cut is given up to there.

    Args:
        body: As it stands in the archive.
        transfer: What `Transfer-Encoding` says.
        packing: What `Content-Encoding` says.
        most: Bytes beyond which nothing is unpacked.

    Raises:
        ValueError: It is packed in a way that is not known, or damaged.
    """
    data = _joined(body) if "chunked" in transfer.lower() else body
    for _ in range(LAYERS):
        if not data.startswith((GZIP, ZSTD)):
            break
        data = _unpacked(data, most)
    said = packing.strip().lower()
    if said not in {"deflate", "br"} or data.lstrip()[:1] == b"<":
        return data
    return _inflated(data, most) if said == "deflate" else _brotli(data, most)


def _joined(body: bytes) -> bytes:
    """The chunks of a body in one; the body itself if it has none (RFC 9112, section 7.1)."""
    parts: list[bytes] = []
    at = 0
    while size := CHUNK.match(body, at):
        begin, end = size.end(), size.end() + int(size[1], 16)
        if begin == end:
            return b"".join(parts)
        parts.append(body[begin:end])
        at = end + 2
    return b"".join(parts) or body


def _unpacked(data: bytes, most: int) -> bytes:
    try:
        if data.startswith(ZSTD):
            return bytes(zstd.ZstdDecompressor().decompress(data, most))
        return zlib.decompressobj(47).decompress(data, most)
    except (zlib.error, zstd.ZstdError) as error:
        message = f"its packing is damaged: {error}"
        raise ValueError(message) from error


def _inflated(data: bytes, most: int) -> bytes:
    """Bytes out of zlib's form, or out of the bare one, which some servers send instead."""
    for form in (47, -15):
        try:
            return zlib.decompressobj(form).decompress(data, most)
        except zlib.error:
            continue
    return data


def _brotli(data: bytes, most: int) -> bytes:
    try:
        import brotli  # noqa: PLC0415 (an extra)
    except ImportError as error:
        message = "packed by Brotli. Install it with pip install 'news-cleaner[warc]'"
        raise ValueError(message) from error
    try:
        return bytes(brotli.Decompressor().process(data, output_buffer_limit=most))
    except brotli.error as error:
        message = f"its packing is damaged: {error}"
        raise ValueError(message) from error
