"""Frames that wait between the steps of a run: in memory where batches are few, and on disk where they are many."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

import polars as pl

from cleaner.stages import Stages

FEW = 8
"""Batches that wait in memory, each some 75 MB: to write and read them takes a fifth of a run. Where there are more,
all wait on disk, so that memory does not grow with the input."""

PIECES = 8
"""Pieces that a frame is written in. Polars reads some of them ahead, and would read whole batches if they were one."""


class _Stowed(Protocol):
    @property
    def height(self) -> int:
        """The number of documents."""

    def stow(self) -> None:
        """Put it on disk, if it is not there."""


Kind = TypeVar("Kind", bound=_Stowed)
Item = TypeVar("Item")


@dataclass
class Waiting:
    """A frame that waits.

    Attributes:
        held: The frame, until it is on disk.
        place: The file it goes to.
    """

    held: pl.DataFrame | None
    place: Path

    def stow(self) -> None:
        """Put it on disk, if it is not there."""
        if self.held is not None:
            self.held.write_ipc(self.place, record_batch_size=max(1, self.held.height // PIECES))
            self.held = None

    def forget(self) -> None:
        """Let go of it, also on disk; what was read of it stays."""
        self.held = None
        with suppress(OSError):  # where files that are read from cannot be removed, they are when the run ends
            self.place.unlink(missing_ok=True)

    def lazy(self) -> pl.LazyFrame:
        """The frame, to be read as far as it is asked for."""
        return pl.scan_ipc(self.place, glob=False) if self.held is None else self.held.lazy()

    def frame(self) -> pl.DataFrame:
        """The frame."""
        return self.lazy().collect() if self.held is None else self.held


def together(frames: Iterable[Waiting]) -> pl.LazyFrame:
    """Frames of the same columns, one below the other."""
    found = list(frames)
    if any(frame.held is not None for frame in found):
        return pl.concat([frame.lazy() for frame in found])
    return pl.scan_ipc([frame.place for frame in found], glob=False)


def few_of(size: int, batch_bytes: int) -> int:
    """How many batches of inputs of so many bytes, all taken for text, wait in memory: none if there are more."""
    return FEW if size <= (FEW + 1) * batch_bytes else 0


def stowed(function: Callable[[Item], Kind], few: int, stages: Stages) -> Callable[[tuple[int, Item]], Kind]:
    """The function, of items and their turns: what it makes is on disk if there are more by now than a few.

    So it is put there by the thread that made it; `waiting` sees to the first few.
    """

    def made(numbered: tuple[int, Item]) -> Kind:
        turn, item = numbered
        part = function(item)
        if turn >= few:
            with stages.timed("spool"):
                part.stow()
        return part

    return made


def waiting(parts: Iterable[Kind], few: int, stages: Stages) -> list[Kind]:
    """The parts: as they come if they are few, all on disk if they are more."""
    found: list[Kind] = []
    for part in parts:
        found.append(part)
        if len(found) > few:
            with stages.timed("spool"):
                for one in found:
                    one.stow()
    return found
