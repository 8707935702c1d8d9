"""The order of the steps: read, strip, learn, sign, match, cluster, write."""

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
import xxhash

from cleaner import __version__, compiling, firstrun, formats, learning, read, results, sources, write
from cleaner.chrome import known
from cleaner.chrome.compiled import Rules, load_compiled
from cleaner.chrome.rules import load
from cleaner.documents import Batch
from cleaner.matching import matched, named
from cleaner.parallel import ahead, both, check_engine, inside, mapped
from cleaner.settings import Settings
from cleaner.shards import Layout
from cleaner.spool import Part, worked
from cleaner.stages import Progress, Stages, untold
from cleaner.summary import Summary, report
from cleaner.waiting import Item, Kind, few_of, stowed, waiting

Paths = str | Path | Sequence[str | Path]

LARGE = 4_000_000
"""Bytes of the inputs from which the compiled way is loaded before it is asked for; it takes a third of a second."""


def run(
    paths: Paths,
    output: str | Path,
    *,
    settings: Settings | None = None,
    overwrite: bool = False,
    batch_bytes: int = read.BATCH_BYTES,
    progress: Progress | None = None,
) -> Summary:
    """Make a corpus of scraped texts: chrome stripped, duplicates dropped, all that was removed accounted for.

    Args:
        paths: Directories, files and glob patterns.
        output: The directory to write: the corpus, `removed`, `duplicates`, `rejected` and `run.json`.
        settings: All that changes the result.
        overwrite: Replace what is there. Without it that is an error, but for the output of the same run.
        batch_bytes: Text that is worked on at once, in bytes. It bounds memory and changes no result.
        progress: Told how far the run is.

    Raises:
        CleanerError: The inputs, the output or the settings cannot be used, or the process was forked from one in which
            Polars was at work; nothing has been written then.
    """
    check_engine()
    chosen, target = settings or Settings(), write.Output(Path(output))
    inputs = _inputs(paths, target, chosen, batch_bytes)
    fingerprint = _fingerprint(inputs)
    done, layout = write.report_of(target.path), Layout.of(chosen.as_dict())
    whole = done is not None and done["fingerprint"] == fingerprint and write.is_whole(target.path, layout)
    if done is not None and whole and not overwrite:
        return Summary(**done["counts"], output=target.path, seconds=done["times"], again=True)
    taken = {os.path.realpath(path): path for path in _listed(paths)}
    taken |= {source.real: source.path for source in inputs.sources}
    write.check(target, taken, overwrite=overwrite)
    stages = Stages(progress or untold)
    with stages.timed("total"), stages.timed("columns"):
        rules = load(chosen.rules)
        # while the first batch is read and its lines are taken apart
        loaded = ahead(load_compiled) if chosen.strip and inputs.size >= LARGE else None
        given = [known.read_table(file) for file in chosen.learned]
        _ = inputs.columns.names  # a missing column is told of before anything is written
    with target.alone(), firstrun.compiled_beside(rules, loaded, dedupe=chosen.dedupe) if loaded else nullcontext():
        write.check(target, taken, overwrite=overwrite)  # again: another run may have finished since
        write.begin(target)
        try:
            with stages.timed("total"):
                counts = _do(inputs, rules, given, target, stages)
            summary = Summary(**counts, output=target.path, seconds=stages.seconds)
            write.finish(target, report(summary, inputs, fingerprint))
        except BaseException:
            write.abandon(target)
            raise
    return summary


def _do(
    inputs: read.Inputs, rules: Rules, given: list[pl.DataFrame], target: write.Output, stages: Stages
) -> dict[str, Any]:
    """The steps in order; the counts of what was done."""
    parts, table = _spooled(inputs, rules, given, target.spool, stages)
    with stages.timed("match"):
        stages.progress("find duplicates", 0)
        ids, clashes = named(parts)
        found, gone = both(
            lambda: matched(parts, ids, inputs.settings),
            lambda: results.write_removed(parts, ids, target, learned=table),
            side_by_side=results.may_be_at_once(parts),
        )
    with stages.timed("write"):
        stages.progress("write", 0)
        results.write_documents(parts, found, target, rules, inputs.settings)
    return results.counts(parts, found, target, inputs.settings, gone) | {"id_clashes": clashes}


def _spooled(
    inputs: read.Inputs, rules: Rules, given: list[pl.DataFrame], folder: Path, stages: Stages
) -> tuple[list[Part], pl.DataFrame]:
    """The batches, worked on; and what was learned."""
    settings, table, batches = inputs.settings, known.together(given), _rows(inputs)
    few = few_of(inputs.size, inputs.batch_bytes)
    if not settings.strip or not (settings.learn or table.height):
        work = _joined(partial(worked, rules=rules, settings=settings, folder=folder, stages=stages))
        return _all("read and strip", _each(work, batches, few, stages), few, stages), table
    look = _joined(partial(learning.looked_at, rules=rules, settings=settings, folder=folder, stages=stages))
    looked = _all("read and strip", _each(look, batches, few, stages), few, stages)
    with stages.timed("learn"):
        stages.progress("learn", 0)
        if settings.learn:
            learn = inside(partial(learning.learned, rules=rules))
            table = known.together([table, learn(looked)])
    compiling.wait()  # not on a thread of Polars: what is compiled beside this may need one
    finish = partial(learning.finished, table=table, rules=rules, settings=settings, folder=folder, stages=stages)
    parts = learning.forgetting(looked, _each(finish, looked, few, stages))
    return _all("cut and sign", parts, few, stages), table


def _each(work: Callable[[Item], Kind], items: Iterable[Item], few: int, stages: Stages) -> Iterator[Kind]:
    """What is made of each of some batches, several at once."""
    return mapped(inside(stowed(work, few, stages)), enumerate(items))


def _all(stage: str, parts: Iterable[Kind], few: int, stages: Stages) -> list[Kind]:
    """All of them, on disk where they are more than a few."""
    return waiting(stages.through(stage, parts), few, stages)


def _rows(inputs: read.Inputs) -> Iterator[tuple[int, list[Batch]]]:
    """The parts of each batch, with the row of its first document."""
    row = 0
    for parts in inputs.runs():
        height = sum(part.documents.height for part in parts)
        yield row, parts
        row += height


def _joined(work: Callable[[tuple[int, Batch]], Kind]) -> Callable[[tuple[int, list[Batch]]], Kind]:
    """The work on a batch, for its parts.

    They are put together on the thread that works on it. What waits for Polars on another thread may have to wait
    until a batch is done, if a thread of Polars takes that up while it waits for a piece of the other's call.
    """
    return lambda numbered: work((numbered[0], read.together(numbered[1])))


def plan(paths: Paths, output: str | Path, *, settings: Settings | None = None) -> tuple[read.Inputs, list[str]]:
    """What a run would read and the names of what it would write; nothing is written.

    Raises:
        CleanerError: The inputs cannot be used.
    """
    chosen = settings or Settings()
    inputs = _inputs(paths, write.Output(Path(output)), chosen, read.BATCH_BYTES)
    _ = inputs.columns.names
    return inputs, results.names(chosen)


def _inputs(paths: Paths, target: write.Output, settings: Settings, batch_bytes: int) -> read.Inputs:
    return read.Inputs(sources.find(_listed(paths), leave_out=write.ours(target)), settings, batch_bytes)


def _listed(paths: Paths) -> list[Path]:
    return [Path(path) for path in ([paths] if isinstance(paths, str | Path) else paths)]


def _fingerprint(inputs: read.Inputs) -> str:
    """Tells runs apart: the files with their sizes and times, the settings, the version of the tool."""
    state = xxhash.xxh3_128(repr((__version__, sorted(inputs.settings.as_dict().items()))).encode())
    for path in [
        *(source.path for source in inputs.sources),
        *map(Path, inputs.settings.rules + inputs.settings.learned),
    ]:
        status = None
        with suppress(OSError, ValueError):
            status = path.stat()
        state.update(repr((str(path), status and (status.st_size, status.st_mtime_ns))).encode())
        if formats.remote(path):  # no size or time tells whether it changed, so no two runs are alike
            state.update(str(time.time_ns()).encode())
    return state.hexdigest()
