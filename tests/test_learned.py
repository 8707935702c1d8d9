"""Learned chrome: what recurs across different articles of a source goes, and nothing that a story says."""

import random
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl
import pytest
from hypothesis import Phase, given
from hypothesis import settings as profile
from hypothesis import strategies as st

import cleaner
from cleaner import waiting, write
from cleaner.chrome.anew import settled_anew
from cleaner.chrome.evidence import gather
from cleaner.chrome.keys import LONGEST_LINE, short_lines
from cleaner.chrome.known import TABLE, found_in, with_learned
from cleaner.chrome.learned import learn
from cleaner.chrome.rules import load
from cleaner.chrome.seen import described, hashed, left, masked, observe
from cleaner.chrome.verdict import settle
from cleaner.settings import Settings
from cleaner.shards import Layout
from tests import naive

VOCABULARY = {
    "fr": "phare quai marée digue filet barque balise voile anse houle jetée écume sel vase crique falaise",
    "ru": "маяк причал прилив плотина сеть лодка буй парус бухта волна пристань пена соль ил скала берег",
    "ar": "منارة رصيف مد سد شبكة قارب عوامة شراع خليج موجة مرسى زبد ملح طين جرف ساحل",
    "zh": " ".join("灯塔码头潮水堤坝渔网小船浮标风帆海湾波浪防波泡沫盐泥悬崖"),
}
WORDS = {lang: words.split() for lang, words in VOCABULARY.items()}
FRAMES = {
    "fr": ["La gazette des grèves", "Le large vous attend chaque matin, et cela ne coûte rien.", "Tout le port"],
    "ru": ["Береговой листок", "Каждое утро мы пишем вам о море, и это ничего не стоит.", "Весь порт"],
    "ar": ["جريدة الشاطئ", "نكتب اليكم كل صباح عن البحر ولا ندفع شيئا مقابل ذلك.", "كل الميناء"],
    "zh": ["海岸日报小品", "每天早上我们给您写一封关于大海的信完全不收任何费用。", "港口的一切"],
}


def sentence(source: random.Random, lang: str) -> str:
    """A sentence that no other is like."""
    words = [source.choice(WORDS[lang]) for _ in range(24 if lang == "zh" else 14)]
    return f"{''.join(words)}。" if lang == "zh" else f"{' '.join(words).capitalize()}."


def story(lang: str, number: int, sentences: int = 4) -> list[str]:
    """The lines of an article that shares none with another."""
    source = random.Random(f"{lang} {number}")  # noqa: S311 (invented text)
    return [sentence(source, lang) for _ in range(sentences)]


def headline(number: int) -> str:
    """A line that could be a title."""
    return f"{story('fr', 5000 + number, 1)[0].removesuffix('.')} hier"


def table_of(texts: list[str], sites: list[str]) -> pl.DataFrame:
    column, rules = pl.Series(texts, dtype=pl.String), load()
    evidence = gather(column, rules, pl.repeat("", len(texts), dtype=pl.String, eager=True))
    verdict = settle(evidence, rules, len(texts))
    seen, documents = observe(evidence, verdict), described(column, pl.Series(sites), evidence, verdict)
    return learn(seen.lazy(), documents, lambda docs: left(evidence, verdict, docs), rules)


def stripped(texts: list[str], sites: list[str] | None = None) -> list[str]:
    frame = pl.DataFrame({"text": texts, "site": sites or ["a"] * len(texts), "title": [""] * len(texts)})
    return cleaner.strip(frame)["text"].to_list()


@pytest.mark.parametrize("lang", sorted(WORDS))
def test_the_frame_of_a_source_goes_in_any_script(lang: str) -> None:
    label, prompt, last = FRAMES[lang]
    bodies = ["\n\n".join(story(lang, number)) for number in range(30)]
    assert stripped([f"{label}\n\n{body}\n\n{prompt}\n{last}" for body in bodies]) == bodies


@pytest.mark.parametrize("lang", sorted(WORDS))
def test_copies_of_one_story_are_no_frame(lang: str) -> None:
    wire = story(lang, 0, 9)
    copies = ["\n\n".join([*story(lang, 100 + number, 1), *wire]) for number in range(50)]
    texts = [*copies, *("\n\n".join(story(lang, 200 + number)) for number in range(30))]
    assert stripped(texts) == texts
    exact = ["\n\n".join(wire)] * 50 + texts[50:]
    assert stripped(exact) == exact


def test_a_sentence_of_a_wire_story_at_many_sites_stays() -> None:
    background = "Le conflit a fait plus de trois mille morts depuis son début, selon les Nations unies."
    texts, sites = [], []
    for site in range(6):
        for number in range(40):
            body = story("fr", 1000 * site + number)
            texts.append("\n".join([*body, background] if site < 3 else [*body[:2], background, *body[2:]]))
            sites.append(f"s{site}")
    assert stripped(texts, sites) == texts


def test_subheadings_of_a_series_stay() -> None:
    texts = []
    for number in range(40):
        one, two, three, four = story("fr", number)
        texts.append(f"{one}\n\nMétéo\n\n{two}\n\nÉconomie\n\n{three}\n{four}")
    assert stripped(texts) == texts


def test_lines_of_a_table_stay_and_counters_go() -> None:
    tables = ["\n".join([*story("fr", n), f"Indice du port : {4000 + n},{n} (+{n} %)", "Ormeau"]) for n in range(10)]
    plain = ["\n".join(story("fr", 100 + n)) for n in range(90)]
    assert stripped([*tables, *plain])[:10] == [text.removesuffix("\nOrmeau") for text in tables]
    counted = ["\n".join([*story("fr", n), f"Ormeau : {n} fois vu"]) for n in range(40)]
    assert stripped(counted) == ["\n".join(story("fr", n)) for n in range(40)]


def test_pieces_of_broken_sentences_stay() -> None:
    texts = [f"Hier soir la\npatronne du phare\na dit que rien\n{' '.join(story('fr', n))}" for n in range(40)]
    assert stripped(texts) == texts


def test_a_text_that_is_all_frame_stays() -> None:
    label, prompt, _ = FRAMES["fr"]
    texts = ["\n".join([*story("fr", n), prompt]) for n in range(30)]
    assert stripped([*texts, f"{label}\n{prompt}"])[-1] == f"{label}\n{prompt}"


def test_few_articles_teach_nothing() -> None:
    frame = ["Tout le port", "La gazette des grèves"]  # one line alone could be a signature
    texts = ["\n".join([*story("fr", n), *frame]) for n in range(19)]
    assert stripped(texts) == texts
    assert stripped([*texts, "\n".join([*story("fr", 99), *frame])])[0] == "\n".join(story("fr", 0))
    assert table_of(texts, ["a"] * 19).is_empty()


def test_the_name_of_a_site_behind_a_dash_goes_from_titles() -> None:
    texts = [
        f"Le phare {word} reste vide - La Gazette\n\n{' '.join(story('fr', n))}"
        for n, word in enumerate(WORDS["fr"] * 2)
    ]
    frame = pl.DataFrame({"text": texts, "site": ["a"] * len(texts)})
    assert cleaner.strip(frame)["title"].to_list()[:2] == ["Le phare phare reste vide", "Le phare quai reste vide"]
    alone = cleaner.strip(frame, settings=Settings(learn=False))
    assert alone["title"].to_list()[0] == "Le phare phare reste vide - La Gazette"


# ---- what must always hold -----------------------------------------------------------------------------------------

PHASES = [Phase.explicit, Phase.generate]  # what fails here has forty documents, and is not made smaller in minutes

frames = st.lists(
    st.tuples(
        st.sampled_from(["a", "b"]),
        st.lists(
            st.sampled_from(["Tout le port", "Ormeau 1", "Ormeau 22", "Le large, chaque matin.", "Anse-Vive"]),
            max_size=2,
        ),
        st.integers(0, 60),
        st.lists(
            st.sampled_from(["Tout le port", "Bouée 3 au large", "Le large, chaque matin.", "Anse-Vive"]), max_size=3
        ),
    ),
    min_size=40,
    max_size=90,
)
"""Documents of two sources: the lines above an article, its number, and the lines below."""


def lines_of(head: list[str], number: int, tail: list[str]) -> list[str]:
    return [*head, *story("fr", number), *tail]


@profile(max_examples=12, phases=PHASES)
@given(frames)
def test_learning_agrees_with_counting_by_hand(documents: list[tuple[str, list[str], int, list[str]]]) -> None:
    by_hand = [(site, lines_of(head, number, tail)) for site, head, number, tail in documents]
    found = table_of(["\n".join(lines) for _, lines in by_hand], [site for site, _ in by_hand])
    rows = found.select("site", masked(pl.col("line")), "position", "support", "articles").rows()
    assert set(rows) == naive.learned(by_hand)
    assert found.schema == TABLE


@profile(max_examples=6, phases=PHASES)
@given(frames, st.randoms(use_true_random=False))
def test_order_copies_and_other_sites_change_nothing(
    documents: list[tuple[str, list[str], int, list[str]]], source: random.Random
) -> None:
    texts = ["\n".join(lines_of(head, number, tail)) for _, head, number, tail in documents]
    sites = [site for site, *_ in documents]
    once = table_of(texts, sites)
    pairs = [*zip(texts, sites, strict=True), *source.choices(list(zip(texts, sites, strict=True)), k=20)]
    source.shuffle(pairs)
    assert table_of([text for text, _ in pairs], [site for _, site in pairs]).equals(once)
    unrelated = ["\n".join([*story("ru", n), "Весь порт"]) for n in range(30)]
    more = table_of([*texts, *unrelated], [*sites, *["c"] * 30])
    assert more.filter(pl.col("site") != "c").equals(once)


@profile(max_examples=5, phases=PHASES)
@given(frames)
def test_with_what_is_learned_strip_twice_is_strip_once(
    documents: list[tuple[str, list[str], int, list[str]]],
) -> None:
    texts = ["\n".join(lines_of(head, number, tail)) for _, head, number, tail in documents]
    sites = [site for site, *_ in documents]
    with TemporaryDirectory() as folder:
        file = Path(folder) / "learned.parquet"
        table_of(texts, sites).write_parquet(file)
        settings = Settings(learn=False, learned=(str(file),))
        once = cleaner.strip(pl.DataFrame({"text": texts, "site": sites}), settings=settings)
        twice = cleaner.strip(once.drop("removed"), settings=settings)
    assert twice["text"].equals(once["text"])
    ids = pl.Series(np.arange(len(texts))).cast(pl.String)
    removed = once.select(id=ids, removed="removed").explode("removed").drop_nulls().unnest("removed")
    assert write.put_back(ids, once["text"], removed).to_list() == texts


@profile(max_examples=12, phases=PHASES)
@given(frames)
def test_verdicts_taken_anew_where_something_was_learned_are_those_on_all(
    documents: list[tuple[str, list[str], int, list[str]]],
) -> None:
    texts = pl.Series(["\n".join(lines_of(head, number, tail)) for _, head, number, tail in documents])
    sites, rules = pl.Series([site for site, *_ in documents]), load()
    evidence = gather(texts, rules, pl.repeat(None, texts.len(), dtype=pl.String, eager=True))
    before = settle(evidence, rules, texts.len())
    learned = table_of(texts.to_list(), sites.to_list()).filter(pl.col("site") == sites[0])
    evidence = with_learned(evidence, found_in(observe(evidence, before), sites, learned), sites, learned)
    found, due = settled_anew(before, evidence, rules), settle(evidence, rules, texts.len())
    assert found.evidence.equals(due.evidence)
    for name in ("order", "titles", "dashed"):
        assert getattr(found, name).tolist() == getattr(due, name).tolist()


# ---- runs ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def crawl(tmp_path: Path) -> Path:
    """A source with a frame, one text a file."""
    label, prompt, last = FRAMES["fr"]
    (tmp_path / "in" / "gazette").mkdir(parents=True)
    for number in range(30):
        text = "\n\n".join([label, headline(number), *story("fr", number), prompt, last])
        (tmp_path / "in" / "gazette" / f"{number}.txt").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_run_learns_and_says_what_and_gives_all_back(crawl: Path) -> None:
    summary = cleaner.run(crawl / "in", crawl / "out")
    assert summary.removed["learned"] == 90
    table = pl.read_parquet(crawl / "out" / "learned.parquet")
    assert table.select("site", "support", "articles").unique().rows() == [("gazette", 30, 30)]
    assert sorted(table["line"]) == sorted(FRAMES["fr"])
    texts = {path.read_text("utf-8") for path in (crawl / "in").rglob("*.txt")}
    assert set(write.original_texts(crawl / "out", Layout("parquet"))["text"]) == texts
    off = cleaner.run(crawl / "in", crawl / "off", settings=Settings(learn=False))
    assert "learned" not in off.removed
    assert pl.read_parquet(crawl / "off" / "learned.parquet").is_empty()


@pytest.mark.parametrize("few", [0, 3, 1000])
def test_the_size_of_batches_and_where_they_wait_change_no_byte(
    crawl: Path, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    cleaner.run(crawl / "in", crawl / "one")
    monkeypatch.setattr(waiting, "FEW", few)
    cleaner.run(crawl / "in", crawl / "other", batch_bytes=2000)
    for name in ("corpus", "removed", "learned"):
        assert (crawl / "one" / f"{name}.parquet").read_bytes() == (crawl / "other" / f"{name}.parquet").read_bytes()


def test_what_was_learned_yesterday_is_known_today(crawl: Path) -> None:
    cleaner.run(crawl / "in", crawl / "yesterday")
    (crawl / "today" / "gazette").mkdir(parents=True)
    label, prompt, last = FRAMES["fr"]
    body = "\n\n".join(story("fr", 500))
    (crawl / "today" / "gazette" / "x.txt").write_text(f"{label}\n\n{body}\n\n{prompt}\n\n{last}", encoding="utf-8")
    known = (str(crawl / "yesterday" / "learned.parquet"),)
    cleaner.run(crawl / "today", crawl / "out", settings=Settings(learned=known))
    assert pl.read_parquet(crawl / "out" / "corpus.parquet")["text"].to_list() == [body]
    kept = pl.read_parquet(crawl / "out" / "learned.parquet")
    assert kept.equals(pl.read_parquet(crawl / "yesterday" / "learned.parquet"))


def test_a_file_that_holds_nothing_learned_is_refused(crawl: Path) -> None:
    (crawl / "x.parquet").write_bytes(b"PAR1")
    for name in ("x.parquet", "none.parquet"):
        with pytest.raises(cleaner.InputError, match=r"learned lines .*parquet: .*learned\.parquet of an earlier run"):
            cleaner.run(crawl / "in", crawl / "out", settings=Settings(learned=(str(crawl / name),)))


@given(st.lists(st.text("aé٣߂9０𝟘।한 .,/", min_size=1, max_size=12).map(str.strip).filter(bool), max_size=6))
def test_lines_are_hashed_as_what_they_are_counted_as(lines: list[str]) -> None:
    texts = pl.Series("line", lines, dtype=pl.String)
    found = hashed(texts)
    assert found["key"].to_list() == texts.to_frame().select(masked(pl.col("line")).hash()).to_series().to_list()
    assert found["raw"].to_list() == texts.hash().to_list()
    assert hashed(texts, texts.hash(), texts.str.contains(r"\p{Nd}").to_numpy()).equals(found)


@pytest.mark.parametrize("size", [400, 401])
def test_a_batch_of_long_lines_alone_teaches_nothing_and_fails_nowhere(size: int) -> None:
    texts = pl.Series(["x" * size, "x" * size + "\n\n"])
    evidence = gather(texts, load(), pl.Series([None, None], dtype=pl.String))
    seen = observe(evidence, settle(evidence, load(), 2))
    assert seen["doc"].to_list() == ([0, 1] if size <= LONGEST_LINE else [])


def test_figures_of_every_script_are_masked() -> None:
    signs = [chr(code) for code in range(0x21, 0x110000) if not 0xD800 <= code < 0xE000]
    lines = pl.Series("line", [f"a{sign}x" for sign in signs])
    expected = lines.to_frame().select(masked(pl.col("line")).hash()).to_series()
    assert (hashed(lines)["key"] == expected).all()


def test_what_the_rules_say_of_lines_that_are_left_is_known() -> None:
    rules, text = (
        load(),
        "\n\n".join(["Read also: a port", *story("fr", 1), "Sport", *story("fr", 2), "Comments"]),
    )
    texts = pl.Series([text, "\n\n".join(story("fr", 3))])
    evidence = gather(texts, rules, pl.Series([None, None], dtype=pl.String))
    verdict = settle(evidence, rules, 2)
    lines = left(evidence, verdict, pl.Series([0, 1], dtype=pl.UInt32))
    assert lines["order"].drop_nulls().len()
    hits = rules.hits(short_lines(lines.select("text").with_row_index("at"))).group_by("at").agg(pl.col("order").min())
    numbered = lines.select("order").with_row_index("at").drop_nulls("order")
    assert numbered.sort("at").rows() == hits.sort("at").rows()
