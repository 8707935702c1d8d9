"""Stripping: the golden cases, the samples, and what must always hold."""

import re
import tomllib
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

import cleaner
from cleaner.chrome.evidence import gather
from cleaner.chrome.rules import load
from cleaner.chrome.strip import strip_texts
from cleaner.chrome.titles import LONGEST_TITLE
from cleaner.explain import explain, explained
from cleaner.write import put_back, shown
from tests.conftest import FIXTURES, TITLES, scraped, what_is_shown

CASES = sorted((FIXTURES / "cases").iterdir())


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    """What becomes of each case, all of them stripped at once."""
    texts = pl.Series([(case / "input.txt").read_bytes().decode() for case in CASES], dtype=pl.String)
    return dict(zip([case.name for case in CASES], what_is_shown(texts), strict=True))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path, made: dict[str, str]) -> None:
    about = tomllib.loads((case / "about.toml").read_text("utf-8"))
    assert made[case.name] == (case / "expected.txt").read_bytes().decode(), about["why"]


def test_each_case_is_stripped_the_same_among_a_few_as_among_all(made: dict[str, str]) -> None:
    """Verdicts are taken anew on the documents that changed alone: nothing of the others may come into them."""
    for start in range(8):
        some = CASES[start::8]
        texts = pl.Series([(case / "input.txt").read_bytes().decode() for case in some], dtype=pl.String)
        assert list(what_is_shown(texts)) == [made[case.name] for case in some]


def test_every_case_says_why() -> None:
    for case in CASES:
        about = tomllib.loads((case / "about.toml").read_text("utf-8"))
        assert about["why"]
        assert about["lang"]


def test_samples_line_by_line(shared: Path) -> None:
    gold = pl.read_ndjson(shared / "eval" / "samples_gold.jsonl", infer_schema_length=None)
    for (name,), rows in gold.group_by("file", maintain_order=True):
        wanted = rows.filter((pl.col("label") != "drop") & (pl.col("category") != "blank"))
        article = cleaner.clean((shared / "samples" / str(name)).read_bytes().decode())
        lines = [line for line in shown(article.title, article.text).split("\n") if line.strip()]
        assert lines == wanted.select(pl.coalesce("edited", "text")).to_series().to_list(), name


@given(st.lists(scraped, max_size=4))
def test_removals_put_back_give_the_original(texts: list[str]) -> None:
    column = pl.Series(texts, dtype=pl.String)
    stripped = strip_texts(column, load())
    ids = pl.int_range(len(texts), eager=True).cast(pl.String)
    removed = stripped.removed.with_columns(id=pl.col("doc").cast(pl.String))
    assert put_back(ids, stripped.text, removed).to_list() == texts


@given(scraped)
def test_removals_are_spans_of_the_original(text: str) -> None:
    article = cleaner.clean(text)
    data, end = text.encode(), 0
    for removal in article.removed:
        assert end <= removal.start < removal.end
        assert data[removal.start : removal.end].decode() == removal.text
        end = removal.end
    left = "".join(removal.text for removal in article.removed if removal.rule == "title")
    assert article.title is None or article.title in left


@given(st.lists(st.tuples(scraped, st.sampled_from([None, *TITLES])), min_size=1, max_size=3))
def test_strip_twice_is_strip_once(documents: list[tuple[str, str | None]]) -> None:
    frame = pl.DataFrame(documents, schema={"text": pl.String, "title": pl.String}, orient="row")
    once = cleaner.strip(frame)
    twice = cleaner.strip(once.drop("removed"))
    assert twice.drop("removed").equals(once.drop("removed"))
    assert twice["removed"].list.len().sum() == 0


@examples(max_examples=15)
@given(st.lists(scraped, min_size=1, max_size=5))
def test_strip_of_what_is_shown_changes_nothing(texts: list[str]) -> None:
    once = what_is_shown(pl.Series(texts, dtype=pl.String))
    assert what_is_shown(once).to_list() == once.to_list()


@examples(max_examples=15)
@given(st.lists(scraped, min_size=2, max_size=8), st.integers(1, 7))
def test_a_text_is_stripped_the_same_among_some_and_among_others(texts: list[str], cut: int) -> None:
    """However texts are parted, down to one alone, each comes out as it does among all."""
    together = strip_texts(pl.Series(texts, dtype=pl.String), load())
    here = min(cut, len(texts) - 1)
    for first, part in ((0, texts[:here]), (here, texts[here:])):
        apart = strip_texts(pl.Series(part, dtype=pl.String), load())
        assert apart.text.to_list() == together.text.slice(first, len(part)).to_list()
        assert apart.told().equals(together.told().slice(first, len(part)))
        inside = together.removed.filter(pl.col("doc").is_between(first, first + len(part) - 1))
        assert apart.removed.equals(inside.with_columns(pl.col("doc") - pl.lit(first, pl.UInt32)))


def test_a_given_title_is_not_altered_and_its_copies_go() -> None:
    title = "Un phare sans gardienne | Le Journal"
    article = cleaner.clean(
        "Un phare sans gardienne\n\nUn phare  sans gardienne\n\nLe phare est vide depuis mardi.", title=title
    )
    assert article.title == title
    assert article.text == "Le phare est vide depuis mardi."


def test_a_suffix_behind_a_dash_goes_only_where_a_copy_without_it_stands() -> None:
    body = "Le phare est vide depuis mardi."
    proved = cleaner.clean(f"Un phare sans gardienne - Le Journal\n\nUn phare sans gardienne\n\n{body}")
    alone = cleaner.clean(f"Un phare sans gardienne - Le Journal\n\n{body}")
    assert (proved.title, proved.text) == ("Un phare sans gardienne", body)
    assert (alone.title, alone.text) == ("Un phare sans gardienne - Le Journal", body)


def test_what_chrome_tells_becomes_a_column() -> None:
    frame = pl.DataFrame({"text": [" date 2024-10 Le phare est vide.\n\nphare vide gardienne est"]})
    stripped = cleaner.strip(frame)
    assert stripped.select("text", "title", "date").row(0) == ("Le phare est vide.", None, "2024-10")
    assert stripped["tags"].to_list() == [["phare vide gardienne est"]]


def test_given_columns_are_filled_in_and_never_overwritten() -> None:
    frame = pl.DataFrame({"text": [" date 2024-10 Le phare est vide."] * 2, "date": ["2020", None]})
    assert cleaner.strip(frame)["date"].to_list() == ["2020", "2024-10"]


def test_lazy_in_lazy_out() -> None:
    frame = pl.DataFrame({"text": ["Publicité\nLe phare est vide.", None, ""]})
    lazy = cleaner.strip(frame.lazy())
    assert isinstance(lazy, pl.LazyFrame)
    assert lazy.collect().equals(cleaner.strip(frame))


def test_a_missing_column_is_named_with_those_there_are() -> None:
    with pytest.raises(cleaner.InputError, match=r"'text'.*body \(String\)"):
        cleaner.strip(pl.DataFrame({"body": ["Le phare est vide."]}))


@examples(max_examples=15)
@given(st.lists(scraped, min_size=1, max_size=4))
def test_explain_says_what_stripping_does(texts: list[str]) -> None:
    column = pl.Series(texts, dtype=pl.String)
    stripped = strip_texts(column, load())
    for text, verdicts in zip(stripped.text, explained(column, stripped.removed, load()), strict=True):
        assert all(line.rule for line in verdicts if line.verdict != "keep")
        kept = [line.kept for line in verdicts if line.verdict in ("keep", "edit") and (line.kept or "").strip()]
        assert kept == [line for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if line.strip()]


def test_explaining_one_text_is_explaining_it_among_others() -> None:
    texts = pl.Series([(case / "input.txt").read_bytes().decode() for case in CASES[::8]])
    among = explained(texts, strip_texts(texts, load()).removed, load())
    assert [explain(text) for text in texts] == among


def test_spaces_inside_a_title_do_not_hide_its_copy() -> None:
    article = cleaner.clean("Le  budget de la piscine voté\n\nLe conseil a voté.\n\nLe budget de la piscine voté\n")
    assert article.text == "Le conseil a voté."


def test_a_sentence_behind_a_bar_is_no_name_of_a_site() -> None:
    assert "Il ferme demain." in shown(*_both("Un phare vide | Il ferme demain.\n\nLe phare est vide."))


def test_a_title_that_a_rule_speaks_for_is_none() -> None:
    text = "Vallée > Ports > Écluses | Le Journal\n\nLe conseil a voté hier soir."
    assert shown(*_both(shown(*_both(text)))) == shown(*_both(text))


def _both(text: str) -> tuple[str | None, str]:
    article = cleaner.clean(text)
    return article.title, article.text


@pytest.mark.parametrize("rest", ["premium.", "tag sur les murs de la vieille ville", "share"])
def test_the_rest_of_a_wrapped_sentence_stays(rest: str) -> None:
    text = f"The bank said on Monday that it would buy the bonds at a\n{rest}\nThe offer ends in May, it said."
    assert rest in shown(*_both(text))


@pytest.mark.parametrize("text", ["Oui", "Non", "ok"])
def test_a_text_without_prose_has_no_tail(text: str) -> None:
    assert shown(*_both(text)) == text


def test_what_chrome_tells_is_kept() -> None:
    article = cleaner.clean(
        "Le phare rouvre\n\nPar Ada Quill\n\nLe phare de la pointe rouvre lundi, après deux ans de travaux.\n\n"
        "Lire aussi : Le port attend ses bateaux\n\nLa gardienne est revenue avec ses chats.\n\n"
        "Tags : phare, gardienne, chats\n\nPREV Le marché aux fleurs rouvre samedi\n"
    )
    assert article.author == "Ada Quill"
    assert article.tags == ("phare", "gardienne", "chats")
    assert article.related == ("Le port attend ses bateaux", "Le marché aux fleurs rouvre samedi")


def test_columns_of_the_frame_are_filled_but_not_altered() -> None:
    text = "By Ada Quill\n\nThe lighthouse reopens on Monday, after two years of work.\n"
    stripped = cleaner.strip(
        pl.DataFrame({"text": [text, text], "author": ["The keeper", None], "tags": ["sea", None]})
    )
    assert stripped["author"].to_list() == ["The keeper", "Ada Quill"]
    assert stripped["tags"].to_list() == ["sea", None]


KEPT_FOR_YEARS = "For thirty years the keeper has opened the lock at six in the morning and shut it at ten." * 5


@pytest.mark.parametrize("heading", ["2 thoughts on “The keeper”", "Reader comments"])
def test_readers_comments_go_though_they_are_prose(heading: str) -> None:
    assert cleaner.clean(f"{KEPT_FOR_YEARS}\n\n{heading}\n\nShe gave me soup.").text == KEPT_FOR_YEARS


def test_a_bare_heading_of_comments_needs_their_end() -> None:
    thread = f"{KEPT_FOR_YEARS}\n\nComments\n\nShe gave me soup."
    assert "soup" in cleaner.clean(thread).text
    assert "soup" in cleaner.clean(f"{thread}\n\nComments").text
    assert cleaner.clean(f"{thread}\n\nComments are closed.").text == KEPT_FOR_YEARS


def test_a_link_to_the_comments_above_the_article_heads_none() -> None:
    text = f"The keeper stays, the council says.\n\n2 thoughts on “The keeper”\n\n{KEPT_FOR_YEARS}"
    assert "thirty years" in cleaner.clean(text).text


@pytest.mark.parametrize("length", [159, 160, 161])
def test_a_title_is_no_longer_than_a_line_without_an_end_that_is_no_prose(length: int) -> None:
    line = ("The keeper of the lower lock " * 6)[: length - 1] + "x"
    article = cleaner.clean(f"{line}\n\nThe council has voted.")
    assert (article.title, article.text) == (
        (line, "The council has voted.") if length <= LONGEST_TITLE else (None, f"{line}\n\nThe council has voted.")
    )


@pytest.mark.parametrize("line", ["Multiply the volume (V) by the density (", "“It is not that we have little time.”1"])
def test_what_no_title_ends_with(line: str) -> None:
    assert cleaner.clean(f"{line}\n\nThe council has voted.").title is None


def test_initials_are_no_prose_but_the_rest_of_a_wrapped_sentence_is_none() -> None:
    assert cleaner.clean("The council has voted.\n\nS. L.-K.").text == "The council has voted."
    wrapped = "The lock stays\n\nThe council has voted to sell the lower mill to the\nU.S.\nThe offer ends in May."
    assert cleaner.clean(wrapped).text in wrapped
    assert "U.S." in cleaner.clean(wrapped).text


PIECES = ["phare", "phares", "port", "aport", "gardienne", "quai"]


@given(
    st.lists(st.sampled_from(PIECES), min_size=3, max_size=5),
    st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from([" ", " ", ", ", "-", "» "])), min_size=1, max_size=6),
)
def test_lower_case_words_go_if_most_of_them_are_words_of_the_article(
    tags: list[str], said: list[tuple[str, str]]
) -> None:
    prose = "Le soir, dit-on, " + "".join(word + end for word, end in said) + "restent seuls avec la mer."
    article = cleaner.clean(f"{prose}\n{' '.join(tags)}\n", title="Une nuit au large")
    known = set(re.findall(r"\w+", prose.lower()))
    gone = len(set(tags) & known) >= 0.75 * len(set(tags))
    assert [removal.text.strip() for removal in article.removed if removal.rule == "tag-line"] == [
        " ".join(tags)
    ] * gone


def test_lines_with_one_hash_are_told_apart_by_what_they_say(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = pl.Series(["One line\n\nAnother line\nOne line", "Another line\n\nA third"])
    titles = pl.Series([None, None], dtype=pl.String)
    plain = gather(texts, load(), titles).short
    monkeypatch.setattr(pl.Series, "hash", lambda self, *_: pl.repeat(7, self.len(), dtype=pl.UInt64, eager=True))
    found = gather(texts, load(), titles).short
    assert plain is not None
    assert found is not None
    assert found.once.to_list() == plain.once.to_list() == ["One line", "Another line", "A third"]
    assert found.kind.tolist() == plain.kind.tolist() == [0, 1, 0, 1, 2]
    assert found.hash.to_list() == [7, 7, 7]
    assert plain.hash.n_unique() == plain.hash.len() == 3
