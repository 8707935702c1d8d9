"""What calls for patterns, kept on disk: to read it off hundreds of patterns takes as long as a small run.

It lies where numba keeps the compiled functions of this folder, and is made anew where the patterns are others, or what
reads them was changed. Where nothing may be written it is made each time.
"""

import os
import sys
from contextlib import suppress
from dataclasses import fields
from importlib import resources
from importlib.util import cache_from_source
from io import BytesIO
from pathlib import Path

import polars as pl
import xxhash

from cleaner.chrome import calling
from cleaner.chrome.calling import Calling

LEAST = 100
"""Patterns that are worth a file."""

MOST = 4
"""Files that are kept, one for the packs and one for each set of rules that a user adds; of more the oldest go."""

_READERS = ("calling.py", "keys.py", "literals.py", "parts.py")
"""The code that reads patterns."""

_SERIES = "phrased"
"""The part of Calling that is no frame."""


def called(patterns: list[tuple[int, str]], phrased: pl.Series) -> Calling:
    """What calls for patterns, as `calling` says, from the disk if it is there.

    Args:
        patterns: Their orders and themselves.
        phrased: As `Calling` has it.
    """
    place = _place(patterns, phrased) if len(patterns) >= LEAST else None
    if place is None:
        return calling.calling(patterns, phrased)
    with suppress(OSError, ValueError):
        return _unpacked(place.read_bytes())
    made = calling.calling(patterns, phrased)
    with suppress(OSError):
        _write(_packed(made), place)
    return made


def _place(patterns: list[tuple[int, str]], phrased: pl.Series) -> Path | None:
    """The file for these patterns, as this code, Python's parser and Polars read them; None if the code is hidden."""
    try:
        code = [(resources.files(__package__) / name).read_bytes() for name in _READERS]
    except OSError:
        return None
    digest = xxhash.xxh3_128(repr((pl.__version__, sys.version, code, patterns, phrased.to_list())).encode())
    return Path(cache_from_source(__file__)).with_name(f"calling-{digest.hexdigest()}.arrow")


def _packed(calls: Calling) -> bytes:
    """Each part as a list of rows, behind the digest of all: Polars would not tell of some damage but break off."""
    parts_of = {field.name: getattr(calls, field.name) for field in fields(Calling)}
    frames = {name: part.to_frame(name) if name == _SERIES else part for name, part in parts_of.items()}
    file = BytesIO()
    pl.DataFrame({name: [frame.to_struct()] for name, frame in frames.items()}).write_ipc(file, compression="zstd")
    return xxhash.xxh3_128_digest(file.getvalue()) + file.getvalue()


def _unpacked(data: bytes) -> Calling:
    """The parts again.

    Raises:
        ValueError: The data is damaged.
    """
    size = xxhash.xxh3_128().digest_size
    digest, file = data[:size], data[size:]
    if xxhash.xxh3_128_digest(file) != digest:
        message = "what was kept of the patterns is damaged; it is made again"
        raise ValueError(message)
    row = pl.read_ipc(BytesIO(file))
    frames = {name: row[name].explode(empty_as_null=False).struct.unnest() for name in row.columns}
    return Calling(**{name: frame[name] if name == _SERIES else frame for name, frame in frames.items()})  # type: ignore[arg-type]


def _write(data: bytes, place: Path) -> None:
    """Write a file whole or not at all, whoever else writes it, and let the oldest of its kind go."""
    place.parent.mkdir(parents=True, exist_ok=True)
    own = place.with_suffix(f".{os.getpid()}.tmp")
    try:
        own.write_bytes(data)
        own.replace(place)
    finally:
        own.unlink(missing_ok=True)
    there = sorted(place.parent.glob("calling-*.arrow"), key=lambda path: path.stat().st_mtime_ns)
    for path in there[:-MOST]:
        path.unlink(missing_ok=True)
