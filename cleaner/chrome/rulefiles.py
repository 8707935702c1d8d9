"""Rule files: TOML to Rule. A file with something wrong in it is refused, by file, rule and next step."""

import tomllib
from dataclasses import dataclass
from typing import Any, Literal, get_args

import polars as pl

from cleaner.errors import RuleError

Where = Literal["anywhere", "head", "tail", "last", "edge", "inside", "between"]
Takes = Literal["line", "match", "list", "block", "thread"]
Rest = Literal["none", "headline", "separated", "any"]

CATEGORIES = (
    "advertisement", "byline", "comment", "cookie", "counter", "credit", "date", "follow", "legal", "navigation",
    "newsletter", "other", "paywall", "related", "share", "site-suffix", "source", "tags", "widget",
)  # fmt: skip
"""What chrome is for. `blank` and `title` belong to no rule: they come from the shape of the document."""


_KEYS = ("why", "category", "where", "alone", "takes", "rest", "is", "starts", "pattern", "strips", "keeps", "misses")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One kind of chrome.

    Attributes:
        name: Pack and rule, such as `fr/read-also`.
        why: What the text is for on the page.
        category: One of CATEGORIES.
        where: `head`, before the first line of prose; `tail`, after the last; `last`, the same or the last line of
            prose itself, below another; `edge`, in head or tail; `inside`, anywhere but in the head; `between`, there
            between lines that have small letters; or `anywhere`.
        alone: Whether the line goes where nothing else that goes shows a page around the article.
        takes: The `line`; the `match`, which a pattern finds at the beginning (^) or the end ($) of a line, or, with
            neither, a lead-in that ends in a colon, behind the end of a sentence in a line too long to go as a whole;
            the `list`, the line and, if it says no more than the rule's words, the headlines right below; the
            `block`, the same and, in the tail, all that follows; or the `thread`, the line that heads readers'
            comments and all that follows, prose too, once an article is under way above it.
        rest: What may follow the words of `starts` on the line: nothing (`none`), a `headline` (anything but a
            sentence), a headline after a separator (`separated`), or `any` text.
        starts: Words that a line begins with.
        words: Words that are the whole line; `is` in the file.
        pattern: Regular expression for the line, or for the match; named groups become columns.
        strips: Lines that the rule takes; with `takes = "match"` pairs of a line and what is cut from it.
        keeps: Lines that no rule of any pack may take.
        misses: Lines that the rule should take and does not: known gaps.
    """

    name: str
    why: str
    category: str
    where: Where = "anywhere"
    alone: bool = True
    takes: Takes = "line"
    rest: Rest = "headline"
    starts: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    pattern: str | None = None
    strips: tuple[Any, ...]
    keeps: tuple[str, ...]
    misses: tuple[str, ...] = ()


def parse(toml: str, pack: str, source: str | None = None) -> list[Rule]:
    """The rules of one file.

    Args:
        toml: What the file says.
        pack: The name that its rules have before their own.
        source: The file, if it is one of the user's. Its patterns are compiled to see whether they can be; that the
            packs' can, which would take a fifth of a second of each run, their examples show in the tests.

    Raises:
        RuleError: The file is no TOML, or a rule lacks something or has it wrong.
    """
    file = source or f"packs/{pack}.toml"
    try:
        tables = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        message = f"{file}: {error}. A rule is a TOML table, such as [read-also]."
        raise RuleError(message) from error
    own = source is not None
    return [_rule(table, f"{pack}/{name}", f'{file}, rule "{name}"', own=own) for name, table in tables.items()]


def _rule(table: Any, name: str, source: str, *, own: bool) -> Rule:
    if problem := _problem(table) or (_pattern_problem(table) if own else None):
        message = f"{source}: {problem}"
        raise RuleError(message)
    values: dict[str, Any] = {k: tuple(map(_frozen, v)) if isinstance(v, list) else v for k, v in table.items()}
    values["words"] = values.pop("is", ())
    return Rule(name=name, **values)


def _frozen(example: Any) -> Any:
    return tuple(example) if isinstance(example, list) else example


def _problem(table: Any) -> str | None:  # noqa: C901, PLR0911, PLR0912 (one line for each way to be wrong)
    """What is wrong with a rule's table, if anything, and what to do about it."""
    if not isinstance(table, dict):
        return "it is no table. Write the rule's name in brackets, and its keys below."
    if unknown := [k for k in table if k not in _KEYS]:
        return f"unknown key {unknown[0]!r}. The keys are {', '.join(_KEYS)}."
    for wanted in ("why", "category"):
        if not isinstance(table.get(wanted), str):
            return f'no "{wanted}". Say it in a few words, as a string.'
    if table["category"] not in CATEGORIES:
        return f"unknown category {table['category']!r}. The categories are {', '.join(CATEGORIES)}."
    for choice, values in (("where", get_args(Where)), ("takes", get_args(Takes)), ("rest", get_args(Rest))):
        if table.get(choice, values[0]) not in values:
            return f"{choice} is {table[choice]!r}. It is one of {', '.join(values)}."
    if not isinstance(table.get("alone", True), bool):
        return f"alone is {table['alone']!r}. It is true or false."
    lists = [k for k in ("is", "starts", "strips", "keeps", "misses") if not isinstance(table.get(k, []), list)]
    if lists:
        return f"{lists[0]} is {table[lists[0]]!r}. It is a list of strings."
    ways = [k for k in ("is", "starts", "pattern") if table.get(k)]
    if not ways:
        return 'it says nothing to look for. Give "is", "starts" or "pattern".'
    if table.get("takes") == "match" and (ways != ["pattern"] or {"where", "alone"} & set(table)):
        return 'takes is "match": give a "pattern" alone, no "where" and no "alone".'
    if table.get("takes") == "match" and str(table["pattern"]).startswith("^") and str(table["pattern"]).endswith("$"):
        return 'takes is "match": the pattern begins with ^ or ends with $ or neither, but it is not the whole line.'
    if (
        table.get("takes") == "match"
        and not str(table["pattern"]).startswith("^")
        and table["pattern"][-1:] not in "$:]"
    ):
        return (
            'takes is "match": inside a line it must be a lead-in, a few words with a colon at the end of the pattern.'
        )
    for examples, wish in (
        ("strips", "this rule must take"),
        ("keeps", "an article could hold and it must leave alone"),
    ):
        if len(table.get(examples, [])) < 2:  # noqa: PLR2004
            return f'fewer than two "{examples}". Add two lines that {wish}.'
    return None


def _pattern_problem(table: Any) -> str | None:
    pattern = table.get("pattern", "")
    try:
        pl.select(pl.lit("").str.contains(pattern))
    except (pl.exceptions.PolarsError, TypeError) as error:
        told = " ".join(str(error).split())
        return f"pattern {pattern!r}: {told}. Patterns are those of the Rust crate regex: no look-around."
    return None
