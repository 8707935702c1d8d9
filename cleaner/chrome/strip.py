"""Verdicts to shorter documents and the removals that made them shorter."""

from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import polars as pl

from cleaner.chrome.anew import settled_anew
from cleaner.chrome.compiled import Rules
from cleaner.chrome.evidence import Evidence, gather
from cleaner.chrome.known import found_in, read_table, together, with_learned
from cleaner.chrome.learned import learn
from cleaner.chrome.lines import cut
from cleaner.chrome.removals import removals
from cleaner.chrome.rules import load
from cleaner.chrome.seen import described, left, observe
from cleaner.chrome.told import told
from cleaner.chrome.verdict import Verdict, settle
from cleaner.errors import InputError
from cleaner.parallel import check_engine, inside
from cleaner.schema import SPAN
from cleaner.settings import Settings

Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)


@dataclass(frozen=True)
class Stripped:
    """What stripping makes of a column of texts: one value a text, and the removals.

    Attributes:
        text: The texts without what was cut.
        cuts: What matches cut off lines and out of them, as CUT.
        removed: One row per removal, sorted: `doc`, the text's place; the columns of SPAN; and `evidence`, the words
            or the pattern that gave it away.
    """

    text: pl.Series
    cuts: pl.DataFrame
    removed: pl.DataFrame

    def told(self) -> pl.DataFrame:
        """What chrome told of each text, as TOLD; the title is null where there is none, or one was given.

        It is found anew: a `cached_property` has one lock for all before Python 3.12, and batches would wait for it.
        """
        return told(self.removed, self.cuts, self.text.len())


def strip_texts(texts: pl.Series, rules: Rules, titles: pl.Series | None = None, *, kind: str = "auto") -> Stripped:
    """Take the chrome out of each text.

    Args:
        texts: The texts; a null is left as it is.
        rules: What chrome looks like.
        titles: The title of each text where it is known; it is not looked for there, and its copies go.
        kind: What the texts are, as `Settings.input` says.
    """
    texts = texts.rechunk()  # taking a text out of many chunks costs a hundred times as much
    evidence = gather(texts, rules, _untitled(texts) if titles is None else titles)
    return cut_out(texts, evidence, settle(evidence, rules, texts.len(), kind=kind), rules)


def _untitled(texts: pl.Series) -> pl.Series:
    return pl.repeat(None, texts.len(), dtype=pl.String, eager=True)


def cut_out(texts: pl.Series, evidence: Evidence, verdict: Verdict, rules: Rules) -> Stripped:
    """Take out of each text what the verdict says; the texts are in one chunk."""
    removed = removals(texts, evidence, verdict, rules)
    return Stripped(text=cut(texts, removed), cuts=evidence.cuts, removed=removed)


# ---- frames and single texts ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Removal:
    """A span that was cut, and why.

    Attributes:
        start: Where it begins in the original text, in bytes of UTF-8; no index into a `str`.
        end: Where it ends, likewise.
        line: The line it begins on, from 0.
        rule: What took it, such as `fr/read-also` or `repeated-title`.
        category: What it was for on the page.
        text: The span itself.
    """

    start: int
    end: int
    line: int
    rule: str
    category: str
    text: str


@dataclass(frozen=True)
class Article:
    """What is left of a text, and what was taken away.

    Attributes:
        title: The title; None where none was found.
        text: The body.
        date: The date that stood in the chrome, as it stood there.
        author: The byline, without its lead-in.
        tags: The tags, as far as they are told apart.
        related: Headlines of the articles that were linked.
        removed: All removals in order. Their spans are UTF-8 byte offsets in the original, no `str` indices.
    """

    title: str | None
    text: str
    date: str | None
    author: str | None
    tags: tuple[str, ...]
    related: tuple[str, ...]
    removed: tuple[Removal, ...]


def clean(text: str, *, title: str | None = None, settings: Settings | None = None) -> Article:
    """Take the chrome out of one text.

    Args:
        text: The text, as extracted from a page.
        title: The article's title if it is known; else it is looked for.
        settings: Only `input` and `rules` matter here.

    Raises:
        RuleError: A rule file of the settings is refused.
        CleanerError: The process was forked from one in which Polars was at work.
    """
    check_engine()
    titles, chosen = pl.Series([title], dtype=pl.String), settings or Settings()
    rules, texts = load(chosen.rules), pl.Series([text], dtype=pl.String)
    stripped, told = inside(partial(_stripped_and_told, rules=rules, titles=titles, kind=chosen.input))(texts)
    found = told.row(0, named=True)
    return Article(
        title=title if title is not None else found["title"],
        text=stripped.text.item(),
        date=found["date"],
        author=found["author"],
        tags=tuple(found["tags"] or ()),
        related=tuple(found["related"] or ()),
        removed=tuple(Removal(**row) for row in stripped.removed.select(SPAN.names()).iter_rows(named=True)),
    )


def _stripped_and_told(texts: pl.Series, rules: Rules, titles: pl.Series, kind: str) -> tuple[Stripped, pl.DataFrame]:
    stripped = strip_texts(texts, rules, titles, kind=kind)
    return stripped, stripped.told()


def strip(
    frame: Frame, *, text: str = "text", title: str = "title", site: str = "site", settings: Settings | None = None
) -> Frame:
    """Take the chrome out of a column of texts.

    Args:
        frame: One row per document, eager or lazy.
        text: Name of the column of texts.
        title: Name of the column of titles. Titles that are there are not altered, and their copies go; where there
            are none, those found are filled in.
        site: Name of the column of sources, if there is one: lines that recur across the different articles of a
            source are taken too.
        settings: Only `input`, `rules`, `learn` and `learned` matter here.

    Returns:
        The frame with shorter texts and the columns `title`, `date`, `author` (where the frame lacks them), `tags` and
        `related` (if the frame has none): what chrome told, lists for the last two. And `removed`: a list of structs
        of `start`, `end`, `line`, `rule`, `category` and `text`.
        Offsets are in UTF-8 bytes of the original text.

    Raises:
        InputError: There is no such column, or it does not hold text.
        RuleError: A rule file of the settings is refused.
        CleanerError: The process was forked from one in which Polars was at work.
    """
    check_engine()
    chosen = settings or Settings()
    work = partial(_strip_frame, names=(text, title, site), rules=load(chosen.rules), settings=chosen)
    if isinstance(frame, pl.LazyFrame):
        return frame.map_batches(work, schema=work(frame.collect_schema().to_frame()).schema)
    return work(frame)


def _strip_frame(frame: pl.DataFrame, names: tuple[str, str, str], rules: Rules, settings: Settings) -> pl.DataFrame:
    text, title, site = names
    if frame.schema.get(text) != pl.String:
        message = (
            f"no column of text named {text!r}: the frame has "
            f"{', '.join(f'{name} ({dtype})' for name, dtype in frame.schema.items())}. Name the one with text=..."
        )
        raise InputError(message)
    texts = frame[text].rechunk()
    given_titles = frame[title].cast(pl.String) if title in frame.columns else _untitled(texts)
    evidence = gather(texts, rules, given_titles)
    verdict = settle(evidence, rules, texts.len(), kind=settings.input)
    if site in frame.columns and (settings.learn or settings.learned):
        sites = frame[site].cast(pl.String)
        evidence = _with_learned(texts, evidence, verdict, sites, rules=rules, settings=settings)
        verdict = settled_anew(verdict, evidence, rules, kind=settings.input)
    stripped = cut_out(texts, evidence, verdict, rules)
    said = stripped.told()
    removed = stripped.removed.group_by("doc", maintain_order=True).agg(removed=pl.struct(SPAN.names()))
    numbered = pl.DataFrame({"doc": pl.int_range(frame.height, dtype=pl.UInt32, eager=True)})
    spans = numbered.join(removed, on="doc", how="left", maintain_order="left")["removed"]
    found = {title: "title", "date": "date", "author": "author"}
    lists = [pl.col(name).fill_null([]) for name in ("tags", "related") if name not in frame.columns]
    return frame.with_columns(
        stripped.text.alias(text),
        *(_filled_in(frame, name, said[told]) for name, told in found.items()),
        *said.select(lists).get_columns(),
        spans.fill_null([]).cast(pl.List(pl.Struct(dict(SPAN)))).alias("removed"),
    )


def _with_learned(
    texts: pl.Series, evidence: Evidence, verdict: Verdict, sites: pl.Series, *, rules: Rules, settings: Settings
) -> Evidence:
    """The evidence, and what recurs across the texts of each source."""
    seen, tables = observe(evidence, verdict), [read_table(file) for file in settings.learned]
    if settings.learn:
        documents = described(texts, sites, evidence, verdict)
        tables.append(learn(seen.lazy(), documents, partial(left, evidence, verdict), rules))
    table = together(tables)
    return with_learned(evidence, found_in(seen, sites, table), sites, table)


def _filled_in(frame: pl.DataFrame, name: str, values: pl.Series) -> pl.Series:
    """The frame's column with what was found where it is null; a column of another type is left alone."""
    if name not in frame.columns or frame.schema[name] == pl.Null:
        return values.alias(name)
    return frame[name] if frame.schema[name] != pl.String else frame[name].zip_with(frame[name].is_not_null(), values)
