"""Rules as tables, and which rule speaks for which line.

A rule says what one kind of chrome looks like on a line, by itself and whatever stands around it. Words are compared
as keys: lower case, accents off, straight quotes and hyphens, bullets and arrows trimmed. The longest of a pack's
phrases that a line starts with decides which rule speaks for it; a pattern sees the line as it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import polars as pl

from cleaner.chrome import held
from cleaner.chrome.calling import LONGEST_LABEL, Calling, calling
from cleaner.chrome.keys import KEY_LENGTH, UNSPACED, first_word, key, keyed, opening, openings
from cleaner.chrome.literals import is_anchored, joined
from cleaner.chrome.rulefiles import Rule
from cleaner.chrome.wording import Wording, plainly

if TYPE_CHECKING:
    from cleaner.chrome.holding import Sought
    from cleaner.chrome.tables import Tables

MANY = 5000
"""Lines from which on the compiled way is quicker, what it takes to load included."""

OFTEN = 32
"""Calls from which on it is: the plain way takes 16 ms for a few lines, loading half a second. Who has a thousand texts
one by one waits once, and who has ten does not."""

HEADLINE_WORDS = 30
"""Words of the longest headline; more are a sentence."""

_HIT = pl.Schema({"at": pl.UInt32, "order": pl.UInt32, "evidence": pl.String})

_STOPS = ".!。"
"""What may stand at the end of a line that is a phrase and nothing else."""

_STOP = r"[.。．।۔]$"
_SEPARATOR = r"""^(?:\s?[:|>»→"«]|\s-\s)"""


JOINED = 6
"""Patterns that are asked for as one. All that begin with the line are as quick together as one alone; others are not,
and of many the states are too many to be kept."""


def load_compiled() -> None:
    """Load the compiled way, so that it is there when many lines are looked at.

    Nothing of Polars is called: its threads may be waiting for this.
    """
    from cleaner.chrome import lookups, scan  # noqa: F401, PLC0415 (numba takes its time to load)

    lookups.table(np.ones(1, np.uint64))  # the first call of a compiled function loads the most


@dataclass(frozen=True)
class _Asked:
    """Some patterns that labels are asked for: those with a `figure`, or a `sign`, if there must be one.

    Attributes:
        any_of: A pattern for what any of them matches, or more.
        patterns: Each as `order`, `evidence`, `loose` and `exact`.
    """

    figure: bool
    sign: bool
    any_of: str
    patterns: list[tuple[int, str, str, str | None]]


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

    def _phrases(self, field: str) -> pl.DataFrame:
        pairs = [(order, phrase) for order, rule in enumerate(self.rules) for phrase in getattr(rule, field)]
        frame = pl.DataFrame(pairs, schema={"order": pl.UInt32, "phrase": pl.String}, orient="row")
        return frame.with_columns(key(pl.col("phrase"))).unique(maintain_order=True)

    @cached_property
    def wholes(self) -> pl.DataFrame:
        """The keys that are a whole line (`phrase`) and the rule of each (`order`)."""
        phrases = self._phrases("words")
        return phrases.with_columns(pl.col("phrase").str.strip_chars_end(_STOPS)).unique(maintain_order=True)

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
    def calling(self) -> Calling:
        """The patterns for whole lines, what calls for each, and what phrases begin with."""
        phrases = pl.concat([self.wholes["phrase"], self.beginnings["phrase"]]).unique(maintain_order=True)
        opened = (
            phrases.to_frame().select(opening(pl.col("phrase"))).to_series().drop_nulls().unique(maintain_order=True)
        )
        patterns = [
            (order, rule.pattern) for order, rule in enumerate(self.rules) if rule.pattern and rule.takes != "match"
        ]
        unspaced = self._opened.filter(pl.col("opening").is_null())
        heads = unspaced.select(opening(pl.col("phrase")).str.head(1)).to_series().drop_nulls().unique().sort()
        return calling(patterns, opened, heads)

    @cached_property
    def _asked(self) -> list[_Asked]:
        """The patterns that labels are asked for, whatever words they hold."""
        gates = self.calling.gates.filter(~pl.col("begun") & ~pl.col("worded"))
        asked = gates.join(self.calling.patterns, on="look", maintain_order="left")
        found = []
        for (figure, sign), rows in asked.group_by("figure", "sign", maintain_order=True):
            looks = list(rows.select("order", "evidence", "loose", "exact").iter_rows())
            alike = [look for look in looks if is_anchored(look[2])]
            groups = [[look] for look in looks if look not in alike]
            groups += [alike[start : start + JOINED] for start in range(0, len(alike), JOINED)]
            found += [
                _Asked(bool(figure), bool(sign), joined(loose for _, _, loose, _ in some), some) for some in groups
            ]
        return found

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
    def _asked_at_ends(self) -> pl.DataFrame:
        """The words that these ask for, as `held.asked` gives them."""
        return held.asked(match.pattern for match in self.ends)

    @property
    def _sought(self) -> "Sought":
        """The same for compiled code; as for `_tables`, no lock is held while it is made."""
        made: Sought | None = vars(self).get("_sought")
        if made is None:
            from cleaner.chrome.holding import sought  # noqa: PLC0415 (numba takes its time to load)

            made = vars(self).setdefault("_sought", sought(self._asked_at_ends))
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
        _ = self.table, self._asked_at_ends, self.beginnings, self.calling, self._asked, self._opened, self._unspaced
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
        """Which lines may have which of the matches at their ends, as `held.HELD`; a gate is the place in `ends`."""
        return held.plainly(texts, self._asked_at_ends) if self._are_few(texts) else self.held_by_many(texts)

    def held_by_many(self, texts: pl.Series) -> pl.DataFrame:
        """The same, compiled."""
        from cleaner.chrome import holding  # noqa: PLC0415

        return holding.compiled(texts, self._asked_at_ends, self._sought)

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
        hits = [self._whole_hits(phrased), self._beginning_hits(phrased), self._called_hits(short, found)]
        hits += self._asked_hits(short, found)
        return pl.concat(hits).unique(["at", "order"], keep="first", maintain_order=True).sort("at", "order")

    def _whole_hits(self, phrased: pl.DataFrame) -> pl.DataFrame:
        whole = phrased.filter(pl.col("text").str.len_chars() <= KEY_LENGTH)
        bare = whole.select("at", phrase=pl.col("key").str.strip_chars_end(_STOPS))
        return bare.join(self.wholes, on="phrase").select("at", "order", evidence="phrase")

    def _beginning_hits(self, phrased: pl.DataFrame) -> pl.DataFrame:
        found = self._longest_phrases(phrased)
        if found.is_empty():
            return pl.DataFrame(schema=_HIT)
        rest, kind = pl.col("left"), pl.col("rest")
        ends = rest == ""
        stopped = pl.col("text").str.contains(_STOP)
        headline = ~stopped & (pl.col("text").str.count_matches(" ", literal=True) < HEADLINE_WORDS)
        apart = rest.str.contains(_SEPARATOR)
        return (
            found.with_columns(left=pl.col("key").str.strip_prefix(pl.col("phrase")))
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
        phrased = phrased.with_columns(opening=openings(phrased["text"]))
        phrased = phrased.with_columns(first=first_word(pl.col("opening")))
        one, two = (self._opened.filter(pl.col("one") == single) for single in (True, False))
        starts = pl.concat(
            [
                phrased.join(one.select("phrase", first="opening"), on="first"),
                phrased.join(two.select("phrase", "opening"), on="opening"),
            ]
        ).filter(pl.col("key").str.starts_with(pl.col("phrase")))
        found = [starts.select("at", "text", "key", "phrase")]
        unspaced = phrased.filter(pl.col("key").str.contains(UNSPACED)).select("at", "text", "key")
        if unspaced.height:  # patterns take their time to prepare, here and below
            extracted = unspaced.with_columns(phrase=pl.col("key").str.extract(self._unspaced, 0))
            found.append(extracted.drop_nulls("phrase"))
        by_size = pl.concat(found).sort(pl.col("phrase").str.len_bytes(), descending=True)
        return by_size.unique("at", keep="first")

    def _called_hits(self, short: pl.DataFrame, found: Wording) -> pl.DataFrame:
        """The hits of patterns that something in a line calls for."""
        if found.called.is_empty():
            return pl.DataFrame(schema=_HIT)
        return (
            found.called.with_columns(
                short["at"].gather(found.called["at"]), text=short["text"].gather(found.called["at"])
            )
            .join(self.calling.patterns, on="look", maintain_order="left")
            .filter(pl.col("text").str.contains(pl.col("loose")))
            .filter(pl.col("text").str.contains(pl.col("exact")).fill_null(value=True))
            .select("at", "order", "evidence")
        )

    def _asked_hits(self, short: pl.DataFrame, found: Wording) -> Iterator[pl.DataFrame]:
        """The hits of patterns that are asked for whatever words a label says."""
        is_label = (short["text"].str.len_bytes() <= LONGEST_LABEL).to_numpy()
        kinds = {(asked.figure, asked.sign) for asked in self._asked}
        of_kind = {
            (figure, sign): short.filter(is_label & (found.figure | (not figure)) & (found.sign | (not sign)))
            for figure, sign in kinds
        }
        for asked in self._asked:
            labels = of_kind[asked.figure, asked.sign]
            labels = labels.filter(pl.col("text").str.contains(asked.any_of)) if labels.height else labels
            if labels.is_empty():
                continue
            for order, evidence, loose, exact in asked.patterns:
                hits = labels.filter(pl.col("text").str.contains(loose)) if len(asked.patterns) > 1 else labels
                hits = hits.filter(pl.col("text").str.contains(exact)) if exact else hits
                yield hits.select("at", order=pl.lit(order, pl.UInt32), evidence=pl.lit(evidence))


def _any_of(phrases: list[str]) -> str:
    """A pattern for any of the phrases; of several that begin alike, the one that comes first is found."""
    return "|".join(pl.select(pl.lit(pl.Series(phrases, dtype=pl.String)).str.escape_regex()).to_series())
