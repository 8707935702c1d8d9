"""Texts line by line: what stays, and what gave away that which does not."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from cleaner.chrome.compiled import Rules
from cleaner.chrome.lines import to_lines
from cleaner.chrome.rulefiles import Rule
from cleaner.chrome.rules import load, speakers
from cleaner.chrome.strip import strip_texts
from cleaner.settings import Settings


@dataclass(frozen=True)
class LineVerdict:
    """What became of a line.

    Attributes:
        line: Its number, from 0.
        text: The line, without its end.
        kept: What is left of it; None if the whole line went.
        rule: What took it, or a part of it, first, or speaks for it in vain; None if nothing does.
        category: What that was for on the page.
        evidence: The words or the pattern that gave it away.
        strength: How much that says: `strong`, wherever the line stands; `place`, because of where it stands or since
            other chrome does; `weak`, too little, so that the line stays; None if nothing speaks against the line.
    """

    line: int
    text: str
    kept: str | None
    rule: str | None
    category: str | None
    evidence: str | None
    strength: str | None

    @property
    def verdict(self) -> str:
        """`keep`, `cut`, or `edit` where a part was cut; `title` for the line that became the title."""
        if self.category == "title" and self.rule == "title":
            return "title"
        if self.kept is None:
            return "cut"
        return "keep" if self.kept == self.text else "edit"

    @property
    def shown(self) -> str:
        """The line as a person reads it: its number from 1, the verdict, the text."""
        return f"{self.line + 1:>4}  {self.verdict:<5}  {self.text}".rstrip()

    @property
    def reason(self) -> str | None:
        """What speaks against the line, to stand below it; None if nothing does, or the line is blank."""
        if not self.rule or not self.text.strip():
            return None
        return f"             ^ {self.strength}: {self.rule} ({self.evidence})"


def explain(text: str, *, title: str | None = None, settings: Settings | None = None) -> list[LineVerdict]:
    """Each line of a text with its verdict, the rule behind it and the evidence.

    Args:
        text: The text, as extracted from a page.
        title: The article's title if it is known.
        settings: Only `input` and `rules` matter here.

    Raises:
        RuleError: A rule file of the settings is refused.
    """
    chosen = settings or Settings()
    texts, rules = pl.Series([text], dtype=pl.String), load(chosen.rules)
    stripped = strip_texts(texts, rules, pl.Series([title], dtype=pl.String), kind=chosen.input)
    return explained(texts, stripped.removed, rules)[0]


def explained(texts: pl.Series, removed: pl.DataFrame, rules: Rules) -> list[list[LineVerdict]]:
    """Each line of each text with its verdict; for texts that a person reads, since it loops over their lines.

    Args:
        texts: The original texts.
        removed: What was cut from them, in order: `doc`, the text's place, the columns of SPAN, and `evidence`.
        rules: What was looked for.
    """
    lines = to_lines(texts)
    spoken = speakers(rules, lines["text"].unique().to_list())
    wants = {rule.name: want for rule in rules.rules if (want := _want(rule))}
    cuts = {int(doc): rows.to_dicts() for (doc,), rows in removed.partition_by("doc", as_dict=True).items()}
    verdicts: list[list[LineVerdict]] = [[] for _ in range(texts.len())]
    data = [(text or "").encode() for text in texts]
    for line in lines.iter_rows(named=True):
        doc = line["doc"]
        verdicts[doc].append(_judged(line, data[doc], cuts.get(doc, []), spoken[line["text"]], wants))
    return verdicts


def _want(rule: Rule) -> str:
    """What a rule asks for besides what the line says, in words; nothing if that is enough."""
    place = f"in another place: {rule.where}" if rule.where != "anywhere" else ""
    return ", ".join(filter(None, (place, "" if rule.alone else "beside other chrome")))


def _judged(
    line: dict[str, Any], data: bytes, cuts: list[dict[str, Any]], spoken: Mapping[str, str], wants: Mapping[str, str]
) -> LineVerdict:
    """The verdict on a line, from the cuts of its text, the rules that speak for it, and what else these ask for."""
    start, size = line["start"], len(line["text"].encode())
    inside = [cut for cut in cuts if cut["start"] < line["end"] and cut["end"] > start]
    whole = any(cut["start"] <= start and cut["end"] >= line["end"] for cut in inside) and line["end"] > start
    left = _left(data, start, start + size, inside)
    first = next((cut for cut in inside if cut["start"] < start + size or whole), None) or {}
    weak = next(iter(spoken), None) if not first else None
    return LineVerdict(
        line=line["line"],
        text=line["text"],
        kept=None if whole or (inside and not left and line["text"]) else left,
        rule=first.get("rule", weak),
        category=first.get("category"),
        evidence=first.get("evidence", weak and f"only {wants.get(weak, 'in another place')}"),
        strength=_strength(first.get("rule"), weak, wants),
    )


def _strength(rule: str | None, weak: str | None, wants: Mapping[str, str]) -> str | None:
    """What `strength` says of a line that a rule took, or that one only speaks for."""
    if rule is None:
        return "weak" if weak else None
    return "place" if rule in wants else "strong"


def _left(data: bytes, start: int, end: int, cuts: list[dict[str, int]]) -> str:
    """What the cuts leave of the bytes from start to end."""
    left, since = b"", start
    for cut in cuts:
        left += data[since : max(cut["start"], since)]
        since = max(cut["end"], since)
    return (left + data[since:end]).decode() if since < end else left.decode()
