"""Rules: each is held to its examples, and a bad one is refused by name."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cleaner
from cleaner.chrome.calling import LONGEST_LABEL
from cleaner.chrome.keys import short_lines
from cleaner.chrome.rulefiles import CATEGORIES, parse
from cleaner.chrome.rules import check, load, pack_names, speakers
from tests.conftest import GOOD, scraped


def test_every_rule_agrees_with_its_examples() -> None:
    rules = load()
    assert check(rules, rules.rules) == []


def test_packs_are_named_by_language_and_any_comes_first() -> None:
    names = pack_names()
    assert names[0] == "any"
    assert {"fr", "en"} <= set(names)
    assert all(len(name) == 2 for name in names[1:])


def test_rules_have_names_of_their_own_and_known_categories() -> None:
    rules = load().rules
    assert len({rule.name for rule in rules}) == len(rules)
    assert {rule.category for rule in rules} <= set(CATEGORIES)


def test_a_file_of_ones_own_comes_first_and_works(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(GOOD, encoding="utf-8")
    settings = cleaner.Settings(rules=(str(file),))
    article = cleaner.clean("Le phare est vide.\n\nFin du texte maison", settings=settings)
    assert article.text == "Le phare est vide."
    assert article.removed[-1].rule == "mine/mark"


def test_rules_of_ones_own_may_name_a_date_as_others_do(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(
        """
[stamp]
why      = "a date stamp before the text"
category = "date"
takes    = "match"
pattern  = '^Gazette du (?P<date>[0-9/]+) '
strips   = [
    ["Gazette du 3/5/1904 Le phare est vide.", "Gazette du 3/5/1904 "],
    ["Gazette du 4/5/1904 Non.", "Gazette du 4/5/1904 "],
]
keeps    = ["La Gazette du 3/5/1904 le dit.", "Gazette du soir"]
""",
        encoding="utf-8",
    )
    article = cleaner.clean("Gazette du 3/5/1904 Le phare est vide.", settings=cleaner.Settings(rules=(str(file),)))
    assert (article.text, article.date) == ("Le phare est vide.", "3/5/1904")


@pytest.mark.parametrize("run_up", ["[^.]*", "[^.]*?", "[^.]+", "(?:[^.]*)"])
def test_what_leads_up_to_the_words_of_a_cut_goes_with_them(tmp_path: Path, run_up: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(
        f"""[echo]
why      = "name of the paper behind the caption"
category = "credit"
takes    = "match"
pattern  = '^{run_up} \\| Echo: '
strips   = [["Le quai | Echo: Le phare est vide.", "Le quai | Echo: "], ["Un bac | Echo: Il part.", "Un bac | Echo: "]]
keeps    = ["Echo: le phare", "Le quai | La vallée"]
""",
        encoding="utf-8",
    )
    article = cleaner.clean(
        "Le phare au soir | Echo: Le phare est vide.", settings=cleaner.Settings(rules=(str(file),))
    )
    assert article.text == "Le phare est vide."


def test_a_rule_that_does_not_take_alone_waits_for_one_that_does(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(GOOD.replace("is       =", "alone    = false\nis       ="), encoding="utf-8")
    settings = cleaner.Settings(rules=(str(file),))
    text = "Le phare est vide.\n\nFin du texte maison"
    assert cleaner.clean(text, settings=settings).text == text
    assert cleaner.clean(f"{text}\n\n{text}", settings=settings).text == f"{text}\n\n{text}"
    assert cleaner.clean(f"{text}\n\nLire aussi : La tour", settings=settings).text == "Le phare est vide."


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('why      = "a mark of one\'s own"', ""), 'no "why"'),
        (('"other"', '"rubbish"'), "unknown category 'rubbish'"),
        (("is       =", "are      ="), "unknown key 'are'"),
        (('is       = ["fin du texte maison"]', ""), "nothing to look for"),
        ((', "→ FIN DU TEXTE MAISON."', ""), 'fewer than two "strips"'),
        ((', "Fin du texte"', ""), 'fewer than two "keeps"'),
        (('"Fin du texte maison", "→', '"Fin du texte", "→'), "does not take its \"strips\" 'Fin du texte'"),
        (('"Fin du texte"]', '"Fin du texte maison!"]'), "'Fin du texte maison!' is taken by \"mine/mark\""),
        (("strips   =", 'misses = ["Fin du texte maison"]\nstrips   ='), 'Move it to "strips"'),
        (("is       =", 'where = "middle"\nis       ='), "where is 'middle'. It is one of anywhere, head, tail"),
        (('is       = ["fin du texte maison"]', "pattern = '(?=fin)'"), "no look-around"),
        (("is       =", 'takes = "match"\nis       ='), 'give a "pattern" alone'),
        (("is       =", 'alone = "no"\nis       ='), "alone is 'no'. It is true or false"),
        (('["fin du texte maison"]', '"fin du texte maison"'), "It is a list of strings"),
        (("[mark]", "mark]"), "A rule is a TOML table"),
    ],
)
def test_a_bad_rule_is_refused_with_file_rule_and_next_step(
    tmp_path: Path, change: tuple[str, str], message: str
) -> None:
    assert change[0] in GOOD
    file = tmp_path / "mine.toml"
    file.write_text(GOOD.replace(*change), encoding="utf-8")
    with pytest.raises(cleaner.RuleError) as error:
        load((str(file),))
    assert message in str(error.value)
    assert "mine" in str(error.value)


def test_a_rule_file_that_is_not_there_is_named() -> None:
    with pytest.raises(cleaner.RuleError, match=r"nowhere\.toml"):
        load(("nowhere.toml",))


def _takes_naively(line: str, phrases: tuple[str, ...]) -> bool:
    """Whether a line is one of some plain lower-case phrases, or begins with one and a colon."""
    text = line.strip().lower()
    return any(text == phrase or text.startswith((f"{phrase}:", f"{phrase} :")) for phrase in phrases)


@given(
    st.sampled_from(["lire aussi", "Lire aussi", "LIRE AUSSI"]),
    st.sampled_from(["", " : ", ": "]),
    st.sampled_from(["", "Un port", "x"]),
)
def test_words_are_found_as_the_obvious_way_finds_them(phrase: str, separator: str, rest: str) -> None:
    line = phrase + separator + rest
    rule = parse(
        GOOD.replace('is       = ["fin du texte maison"]', 'starts = ["lire aussi"]\nrest = "separated"'), "x"
    )[0]
    expected = _takes_naively(line, rule.starts)
    assert bool(speakers(load(), [line])[line]) >= expected


@given(scraped)
def test_a_line_alone_has_the_evidence_it_has_among_others(text: str) -> None:
    lines = list(dict.fromkeys(text.split("\n")))
    together = speakers(load(), lines)
    line = lines[len(lines) // 2]
    assert speakers(load(), [line])[line] == together[line]


def test_patterns_find_all_labels_that_they_match_whatever_calls_for_them() -> None:
    rules = load()
    lines = sorted({line if isinstance(line, str) else line[0] for rule in rules.rules for line in rule.strips})
    short = short_lines(pl.DataFrame({"text": lines}).with_row_index("at"))
    labels = short.filter(pl.col("text").str.len_bytes() <= LONGEST_LABEL)
    found = rules.hits(short).join(rules.table.select("order", "name"), on="order").select("name", "at")
    for rule in rules.rules:
        if rule.pattern and rule.takes != "match":
            matched = set(labels.filter(pl.col("text").str.contains(rule.pattern))["at"])
            assert matched <= set(found.filter(name=rule.name)["at"]), rule.name
