"""What calls for patterns: every line that a pattern matches begins with, or holds, what calls for it."""

import re
from unicodedata import category

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cleaner.chrome.keys import first_word, key, keys, openings
from cleaner.chrome.literals import Call, alternatives, calls, is_anchored, loosened
from cleaner.chrome.parts import DIGITS, SIGNS
from cleaner.chrome.rules import load
from cleaner.chrome.titles import DASH_SUFFIX, copy_keys, without_bar_suffix

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


def words(*given: str) -> frozenset[str]:
    return frozenset(given)


@pytest.mark.parametrize(
    ("pattern", "called"),
    [
        (r"^Publié le [0-9]+", {Call(first=words("publié le"), words=words("publié le "), figure=True)}),
        (r"^Publié [a-z]+", {Call(first=words("publié"), words=words("publié "))}),
        (
            r"(?i)^(?:Abonnez|Inscrivez)-vous",
            {Call(openings=words("abonnez vous", "inscrivez vous"), words=words("abonnez-vous", "inscrivez-vous"))},
        ),
        (r"^(?:Abonnez|Inscrivez)$", {Call(first=words("abonnez", "inscrivez"), words=words("abonnez", "inscrivez"))}),
        (r"^©\s", {Call(words=words("©"), sign=True)}),
        (r"^[^0-9]+:\S*$", None),
        (
            r"^(?:Photo)?[0-9]",
            {Call(openings=words(*DIGITS, *map("photo{}".format, DIGITS)), figure=True)},
        ),
        (
            r"^(?:Foto:|[^a]+(?:foto|bild):)",
            {Call(first=words("foto"), words=words("foto:")), Call(words=words("foto:", "bild:"))},
        ),
        (r"^[A-Z]+$", None),
        (r"\p{Lu}+ Reuters \p{N}", {Call(words=words(" reuters "))}),
        (r"^[0-9]+ (?:lu|vus?)$", {Call(openings=DIGITS, words=words(" lu", " vu"), figure=True, label=True)}),
        (r"^[0-9]+(?: lectures)?$", {Call(openings=DIGITS, figure=True)}),
        (r"^[A-Z]+,? [0-9]{4}$", {Call(figure=True, label=True)}),
        (r"^[A-Z]+[0-9]?[|/][A-Z]+$", {Call(sign=True, label=True)}),
        (r"relu\x{e9}e", {Call(words=words("reluée"))}),
        (r"(unclosed", None),
    ],
)
def test_what_calls_for_a_pattern(pattern: str, called: set[Call] | None) -> None:
    found = calls(pattern)
    assert (found and set(found)) == called


def is_called(line: str, called: tuple[Call, ...]) -> bool:
    """Whether a line has what calls for a pattern, looked for one by one."""
    opening = openings(pl.Series([line.strip()])).item() or ""
    figure = any(category(character) == "Nd" for character in line)
    return any(
        (not (call.openings or call.first) or begins(opening, call))
        and (not call.words or any(word in line.lower() for word in call.words))
        and (figure or not call.figure)
        and (bool(SIGNS & set(line)) or not call.sign)
        for call in called
    )


def begins(opening: str, call: Call) -> bool:
    first, *_ = opening.split(" ", 1)
    return opening.startswith(tuple(folds(call.openings))) or bool({opening, first} & folds(call.first))


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
    lines = pl.DataFrame({"text": texts}, schema={"text": pl.String})
    found = lines.select(opening=openings(lines["text"])).with_columns(first=first_word(pl.col("opening")))
    keys = lines.select(key(pl.col("text"))).to_series().to_list()
    slow = [" ".join(re.findall(r"[^\W_]+", line.replace("\u0301", ""))[:2]) or None for line in keys]
    assert found["opening"].to_list() == slow
    assert found["first"].to_list() == [words and words.split(" ")[0] for words in slow]


def test_each_character_has_the_same_key_in_a_column_and_alone() -> None:
    texts = [f"a{chr(code)}{chr(code)}B" for code in range(0x3000) if not chr(code).isspace()]
    lines = pl.Series("text", texts)
    assert keys(lines).to_list() == lines.to_frame().select(key(pl.col("text"))).to_series().to_list()


@given(
    st.lists(
        st.text(
            st.sampled_from("aàZß1 .'`-\u00ad\u0301日本ﬁ№\t|ŀİЖй»’…½") | st.characters(max_codepoint=0x2044),
            max_size=12,
        ),
        max_size=8,
    )
)
def test_keys_of_columns_are_those_of_each_text(texts: list[str]) -> None:
    lines = pl.Series("text", texts, dtype=pl.String)
    made = lines.to_frame().select(key(pl.col("text"))).to_series()
    assert keys(lines).to_list() == made.to_list()
    barred, full = without_bar_suffix(pl.col("text")), made.to_frame()
    shorter = full.select(full="text", bar=barred, stem=barred.str.replace(DASH_SUFFIX, "").str.strip_chars_end())
    said = pl.all().str.replace_all(r"[^\p{L}\p{M}\p{N}]+", " ").str.strip_chars()
    assert copy_keys(made).rows() == shorter.select(said).rows()


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


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        (r"a|b", ["a", "b"]),
        (r"(?i)^a|(?:b|c)d|[|(]e\||", ["(?i)^a", "(?i)(?:b|c)d", r"(?i)[|(]e\|", "(?i)"]),
        (r"(?x) a b | \#c", ["(?x) a b ", r"(?x) \#c"]),
        (r"(?P<headline>a|b)c|(?i:d|e)\p{Lu}", [r"(?P<headline>a|b)c", r"(?i:d|e)\p{Lu}"]),
        # what stands in a comment is no bar, and flags go for all that follows
        ("(?x) a # or | not\n | b", ["(?x) a # or | not\n | b"]),
        (r"a(?i)|b", [r"a(?i)|b"]),
        (r"a|(b", [r"a|(b"]),
    ],
)
def test_a_pattern_is_taken_apart_at_its_outermost_bars(pattern: str, found: list[str]) -> None:
    assert list(alternatives(pattern)) == found


@given(
    st.sampled_from([r"(?i)^a|b{1,3}[|c]|(?:x|a )b$", r"(?x) \| | [b ]c | ^a .", r"(?i)^(?:a|\(|\[)b|^.x"]),
    st.text("aAbBcCxX |([", max_size=8),
)
def test_a_pattern_matches_what_one_of_its_alternatives_does(pattern: str, line: str) -> None:
    found = [pl.Series([line]).str.contains(one).item() for one in alternatives(pattern)]
    assert len(found) > 1
    assert any(found) == pl.Series([line]).str.contains(pattern).item()


@pytest.mark.parametrize(
    ("pattern", "anchored"),
    [
        (r"^a|^b", True),
        (r"(?x) ^(?:a | b) c", True),
        (r"(?i)^[a-z]+$|(?:^c|^d)e", True),
        (r"^a|b$", False),
        (r"(?:^|\s)a", False),
        (r"a", False),
        (r"(unclosed", False),
    ],
)
def test_patterns_that_begin_with_the_line_are_told(pattern: str, *, anchored: bool) -> None:
    assert is_anchored(pattern) == anchored
