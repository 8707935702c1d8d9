"""Paths to the input files that they mean, in an order that does not depend on how they were named."""

import glob
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import polars as pl

from cleaner import formats
from cleaner.errors import InputError


@dataclass(frozen=True)
class Source:
    """One input file: where it is, its path below the input that it was found in, and its path without links."""

    path: Path
    file: str
    real: str

    @cached_property
    def kind(self) -> str | None:
        """What the file is by its name, as `formats.kind` says."""
        return formats.kind(self.path)

    @property
    def folder(self) -> str | None:
        """The first directory of the path, which crawlers name after the site."""
        first, slash, _ = self.file.partition("/")
        return first if slash else None


def find(paths: Sequence[str | Path], *, leave_out: Sequence[str] = ()) -> list[Source]:
    """The input files: those named, those that patterns match, and those of known formats in directories.

    Args:
        paths: Directories, files and glob patterns, and addresses (s3://, gs://, hf://) of files that Polars scans.
        leave_out: Directories that are not looked into, as paths without links: the output, where it lies inside an
            input.

    Raises:
        InputError: A path does not exist, a pattern matches nothing, or a file's format is not known.
    """
    found, apart = dict[str, Source](), tuple(map(_ended, leave_out))
    for source in sorted((source for path in paths for source in _found(Path(path))), key=_deepest_first):
        if not source.real.startswith(apart):
            found.setdefault(source.real, source)
    return _told_apart(sorted(found.values(), key=lambda source: (source.file, _text(source.path))))


def is_below(path: str, folder: str) -> bool:
    """Whether a path is a folder or lies in it; both are without links."""
    return path == folder or path.startswith(_ended(folder))


def _ended(folder: str) -> str:
    """A folder as all that lies in it begins."""
    return os.path.join(folder, "")  # noqa: PTH118 (no Path ends so)


def _deepest_first(source: Source) -> tuple[int, str, str]:
    """Of several names for a file the longest path stays, in whatever order they were given."""
    return -source.file.count("/"), source.file, _text(source.path)


def _told_apart(sources: list[Source]) -> list[Source]:
    """The sources, a second one of the same path below its root getting `~2` behind it, as ids do."""
    files, _ = unique_ids(pl.Series([source.file for source in sources], dtype=pl.String))
    named = zip(sources, files, strict=True)
    return [source if source.file == file else replace(source, file=file) for source, file in named]


def _text(path: Path | str) -> str:
    """A path as text, though its bytes may be none."""
    return os.fsencode(path).decode("utf-8", "replace")


def _found(path: Path) -> Iterator[Source]:
    if address := formats.remote(path):
        if wrong := formats.unopened(path):
            message = f"{address}: {wrong}"
            raise InputError(message)
        yield Source(path, _text(path.name), os.path.realpath(path))
    elif path.is_dir():
        yield from _in_directory(path)
    elif path.exists():
        if formats.kind(path) is None:
            known = ", ".join(formats.SUFFIXES)
            message = f"{path}: the format is not known by the name. Known are {known}, with .gz or .zst behind."
            raise InputError(message)
        yield Source(path, _text(path.name), os.path.realpath(path))
    else:
        matches = sorted(glob.glob(str(path), recursive=True))  # noqa: PTH207 (Path has no glob of a whole pattern)
        if not matches:
            message = f"{path}: no such file or directory, and no pattern that matches one. Check the path."
            raise InputError(message)
        base = Path(os.path.commonpath([Path(match).parent for match in matches]))
        for match in matches:
            for source in _found(Path(match)):
                below = source.path.relative_to(base) if source.path.is_relative_to(base) else source.path
                yield replace(source, file=_text(below))


def _unlisted(error: OSError) -> None:
    message = f"{error.filename}: {error.strerror}. Make the directory readable, or name those beside it."
    raise InputError(message)


def _in_directory(root: Path) -> Iterator[Source]:
    """The files of known formats in a directory. There may be millions, and a Path takes ten times as long as text."""
    seen = set()
    for folder, folders, names in os.walk(root, followlinks=True, onerror=_unlisted):
        here = os.stat(folder)  # noqa: PTH116 (a walk gives strings)
        if (here.st_dev, here.st_ino) in seen:  # a link that leads back up
            folders.clear()
            continue
        seen.add((here.st_dev, here.st_ino))
        folders.sort()
        real, below = os.path.realpath(folder), os.path.relpath(folder, root)
        for name in sorted(names):
            path = os.path.join(folder, name)  # noqa: PTH118
            if formats.kind(name) is not None and not _is_fifo(path):
                file = name if below == os.curdir else os.path.join(below, name)  # noqa: PTH118
                is_link = os.path.islink(path)  # noqa: PTH114
                target = os.path.realpath(path) if is_link else os.path.join(real, name)  # noqa: PTH118
                yield Source(Path(path), _text(file), target)


def _is_fifo(path: str) -> bool:
    try:
        return stat.S_ISFIFO(os.stat(path).st_mode)  # noqa: PTH116
    except OSError:  # why it cannot be read is told when it is
        return False


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
