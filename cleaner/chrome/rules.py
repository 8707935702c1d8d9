"""Rules to Polars expressions: which rule speaks for which line.

A rule says what one kind of chrome looks like on a line, by itself and whatever stands around it. Words are compared
as keys: lower case, accents off, straight quotes and hyphens, bullets and arrows trimmed. The longest of a pack's
phrases that a line starts with decides which rule speaks for it; a pattern sees the line as it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import polars as pl

from cleaner.chrome.literals import required
from cleaner.chrome.rulefiles import Rule, parse
from cleaner.errors import RuleError

LONGEST_LINE = 400
"""Bytes of the longest line that words can take: beyond that it holds prose, and cutting it would lose the article."""

KEY_LENGTH = 100
"""Characters of a line that its key is made of. Phrases have up to 60; bullets may stand before them, and what may
follow them shows in the next few."""

UNION_BYTES = 3000
"""Bytes of patterns looked for at once. Measured: up to 5,000 the time of one look at each stays that of one pattern
or two; 70,000 take a thousand times as long."""

HEADLINE_WORDS = 30
"""Words of the longest headline; more are a sentence."""

_STRAIGHT = {
    "‘": "'", "’": "'", "‛": "'", "′": "'", "`": "'", "´": "'",
    "“": '"', "”": '"', "„": '"', "‟": '"', "″": '"',
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-",
    "œ": "oe", "æ": "ae", "ß": "ss", "ı": "i", "\u200b": "", "\ufeff": "", "\u00ad": "", "：": ":", "｜": "|",
}  # fmt: skip
_STOP = r"[.。．।۔]$"
_SEPARATOR = r"""^(?:\s?[:|>»→"«]|\s-\s)"""
_UNSPACED = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"


def key(line: pl.Expr) -> pl.Expr:
    """What words and lines are compared as."""
    return (
        line.str.strip_chars()
        .str.replace_all(r"[ \t\u{a0}]{2,}", " | ")  # a gap stands where an element of the page ended
        .str.normalize("NFKD")
        .str.replace_all(r"[\u{300}-\u{36f}\u{64b}-\u{655}\u{670}\u{640}]", "")  # accents; Arabic vowels, tatweel
        .str.to_lowercase()
        .str.replace_many(list(_STRAIGHT), list(_STRAIGHT.values()))
        .str.replace_all(r"\s{2,}|[^\S ]", " ")
        .str.replace(r"^[\s\-*•·●○>»›→►▶➡➤↳#|■□◆▪※【\[(¡¿\p{So}\u{fe0f}]+", "")
        .str.replace(r"(?:[\s:*|→>»›\-\])】]|\.{2,})+$", "")
    )


def short_lines(lines: pl.DataFrame) -> pl.DataFrame:
    """The lines (`at`, `text`) that words can take, trimmed, and the `key` of each, or of its beginning."""
    return (
        lines.lazy()
        .with_columns(pl.col("text").str.strip_chars())
        .filter(pl.col("text").str.len_bytes().is_between(1, LONGEST_LINE))
        .with_columns(key=key(pl.col("text").str.head(KEY_LENGTH)))
        .collect(engine="streaming")
    )


@dataclass(frozen=True)
class Match:
    """A rule that cuts a match off a line: its order and its pattern."""

    order: int
    pattern: str

    @property
    def leads(self) -> bool:
        """Whether the beginning of the line goes, and not its end."""
        return self.pattern.startswith("^")

    @property
    def dated(self) -> bool:
        """Whether the match holds the article's date."""
        return "(?P<date>" in self.pattern


@dataclass(frozen=True)
class Rules:
    """Rules in their order, and what they compile to.

    Where two speak for one line, the first in order decides.
    """

    rules: tuple[Rule, ...]

    @cached_property
    def table(self) -> pl.DataFrame:
        """The facts of each rule that a verdict needs; `order` is its place."""
        facts = ("name", "category", "where", "takes", "rest")
        return pl.DataFrame(
            [{fact: getattr(rule, fact) for fact in facts} for rule in self.rules],
            schema=dict.fromkeys(facts, pl.String),
        ).with_row_index("order")

    def _phrases(self, field: str) -> pl.DataFrame:
        pairs = [(order, phrase) for order, rule in enumerate(self.rules) for phrase in getattr(rule, field)]
        frame = pl.DataFrame(pairs, schema={"order": pl.UInt32, "phrase": pl.String}, orient="row")
        return frame.with_columns(key(pl.col("phrase"))).unique(maintain_order=True)

    @cached_property
    def wholes(self) -> pl.DataFrame:
        """The keys that are a whole line (`phrase`) and the rule of each (`order`)."""
        return self._phrases("words")

    @cached_property
    def beginnings(self) -> pl.DataFrame:
        """The keys that a line starts with (`phrase`), the rule of each (`order`) and what may follow (`rest`)."""
        return self._phrases("starts").join(self.table.select("order", "rest"), on="order", maintain_order="left")

    @cached_property
    def _beginning(self) -> str:
        phrases = self.beginnings["phrase"].unique().to_list()
        longest_first = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
        return f"^(?:{'|'.join(map(_escape, longest_first))})" if phrases else r"^[^\s\S]"

    @cached_property
    def _patterns(self) -> pl.DataFrame:
        """The patterns for whole lines (`order`, `evidence`) and the `words` of which a line must hold one, or null."""
        rows = [
            (order, rule.pattern, words and sorted(words))
            for order, rule in enumerate(self.rules)
            if rule.pattern and rule.takes != "match"
            for words in (required(rule.pattern),)
        ]
        schema = pl.Schema({"order": pl.UInt32(), "evidence": pl.String(), "words": pl.List(pl.String)})
        return pl.DataFrame(rows, schema=schema, orient="row")

    @cached_property
    def _words(self) -> pl.DataFrame:
        """The words that call for a pattern: `word`, `order`."""
        return self._patterns.drop_nulls("words").select("order", word="words").explode("word")

    @cached_property
    def _always(self) -> pl.DataFrame:
        """The patterns that no word calls for, in unions: `union`, and the `order` of each pattern in it.

        A union costs as much as one pattern while it is small; in a large one the engine's memory of its states
        overflows and it becomes a thousand times slower.
        """
        size = pl.col("evidence").str.len_bytes().cum_sum() // UNION_BYTES
        free = self._patterns.filter(pl.col("words").is_null()).with_columns(group=size)
        part = pl.format("(?:{})", "evidence")
        return free.select("order", union=part.str.join("|").over("group"))

    @cached_property
    def matches(self) -> tuple[Match, ...]:
        """The rules that cut a match off a line, in order."""
        return tuple(
            Match(order, rule.pattern)
            for order, rule in enumerate(self.rules)
            if rule.takes == "match" and rule.pattern
        )

    def hits(self, short: pl.DataFrame) -> pl.DataFrame:
        """Which rule speaks for which line: `at`, `order`, `evidence`; sorted by the first two.

        Args:
            short: Lines as `short_lines` gives them.

        Returns:
            A row per line and rule; `evidence` is the phrase or the pattern that was found.
        """
        found = [self._whole_hits(short), self._beginning_hits(short), self._pattern_hits(short)]
        return pl.concat(found).unique(["at", "order"], keep="first", maintain_order=True).sort("at", "order")

    def _whole_hits(self, short: pl.DataFrame) -> pl.DataFrame:
        whole = short.filter(pl.col("text").str.len_chars() <= KEY_LENGTH)
        bare = whole.select("at", phrase=pl.col("key").str.strip_chars_end(".!。"))
        return bare.join(self.wholes, on="phrase").select("at", "order", evidence="phrase")

    def _beginning_hits(self, short: pl.DataFrame) -> pl.DataFrame:
        rest, kind = pl.col("left"), pl.col("rest")
        ends = rest == ""
        stopped = pl.col("text").str.contains(_STOP)
        headline = ~stopped & (pl.col("text").str.count_matches(" ", literal=True) < HEADLINE_WORDS)
        apart = rest.str.contains(_SEPARATOR)
        return (
            short.select("at", "text", "key", phrase=pl.col("key").str.extract(self._beginning, 0))
            .drop_nulls("phrase")
            .with_columns(left=pl.col("key").str.strip_prefix(pl.col("phrase")))
            .filter(ends | rest.str.contains(rf"^(?:\W|{_UNSPACED})") | pl.col("phrase").str.contains(_UNSPACED + "$"))
            .join(self.beginnings, on="phrase", maintain_order="left")
            .filter(
                ends
                | (kind == "any")
                | ((kind == "separated") & apart)
                | ((kind == "headline") & (apart | (headline & rest.str.contains(r"^[\s(\[]"))))
            )
            .select("at", "order", evidence="phrase")
        )

    def _pattern_hits(self, short: pl.DataFrame) -> pl.DataFrame:
        likely = pl.concat([self._called_for(short), self._maybe(short)])
        return (
            likely.join(self._patterns.drop("words"), on="order")
            .join(short.select("at", "text"), on="at")
            .sort("order", "at")  # an engine is made for each pattern once, not for each line
            .filter(pl.col("text").str.contains(pl.col("evidence")))
            .select("at", "order", "evidence")
        )

    def _called_for(self, short: pl.DataFrame) -> pl.DataFrame:
        """The lines and patterns (`at`, `order`) of which the line holds a word that the pattern requires."""
        words = self._words["word"].unique(maintain_order=True)
        lower = pl.col("text").str.to_lowercase()
        return (
            short.select("at", word=lower.str.extract_many(words.implode(), overlapping=True))
            .filter(pl.col("word").list.len() > 0)
            .explode("word")
            .join(self._words, on="word")
            .select("at", "order")
            .unique()
        )

    def _maybe(self, short: pl.DataFrame) -> pl.DataFrame:
        """The lines and patterns that no word calls for, as far as the patterns agree."""
        unions = self._always["union"].unique(maintain_order=True)
        asked = [pl.col("text").str.contains(union).alias(str(n)) for n, union in enumerate(unions)]
        named = pl.DataFrame({"variable": [str(n) for n in range(unions.len())], "union": unions})
        return (
            short.lazy()
            .select("at", *asked)
            .filter(pl.any_horizontal(pl.lit(value=False), pl.exclude("at")))
            .collect()
            .unpivot(index="at")
            .filter(pl.col("value").cast(pl.Boolean))
            .join(named.with_columns(pl.col("variable").cast(pl.String)), on="variable")
            .join(self._always, on="union")
            .select("at", "order")
        )


def _escape(phrase: str) -> str:
    return pl.select(pl.lit(phrase).str.escape_regex()).item()  # type: ignore[no-any-return]


def pack_names() -> list[str]:
    """The packs that come with the tool, `any` first, then by language."""
    files = [Path(entry.name) for entry in (resources.files(__package__) / "packs").iterdir()]
    return sorted((file.stem for file in files if file.suffix == ".toml"), key=lambda name: (name != "any", name))


def load(files: tuple[str, ...] = ()) -> Rules:
    """The rules of all packs and, before them, those of the files given.

    Raises:
        RuleError: A file cannot be read, or a rule of it is refused; files of one's own are held to their examples.
    """
    return _compiled(tuple((file, _read(Path(file))) for file in files))


@lru_cache(maxsize=8)
def _compiled(files: tuple[tuple[str, str], ...]) -> Rules:
    """The rules of files, given by path and content, and of the packs."""
    packs = resources.files(__package__) / "packs"
    own = [rule for file, toml in files for rule in parse(toml, Path(file).stem, file)]
    shipped = [rule for name in pack_names() for rule in parse((packs / f"{name}.toml").read_text("utf-8"), name)]
    rules = Rules((*own, *shipped))
    if problems := check(rules, own):
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
        for line, cut in zip(lines, frame["text"].str.extract(match.pattern, 0), strict=True):
            if cut:
                found[line][rules.rules[match.order].name] = cut
    return found
