"""What the command shows on a terminal: plans, summaries, lines, comparisons, rules, and how far a run is."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from cleaner.chrome.rulefiles import Rule
    from cleaner.compare import Comparison
    from cleaner.explain import LineVerdict
    from cleaner.read import Inputs
    from cleaner.summary import Summary


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int], None] | None]:
    """A bar with the stage and documents per second; nothing where no one watches."""
    if not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm  # noqa: PLC0415

    with tqdm(unit=" documents", leave=False) as bar:

        def show(stage: str, documents: int) -> None:
            bar.set_description(stage, refresh=False)
            bar.update(max(0, documents - bar.n))
            bar.refresh()

        yield show


def show_plan(inputs: "Inputs", files: list[str], output: Path) -> None:
    """What a run would read, how it takes the columns, and what it would write."""
    typer.echo(f"would read {len(inputs.sources)} files:")
    for source in inputs.sources:
        typer.echo(f"  {source.file}")
    for column, name in inputs.columns.names.items():
        typer.echo(f"column {column}: {name!r}")
    if inputs.columns.further:
        typer.echo(f"further columns: {', '.join(inputs.columns.further)}")
    typer.echo(f"would write to {output}:")
    for name in files:
        typer.echo(f"  {name}")


def show_summary(summary: "Summary") -> None:
    """What a run did."""
    if summary.again:
        typer.echo(f"{summary.output} is the finished output of the same inputs and settings: nothing to do.")
    apart = {name: summary.removed.get(name, 0) for name in ("title", "blank")}
    chrome = {name: number for name, number in summary.removed.items() if name not in apart}
    rows = [
        ("documents in", summary.inputs, ""),
        ("kept", summary.kept, ""),
        *((f"{relation} duplicates", number, "") for relation, number in summary.duplicates.items()),
        *(("rejected", number, reason) for reason, number in summary.rejected.items()),
        ("chrome removed", sum(chrome.values()), "spans, of these"),
        *((f"  {category}", number, "") for category, number in chrome.items()),
        ("titles set apart", apart["title"], ""),
        ("blank lines removed", apart["blank"], "runs"),
    ]
    for name, number, remark in rows:
        typer.echo(f"{name:<22}{number:>10,}  {remark}".rstrip())
    if summary.dates_unknown:
        typer.echo(
            f"{summary.dates_unknown:,} documents have no known date: with --window they are compared with none."
        )
    if summary.id_clashes:
        typer.echo(f"{summary.id_clashes:,} ids were taken already and got a number behind them (~2).")
    size, seconds = summary.text_bytes / 1e6, summary.seconds["total"]
    share = 100 * summary.removed_bytes / max(summary.text_bytes, 1)
    typer.echo(f"{seconds:.2f} s, {size:.1f} MB of text, {size / max(seconds, 1e-9):.1f} MB/s; {share:.1f} % removed")
    typer.echo(f"results in {summary.output}")


def show_line(line: "LineVerdict") -> None:
    """A line of a text with its verdict, and below it what it goes for."""
    colours = {"keep": None, "title": "green", "edit": "yellow", "cut": "red"}
    typer.secho(line.shown, fg=colours[line.verdict])
    if line.reason:
        typer.secho(line.reason, dim=True)


def show_comparison(found: "Comparison", names: tuple[str, str], *, as_json: bool) -> None:
    """What two texts are to each other, and the passages that differ; `names` says which is which."""
    from dataclasses import asdict  # noqa: PLC0415

    if as_json:
        typer.echo(json.dumps(asdict(found), ensure_ascii=False))
        return
    typer.echo(f"relation     {found.relation or 'none'}")
    typer.echo(f"similarity   {found.similarity:.3f}")
    typer.echo(f"containment  {found.containment:.3f}")
    for left, right in found.passages:
        typer.secho(f"- {names[0]}: {left or '(nothing)'}", fg="red")
        typer.secho(f"+ {names[1]}: {right or '(nothing)'}", fg="green")


def show_rule(rule: "Rule") -> None:
    """A rule in one row."""
    typer.echo(f"{rule.name:<28}{rule.category:<15}{rule.where:<10}{rule.takes:<7}{rule.why}")
