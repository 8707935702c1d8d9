"""Rules as tables, and which rule speaks for which line.

A rule says what one kind of chrome looks like on a line, by itself and whatever stands around it. Words are compared
as keys: lower case, accents off, straight quotes and hyphens, bullets and arrows trimmed. The longest of a pack's
phrases that a line starts with decides which rule speaks for it; a pattern sees the line as it is.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import polars as pl

from cleaner.chrome import held
from cleaner.chrome.asked import Asked, asked_looks, asked_of
from cleaner.chrome.calling import Calling, calling
from cleaner.chrome.facts import Facts
from cleaner.chrome.keys import UNSPACED, keyed, opening
from cleaner.chrome.phrases import Phrases, phrases_of
from cleaner.chrome.prepared import beside
from cleaner.chrome.rulefiles import Rule
from cleaner.chrome.wording import Wording, plainly

if TYPE_CHECKING:
    from cleaner.chrome.holding import Sought
    from cleaner.chrome.tables import Tables

MANY = 5000
"""Lines from which on the compiled way is quicker, what it takes to load included."""

OFTEN = 16
"""Calls from which on it is: the plain way takes 50 ms for a few lines, loading three quarters of a second. Who has a
thousand texts one by one waits once, and who has ten does not."""


def load_compiled() -> None:
    """Load the compiled way, so that it is there when many lines are looked at.

    Nothing of Polars is called: its threads may be waiting for this.
    """
    from cleaner.chrome import lookups, scan  # noqa: F401, PLC0415 (numba takes its time to load)

    lookups.table(np.ones(1, np.uint64))  # the first call of a compiled function loads the most


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
    wordings: list[int] = field(default_factory=lambda: [0], compare=False, repr=False)
    """How often the wording of lines was asked for."""

    @cached_property
    def table(self) -> pl.DataFrame:
        """The facts of each rule that a verdict needs; `order` is its place."""
        facts = dict.fromkeys(("name", "category", "where", "takes", "rest"), pl.String) | {"alone": pl.Boolean}
        return pl.DataFrame(
            [{fact: getattr(rule, fact) for fact in facts} for rule in self.rules], schema=facts
        ).with_row_index("order")

    @cached_property
    def facts(self) -> Facts:
        """The same as arrays."""
        return Facts.of(self.table)

    @cached_property
    def phrases(self) -> Phrases:
        """The phrases that lines are or begin with."""
        return phrases_of(self.rules)

    @cached_property
    def calling(self) -> Calling:
        """The patterns for whole lines, what calls for each, and what phrases begin with."""
        begun = self.phrases.beginnings["phrase"]
        patterns = [
            (order, rule.pattern) for order, rule in enumerate(self.rules) if rule.pattern and rule.takes != "match"
        ]
        openings = _openings(begun)
        lone = openings.filter(~openings.str.contains(" ", literal=True))
        # in scripts without spaces a phrase does not end where a word does
        heads = _openings(begun.filter(begun.str.contains(UNSPACED))).str.head(1).unique().sort()
        return calling(patterns, _openings(pl.concat([self.phrases.wholes["phrase"], begun])), lone, heads)

    @cached_property
    def _asked(self) -> list[Asked]:
        """The patterns that labels are asked for, whatever words they hold."""
        return asked_of(self.calling)

    @cached_property
    def matches(self) -> tuple[Match, ...]:
        """The rules that cut a match off a line, in order."""
        return tuple(
            Match(order, rule.pattern)
            for order, rule in enumerate(self.rules)
            if rule.takes == "match" and rule.pattern
        )

    @cached_property
    def ends(self) -> tuple[Match, ...]:
        """Those of them that cut an end of the line off."""
        return tuple(match for match in self.matches if not match.inside)

    @cached_property
    def insides(self) -> tuple[Match, ...]:
        """Those that cut something out of the inside of lines."""
        return tuple(match for match in self.matches if match.inside)

    @cached_property
    def _asked_for_matches(self) -> pl.DataFrame:
        """The words that both ask for, as `held.asked` gives them."""
        return held.asked(match.pattern for match in (*self.ends, *self.insides))

    @property
    def _sought(self) -> "Sought":
        """The same for compiled code; as for `_tables`, no lock is held while it is made."""
        made: Sought | None = vars(self).get("_sought")
        if made is None:
            from cleaner.chrome.holding import sought  # noqa: PLC0415 (numba takes its time to load)

            made = vars(self).setdefault("_sought", sought(self._asked_for_matches))
        return made

    @property
    def _tables(self) -> "Tables":
        """What calls for patterns, for compiled code.

        No lock is held while they are made, as a `cached_property` holds one before Python 3.12: threads of Polars ask
        for them, and one that waited for a lock could have a part of the work of the one that holds it.
        """
        made: Tables | None = vars(self).get("_tables")
        if made is None:
            from cleaner.chrome.tables import tables  # noqa: PLC0415 (numba takes its time to load)

            made = vars(self).setdefault("_tables", tables(self.calling))
        return made

    def __getstate__(self) -> dict[str, Any]:
        """What is kept on disk: nothing of how often wordings were asked for, or of what only many lines need."""
        kept = {name: value for name, value in vars(self).items() if name not in ("_tables", "_sought")}
        return kept | {"wordings": [0]}

    def prepared(self) -> Self:
        """The rules, and all made that is made of them once, but what only many lines need."""
        _ = self.table, self.facts, self._asked_for_matches, self.phrases, self.calling, self._asked
        return self

    def wording(self, texts: pl.Series) -> Wording:
        """What lines say, which are trimmed."""
        self.wordings[0] += 1
        return plainly(texts, self.calling)[0] if self._are_few(texts) else self.scanned(texts)

    def _are_few(self, texts: pl.Series) -> bool:
        """Whether the plain way is the quicker one."""
        return texts.len() < MANY and self.wordings[0] < OFTEN

    def scanned(self, texts: pl.Series) -> Wording:
        """What lines say, compiled."""
        from cleaner.chrome import scan  # noqa: PLC0415

        return scan.compiled(texts, self.calling, self._tables)

    def held(self, texts: pl.Series) -> pl.DataFrame:
        """Which lines may have which of the matches, as `held.HELD`; a gate is the place in `ends` and `insides`."""
        return held.plainly(texts, self._asked_for_matches) if self._are_few(texts) else self.held_by_many(texts)

    def held_by_many(self, texts: pl.Series) -> pl.DataFrame:
        """The same, compiled."""
        from cleaner.chrome import holding  # noqa: PLC0415

        return holding.compiled(texts, self._asked_for_matches, self._sought)

    def hits(self, short: pl.DataFrame, wording: Wording | None = None) -> pl.DataFrame:
        """Which rule speaks for which line: `at`, `order`, `evidence`; sorted by the first two.

        Args:
            short: Lines that words can take, trimmed: `at`, `text`.
            wording: What they say, if that is known.

        Returns:
            A row per line and rule; `evidence` is the phrase or the pattern that was found.
        """
        found = wording or self.wording(short["text"])
        phrased = keyed(short.filter(found.phrased))
        looks = pl.concat([found.called, asked_looks(self._asked, short["text"], found)])
        hits = [*self.phrases.hits(phrased), self._pattern_hits(short, looks)]
        return pl.concat(hits).unique(["at", "order"], keep="first", maintain_order=True).sort("at", "order")

    def _pattern_hits(self, short: pl.DataFrame, looks: pl.DataFrame) -> pl.DataFrame:
        """The hits of patterns in the lines that may match them; `looks` has the place of each in `at`, and `look`."""
        rows = looks.with_columns(short["at"].gather(looks["at"]), text=short["text"].gather(looks["at"]))
        rows = rows.join(self.calling.patterns, on="look", maintain_order="left")
        is_there = pl.col("text").str.contains(pl.col("pattern"))
        rows = rows.filter(beside(rows["text"], rows["loose"], rows["look"], is_there))
        more = rows["exact"].is_not_null()
        some = rows.filter(more)
        exact = beside(some["text"], some["exact"], some["look"], is_there)
        return pl.concat([rows.filter(~more), some.filter(exact)]).select("at", "order", "evidence")


def _openings(phrases: pl.Series) -> pl.Series:
    """The openings of phrases, each once."""
    found = phrases.unique(maintain_order=True).to_frame("phrase").select(opening(pl.col("phrase")))
    return found.to_series().drop_nulls().unique(maintain_order=True)
