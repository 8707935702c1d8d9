"""Words that patterns require: every line that a pattern matches holds one of them."""

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cleaner.chrome.literals import required
from cleaner.chrome.rules import load

PATTERNS = [
    r"^(?:Publié|Mis à jour) le [0-9]+",
    r"(?i)^abonnez[- ]vous (?:à|a) .*lettre",
    r"^(?:photo|crédit photo)\s?:\s?.+$",
    r"[Pp]hoto(?:graph)?s? by [A-Z]",
    r"^©.*$",
    r"(?:lire|voir)+ aussi",
]


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"^Publié le [0-9]+", {"publié le "}),
        (r"(?i)^(?:Abonnez|Inscrivez)-vous", {"abonnez", "inscrivez"}),
        (r"^(?:Abonnez|Inscrivez)$", {"abonnez", "inscrivez"}),
        (r"^©\s", {"©"}),
        (r"^[0-9]+:[0-9]+$", None),
        (r"^(?:Photo)?[0-9]", None),
        (r"^(?:Photo|[0-9])$", None),
        (r"\p{Lu}+ Reuters \p{N}", {" reuters "}),
        (r"relu\x{e9}e", {"reluée"}),
        (r"(unclosed", None),
    ],
)
def test_what_is_required(pattern: str, words: set[str] | None) -> None:
    assert required(pattern) == words


@given(st.sampled_from(PATTERNS), st.data())
def test_a_line_that_matches_holds_a_word(pattern: str, data: st.DataObject) -> None:
    words = required(pattern)
    assert words is not None
    line = data.draw(st.from_regex(pattern))
    assume(pl.Series([line]).str.contains(pattern).item())
    assert any(word in line.lower() for word in words)


def test_the_examples_of_every_rule_hold_a_word_of_its_pattern() -> None:
    for rule in load().rules:
        words = required(rule.pattern) if rule.pattern and not (rule.starts or rule.words) else None
        for example in rule.strips if words else ():
            line = example if isinstance(example, str) else example[0]
            assert any(word in line.lower() for word in words or ()), (rule.name, line)


def test_most_patterns_are_called_for_by_words() -> None:
    patterns = [rule.pattern for rule in load().rules if rule.pattern and rule.takes != "match"]
    assert sum(required(pattern) is None for pattern in patterns) < 0.4 * len(patterns)
