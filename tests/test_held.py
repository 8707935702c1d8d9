"""Which lines hold words that patterns ask for: the compiled way finds what the plain way does."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from cleaner.chrome import held, holding
from cleaner.chrome.compiled import OFTEN, Rules
from cleaner.chrome.cuts import cut_matches
from cleaner.chrome.lines import to_lines
from cleaner.chrome.rules import load

RULES = load()
MATCHES = (*RULES.ends, *RULES.insides)
WORDS = held.asked(match.pattern for match in MATCHES)
SOUGHT = holding.sought(WORDS)
EXAMPLES = [(gate, line) for gate, match in enumerate(MATCHES) for line, _ in RULES.rules[match.order].strips]
LINES = st.lists(
    st.sampled_from(sorted(set(WORDS["word"]) | {line for _, line in EXAMPLES}))
    | st.sampled_from(sorted(word.upper() for word in WORDS["word"]))
    | st.text("aA[{@ .:é É–»ЧЧ👉©\n", max_size=6),
    max_size=5,
).map("".join)


@given(st.lists(LINES, max_size=12))
def test_the_compiled_way_finds_what_the_plain_way_does(lines: list[str]) -> None:
    texts = pl.Series(lines, dtype=pl.String)
    assert holding.compiled(texts, WORDS, SOUGHT).equals(held.plainly(texts, WORDS))


def test_short_words_and_patterns_that_ask_for_none_are_found() -> None:
    words = held.asked([r"\s*©$", r"\s*[0-9]+$", r"\s*(?i:the end)$"])
    texts = pl.Series(["Yes ©", "11", "THE END", ""])
    found = held.plainly(texts, words)
    assert holding.compiled(texts, words, holding.sought(words)).equals(found)
    assert found.rows() == [(0, 0), (0, 1), (1, 1), (2, 1), (2, 2), (3, 1)]


def test_words_behind_a_sign_are_not_looked_for_where_a_line_begins() -> None:
    words = held.asked([r"\s+(?:see also|go on)$", r"[»>]+(?i:go on)$", r"(?:^|\s)go on$"])
    assert dict(words.select("gate", "led").iter_rows()) == {0: True, 1: True, 2: False}
    texts = pl.Series(["Go on", " go on", "See also: go on", "é go on", "»"])
    found = held.plainly(texts, words)
    assert holding.compiled(texts, words, holding.sought(words)).equals(found)
    assert found.rows() == [(0, 2), *((at, gate) for at in (1, 2, 3) for gate in (0, 1, 2))]


def test_what_a_rule_must_cut_is_held_for_it() -> None:
    found = set(held.plainly(pl.Series([line for _, line in EXAMPLES]), WORDS).iter_rows())
    assert {(at, gate) for at, (gate, _) in enumerate(EXAMPLES)} <= found


def test_what_is_cut_does_not_depend_on_the_way() -> None:
    lines = to_lines(pl.Series([line for _, line in EXAMPLES])).with_row_index("at")
    plain, _ = cut_matches(lines, RULES)
    rules = Rules(RULES.rules)
    rules.wordings[0] = OFTEN
    fast, _ = cut_matches(lines, rules)
    assert fast.equals(plain)
    assert (plain["rest"] != lines["text"]).sum() >= len(EXAMPLES) // 2
