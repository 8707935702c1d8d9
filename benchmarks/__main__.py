"""The command line: `python -m benchmarks throughput|quality|noise|scale|peers|pages|gate|corners|hostile|report`."""

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks import commands, corners, gate, hostile, measure, noise, pictures, report, webpages
from benchmarks.plan import Plan

_DOCS = {
    "throughput": 20_000,
    "quality": 20_000,
    "noise": 2_000,
    "scale": 100_000,
    "peers": 20_000,
    "gate": 10_000,
    "corners": 0,
    "hostile": 0,
    "pages": 1_000,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Measure cleaner, and its peers beside it."
    )
    parser.add_argument("command", choices=[*_DOCS, "report"])
    parser.add_argument("--docs", type=int, help="documents of the corpus; for `scale` the largest")
    parser.add_argument("--seed", type=int, default=1, help="another seed, another corpus (%(default)s)")
    parser.add_argument("--noise", type=float, default=0.0, help="share of near copies' words dropped or misspelt")
    parser.add_argument("--turns", type=int, default=measure.TURNS, help="warm repetitions (%(default)s)")
    parser.add_argument("--json", type=Path, help="where the result goes; by default into benchmarks/results")
    parser.add_argument(
        "--work",
        type=Path,
        default=Path(tempfile.gettempdir()) / "cleaner-benchmarks",
        help="where corpora, outputs and peers' environments lie; corpora are kept for the next run (%(default)s)",
    )
    parser.add_argument("--pages", type=Path, help="pages: a directory of .html files to take in the place of ours")
    parser.add_argument("--only-signing", action="store_true", help="peers: leave the whole jobs out")
    parser.add_argument("--allow-regression", action="store_true", help="gate: take the figures as the new floors")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 if all is well, 1 if the gate is shut."""
    given = _parser().parse_args(arguments)
    if given.command == "report":
        print(report.update())
        return 0
    plan = Plan(docs=given.docs or _DOCS[given.command], seed=given.seed, noise=given.noise)
    work = given.work.absolute()
    work.mkdir(parents=True, exist_ok=True)
    if given.command == "gate":
        return _gate(plan, work, given)
    result = _measured(plan, work, given)
    print(commands.shown(result))
    for tool, reason in result.get("skipped", {}).items():
        print(f"skipped {tool}: {reason}")
    print(f"written to {measure.save(result, given.json)}")
    if given.json is None:
        for picture in pictures.draw(result):
            print(f"drawn {picture}")
    return 0


def _measured(plan: Plan, work: Path, given: argparse.Namespace) -> dict[str, Any]:
    made: dict[str, Callable[[], dict[str, Any]]] = {
        "throughput": lambda: commands.throughput(plan, work, given.turns),
        "quality": lambda: commands.quality_run(plan, work),
        "noise": lambda: noise.noise(plan, work),
        "scale": lambda: commands.scale(plan, work),
        "peers": lambda: commands.peers(plan, work, given.turns, wholes=not given.only_signing),
        "pages": lambda: webpages.pages(plan, work, given.pages),
        "hostile": lambda: hostile.run(work, small=bool(given.docs)),
        "corners": lambda: corners.run(work, small=bool(given.docs)),
    }
    return made[given.command]()


def _gate(plan: Plan, work: Path, given: argparse.Namespace) -> int:
    result = commands.throughput(plan, work, given.turns)
    if given.json:
        measure.save(result, given.json)
    said = gate.judge(result, allow_regression=given.allow_regression)
    for complaint in said:
        print(f"{complaint} Mend it, or accept with --allow-regression.")
    print("the gate is " + ("shut" if said else "open"))
    return int(bool(said))


if __name__ == "__main__":
    sys.exit(main())
