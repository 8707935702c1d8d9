"""Bytes to text, whatever they are encoded in."""

import codecs
import re

import charset_normalizer

REPLACED = "utf-8 (replaced)"
"""The encoding of text in which bytes or escapes that are no character were replaced by U+FFFD."""

CHAOS = 0.1
"""Difference of charset-normalizer's measure of disorder that says nothing: French in cp1252 has as much more than
the same bytes as cp1257. Below it, likeness to a language decides, and then how common the encoding is."""

SAMPLE_BYTES = 100_000
"""Bytes by which an encoding is told."""

_ENCODINGS = (
    "cp1252", "cp1250", "cp1251", "cp1254", "cp1253", "cp1256", "koi8_r", "gb18030", "big5", "shift_jis", "euc_jp",
    "euc_kr", "cp1255", "cp1257", "cp874",
)  # fmt: skip
"""What pages that are not UTF-8 are written in (those of the WHATWG's list that are met), the commoner first."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:\-]+)""", re.IGNORECASE)
_SAID_LATIN = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932"}
"""What browsers read where a page says another thing (WHATWG Encoding Standard, section 4.2)."""


def decoded(data: bytes) -> tuple[str, str | None]:
    """The text in some bytes and its encoding, None for UTF-8.

    Raises:
        ValueError: The bytes are no text.
    """
    if marked := bom_encoding(data):
        return data.decode(marked, "replace"), marked
    zeros, wrong = data.count(0), 0
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        wrong = error.start
    else:
        if 2 * zeros <= len(data):
            return text, None
    if zeros > len(data) // 100:
        message = f"{zeros} NUL bytes in {len(data)}"
        raise ValueError(message)
    likely = likely_encoding(data[max(0, wrong - SAMPLE_BYTES // 2) :][:SAMPLE_BYTES])
    return data.decode(likely or "utf-8", "replace"), likely or REPLACED


def bom_encoding(data: bytes) -> str | None:
    """The encoding that a byte-order mark says."""
    return next((encoding for bom, encoding in _BOMS if data.startswith(bom)), None)


def likely_encoding(sample: bytes) -> str | None:
    """The encoding of some text that is not UTF-8; None if none fits."""
    likely = list(charset_normalizer.from_bytes(sample, cp_isolation=list(_ENCODINGS)))
    if not likely:
        return None
    least = min(match.chaos for match in likely) + CHAOS
    readable = [match for match in likely if match.chaos <= least]
    return max(readable, key=lambda match: (match.coherence, -_ENCODINGS.index(match.encoding))).encoding


def is_utf8(data: bytes) -> bool:
    """Whether the bytes are UTF-8."""
    try:
        return data.isascii() or bool(data.decode())
    except UnicodeDecodeError:
        return False


def page_text(data: bytes, charset: str | None = None) -> tuple[str, str | None]:
    """The text of a page and its encoding, None for UTF-8.

    Args:
        data: The page as it came.
        charset: What the transport said it is in, such as HTTP's `Content-Type`.

    Raises:
        ValueError: The bytes are no text.
    """
    if data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return decoded(data)
    try:
        return data.decode(), None
    except UnicodeDecodeError:
        pass
    if _is_mostly_utf8(data):
        return data.decode("utf-8", "replace"), REPLACED
    said = _CHARSET.search(data, 0, 8192)
    for name in (charset, said and said[1].decode("ascii")):
        encoding = _known(name)
        if encoding and _reads_as(data, encoding):
            return data.decode(encoding, "replace"), encoding
    return decoded(data.replace(b"\0", b"") if data.count(0) < len(data) // 4 else data)


def _is_mostly_utf8(data: bytes) -> bool:
    """Whether wrong bytes are few beside right sequences, as in pages put together from several sources."""
    text = data.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    right = len(text) - len(text.encode("ascii", "ignore")) - wrong
    return 4 * wrong < right


def _known(name: str | None) -> str | None:
    """The codec for the name of an encoding, None if there is none or it is UTF-8, which was tried."""
    try:
        codec = codecs.lookup(name or "")
    except LookupError:
        return None
    encoding = _SAID_LATIN.get(codec.name, codec.name)
    text = getattr(codec, "_is_text_encoding", True)
    return encoding if text and not encoding.startswith("utf-8") else None


def _reads_as(data: bytes, encoding: str) -> bool:
    text = data.decode(encoding, "replace")
    return text.count("\ufffd") * 200 <= len(text)
