"""Paths to the input files that they mean, in an order that does not depend on how they were named."""

import glob
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from cleaner import formats
from cleaner.errors import InputError


@dataclass(frozen=True)
class Source:
    """One input file: where it is, and its path below the input that it was found in."""

    path: Path
    file: str

    @property
    def folder(self) -> str | None:
        """The first directory of the path, which crawlers name after the site."""
        first, slash, _ = self.file.partition("/")
        return first if slash else None


def find(paths: Sequence[str | Path], *, leave_out: Sequence[Path] = ()) -> list[Source]:
    """The input files: those named, those that patterns match, and those of known formats in directories.

    Args:
        paths: Directories, files and glob patterns, and addresses (s3://, gs://, hf://) of files that Polars scans.
        leave_out: Directories that are not looked into: the output, where it lies inside an input.

    Raises:
        InputError: A path does not exist, a pattern matches nothing, or a file's format is not known.
    """
    found: dict[Path, Source] = {}
    for source in sorted((source for path in paths for source in _found(Path(path))), key=_deepest_first):
        real = source.path.resolve()
        if not any(real.is_relative_to(folder) for folder in leave_out):
            found.setdefault(real, source)
    return _told_apart(sorted(found.values(), key=lambda source: (source.file, _text(source.path))))


def _deepest_first(source: Source) -> tuple[int, str, str]:
    """Of several names for a file the longest path stays, in whatever order they were given."""
    return -source.file.count("/"), source.file, _text(source.path)


def _told_apart(sources: list[Source]) -> list[Source]:
    """The sources, a second one of the same path below its root getting `~2` behind it, as ids do."""
    files, _ = unique_ids(pl.Series([source.file for source in sources], dtype=pl.String))
    return [replace(source, file=file) for source, file in zip(sources, files, strict=True)]


def _text(path: Path | str) -> str:
    """A path as text, though its bytes may be none."""
    return os.fsencode(path).decode("utf-8", "replace")


def _found(path: Path) -> Iterator[Source]:
    if address := formats.remote(path):
        if wrong := formats.unopened(path):
            message = f"{address}: {wrong}"
            raise InputError(message)
        yield Source(path, _text(path.name))
    elif path.is_dir():
        yield from _in_directory(path)
    elif path.exists():
        if formats.kind(path) is None:
            known = ", ".join(formats.SUFFIXES)
            message = f"{path}: the format is not known by the name. Known are {known}, with .gz or .zst behind."
            raise InputError(message)
        yield Source(path, _text(path.name))
    else:
        matches = sorted(glob.glob(str(path), recursive=True))  # noqa: PTH207 (Path has no glob of a whole pattern)
        if not matches:
            message = f"{path}: no such file or directory, and no pattern that matches one. Check the path."
            raise InputError(message)
        base = Path(os.path.commonpath([Path(match).parent for match in matches]))
        for match in matches:
            for source in _found(Path(match)):
                below = source.path.relative_to(base) if source.path.is_relative_to(base) else source.path
                yield Source(source.path, _text(below))


def _unlisted(error: OSError) -> None:
    message = f"{error.filename}: {error.strerror}. Make the directory readable, or name those beside it."
    raise InputError(message)


def _in_directory(root: Path) -> Iterator[Source]:
    seen = set()
    for folder, folders, names in os.walk(root, followlinks=True, onerror=_unlisted):
        here = os.stat(folder)  # noqa: PTH116 (a walk gives strings)
        if (here.st_dev, here.st_ino) in seen:  # a link that leads back up
            folders.clear()
            continue
        seen.add((here.st_dev, here.st_ino))
        folders.sort()
        for name in sorted(names):
            path = Path(folder, name)
            if formats.kind(path) is not None and not path.is_fifo():
                yield Source(path, _text(path.relative_to(root)))


def unique_ids(ids: pl.Series) -> tuple[pl.Series, int]:
    """The ids made unique, and how many had to be changed: a second `a` becomes `a~2`, in the order of the rows."""
    clashes = 0
    while (again := ids.is_first_distinct().not_()).any():
        turn = pl.int_range(2, pl.len() + 2).over("id") - pl.lit(1)
        named = ids.alias("id").to_frame().with_columns(turn=turn, again=again)
        ids = named.select(
            pl.when("again").then(pl.format("{}~{}", "id", "turn")).otherwise("id").alias("id")
        ).to_series()
        clashes = max(clashes, int(again.sum()))
    return ids, clashes
