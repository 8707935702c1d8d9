"""Packs and files of one's own to rules, and what their examples say of them."""

from collections.abc import Sequence
from functools import lru_cache, partial
from importlib import resources
from pathlib import Path
from typing import Any

import polars as pl

from cleaner.chrome.compiled import Rules
from cleaner.chrome.cuts import behind_sentence
from cleaner.chrome.kept import kept
from cleaner.chrome.keys import short_lines
from cleaner.chrome.rulefiles import Rule, parse
from cleaner.errors import RuleError


def pack_names() -> list[str]:
    """The packs that come with the tool, `any` first, then by language."""
    files = [Path(entry.name) for entry in (resources.files(__package__) / "packs").iterdir()]
    return sorted((file.stem for file in files if file.suffix == ".toml"), key=lambda name: (name != "any", name))


def load(files: tuple[str, ...] = ()) -> Rules:
    """The rules of all packs and, before them, those of the files given.

    Raises:
        RuleError: A file cannot be read, or a rule of it is refused; files of one's own are held to their examples.
    """
    return compiled_of(tuple((file, _read(Path(file))) for file in files))


@lru_cache(maxsize=8)
def compiled_of(files: tuple[tuple[str, str], ...]) -> Rules:
    """The rules of files, given by path and content, and of the packs."""
    packs = resources.files(__package__) / "packs"
    shipped = [(name, (packs / f"{name}.toml").read_text("utf-8")) for name in pack_names()]
    return kept([*files, *shipped], partial(_made, files, shipped))


def _made(files: Sequence[tuple[str, str]], shipped: Sequence[tuple[str, str]]) -> Rules:
    own = [rule for file, toml in files for rule in parse(toml, Path(file).stem, file)]
    rules = Rules((*own, *(rule for name, toml in shipped for rule in parse(toml, name)))).prepared()
    if own and (problems := check(rules, own)):
        raise RuleError("\n".join(problems))
    return rules


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"rule file {path}: {error}. Give a TOML file in the form of the packs: `cleaner rules` lists them."
        raise RuleError(message) from error


def check(rules: Rules, held: Sequence[Rule]) -> list[str]:
    """What the examples of `held`, which are among `rules`, say against them; empty if they agree."""
    strips = {rule.name: [_pair(example) for example in rule.strips] for rule in held}
    lines = [line for rule in held for line in (*(line for line, _ in strips[rule.name]), *rule.keeps, *rule.misses)]
    found = speakers(rules, list(dict.fromkeys(lines)))
    problems = []
    for rule in held:
        for line, cut in strips[rule.name]:
            if found[line].get(rule.name, "") != (cut or line):
                problems.append(f'rule "{rule.name}": it does not take its "strips" {line!r}. Mend one of the two.')
        for line in rule.keeps:
            problems += [
                f'rule "{rule.name}": its "keeps" {line!r} is taken by "{other}". Narrow that rule.'
                for other in found[line]
            ]
        for line in rule.misses:
            if rule.name in found[line]:
                problems.append(f'rule "{rule.name}": its "misses" {line!r} is taken after all. Move it to "strips".')
    return problems


def _pair(example: Any) -> tuple[str, str | None]:
    """A line and what is cut from it, None standing for all of it."""
    line, cut = example if isinstance(example, tuple) else (example, None)
    return line, cut


def speakers(rules: Rules, lines: Sequence[str]) -> dict[str, dict[str, str]]:
    """For each line the names of the rules that would take something of it, wherever it stood, and what they take."""
    frame = pl.DataFrame({"text": lines}, schema={"text": pl.String}).with_row_index("at")
    whole = rules.hits(short_lines(frame)).join(rules.table, on="order", maintain_order="left")
    found: dict[str, dict[str, str]] = {line: {} for line in lines}
    for at, name in whole.select("at", "name").iter_rows():
        found[lines[at]][name] = lines[at]
    for match in rules.matches:
        pattern, group = (behind_sentence(match.pattern), 1) if match.inside else (match.pattern, 0)
        for line, cut in zip(lines, frame["text"].str.extract(pattern, group), strict=True):
            if cut:
                found[line][rules.rules[match.order].name] = cut
    return found
