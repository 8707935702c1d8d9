"""What is told of a run while it goes on: how far it is, and the seconds that each stage took."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

Progress = Callable[[str, int], None]
"""Told the stage, and the number of documents that are through it."""


class _Sized(Protocol):
    @property
    def height(self) -> int:
        """The number of documents."""


Kind = TypeVar("Kind", bound=_Sized)


def untold(_stage: str, _documents: int) -> None:
    """No one is told."""


@dataclass(frozen=True)
class Stages:
    """The stages of a run: who is told of its progress, and the seconds taken so far."""

    progress: Progress
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Add the seconds until the end of the block to those of the stage."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - start

    def through(self, stage: str, parts: Iterable[Kind]) -> Iterator[Kind]:
        """The parts, progress being told of each."""
        documents = 0
        for part in parts:
            yield part
            documents += part.height
            self.progress(stage, documents)
