"""The table of figures in README.md, made from the newest results."""

from pathlib import Path
from typing import Any, Final

from benchmarks.measure import RESULTS, ROOT, newest

BEGIN, END = "<!-- figures -->", "<!-- /figures -->"

_ORDER: Final = ("throughput", "peers", "scale")


def table(folder: Path = RESULTS) -> str:
    """The table, and a line on where and on what it was measured."""
    results = {name: result for name in _ORDER if (result := newest(name, folder))}
    if not results:
        return "No results yet: run `python -m benchmarks throughput`.\n"
    makers = {"throughput": _throughput, "peers": _peers, "scale": _scale}
    rows = [row for name, result in results.items() for row in makers[name](result)]
    lines = ["| what | figure | quality in the same run | command |", "|---|---|---|---|"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    notes = [_note(result) for result in results.values()]
    return "\n".join([*lines, "", *dict.fromkeys(notes)]) + "\n"


def _command(result: dict[str, Any]) -> str:
    return f"`python -m benchmarks {result['command']} --docs {result['corpus']['docs']}`"


def _note(result: dict[str, Any]) -> str:
    machine, corpus, versions = result["machine"], result["corpus"], result["versions"]
    packages = ", ".join(f"{name} {number}" for name, number in versions.items())
    return (
        f"{result['command']}: {result['when'][:10]}, commit {result['commit']}, {machine['processor']}, "
        f"{machine['cores']} cores, {machine['memory_gb']} GB; {corpus['docs']:,} documents, "
        f"{corpus['bytes'] / 1e6:,.0f} MB, xxh3-128 `{corpus['xxh3_128']}`; {packages}.  "
    )


def _speed(row: dict[str, Any]) -> str:
    spread = f"{row['least']:.2f} to {row['most']:.2f} s in {row['turns']} turns"
    return f"{row['mb_per_second']:,.1f} MB/s, {row['docs_per_second']:,.0f} documents/s (median; {spread})"


def _quality(found: dict[str, Any]) -> str:
    return (
        f"copies found {found['recall']:.1%}, precision {found['precision']:.1%}, "
        f"chrome removed {found['chrome_removed']:.1%}, body lost {found['body_lost']:.3%}"
    )


def _throughput(result: dict[str, Any]) -> list[tuple[str, ...]]:
    warm, cold, command = result["warm"], result["cold"], _command(result)
    memory = f", peak {cold['peak_bytes'] / 1e6:,.0f} MB"
    rows: list[tuple[str, ...]] = [
        ("whole job, warm", _speed(warm), _quality(warm["quality"]), command),
        ("whole job, fresh process", f"{cold['wall']:.1f} s{memory}", _quality(cold["quality"]), command),
        (
            "whole job against Polars reading and writing",
            f"{result['ratios']['whole to floor']:.1f} × as long",
            "",
            command,
        ),
    ]
    return rows + [(f"step: {name}", _speed(row), "", command) for name, row in result["steps"].items()]


def _peers(result: dict[str, Any]) -> list[tuple[str, ...]]:
    command = _command(result)
    rows = []
    for row in result["signing"]:
        error = "" if row["error"] is None else f"estimates {row['error']:.3f} off"
        rows.append(
            (f"signing, one thread: {row['tool']}", f"{_speed(row)}; {row['times_ours']:.1f} × ours", error, command)
        )
    for row in result.get("whole", []):
        found = row["quality"]
        said = f"copies found {found['recall']:.1%}, unique articles dropped {found['unique_dropped']}"
        rows.append(
            (
                f"whole job: {row['tool']} ({row['note']})",
                f"{_speed(row)}; {row['times_ours']:.1f} × ours",
                said,
                command,
            )
        )
    return rows + [(tool, f"not measured: {reason}", "", command) for tool, reason in result["skipped"].items()]


def _scale(result: dict[str, Any]) -> list[tuple[str, ...]]:
    command = _command(result)
    return [
        (
            f"whole job, {row['docs']:,} documents",
            f"{row['docs_per_second']:,.0f} documents/s, peak {row['peak_bytes'] / 1e6:,.0f} MB",
            _quality(row["quality"]),
            command,
        )
        for row in result["rows"]
    ]


def refreshed(page: str, folder: Path = RESULTS) -> str:
    """The page with the newest table between its markers.

    Raises:
        ValueError: The markers are not there, or not in order.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        message = f"no {BEGIN} … {END} in the page. Put both where the figures should stand, each on a line of its own."
        raise ValueError(message)
    return f"{before}{BEGIN}\n{table(folder)}{END}{after}"


def is_stale(page: str, folder: Path = RESULTS) -> bool:
    """Whether the page has markers, and between them not what the newest results say."""
    return BEGIN in page and END in page and refreshed(page, folder) != page


def update(path: Path = ROOT / "README.md") -> str:
    """Refresh the page; tells what was done."""
    page = path.read_text(encoding="utf-8")
    if BEGIN not in page:
        return table()
    path.write_text(refreshed(page), encoding="utf-8")
    return f"{path.name} has the newest figures"
