"""What calls for patterns: every line that a pattern matches begins with, or holds, what calls for it."""

import re
from unicodedata import category

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cleaner.chrome.keys import key, short_lines
from cleaner.chrome.literals import DIGITS, SIGNS, Calls, calls, loosened
from cleaner.chrome.rules import load

PATTERNS = [
    r"^(?:Publié|Mis à jour) le [0-9]+",
    r"(?i)^abonnez[- ]vous (?:à|a) .*lettre",
    r"^(?:photo|crédit photo)\s?:\s?.+$",
    r"[Pp]hoto(?:graph)?s? by [A-Z]",
    r"^©.*$",
    r"(?:lire|voir)+ aussi",
    r"^[0-9]+ ?(?:lu|min)$|^\(BUTTON\)",
    r"^(?:Von|Text:) [A-Z]",
    r"^(?:[a-z]+, )?[0-9]{1,2} mai 2020$",
    r"^[A-Z]\S+ [0-9०-९]{2,4}$|^[a-z]+ [|/] [a-z]+$",
    r"(?i)^[a-zé]+,? le [0-9]{1,2}(?:er)? (?:jan|mai)\.?$",
]
NOTHING: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    ("pattern", "called"),
    [
        (r"^Publié le [0-9]+", Calls(NOTHING, frozenset({"publié le"}), NOTHING)),
        (r"^Publié [a-z]+", Calls(NOTHING, frozenset({"publié"}), NOTHING)),
        (r"(?i)^(?:Abonnez|Inscrivez)-vous", Calls(frozenset({"abonnez vous", "inscrivez vous"}), NOTHING, NOTHING)),
        (r"^(?:Abonnez|Inscrivez)$", Calls(NOTHING, frozenset({"abonnez", "inscrivez"}), NOTHING)),
        (r"^©\s", Calls(NOTHING, NOTHING, frozenset({"©"}))),
        (r"^[^0-9]+:\S*$", None),
        (
            r"^(?:Photo)?[0-9]",
            Calls(frozenset({*DIGITS, *map("photo{}".format, DIGITS)}), NOTHING, NOTHING),
        ),
        (
            r"^(?:Foto:|[^a]+(?:foto|bild):)",
            Calls(NOTHING, frozenset({"foto"}), frozenset({"foto:", "bild:"})),
        ),
        (r"^[A-Z]+$", None),
        (r"\p{Lu}+ Reuters \p{N}", Calls(NOTHING, NOTHING, frozenset({" reuters "}))),
        (r"^[0-9]+ (?:lu|vus?)$", Calls(NOTHING, NOTHING, NOTHING, frozenset({" lu", " vu"}))),
        (r"^[0-9]+(?: lectures)?$", Calls(DIGITS, NOTHING, NOTHING)),
        (r"^[A-Z]+,? [0-9]{4}$", Calls(NOTHING, NOTHING, NOTHING, figure=True)),
        (r"^[A-Z]+[0-9]?[|/][A-Z]+$", Calls(NOTHING, NOTHING, NOTHING, sign=True)),
        (r"relu\x{e9}e", Calls(NOTHING, NOTHING, frozenset({"reluée"}))),
        (r"(unclosed", None),
    ],
)
def test_what_calls_for_a_pattern(pattern: str, called: Calls | None) -> None:
    assert calls(pattern) == called


def is_called(line: str, called: Calls) -> bool:
    """Whether a line has what calls for a pattern, looked for one by one."""
    frame = short_lines(pl.DataFrame({"at": [0], "text": [line]}))
    opening = frame["opening"].to_list()[0] if frame.height else None
    folded = {field: folds(getattr(called, field)) for field in ("openings", "first")}
    figure = any(category(character) == "Nd" for character in line)
    return (
        any(word in line.lower() for word in called.words)
        or (figure and (called.figure or any(word in line.lower() for word in called.figured)))
        or (called.sign and bool(SIGNS & set(line)))
        or (opening is not None and opening.startswith(tuple(folded["openings"])))
        or (opening is not None and bool({opening, opening.split(" ")[0]} & folded["first"]))
    )


def folds(words: frozenset[str]) -> set[str]:
    return set(pl.DataFrame({"word": sorted(words)}, schema={"word": pl.String}).select(key(pl.col("word")))["word"])


@given(st.sampled_from(PATTERNS), st.data())
def test_a_line_that_matches_calls_for_the_pattern(pattern: str, data: st.DataObject) -> None:
    called = calls(pattern)
    assert called is not None
    line = data.draw(st.from_regex(pattern, alphabet=st.characters(max_codepoint=0x24F))).strip()
    assume(pl.Series([line]).str.contains(pattern).item())
    assert is_called(line, called)


def test_the_examples_of_every_rule_call_for_its_pattern() -> None:
    for rule in load().rules:
        called = calls(rule.pattern) if rule.pattern and not (rule.starts or rule.words) else None
        for example in rule.strips if called and rule.takes != "match" else ():
            line = example if isinstance(example, str) else example[0]
            assert is_called(line, called), (rule.name, line)  # type: ignore[arg-type]


def test_nearly_every_pattern_is_called_for() -> None:
    patterns = [rule.pattern for rule in load().rules if rule.pattern and rule.takes != "match"]
    assert sum(calls(pattern) is None for pattern in patterns) < 0.2 * len(patterns)


@given(st.lists(st.text(st.sampled_from("aàZß1 .'-\u00ad\u0301日本ﬁ№\t|ŀİЖй»’…½"), max_size=12), max_size=8))
def test_openings_read_off_plain_text_are_those_of_keys(texts: list[str]) -> None:
    short = short_lines(
        pl.DataFrame({"at": range(len(texts)), "text": texts}, schema={"at": pl.UInt32, "text": pl.String})
    )
    keys = short.select(key(pl.col("text"))).to_series().to_list()
    slow = [" ".join(re.findall(r"[^\W_]+", line.replace("\u0301", ""))[:2]) or None for line in keys]
    assert short["opening"].to_list() == slow
    assert short["first"].to_list() == [words and words.split(" ")[0] for words in slow]


@pytest.mark.parametrize(
    ("pattern", "loose"),
    [
        (r"^[^.!?]{3,90}[.!?]", r"^[^.!?]+[.!?]"),
        (r"(?:a|b){0,60}?c{2,4}", r"(?:a|b)*?c{2,4}"),
        (r"\{3,90}", r"\{3,90}"),
        (r"\bab\b.|\b{start}c[\b]\\b", r"(?:)ab(?:).|\b{start}c[\b]\\b"),
        (r"[a{3,90}b]\x{300,20}[]{3,90}]", r"[a{3,90}b]\x{300,20}[]{3,90}]"),
        ("(?x) a{3,90} # [", "(?x) a{3,90} # ["),
    ],
)
def test_what_is_slow_is_loosened(pattern: str, loose: str) -> None:
    assert loosened(pattern) == loose


@given(
    st.sampled_from([r"^[^.!?]{3,12}\.", r"\ba{1,20}\b.|x\b", r"(?:a|bc){2,20} ?x{0,10}$", r"[a{1,20}]{10,11}b"]),
    st.data(),
)
def test_a_loosened_pattern_matches_all_that_the_pattern_does(pattern: str, data: st.DataObject) -> None:
    line = data.draw(st.from_regex(pattern, alphabet="ab{1,20} cx.") | st.text("ab{1,20} cx."))
    matched = pl.Series([line]).str.contains(pattern).item()
    assert not matched or pl.Series([line]).str.contains(loosened(pattern)).item()
