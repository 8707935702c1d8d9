"""Rules as tables, and which rule speaks for which line.

A rule says what one kind of chrome looks like on a line, by itself and whatever stands around it. Words are compared
as keys: lower case, accents off, straight quotes and hyphens, bullets and arrows trimmed. The longest of a pack's
phrases that a line starts with decides which rule speaks for it; a pattern sees the line as it is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from cleaner.chrome.keys import KEY_LENGTH, UNSPACED, key, keyed, opening
from cleaner.chrome.literals import SIGNS, Calls, calls, loosened
from cleaner.chrome.rulefiles import Rule

LONGEST_LABEL = 160
"""Bytes of the longest line that a pattern is asked for if no word calls for it: it is for dates, names and signs."""

LONGEST_CALL = 8
"""Characters of what a line begins with that are looked at in choosing patterns."""

FEW = 2000
"""Lines of so few take less time to be looked through than to prepare for it."""

HEADLINE_WORDS = 30
"""Words of the longest headline; more are a sentence."""

_LABELS = {(False, False): None, (True, False): "figure", (False, True): "sign", (True, True): "either"}
_HOLDS = {
    "figure": r"\p{Nd}",
    "sign": f"[{re.escape(''.join(sorted(SIGNS)))}]",
    "either": rf"[\p{{Nd}}{re.escape(''.join(sorted(SIGNS)))}]",
    "any": "",
}

_STOP = r"[.。．।۔]$"
_SEPARATOR = r"""^(?:\s?[:|>»→"«]|\s-\s)"""


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
    def inside(self) -> bool:
        """Whether it is cut out of the inside of lines."""
        return not self.leads and not self.pattern.endswith("$")

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
        facts = dict.fromkeys(("name", "category", "where", "takes", "rest"), pl.String) | {"alone": pl.Boolean}
        return pl.DataFrame(
            [{fact: getattr(rule, fact) for fact in facts} for rule in self.rules], schema=facts
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
    def _opened(self) -> pl.DataFrame:
        """The phrases that lines start with (`phrase`) by their `opening`; `one`, if that is one word only.

        The opening of phrases in scripts without spaces is null: it does not end where a word does.
        """
        phrases = self.beginnings.select("phrase").unique(maintain_order=True)
        spaced = pl.when(~pl.col("phrase").str.contains(UNSPACED)).then(opening(pl.col("phrase")))
        return phrases.with_columns(opening=spaced).with_columns(one=~pl.col("opening").str.contains(" ", literal=True))

    @cached_property
    def _unspaced(self) -> str:
        """A pattern for the phrases without openings, longest first."""
        phrases = self._opened.filter(pl.col("opening").is_null())["phrase"].to_list()
        longest_first = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
        return f"^(?:{_any_of(longest_first)})" if phrases else r"^[^\s\S]"

    @cached_property
    def _openings(self) -> tuple[pl.Series, pl.Series]:
        """The openings of all phrases: those of two words, and those of one."""
        phrases = pl.concat([self.wholes["phrase"], self.beginnings["phrase"]]).unique(maintain_order=True)
        found = phrases.to_frame().select(opening(pl.col("phrase"))).to_series().drop_nulls().unique()
        two = found.str.contains(" ", literal=True)
        return found.filter(two), found.filter(~two)

    @cached_property
    def _patterns(self) -> pl.DataFrame:
        """The patterns for whole lines (`order`, `evidence`), how to look for each, and what calls for it.

        `loose` is the pattern or one that matches more; `exact` is the pattern, null if `loose` is. What calls is in
        `begins`, `first`, `words` and `figured`: lists. And in `label`: what a label must hold for the pattern to be
        asked for, `any` thing, a `figure`, a `sign` or `either`; null if only what calls is asked.
        """
        rows = []
        for order, rule in enumerate(self.rules):
            if rule.pattern and rule.takes != "match":
                call = calls(rule.pattern)
                found = call or Calls(frozenset(), frozenset(), frozenset())
                called = (found.openings, found.first, found.words, found.figured)
                label = _LABELS[found.figure, found.sign] if call else "any"
                loose = loosened(rule.pattern)
                exact = None if loose == rule.pattern else rule.pattern
                rows.append((order, rule.pattern, loose, exact, *map(sorted, called), label))
        strings = dict.fromkeys(("begins", "first", "words", "figured"), pl.List(pl.String))
        looks = dict.fromkeys(("evidence", "loose", "exact"), pl.String())
        schema = pl.Schema({"order": pl.UInt32(), **looks, **strings, "label": pl.String()})
        return pl.DataFrame(rows, schema=schema, orient="row")

    def _calls(self, by: str) -> pl.DataFrame:
        """The strings that call for a pattern (`call`), and its `order`."""
        return self._patterns.select("order", call=by).explode("call").drop_nulls("call")

    @cached_property
    def _words(self) -> pl.DataFrame:
        """The words anywhere in a line that call for a pattern: `call`, `order`."""
        return self._calls("words")

    @cached_property
    def _any_word(self) -> str:
        """A pattern for what these words begin with: a thousand strings take a third of the time of three thousand."""
        begins = self._words["call"].str.head(LONGEST_CALL).unique(maintain_order=True)
        held = begins.str.extract_many(begins.implode(), overlapping=True).list.len()
        return _any_of(begins.filter(held == 1).to_list()) or r"[^\s\S]"

    @cached_property
    def _first_words(self) -> pl.DataFrame:
        """The first words that call for a pattern: `call`, `order`."""
        return self._calls("first").with_columns(key(pl.col("call"))).unique(maintain_order=True)

    @cached_property
    def _beginnings_of_words(self) -> pl.DataFrame:
        """What openings begin with that call for a pattern: `call`, its `size` in characters, `order`."""
        heads = self._calls("begins").with_columns(key(pl.col("call")).str.head(LONGEST_CALL))
        return heads.unique(maintain_order=True).with_columns(size=pl.col("call").str.len_chars())

    @cached_property
    def _figured(self) -> pl.DataFrame:
        """The words anywhere in a line that holds a figure that call for a pattern: `call`, `order`."""
        return self._calls("figured")

    @cached_property
    def _asked(self) -> dict[str, list[tuple[int, str, str, str | None]]]:
        """The patterns that labels are asked for, whatever words they hold, by what else they hold.

        Each as `order`, `evidence`, `loose` and `exact`.
        """
        asked = self._patterns.drop_nulls("label").select("label", "order", "evidence", "loose", "exact")
        return {label: list(rows.drop("label").iter_rows()) for (label,), rows in asked.group_by("label")}

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
        phrased = keyed(short.filter(self._may_hold_a_phrase()))
        found = [self._whole_hits(phrased), self._beginning_hits(phrased), self._pattern_hits(short)]
        return pl.concat(found).unique(["at", "order"], keep="first", maintain_order=True).sort("at", "order")

    def _may_hold_a_phrase(self) -> pl.Expr:
        """Whether a line begins with the words that a phrase begins with."""
        two, one = self._openings
        begins = pl.col("opening").is_in(two.implode()) | pl.col("first").is_in(one.implode())
        return (begins | pl.col("opening").str.contains(UNSPACED)).fill_null(value=True)

    def _whole_hits(self, phrased: pl.DataFrame) -> pl.DataFrame:
        whole = phrased.filter(pl.col("text").str.len_chars() <= KEY_LENGTH)
        bare = whole.select("at", phrase=pl.col("key").str.strip_chars_end(".!。"))
        return bare.join(self.wholes, on="phrase").select("at", "order", evidence="phrase")

    def _beginning_hits(self, phrased: pl.DataFrame) -> pl.DataFrame:
        rest, kind = pl.col("left"), pl.col("rest")
        ends = rest == ""
        stopped = pl.col("text").str.contains(_STOP)
        headline = ~stopped & (pl.col("text").str.count_matches(" ", literal=True) < HEADLINE_WORDS)
        apart = rest.str.contains(_SEPARATOR)
        return (
            self._longest_phrases(phrased)
            .with_columns(left=pl.col("key").str.strip_prefix(pl.col("phrase")))
            .filter(ends | rest.str.contains(rf"^(?:\W|{UNSPACED})") | pl.col("phrase").str.contains(UNSPACED + "$"))
            .join(self.beginnings, on="phrase", maintain_order="left")
            .filter(
                ends
                | (kind == "any")
                | ((kind == "separated") & apart)
                | ((kind == "headline") & (apart | (headline & rest.str.contains(r"^[\s(\[]"))))
            )
            .select("at", "order", evidence="phrase")
        )

    def _longest_phrases(self, phrased: pl.DataFrame) -> pl.DataFrame:
        """The lines that start with phrases, with the longest `phrase` of each."""
        one, two = (self._opened.filter(pl.col("one") == single) for single in (True, False))
        starts = pl.concat(
            [
                phrased.join(one.select("phrase", first="opening"), on="first"),
                phrased.join(two.select("phrase", "opening"), on="opening"),
            ]
        ).filter(pl.col("key").str.starts_with(pl.col("phrase")))
        unspaced = phrased.filter(pl.col("key").str.contains(UNSPACED)).with_columns(
            phrase=pl.col("key").str.extract(self._unspaced, 0)
        )
        found = pl.concat([starts, unspaced.drop_nulls("phrase")]).select("at", "text", "key", "phrase")
        return found.sort(pl.col("phrase").str.len_bytes(), descending=True).unique("at", keep="first")

    def _pattern_hits(self, short: pl.DataFrame) -> pl.DataFrame:
        labels = short.filter(pl.col("text").str.len_bytes() <= LONGEST_LABEL)
        holding = {
            label: labels.filter(pl.col("text").str.contains(_HOLDS[label])) for label in {"figure", *self._asked}
        }
        called_by = [
            self._called_by_first_words(short),
            self._called_by_words(short),
            _holding(holding["figure"].select("at", pl.col("text").str.to_lowercase()), self._figured),
        ]
        called = (
            pl.concat(called_by)
            .unique()
            .sort("order", "at")  # an engine is made for each pattern once, not for each line
            .join(self._patterns.select("order", "evidence", "loose", "exact"), on="order", maintain_order="left")
            .join(short.select("at", "text"), on="at", maintain_order="left")
            .filter(pl.col("text").str.contains(pl.col("loose")))
            .filter(pl.col("text").str.contains(pl.col("exact")).fill_null(value=True))
            .select("at", "order", "evidence")
        )
        return pl.concat([called, *self._asked_hits(holding)])

    def _called_by_first_words(self, short: pl.DataFrame) -> pl.DataFrame:
        """The lines and patterns (`at`, `order`) of which the line begins as the pattern does."""
        opening = pl.col("opening")
        sizes = {size: calls["call"].implode() for (size,), calls in self._beginnings_of_words.group_by("size")}
        begun = short.select("at", "opening").filter(
            pl.any_horizontal(pl.lit(value=False), *(opening.str.head(n).is_in(calls) for n, calls in sizes.items()))
        )
        heads = begun.join(pl.DataFrame({"size": list(sizes)}, schema={"size": pl.UInt32}), how="cross")
        called = [
            heads.with_columns(call=opening.str.head("size")).join(self._beginnings_of_words, on=["size", "call"]),
            *(short.join(self._first_words, left_on=by, right_on="call") for by in ("opening", "first")),
        ]
        return pl.concat([one.select("at", "order") for one in called])

    def _called_by_words(self, short: pl.DataFrame) -> pl.DataFrame:
        """The lines and patterns (`at`, `order`) of which the line holds a word that the pattern requires."""
        lower = short.select("at", text=pl.col("text").str.to_lowercase())
        if short.height > FEW:  # a look at whether there is one is quick, once it is prepared
            lower = lower.filter(pl.col("text").str.contains(self._any_word))
        return _holding(lower, self._words)

    def _asked_hits(self, labels: dict[str, pl.DataFrame]) -> Iterator[pl.DataFrame]:
        """The hits of patterns that are asked for whatever a label says, given the labels by what they hold."""
        for label, patterns in self._asked.items():
            holding = labels[label]
            if holding.is_empty():
                continue
            asked = holding.select(
                pl.col("text").str.contains(loose).alias(str(order)) for order, _, loose, _ in patterns
            )
            for found, (order, evidence, _, exact) in zip(asked, patterns, strict=True):
                if found.any():
                    hits = holding.filter(found)
                    hits = hits.filter(pl.col("text").str.contains(exact)) if exact else hits
                    yield hits.select("at", order=pl.lit(order, pl.UInt32), evidence=pl.lit(evidence))


def _holding(lower: pl.DataFrame, calls: pl.DataFrame) -> pl.DataFrame:
    """The lines, in lower case, and patterns (`at`, `order`) of which the line holds a word that calls."""
    words = calls["call"].unique(maintain_order=True)
    return (
        lower.select("at", call=pl.col("text").str.extract_many(words.implode(), overlapping=True))
        .explode("call")
        .join(calls, on="call")
        .select("at", "order")
    )


def _any_of(phrases: list[str]) -> str:
    """A pattern for any of the phrases; of several that begin alike, the one that comes first is found."""
    return "|".join(pl.select(pl.lit(pl.Series(phrases, dtype=pl.String)).str.escape_regex()).to_series())
