"""Floors that quality and speed may not sink below unasked.

Quality floors are strict. Speed is compared as a ratio to a fixed loop of the same run, so that a busy machine changes
both sides; still it is noisy, and has slack. Other processors do the loop and the job in other proportions, by as much
as two to one, so each kind has a floor of its own, which its first run sets.
"""

import json
from pathlib import Path
from typing import Any, Final

FLOORS: Final = Path(__file__).with_name("floors.json")

SLACK: Final = 0.75
"""Share of the accepted speed that is still let through: between runs on a busy machine it varies by a fifth."""

SPEED: Final = "speed on "
"""What the name of the figure begins with that tells the speed on a processor."""

_HIGHER: Final = (
    "recall",
    "clear_recall",
    "precision",
    "chrome_removed",
    "known_removed",
    "titles_found",
    "contained_found",
)
_LOWER: Final = ("body_lost", "unrelated", "unique_dropped", "templates_merged")
_COUNTED: Final = ("pairs_missed", "pairs_merged", "chrome_changes")
_FOUND: Final = "_found"
"""What the names of shares end with that are found of a category of chrome."""


def figures(result: dict[str, Any]) -> dict[str, float]:
    """What the gate looks at in a result of `throughput`."""
    quality = result["cold"]["quality"]
    found = {name: float(quality[name]) for name in (*_HIGHER, *_LOWER)}
    found |= {name: float(result["labelled"][name]) for name in _COUNTED} | result["articles"]
    speed = f"{SPEED}{result['machine']['processor']}"
    return {**found, speed: result["reference_seconds"] * result["warm"]["mb_per_second"]}


def complaints(found: dict[str, float], floors: dict[str, float]) -> list[str]:
    """One sentence for each figure that is worse than its floor, or that lacks one."""
    said = []
    for name, value in found.items():
        floor = floors.get(name)
        if floor is None and name.startswith(SPEED):
            continue
        if floor is None:
            said.append(f"{name} {value:.5g} has no floor. Accept it with --allow-regression.")
        elif name.startswith(SPEED) and value < floor * SLACK:
            said.append(f"{name} {value:.4g} (floor {floor * SLACK:.4g}): the job got slower against the fixed loop.")
        elif _is_share_found(name) and value < floor:
            said.append(f"{name} {value:.5g} (floor {floor:.5g}): less is found than was.")
        elif not name.startswith(SPEED) and not _is_share_found(name) and value > floor:
            said.append(f"{name} {value:.5g} (ceiling {floor:.5g}): more is taken wrongly than was.")
    return said


def _is_share_found(name: str) -> bool:
    """Whether more of it is better; of all else that is counted less is."""
    return name in _HIGHER or name.endswith(_FOUND)


def raised(found: dict[str, float], floors: dict[str, float], *, allow_regression: bool) -> dict[str, float]:
    """The floors after a run: the better of old and new; with `allow_regression` the new."""
    others = {name: floor for name, floor in floors.items() if name.startswith(SPEED)}
    if allow_regression or not floors:
        return {**others, **found}
    better = {name: max if name.startswith(SPEED) or _is_share_found(name) else min for name in found}
    return {**others, **{name: better[name](value, floors.get(name, value)) for name, value in found.items()}}


def read(path: Path = FLOORS) -> dict[str, Any]:
    """The floors on disk, with the corpus that they hold for; nothing if there are none."""
    floors: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return floors


def judge(result: dict[str, Any], *, allow_regression: bool, path: Path = FLOORS) -> list[str]:
    """The complaints about a result; where there are none the floors rise to it.

    Floors hold for one corpus. A corpus with another digest needs floors of its own, which `allow_regression` sets.
    """
    floors, found, digest = read(path), figures(result), result["corpus"]["xxh3_128"]
    same = floors.get("xxh3_128") == digest
    if not allow_regression:
        if floors and not same:
            message = f"the corpus is {digest}, the floors are for {floors['xxh3_128']}."
            return [f"{message} Set them anew with --allow-regression."]
        if said := complaints(found, floors["figures"]) if floors else []:
            return said
    kept = raised(found, floors.get("figures", {}) if same else {}, allow_regression=allow_regression)
    path.write_text(json.dumps({"xxh3_128": digest, "figures": kept}, indent=1) + "\n", encoding="utf-8")
    return []
