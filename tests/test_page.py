"""Whole pages as text: which documents are one, where the article is in them, and what must always hold."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import settings as examples
from hypothesis import strategies as st

import cleaner
from cleaner.chrome import page
from cleaner.chrome.boxes import announced
from cleaner.chrome.neighbours import Paragraphs
from cleaner.chrome.region import WEIGHTS, below_comments, region
from cleaner.chrome.rules import load
from cleaner.chrome.shape import FULL_LENGTH, paragraphs, unwrapped
from cleaner.chrome.strip import strip_texts
from cleaner.explain import explain
from cleaner.settings import INPUTS
from cleaner.write import put_back, shown
from tests.conftest import FIXTURES, what_is_shown
from tests.naive import best_run

PAGES = sorted((FIXTURES / "cases").glob("page-*"))
MENU = ["  * Accueil", "  * Home", "      + Vallée", "      + Ports", "  * Newsletter", "  * Se connecter", "Menu"]
FOOT = [
    "  * Impressum",
    "  * Contact",
    "Mentions légales",
    "© 2024 Le Journal",
    "Leave a Reply",
    "Nom *",
    "Reply",
    "12 Comments",
]
STANDFIRST = "          Das Boot der Wärterin liegt noch am alten Kai und wartet auf den nächsten Sommer."
BODY = [
    "    La gardienne du phare a quitté son poste hier soir, après trente ans de veille sur les rochers du nord.",
    "    The harbour reopened on Monday after two weeks of storms, and the first boats left before sunrise.",
    "    Der Fluss ist über Nacht um einen Meter gestiegen, und die Brücke bleibt bis zum Wochenende gesperrt.",
    "    Un phare sans gardienne",
    "    Par Mona Lestrade",
    "    Was vom Sturm bleibt:",
    STANDFIRST,
    "          The old quay at low tide",
    "      * Les ports ferment leurs quais",
    "| Port | Bateaux |",
    "",
]
blocks = st.tuples(
    st.lists(st.sampled_from([*MENU, ""]), max_size=24),
    st.lists(st.sampled_from(BODY), max_size=10),
    st.lists(st.sampled_from([*FOOT, *MENU, ""]), max_size=24),
)
pages = blocks.map(lambda parts: "\n".join(line for part in parts for line in part))
"""Texts with menus above and below an article; some are large enough for a page and some are not."""


@given(st.lists(st.lists(st.integers(-9, 9), min_size=1, max_size=8), max_size=4))
def test_the_article_is_the_run_with_the_largest_sum(documents: list[list[int]]) -> None:
    doc = np.repeat(np.arange(len(documents)), [len(scores) for scores in documents])
    found = region(doc, np.array([score for scores in documents for score in scores], np.int64))
    for number, scores in enumerate(documents):
        run = best_run(scores)
        assert np.flatnonzero(found[doc == number]).tolist() == (list(range(run[0], run[1] + 1)) if run else [])


@pytest.mark.parametrize("case", PAGES, ids=lambda case: case.name)
def test_an_article_alone_is_no_page(case: Path) -> None:
    article = (case / "expected.txt").read_text("utf-8")
    again = cleaner.clean(article)
    assert shown(again.title, again.text) == article


@pytest.mark.parametrize("case", PAGES, ids=lambda case: case.name)
def test_a_page_that_is_called_an_article_keeps_its_menus(case: Path) -> None:
    page = (case / "input.txt").read_text("utf-8")
    rules = {removal.rule for removal in cleaner.clean(page, settings=cleaner.Settings(input="article")).removed}
    assert not any(rule.startswith("page/") for rule in rules)
    assert any(removal.rule == "page/menu" for removal in cleaner.clean(page).removed)


@pytest.mark.parametrize("case", PAGES, ids=lambda case: case.name)
def test_explain_says_of_each_line_why_it_is_outside(case: Path) -> None:
    page = (case / "input.txt").read_text("utf-8")
    lines = [line for line in explain(page) if (line.rule or "").startswith("page/")]
    assert lines
    for line in lines:
        assert line.verdict == "cut"
        assert line.evidence is not None
        told = ("none of its words", "where comments begin", "not in its column")
        assert line.evidence.rpartition(": ")[2] in WEIGHTS or any(words in line.evidence for words in told)


@example(["\n".join([BODY[3], STANDFIRST, BODY[0], BODY[0]])], "page")  # the title is given the second time
@example(["      + Ports\n      + Ports\n  * Accueil\n" + BODY[0]], "page")  # the rule's line makes the others' looks
@examples(max_examples=15)
@given(st.lists(pages, min_size=1, max_size=4), st.sampled_from(INPUTS))
def test_strip_twice_is_strip_once(texts: list[str], kind: str) -> None:
    chosen = cleaner.Settings(input=kind)
    once = cleaner.strip(pl.DataFrame({"text": texts}), settings=chosen)
    twice = cleaner.strip(once.drop("removed"), settings=chosen)
    assert twice.drop("removed").equals(once.drop("removed"))
    read = what_is_shown(_column(texts), kind)
    assert what_is_shown(read, kind).to_list() == read.to_list()


@example(
    [
        "\n".join(["| Port | Bateaux |", "    Un phare sans gardienne", BODY[0], "Mentions légales"]),
        "  * Accueil\n" + BODY[0],
    ],
    "page",
    1,
)
@examples(max_examples=15)
@given(st.lists(pages, min_size=2, max_size=6), st.sampled_from(INPUTS), st.integers(1, 5))
def test_a_page_is_stripped_the_same_among_some_and_among_others(texts: list[str], kind: str, cut: int) -> None:
    """However pages are parted, down to one alone, each comes out as it does among all."""
    together = strip_texts(_column(texts), load(), kind=kind)
    here = min(cut, len(texts) - 1)
    for first, part in ((0, texts[:here]), (here, texts[here:])):
        apart = strip_texts(_column(part), load(), kind=kind)
        assert apart.text.to_list() == together.text.slice(first, len(part)).to_list()
        assert apart.told()["title"].to_list() == together.told()["title"].slice(first, len(part)).to_list()
        inside = together.removed.filter(pl.col("doc").is_between(first, first + len(part) - 1))
        assert apart.removed.equals(inside.with_columns(pl.col("doc") - pl.lit(first, pl.UInt32)))


@given(st.lists(pages, min_size=1, max_size=4))
def test_looking_at_all_documents_finds_no_more_pages(texts: list[str]) -> None:
    some = strip_texts(_column(texts), load()).removed
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(page, "_with_enough", lambda _, documents: np.ones(documents, np.bool_))
        assert strip_texts(_column(texts), load()).removed.equals(some)


@given(st.lists(pages, max_size=3), st.sampled_from(INPUTS))
def test_removals_put_back_give_the_page(texts: list[str], kind: str) -> None:
    stripped = strip_texts(_column(texts), load(), kind=kind)
    ids = pl.int_range(len(texts), eager=True).cast(pl.String)
    removed = stripped.removed.with_columns(id=pl.col("doc").cast(pl.String))
    assert put_back(ids, stripped.text, removed).to_list() == texts


def test_wrapped_lines_are_one_paragraph() -> None:
    lines = [
        "The ferry leaves at six in the",
        "morning, and",
        "returns at noon.",
        "Tickets",
        "Bring your own lunch today",
    ]
    assert _paragraph_numbers(lines, [0] * 5) == [0, 0, 1, 2, 3]  # a line that had room for the next word ends one
    assert _paragraph_numbers(lines, [0, 1, 1, 1, 1]) == [0, 1, 2, 3, 4]


@given(st.lists(st.lists(st.tuples(st.sampled_from([*BODY[:3], "Mehr:", "12 Comments"]), st.booleans()), max_size=8)))
def test_an_article_ends_where_its_comments_begin(documents: list[list[tuple[str, bool]]]) -> None:
    these = _paragraphs([[line for line, _ in lines] for lines in documents])
    article = np.array([inside for lines in documents for _, inside in lines], np.bool_)
    expected = []
    for lines in documents:
        above, ended = 0, False
        for line, inside in lines:
            ended |= inside and line == "12 Comments" and above > FULL_LENGTH
            above += min(len(line.strip()), FULL_LENGTH) if inside and line in BODY else 0
            expected.append(ended)
    assert below_comments(these, article).tolist() == expected


@given(st.lists(st.lists(st.tuples(st.sampled_from(["Brot", "Das sind:", "12 Comments"]), st.booleans()), max_size=8)))
def test_a_colon_announces_the_lines_below_it(documents: list[list[tuple[str, bool]]]) -> None:
    these = _paragraphs([[line for line, _ in lines] for lines in documents])
    weak = np.array([weak for lines in documents for _, weak in lines], np.bool_)
    expected = []
    for lines in documents:
        begun = False
        for line, of_list in lines:
            expected.append(begun and of_list)
            begun = line == "Das sind:" if not of_list else begun or line == "Das sind:"
    assert announced(these, weak).tolist() == expected


def test_months_and_tags_are_no_prose() -> None:
    months = " ".join(f"{month} 20{year} ({year})" for year in range(10, 20) for month in ("May", "June"))
    tags = " ".join(["Harbour", "Mill", "Old Bridge"] * 10)
    verse = " ".join(["over the harbour wall and under the bridge we went"] * 4)
    assert _paragraphs([[months, tags, verse]]).prose.tolist() == [False, False, True]


def test_a_page_with_next_to_no_article_is_left_alone() -> None:
    menus = "\n".join(f"  * Ward {number}" for number in range(60))
    page = f"{menus}\n\nThe mill stands.\nThe wheel turns by the old harbour wall every day.\n\n{menus}"
    assert not any(removal.rule.startswith("page/") for removal in cleaner.clean(page).removed)
    longer = page.replace("The mill stands.", BODY[1].strip() * 3)
    assert any(removal.rule.startswith("page/") for removal in cleaner.clean(longer).removed)


def test_a_report_of_tables_is_no_page() -> None:
    head = ["The ports gave their monthly figures, in thousand tonnes, with those of last year beside them:"] * 3
    rows = [
        line
        for port in "ABCDEFGH"
        for line in (f"PORT {port}", "  In 1,204.5 1,198.0", "  Out 87.1 nil", "  Net 12.4 -3.1")
    ]
    tables = "\n".join([*rows, *head, "Totals may not add up, since the ports round their own figures.", *rows])
    removed = strip_texts(_column([tables]), load()).removed
    assert removed.filter(pl.col("rule").str.starts_with("page/")).is_empty()


def test_no_clean_article_is_a_page(shared: Path) -> None:
    clean = pl.read_ndjson(shared / "corpora" / "clean.jsonl", infer_schema_length=None)
    removed = strip_texts(clean["text"], load()).removed
    assert removed.filter(pl.col("rule").str.starts_with("page/")).is_empty()


def _paragraph_numbers(lines: Sequence[str], blanks: Sequence[int]) -> list[int]:
    return list(_paragraphs([lines], blanks).of_line)


def _paragraphs(documents: Sequence[Sequence[str]], blanks: Sequence[int] | None = None) -> Paragraphs:
    """Paragraphs of documents, given as lines with a blank line above each, or with as many `blanks` above as given."""
    lines = [line for lines in documents for line in lines]
    frame = pl.DataFrame(
        {
            "doc": [doc for doc, lines in enumerate(documents) for _ in lines],
            "text": lines,
            "blanks": list(range(len(lines)) if blanks is None else blanks),
            "stopped": [line.endswith(".") for line in lines],
            "category": ["comment" if line == "12 Comments" else None for line in lines],
        },
        schema_overrides={"doc": pl.Int64, "blanks": pl.Int64, "category": pl.String, "text": pl.String},
    )
    return paragraphs(unwrapped(frame.with_columns(pl.col("stopped").cast(pl.Boolean))))


def _column(texts: list[str]) -> pl.Series:
    return pl.Series(texts, dtype=pl.String)
