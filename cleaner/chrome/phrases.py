"""Phrases of rules as tables, and the lines that say one or begin with one.

The longest of the phrases that a line starts with decides which rule speaks for it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from cleaner.chrome.keys import KEY_LENGTH, UNSPACED, key
from cleaner.chrome.rulefiles import Rule

HIT = pl.Schema({"at": pl.UInt32, "order": pl.UInt32, "evidence": pl.String})
"""A line, a rule that speaks for it, and the phrase or the pattern that was found."""

HEADLINE_WORDS = 30
"""Words of the longest headline; more are a sentence."""

_STOPS = ".!。"
"""What may stand at the end of a line that is a phrase and nothing else."""

_STOP = r"[.。．।۔]$"
_SEPARATOR = r"""^(?:\s?[:|>»→"«]|\s-\s)"""


@dataclass(frozen=True)
class Phrases:
    """The phrases of some rules, as keys.

    Attributes:
        wholes: Those that are a whole line (`phrase`) and the rule of each (`order`).
        beginnings: Those that a line starts with (`phrase`), the rule of each (`order`) and what may follow (`rest`).
        sorted: The latter, each once.
        within: The places there of those (`place`), with all that each is or starts with (`phrase`), the longest first.
    """

    wholes: pl.DataFrame
    beginnings: pl.DataFrame
    sorted: pl.Series
    within: pl.DataFrame

    def hits(self, lines: pl.DataFrame) -> list[pl.DataFrame]:
        """Which rule speaks for which line, as HIT; `lines` has `at`, `text` and `key`."""
        return [self._whole_hits(lines), self._beginning_hits(lines)]

    def _whole_hits(self, lines: pl.DataFrame) -> pl.DataFrame:
        whole = lines.filter(pl.col("text").str.len_chars() <= KEY_LENGTH)
        bare = whole.select("at", phrase=pl.col("key").str.strip_chars_end(_STOPS))
        return bare.join(self.wholes, on="phrase").select("at", "order", evidence="phrase")

    def _beginning_hits(self, lines: pl.DataFrame) -> pl.DataFrame:
        found = self._longest_phrases(lines)
        if found.is_empty():
            return pl.DataFrame(schema=HIT)
        rest, kind = pl.col("left"), pl.col("rest")
        ends = rest.str.strip_chars(_STOPS + " ") == ""
        stopped = pl.col("text").str.contains(_STOP)
        headline = ~stopped & (pl.col("text").str.count_matches(" ", literal=True) < HEADLINE_WORDS)
        apart = rest.str.contains(_SEPARATOR)
        return (
            found.join(self.beginnings, on="phrase", maintain_order="left")
            .filter(
                ends
                | (kind == "any")
                | ((kind == "separated") & apart)
                | ((kind == "headline") & (apart | (headline & rest.str.contains(r"^[\s(\[]"))))
            )
            .select("at", "order", evidence="phrase")
        )

    def _longest_phrases(self, lines: pl.DataFrame) -> pl.DataFrame:
        """The lines that start with phrases: `at`, `text`, the longest `phrase` of each, and what is `left` behind it.

        All phrases that a key starts with are the last one that does not stand behind it in order, or one of those
        that this one starts with.
        """
        key, phrase, left = pl.col("key"), pl.col("phrase"), pl.col("left")
        place = self.sorted.search_sorted(lines["key"], "right").cast(pl.Int64) - 1
        ends_word = (left == "") | left.str.contains(rf"^(?:\W|{UNSPACED})") | phrase.str.contains(UNSPACED + "$")
        return (
            lines.with_columns(place=place)
            .join(self.within, on="place", maintain_order="left_right")
            .filter(key.str.starts_with(phrase))
            .select("at", "text", "phrase", left=key.str.strip_prefix(phrase))
            .filter(ends_word)
            .unique("at", keep="first", maintain_order=True)
        )


def phrases_of(rules: Iterable[Rule]) -> Phrases:
    """The phrases of some rules, in their order."""
    rules = tuple(rules)
    whole = _keyed([(order, phrase) for order, rule in enumerate(rules) for phrase in rule.words])
    begun = _keyed([(order, phrase) for order, rule in enumerate(rules) for phrase in rule.starts])
    ordered = begun["phrase"].unique().sort()
    rests = pl.DataFrame({"rest": [rule.rest for rule in rules]}, schema={"rest": pl.String}).with_row_index("order")
    return Phrases(
        wholes=whole.with_columns(pl.col("phrase").str.strip_chars_end(_STOPS)).unique(maintain_order=True),
        beginnings=begun.join(rests, on="order", maintain_order="left"),
        sorted=ordered,
        within=_within(ordered),
    )


def _keyed(phrases: list[tuple[int, str]]) -> pl.DataFrame:
    frame = pl.DataFrame(phrases, schema={"order": pl.UInt32, "phrase": pl.String}, orient="row")
    return frame.with_columns(key(pl.col("phrase"))).unique(maintain_order=True)


def _within(phrases: pl.Series) -> pl.DataFrame:
    """The places of sorted phrases, with all of them that each is or starts with, the longest first."""
    rows, above = list[tuple[int, str]](), list[str]()
    for place, phrase in enumerate(phrases):
        while above and not phrase.startswith(above[-1]):
            above.pop()
        above.append(phrase)
        rows += [(place, shorter) for shorter in reversed(above)]
    return pl.DataFrame(rows, schema={"place": pl.Int64, "phrase": pl.String}, orient="row")
