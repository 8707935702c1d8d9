"""What is asked of the words of lines, compiled, is what the plain way finds."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from cleaner.chrome import scan
from cleaner.chrome.compiled import OFTEN, Rules
from cleaner.chrome.rules import load
from cleaner.chrome.tables import tables
from cleaner.chrome.wording import MARKS, plainly

EXAMPLES = sorted({line if isinstance(line, str) else line[0] for rule in load().rules for line in rule.strips})
CALLS = load().calling
TABLES = tables(CALLS)
WORDS = st.sampled_from(sorted(set(CALLS.words["call"]) | set(CALLS.firsts["call"])))
CHARACTERS = st.text(
    st.sampled_from("aàZß1 .'-\u00ad\u0301日本ﬁ№\t|ŀİЖйΣς»’…½©‹٣👉\u200b\u2028") | st.characters(), max_size=12
)
LINES = st.one_of(
    CHARACTERS,
    st.sampled_from(EXAMPLES),
    st.builds(str.__add__, WORDS, CHARACTERS),
    st.builds("{} {}".format, CHARACTERS, st.sampled_from(EXAMPLES)),
    st.lists(WORDS | CHARACTERS, max_size=6).map(" ".join),
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
