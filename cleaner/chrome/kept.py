"""What is made of rule files, kept on disk: to make it of hundreds of rules takes as long as a small run.

It lies where numba keeps the compiled functions of this folder, and is made anew where the files are others, or what
reads them was changed. Where nothing may be written it is made each time.
"""

import os
import pickle
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from importlib import resources
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any, TypeVar

import polars as pl
import xxhash

Made = TypeVar("Made")

MOST = 4
"""Files that are kept, one for the packs and one for each set of rules that a user adds; of more the oldest go."""


def kept(files: Iterable[tuple[str, str]], make: Callable[[], Made]) -> Made:
    """What is made of some files, given by name and content, from the disk if it is there."""
    place = _place(files)
    if place is None:
        return make()
    with suppress(OSError, ValueError):
        found: Made = _unpacked(place.read_bytes())
        return found
    made = make()
    with suppress(OSError):
        _write(_packed(made), place)
    return made


def _place(files: Iterable[tuple[str, str]]) -> Path | None:
    """The file for these, as this code, Python and Polars read them; None if the code is hidden."""
    try:
        here = resources.files(__package__).iterdir()
        code = sorted((file.name, file.read_bytes()) for file in here if file.name.endswith(".py"))
    except OSError:
        return None
    if not code:
        return None
    state = xxhash.xxh3_128(repr((pl.__version__, sys.version)).encode())
    for name, content in [*code, *((name, content.encode()) for name, content in files)]:
        state.update(f"{name!r} {len(content)}\n".encode())
        state.update(content)
    return Path(cache_from_source(__file__)).with_name(f"rules-{state.hexdigest()}.pickle")


def _packed(made: object) -> bytes:
    """What was made, behind its digest: damage is told from that, and nothing damaged is read."""
    data = pickle.dumps(made, pickle.HIGHEST_PROTOCOL)
    return xxhash.xxh3_128_digest(data) + data


def _unpacked(data: bytes) -> Any:
    """What was made.

    Raises:
        ValueError: The data is damaged, or this process cannot read it.
    """
    size = xxhash.xxh3_128().digest_size
    digest, made = data[:size], data[size:]
    if xxhash.xxh3_128_digest(made) != digest:
        message = "what was kept of the rules is damaged; it is made again"
        raise ValueError(message)
    try:
        return pickle.loads(made)  # noqa: S301 (written by this code, and lies beside it)
    except Exception as error:
        message = f"what was kept of the rules cannot be read ({error}); it is made again"
        raise ValueError(message) from error


def _write(data: bytes, place: Path) -> None:
    """Write a file whole or not at all, whoever else writes it, and let the oldest of its kind go."""
    place.parent.mkdir(parents=True, exist_ok=True)
    own = place.with_suffix(f".{os.getpid()}.tmp")
    try:
        own.write_bytes(data)
        own.replace(place)
    finally:
        own.unlink(missing_ok=True)
    there = sorted(place.parent.glob("rules-*.pickle"), key=lambda path: path.stat().st_mtime_ns)
    for path in there[:-MOST]:
        path.unlink(missing_ok=True)
