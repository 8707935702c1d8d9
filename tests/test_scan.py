"""What is asked of the words of lines, compiled, is what the plain way finds."""

import pickle
import unicodedata

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from cleaner.chrome import scan
from cleaner.chrome.compiled import MANY, OFTEN, Rules
from cleaner.chrome.keys import HALF_WORD, PLAIN_BETWEEN, PLAIN_WORD, UNSPACED, WORD, folded
from cleaner.chrome.rules import load
from cleaner.chrome.tables import tables
from cleaner.chrome.wording import MARKS, plainly
from cleaner.parallel import inside, mapped

EXAMPLES = sorted({line if isinstance(line, str) else line[0] for rule in load().rules for line in rule.strips})
CALLS = load().calling
TABLES = tables(CALLS)
WORDS = st.sampled_from(sorted(set(CALLS.words["call"]) | set(CALLS.firsts["call"])))
CHARACTERS = st.text(
    st.sampled_from("aàZß1 .'-\u00ad\u0301日本ﬁ№\t|ŀİЖйΣς»’…½©‹٣👉\u200b\u2028یݠߟ") | st.characters(codec="utf-8"),
    max_size=12,
)
LINES = st.one_of(
    CHARACTERS,
    st.sampled_from(EXAMPLES),
    st.builds(str.__add__, WORDS, CHARACTERS),
    st.builds("{} {}".format, CHARACTERS, st.sampled_from(EXAMPLES)),
    st.lists(WORDS | CHARACTERS, max_size=6).map(" ".join),
    st.text("一登录分享がゼー々、。「」ＡｂＣ：！أيضًا؟لإقرأयहभी।़्पढ़ेंँ ", max_size=12),
)


@given(st.lists(LINES, max_size=20))
def test_the_compiled_way_finds_what_the_plain_way_does(lines: list[str]) -> None:
    texts = pl.Series(lines, dtype=pl.String).str.strip_chars()
    fast, (plain, _) = scan.compiled(texts, CALLS, TABLES), plainly(texts, CALLS)
    for mark in MARKS:
        assert getattr(fast, mark).tolist() == getattr(plain, mark).tolist(), mark
    assert fast.called.equals(plain.called)
    begins = pl.DataFrame({"fast": fast.begins, "plain": plain.begins})
    assert begins["fast"].is_null().to_list() == begins["plain"].is_null().to_list()
    assert begins.n_unique() == begins["fast"].n_unique() == begins["plain"].n_unique()


def test_what_a_key_makes_of_plain_characters_is_plain() -> None:
    codes = [code for code in range(0x30000) if not 0xD800 <= code < 0xE000]
    one = pl.DataFrame({"one": [chr(code) for code in codes]}).with_columns(key=folded(pl.col("one")))
    words, between = (one.filter(pl.col("one").str.contains(kind)) for kind in (PLAIN_WORD, PLAIN_BETWEEN))
    assert words["one"].str.contains(WORD).all()
    assert words["key"].str.contains(f"^{WORD}$").all()
    assert not between["one"].str.contains(WORD).any()
    assert not between["key"].str.contains(WORD).any()
    for column in ("one", "key"):
        assert words[column].str.contains(UNSPACED).equals(words["one"].str.contains(HALF_WORD))
    # a mark may change places with a mark beside it; these stand alone, or behind a letter of their own
    marks = [word for word in words["key"] if unicodedata.combining(word[0])]
    assert marks == ["\u094d"]


def test_letters_whose_bytes_resemble_signs_are_none() -> None:
    lines = [
        f"{'abcdefgh'[:before]}{letter} {after}"
        for letter in "ییݝݟۏ۝ߛߟ"
        for before in range(9)
        for after in ("x", "efgh ijkl")
    ]
    texts = pl.Series(lines).str.strip_chars()
    fast, (plain, _) = scan.compiled(texts, CALLS, TABLES), plainly(texts, CALLS)
    assert not plain.sign.any()
    assert all((getattr(fast, mark) == getattr(plain, mark)).all() for mark in MARKS)
    assert fast.called.equals(plain.called)


def test_threads_of_polars_may_all_ask_for_the_tables_at_once() -> None:
    texts = pl.Series(EXAMPLES * (1 + MANY // len(EXAMPLES))).str.strip_chars()
    for _ in range(3):
        rules = pickle.loads(pickle.dumps(load()))  # noqa: S301
        assert "_tables" not in vars(rules)
        counts = [wording.called.height for wording in mapped(inside(rules.wording), [texts] * 6)]
        assert len(set(counts)) == 1
        assert "_tables" in vars(rules)


def test_the_compiled_way_finds_it_in_the_examples_of_all_rules() -> None:
    texts = pl.Series(
        [line for rule in load().rules for line in (*rule.keeps, *rule.misses)] + EXAMPLES
    ).str.strip_chars()
    fast, (plain, _) = scan.compiled(texts, CALLS, TABLES), plainly(texts, CALLS)
    assert fast.called.equals(plain.called)
    assert all((getattr(fast, mark) == getattr(plain, mark)).all() for mark in MARKS)


def test_who_asks_often_gets_the_same_answers() -> None:
    rules, texts = Rules(load().rules), pl.Series(EXAMPLES[::9]).str.strip_chars()
    found = [rules.wording(texts) for _ in range(OFTEN)]
    assert "_tables" in vars(rules)  # the last was compiled, of which the first knew nothing
    assert found[-1].called.equals(found[0].called)
    assert all((getattr(found[-1], mark) == getattr(found[0], mark)).all() for mark in MARKS)
