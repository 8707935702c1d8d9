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
        sorted: The latter (`phrase`), each once, and the place of the longest other one that it starts with
            (`shorter`), or else -1.
    """

    wholes: pl.DataFrame
    beginnings: pl.DataFrame
    sorted: pl.DataFrame

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
        ends = rest == ""
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
        phrases, shorter = self.sorted["phrase"], self.sorted["shorter"]
        key, phrase, left = pl.col("key"), pl.col("phrase"), pl.col("left")
        place = phrases.search_sorted(lines["key"], "right").cast(pl.Int64) - 1
        asked, found = lines.with_columns(place=place), list[pl.DataFrame]()
        while (asked := asked.filter(pl.col("place") >= 0)).height:
            asked = asked.with_columns(phrase=phrases.gather(asked["place"])).with_columns(
                left=key.str.strip_prefix(phrase)
            )
            is_there = key.str.starts_with(phrase) & (
                (left == "") | left.str.contains(rf"^(?:\W|{UNSPACED})") | phrase.str.contains(UNSPACED + "$")
            )
            said = asked.select(is_there).to_series()
            found.append(asked.filter(said).select("at", "text", "phrase", "left"))
            asked = asked.filter(~said).with_columns(place=pl.lit(shorter).gather(pl.col("place")))
        return pl.concat(found) if found else pl.DataFrame(schema=["at"])


def phrases_of(rules: Iterable[Rule]) -> Phrases:
    """The phrases of some rules, in their order."""
    rules = tuple(rules)
    whole = _keyed([(order, phrase) for order, rule in enumerate(rules) for phrase in rule.words])
    begun = _keyed([(order, phrase) for order, rule in enumerate(rules) for phrase in rule.starts])
    rests = pl.DataFrame({"rest": [rule.rest for rule in rules]}, schema={"rest": pl.String}).with_row_index("order")
    return Phrases(
        wholes=whole.with_columns(pl.col("phrase").str.strip_chars_end(_STOPS)).unique(maintain_order=True),
        beginnings=begun.join(rests, on="order", maintain_order="left"),
        sorted=_sorted(begun["phrase"].unique().sort()),
    )


def _keyed(phrases: list[tuple[int, str]]) -> pl.DataFrame:
    frame = pl.DataFrame(phrases, schema={"order": pl.UInt32, "phrase": pl.String}, orient="row")
    return frame.with_columns(key(pl.col("phrase"))).unique(maintain_order=True)


def _sorted(phrases: pl.Series) -> pl.DataFrame:
    """Sorted phrases, and the place of the longest other one that each starts with."""
    shorter, above = list[int](), list[tuple[int, str]]()
    for place, phrase in enumerate(phrases):
        while above and not phrase.startswith(above[-1][1]):
            above.pop()
        shorter.append(above[-1][0] if above else -1)
        above.append((place, phrase))
    return pl.DataFrame({"phrase": phrases, "shorter": pl.Series(shorter, dtype=pl.Int64)})
