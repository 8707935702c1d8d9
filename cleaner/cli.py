"""The command line: arguments to Settings to one call."""

import atexit
import gc
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cleaner import __version__, terminal
from cleaner.errors import CleanerError, InputError

if TYPE_CHECKING:
    from cleaner.settings import Settings

app = typer.Typer(
    name="cleaner",
    help="Scraped news in, a corpus out: chrome stripped, duplicates found, every removal accounted for.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

RulesOption = Annotated[
    list[str] | None, typer.Option("--rules", metavar="FILE", help="Rule file of your own; may be repeated.")
]
InputOption = Annotated[
    str | None, typer.Option("--input", metavar="KIND", help="The texts: page, article or auto [auto].")
]
OverwriteOption = Annotated[bool, typer.Option("--overwrite", help="Replace what is in the output directory.")]


def main() -> None:
    """Run the command line; errors that a user can mend end it with a message and exit code 1."""
    # texts are in columns; looking for garbage among what starting makes and keeps would take a fifth of a second,
    gc.set_threshold(50_000, 20, 100)
    atexit.register(gc.freeze)  # and a third of one among what ends with the process
    # no matrices are multiplied here, and a thread that waits for such work turns round and round on a core
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # numba loads what multiplies them if it is there, a tenth of a second
    sys.modules.setdefault("scipy", None)  # type: ignore[arg-type]
    try:
        app()
    except CleanerError as error:
        typer.echo(f"cleaner: {error}", err=True)
        sys.exit(1)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"cleaner {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Scraped news in, a corpus out."""


@app.command()
def run(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH...",
            help="Directories, files, patterns, addresses (s3://, hf://, https:// …); - for JSON lines.",
        ),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Where the corpus is written.")],
    settings: Annotated[
        Path | None, typer.Option("--settings", metavar="FILE", help="TOML file of settings; options go before it.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be read and written.")] = False,
    overwrite: OverwriteOption = False,
    text_column: Annotated[str | None, typer.Option(metavar="NAME", help="Column that holds the text.")] = None,
    html_column: Annotated[str | None, typer.Option(metavar="NAME", help="Column that holds web pages.")] = None,
    id_column: Annotated[str | None, typer.Option(metavar="NAME", help="Column that identifies a document.")] = None,
    site_column: Annotated[str | None, typer.Option(metavar="NAME", help="Column with the source.")] = None,
    strip: Annotated[bool | None, typer.Option("--strip/--no-strip", help="Take chrome away, or not.")] = None,
    input: InputOption = None,  # noqa: A002
    rules: RulesOption = None,
    learn: Annotated[
        bool | None, typer.Option("--learn/--no-learn", help="Learn each source's recurring lines, or not.")
    ] = None,
    learned: Annotated[
        list[str] | None,
        typer.Option("--learned", metavar="FILE", help="learned.parquet of an earlier run; may be repeated."),
    ] = None,
    dedupe: Annotated[bool | None, typer.Option("--dedupe/--no-dedupe", help="Drop duplicates, or not.")] = None,
    shingle_of: Annotated[
        str | None, typer.Option(metavar="WHAT", help="words, or characters for badly read texts [words].")
    ] = None,
    shingle_size: Annotated[
        int | None, typer.Option(metavar="N", help="Tokens in a shingle [5 words, 12 characters].")
    ] = None,
    num_perm: Annotated[int | None, typer.Option(metavar="N", help="Values in a signature [128].")] = None,
    seed: Annotated[int | None, typer.Option(metavar="N", help="Seed of the permutations [1].")] = None,
    threshold: Annotated[float | None, typer.Option(metavar="X", help="Least similarity of duplicates [0.7].")] = None,
    containment: Annotated[
        float | None, typer.Option(metavar="X", help="Least share of the smaller text in the larger [0.7].")
    ] = None,
    drop: Annotated[
        list[str] | None,
        typer.Option(metavar="RELATION", help="exact, near, contained, contains, update; may be repeated [all]."),
    ] = None,
    max_bucket: Annotated[int | None, typer.Option(metavar="N", help="Largest bucket compared in full [64].")] = None,
    keep: Annotated[
        str | None,
        typer.Option(metavar="WHICH", help="longest, shortest, earliest, latest, source:a,b or a column [longest]."),
    ] = None,
    window: Annotated[str | None, typer.Option(metavar="TIME", help="Only within so long: 12h, 7d, 2w.")] = None,
    across_sources_only: Annotated[
        bool | None,
        typer.Option("--across-sources-only/--no-across-sources-only", help="Only between sources [no]."),
    ] = None,
    within_source_only: Annotated[
        bool | None, typer.Option("--within-source-only/--no-within-source-only", help="Only inside a source [no].")
    ] = None,
    annotate: Annotated[
        bool | None, typer.Option("--annotate/--no-annotate", help="Write all pairs that share much, too [no].")
    ] = None,
    explain_sample: Annotated[
        int | None, typer.Option(metavar="N", help="Documents explained line by line, drawn at random [0].")
    ] = None,
    keep_duplicates: Annotated[
        bool | None,
        typer.Option("--keep-duplicates/--no-keep-duplicates", help="Keep the text of dropped documents [yes]."),
    ] = None,
    max_document_mb: Annotated[float | None, typer.Option(metavar="MB", help="Largest text taken [32].")] = None,
    html_mode: Annotated[
        str | None, typer.Option(metavar="MODE", help="precision, balanced, recall or fast [precision].")
    ] = None,
    max_page_mb: Annotated[float | None, typer.Option(metavar="MB", help="Largest web page taken [20].")] = None,
    max_page_seconds: Annotated[float | None, typer.Option(metavar="S", help="Time for one page [30].")] = None,
    max_page_memory_mb: Annotated[float | None, typer.Option(metavar="MB", help="Memory for a page [2000].")] = None,
    format: Annotated[  # noqa: A002
        str | None, typer.Option(metavar="FORM", help="parquet, jsonl, jsonl.gz, jsonl.zst, csv or txt [parquet].")
    ] = None,
    shard_mb: Annotated[float | None, typer.Option(metavar="MB", help="Text in a file of the corpus [0: one].")] = None,
    partition_by: Annotated[
        str | None, typer.Option(metavar="WHAT", help="site or date: a directory of files of each.")
    ] = None,
) -> None:
    """Make a corpus: read texts, strip chrome, drop duplicates, write what is left and what was removed."""
    given = {name: value for name, value in locals().items() if value is not None}
    for name in ("paths", "output", "settings", "dry_run", "overwrite"):
        given.pop(name, None)
    chosen = _settings(settings, given)
    if dry_run:
        from cleaner.pipeline import plan  # noqa: PLC0415 (help must not wait for Polars)

        terminal.show_plan(*plan(paths, output, settings=chosen), output)
        return
    from cleaner.pipeline import run as run_pipeline  # noqa: PLC0415

    with terminal.progress_bar() as progress, _named(paths) as named:
        summary = run_pipeline(named, output, settings=chosen, overwrite=overwrite, progress=progress)
    terminal.show_summary(summary)


def _settings(file: Path | None, given: dict[str, Any]) -> "Settings":
    from cleaner.settings import Settings  # noqa: PLC0415

    return Settings.of(given, source="options") if file is None else Settings.read(file, **given)


@contextmanager
def _named(paths: list[str]) -> Iterator[list[str]]:
    """The paths, `-` being a file of what comes over standard input: it is looked through before it is read."""
    import shutil  # noqa: PLC0415
    import tempfile  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="cleaner-") as folder:
        if "-" in paths:
            with Path(folder, "stdin.jsonl").open("wb") as file:
                shutil.copyfileobj(sys.stdin.buffer, file)
        yield [str(Path(folder, "stdin.jsonl")) if path == "-" else path for path in paths]


@app.command()
def text(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="Text file; standard input if none.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print title, date, tags and removals too.")] = False,
    input: InputOption = None,  # noqa: A002
    html: Annotated[bool, typer.Option("--html", help="It is a web page: take the article out first.")] = False,
    url: Annotated[str | None, typer.Option(metavar="URL", help="Where the page came from.")] = None,
    html_mode: Annotated[
        str | None, typer.Option(metavar="MODE", help="precision, balanced, recall or fast [precision].")
    ] = None,
    rules: RulesOption = None,
) -> None:
    """Clean one text: standard input, or a file, to standard output."""
    from dataclasses import asdict  # noqa: PLC0415

    from cleaner.chrome.strip import Article, clean  # noqa: PLC0415
    from cleaner.write import shown  # noqa: PLC0415

    article: Article
    chosen = _settings(None, {"input": input or "auto", "rules": rules or [], "html_mode": html_mode or "precision"})
    if html:
        from cleaner.webpage import clean_html  # noqa: PLC0415

        article = clean_html(_bytes_of(file), url=url, settings=chosen)
    else:
        article = clean(_text_of(file), settings=chosen)
    output = json.dumps(asdict(article), ensure_ascii=False) if as_json else shown(article.title, article.text)
    sys.stdout.buffer.write(output.encode() + b"\n")


def _bytes_of(file: Path | None) -> bytes:
    from cleaner.files import BROKEN, opened, said  # noqa: PLC0415

    if file is None:
        return sys.stdin.buffer.read()
    try:
        with opened(file) as page:
            return page.read()
    except BROKEN as error:
        message = f"{file}: {said(error)}. Give a file of HTML."
        raise InputError(message) from error


def _text_of(file: Path | None) -> str:
    from cleaner.decode import decoded  # noqa: PLC0415
    from cleaner.files import Reject, text_of  # noqa: PLC0415

    if file is None:
        try:
            return decoded(sys.stdin.buffer.read())[0]
        except ValueError as error:
            message = f"standard input is no text: {error}. Give text in UTF-8."
            raise InputError(message) from error
    found = text_of(file, sys.maxsize // 8)
    if isinstance(found, Reject):
        message = f"{file}: {found.detail}. Give a file of text."
        raise InputError(message)
    return found[0] or ""


@app.command()
def explain(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="Text file; standard input if none.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line of the text.")] = False,
    input: InputOption = None,  # noqa: A002
    rules: RulesOption = None,
    id: Annotated[  # noqa: A002
        str | None, typer.Option("--id", metavar="ID", help="A duplicate of the run whose output FILE is.")
    ] = None,
) -> None:
    """Show each line of a text with its verdict, or with --id why a document went: it beside the one kept."""
    from dataclasses import asdict  # noqa: PLC0415

    if id is not None:
        _explain_duplicate(file, id, as_json=as_json)
        return

    from cleaner.explain import explain as explain_text  # noqa: PLC0415

    given = {"input": input or "auto", "rules": rules or []}
    for line in explain_text(_text_of(file), settings=_settings(None, given)):
        if as_json:
            typer.echo(json.dumps({"verdict": line.verdict, **asdict(line)}, ensure_ascii=False))
        else:
            terminal.show_line(line)


def _explain_duplicate(directory: Path | None, id: str, *, as_json: bool) -> None:  # noqa: A002
    from cleaner.compare import compare as compare_texts  # noqa: PLC0415
    from cleaner.compare import dropped_and_kept  # noqa: PLC0415

    if directory is None:
        raise InputError("explain --id needs the directory that `cleaner run` wrote: cleaner explain --id ID DIR.")
    dropped, kept = dropped_and_kept(directory, id)
    if not as_json:
        typer.echo(f"{dropped['id']} went as {dropped['relation']} for {kept['id']}")
    titles, dates = ((kept[name], dropped[name]) for name in ("title", "date"))
    found = compare_texts(kept["text"], dropped["text"], titles=titles, dates=dates)
    terminal.show_comparison(found, ("kept", "dropped"), as_json=as_json)


@app.command()
def compare(
    one: Annotated[Path, typer.Argument(metavar="A", help="Text file.")],
    other: Annotated[Path, typer.Argument(metavar="B", help="Text file.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Compare two texts, chrome stripped: similarity, containment, relation, and what differs."""
    from cleaner.chrome.strip import clean  # noqa: PLC0415
    from cleaner.compare import compare as compare_texts  # noqa: PLC0415

    left, right = (clean(_text_of(file)) for file in (one, other))
    dates, titles = (left.date, right.date), (left.title, right.title)
    found = compare_texts(left.text, right.text, titles=titles, dates=dates)
    terminal.show_comparison(found, (str(one), str(other)), as_json=as_json)


@app.command(name="rules")
def list_rules(
    lang: Annotated[str | None, typer.Argument(help="Language of the pack, such as fr; all packs if none.")] = None,
    check: Annotated[
        Path | None, typer.Option("--check", metavar="FILE", help="Check a rule file of your own.")
    ] = None,
) -> None:
    """List the rules, or check a rule file."""
    from cleaner.chrome.rules import load, pack_names  # noqa: PLC0415

    if check is not None:
        rules = load((str(check),))
        number = sum(rule.name.startswith(f"{check.stem}/") for rule in rules.rules)
        typer.echo(f"{check}: {number} rules, and their examples agree with them and with all packs.")
        return
    if lang is not None and lang not in pack_names():
        message = f"no pack {lang!r}. The packs are {', '.join(pack_names())}."
        raise InputError(message)
    for rule in load().rules:
        if lang is None or rule.name.startswith(f"{lang}/"):
            terminal.show_rule(rule)


@app.command()
def restore(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Output of a run.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Where the originals are written.")],
    overwrite: OverwriteOption = False,
) -> None:
    """Write the originals back, byte for byte, from the output of a run."""
    from cleaner.write import restore as restore_originals  # noqa: PLC0415

    number = restore_originals(directory, output, overwrite=overwrite)
    typer.echo(f"{number:,} originals in {output}")
