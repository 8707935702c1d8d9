"""Duplicates: what is reported is true, nothing else matters, and order does not."""

import random
import subprocess
import sys

import numpy as np
import polars as pl
import pytest
import xxhash
from datasketch import MinHash, MinHashLSH
from hypothesis import given
from hypothesis import strategies as st

import cleaner
from cleaner.duplicates import cluster, match, shingles, signatures
from cleaner.duplicates import pairs as compiled
from cleaner.settings import Settings
from tests import naive

WORDS = ["le", "port", "phare", "bateau", "maire", "budget", "piscine", "pluie", "12", "2024", "école", "été", "neige"]
passage = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
passages = st.lists(passage, min_size=1, max_size=5, unique=True)


@st.composite
def corpora(draw: st.DrawFn) -> list[str]:
    """Small corpora whose texts share passages, so that copies, near copies and chains of them are frequent."""
    shared = draw(passages)
    texts = st.lists(st.sampled_from(shared), max_size=6).map(" ".join)
    return draw(st.lists(st.one_of(texts, passage), max_size=8))


days = st.sampled_from([None, "2024-03-05", "2024-03-05T18:00", "2024-03-06T02:00", "2024-03-09", "sans date"])


@pytest.mark.parametrize("shingle", [("words", 2), ("characters", 6)])
@given(corpora(), st.sampled_from([0.5, 0.7, 0.9]), st.sampled_from([0.6, 0.8]), st.data())
def test_what_goes_is_what_comparing_all_pairs_says(
    shingle: tuple[str, int], texts: list[str], threshold: float, containment: float, data: st.DataObject
) -> None:
    of, tokens = shingle
    settings = Settings(threshold=threshold, containment=containment, shingle_of=of, shingle_size=tokens)
    size = len(texts)
    titles = data.draw(st.lists(st.one_of(st.none(), passage), min_size=size, max_size=size))
    dates = data.draw(st.lists(days, min_size=size, max_size=size))
    frame = pl.DataFrame(
        {"text": texts, "title": titles, "date": dates},
        schema={"text": pl.String, "title": pl.String, "date": pl.String},
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(signatures, "SCALE", 1)  # all shingles in the sketch, so that no pair is missed
        found = cleaner.dedupe(frame, settings=settings)
    expected = naive.kept_for(frame, settings)
    # ids are the rows' numbers, and with fewer than ten of them ties by id are ties by place
    assert found["duplicate_of"].to_list() == [None if place is None else str(place) for place, _ in expected]
    assert found["relation"].to_list() == [relation for _, relation in expected]


@given(corpora(), st.integers(1, 40), st.integers(1, 5))
def test_pairs_measured_in_parts_are_those_measured_at_once(texts: list[str], most: int, count: int) -> None:
    ends = [(one, other) for one in range(len(texts)) for other in range(one + 1, len(texts)) if (one + other) % 3]
    pairs = pl.DataFrame(ends, schema=match.PAIR, orient="row")
    documents = pl.DataFrame({"text": texts}, schema={"text": pl.String}).with_columns(title=pl.lit(None, pl.String))
    tokens, settings = np.array([len(text.split()) for text in texts], np.int64), Settings(shingle_size=2)
    whole = match.verify(pairs, lambda places: documents[places], tokens, settings)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("CHUNK", 0), ("CHUNK_TOKENS", most), ("CHUNK_PAIRS", count)):
            patch.setattr(match, name, value)
        parts = list(match.chunks(pairs, tokens))
        assert match.verify(pairs, lambda places: documents[places], tokens, settings).equals(whole)
    assert pl.concat([pairs.clear(), *parts]).sort("left", "right").equals(pairs)
    for part in parts:
        asked = pl.concat([part["left"], part["right"]]).unique()
        assert part.height == 1 or (part.height <= count and tokens[asked].sum() <= most)


limits = st.sampled_from(
    [{"window": "6h"}, {"window": "2d"}, {"across_sources_only": True}, {"within_source_only": True}]
)
sites = st.sampled_from([None, "a.fr", "b.fr"])


@given(corpora(), limits, st.randoms(use_true_random=False), st.data())
def test_time_and_source_bound_what_goes(
    texts: list[str], limit: dict[str, object], rng: random.Random, data: st.DataObject
) -> None:
    settings = Settings.of({"shingle_size": 2, **limit})
    size = len(texts)
    dates, sources = (data.draw(st.lists(of, min_size=size, max_size=size)) for of in (days, sites))
    columns = {"id": [str(i) for i in range(size)], "text": texts, "date": dates, "site": sources}
    frame = pl.DataFrame({**columns, "title": [None] * size}, schema=dict.fromkeys([*columns, "title"], pl.String))
    order = rng.sample(range(size), size)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(signatures, "SCALE", 1)
        found = cleaner.dedupe(frame, settings=settings)
        shuffled = cleaner.dedupe(frame[order] if order else frame, settings=settings)
    expected = naive.kept_for(frame, settings)
    assert found["duplicate_of"].to_list() == [None if place is None else str(place) for place, _ in expected]
    assert found["relation"].to_list() == [relation for _, relation in expected]
    assert shuffled.sort("id").equals(found.sort("id"))


def test_what_comes_again_outside_the_window_is_no_standing_text() -> None:
    story, months = words(0, 200), [f"2024-{month:02}-01" for month in range(1, 7)]
    again = [f"{story} fin{i}" for i in range(6)]
    frame = _frame(*again, f"{story} autre", date=[*months, "2024-06-02"])
    found = cleaner.dedupe(frame, settings=Settings(window="7d"))
    assert found["duplicate_of"].to_list() == [None] * 5 + [None, "f"]


@given(corpora())
def test_every_duplicate_names_a_kept_document_it_is_alike(texts: list[str]) -> None:
    settings = Settings(shingle_size=2)
    found = cleaner.dedupe(pl.DataFrame({"text": texts}, schema={"text": pl.String}), settings=settings)
    kept = {str(i) for i, of in enumerate(found["duplicate_of"]) if of is None}
    for i, row in enumerate(found.iter_rows(named=True)):
        if row["duplicate_of"] is None:
            assert row["relation"] is row["similarity"] is None
            continue
        assert row["duplicate_of"] in kept
        assert row["cluster"] == row["duplicate_of"]
        other = texts[int(row["duplicate_of"])]
        if row["relation"] == "exact":
            assert shingles.normal_form(texts[i]) == shingles.normal_form(other)
            continue
        sets = [shingles.shingle_hashes(text, shingle_size=2) for text in (texts[i], other)]
        assert row["similarity"] == shingles.similarity(*sets)
        assert row["containment"] == shingles.containment(*sets) >= settings.containment
        assert (row["relation"] == "near") == (row["similarity"] >= settings.threshold)


@given(corpora(), st.randoms(use_true_random=False))
def test_order_changes_nothing(texts: list[str], rng: random.Random) -> None:
    frame = pl.DataFrame(
        {"id": [f"d{i}" for i in range(len(texts))], "text": texts}, schema={"id": pl.String, "text": pl.String}
    )
    order = list(range(len(texts)))
    rng.shuffle(order)
    settings = Settings(shingle_size=2)
    plain = cleaner.dedupe(frame, settings=settings).sort("id")
    assert cleaner.dedupe(frame[order] if order else frame, settings=settings).sort("id").equals(plain)


@given(corpora())
def test_unrelated_documents_change_no_other_verdict(texts: list[str]) -> None:
    settings = Settings(shingle_size=2)
    frame = pl.DataFrame({"text": texts}, schema={"text": pl.String})
    more = pl.DataFrame({"text": [*texts, "ganz andere Worte stehen in diesem einen Text"]})
    alone = cleaner.dedupe(frame, settings=settings)
    assert cleaner.dedupe(more, settings=settings).head(len(texts)).equals(alone)


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(1, 12)), max_size=40))
def test_the_compiled_way_takes_the_same_pairs(pairs: list[tuple[int, int]]) -> None:
    ordered = sorted({(right, left) for left, right in pairs if left < right})
    left = np.array([pair[1] for pair in ordered], np.uint32)
    right = np.array([pair[0] for pair in ordered], np.uint32)
    assert compiled.taken(left, right).tolist() == cluster.taken(left, right).tolist()


def _frame(*texts: str, **columns: list[str | None]) -> pl.DataFrame:
    return pl.DataFrame({"id": [chr(97 + i) for i in range(len(texts))], "text": texts, **columns})


def words(first: int, last: int) -> str:
    """A text of numbered words: two such texts share what their ranges share."""
    return " ".join(f"mot{i}" for i in range(first, last))


def test_a_chain_of_look_alikes_is_split() -> None:
    texts = [words(start, start + 60) for start in range(0, 60, 5)]
    found = cleaner.dedupe(_frame(*texts))
    assert found["duplicate_of"].null_count() > 1
    for row in found.drop_nulls("duplicate_of").iter_rows(named=True):
        assert row["containment"] >= Settings().containment


def test_copies_of_a_document_that_goes_name_the_one_that_stays() -> None:
    found = cleaner.dedupe(_frame(words(0, 60), words(0, 55), words(0, 55).upper()))
    assert found["duplicate_of"].to_list() == [None, "a", "a"]
    assert found["relation"].to_list() == [None, "near", "near"]
    assert found["similarity"][1] == found["similarity"][2]


def test_empty_and_short_texts() -> None:
    found = cleaner.dedupe(_frame("", "", "—", "deux mots", "Deux mots!", "deux autres mots"))
    assert found["duplicate_of"].to_list() == [None, None, None, None, "d", None]


def test_spelling_does_not_matter() -> None:
    texts = (
        "L’œuvre « d’été » des élèves, à Sète.",
        "L'oeuvre d'ete des eleves a SETE",
        "L'œuvre d'été des élèves à Sète",
    )
    found = cleaner.dedupe(_frame(*texts))
    assert found["relation"].to_list() == [None, "exact", "exact"]


@pytest.mark.parametrize(
    ("keep", "kept"),
    [
        ("longest", "b"),
        ("shortest", "a"),
        ("earliest", "c"),
        ("latest", "b"),
        ("source:y,z", "c"),
        ("source:z, y", "a"),
        ("rank", "a"),
    ],
)
def test_preference(keep: str, kept: str) -> None:
    frame = _frame(
        words(0, 55),
        words(0, 60),
        words(0, 57),
        date=["2024-02-01", "2024-03-01", "2024-01-01"],
        site=["z", "x", "y"],
        rank=["1", "2", "3"],
    )
    found = cleaner.dedupe(frame, settings=Settings(keep=keep))
    assert found.filter(pl.col("duplicate_of").is_null())["id"].to_list() == [kept]
    assert found["cluster"].to_list() == [kept] * 3


def test_ties_go_to_the_earlier_date_then_to_the_smaller_id() -> None:
    same = words(0, 20)
    assert cleaner.dedupe(_frame(same, same, date=["2024-02", "2024-01"]))["duplicate_of"].to_list() == ["b", None]
    assert cleaner.dedupe(_frame(same, same, date=[None, "2024-01"]))["duplicate_of"].to_list() == ["b", None]
    assert cleaner.dedupe(_frame(same, same))["duplicate_of"].to_list() == [None, "a"]


def test_a_preference_for_a_column_that_is_not_there_is_an_error() -> None:
    with pytest.raises(cleaner.InputError, match=r"keep is 'rank'.*columns id, date, site"):
        cleaner.dedupe(_frame("un texte").rename({"id": "id"}), settings=Settings(keep="rank"))


def test_repeated_ids_are_an_error() -> None:
    with pytest.raises(cleaner.InputError, match="ids repeat in the column 'id'"):
        cleaner.dedupe(pl.DataFrame({"id": ["a", "a"], "text": ["un", "deux"]}))


def test_a_large_bucket_still_gives_up_its_copies() -> None:
    base = words(0, 200)
    texts = [base + f" fin{i}" for i in range(200)]
    frame = pl.DataFrame({"id": [f"{i:03}" for i in range(200)], "text": texts})
    found = cleaner.dedupe(frame, settings=Settings(max_bucket=8))
    assert found["duplicate_of"].null_count() == 1


def test_signatures_go_to_datasketch_and_back() -> None:
    sign = signatures.sign(pl.Series([words(0, 60), words(0, 58), words(100, 160)]), Settings())
    lean = signatures.to_datasketch(sign.values, seed=Settings().seed)
    lsh = MinHashLSH(threshold=0.7, num_perm=128)
    for name, one in zip("abc", lean, strict=True):
        lsh.insert(name, one)
    assert sorted(lsh.query(lean[0])) == ["a", "b"]
    assert lean[0].jaccard(lean[1]) == MinHash(hashvalues=sign.values[0], scheme="affine32", seed=1).jaccard(
        MinHash(hashvalues=sign.values[1], scheme="affine32", seed=1)
    )
    assert (signatures.from_datasketch(lean) == sign.values).all()


@given(text=st.text(), sizes=st.tuples(st.integers(1, 4), st.integers(1, 40), st.integers(0, 2**32 - 1)))
def test_a_signature_is_datasketchs_own(text: str, sizes: tuple[int, int, int]) -> None:
    shingle_size, num_perm, seed = sizes
    theirs = MinHash(num_perm=num_perm, seed=seed, scheme="affine32", hashfunc=xxhash.xxh32_intdigest)
    theirs.update_batch(shingles.shingles(text, shingle_size=shingle_size))
    ours = shingles.signature(text, shingle_size=shingle_size, num_perm=num_perm, seed=seed)
    assert ours.tolist() == theirs.hashvalues.tolist()


@pytest.mark.parametrize("num_perm", [2, 16, 64, 128])
@pytest.mark.parametrize("threshold", [0.05, 0.3, 0.5, 0.7, 0.75, 0.85, 0.95])
def test_bands_are_those_that_datasketch_chooses(threshold: float, num_perm: int) -> None:
    weights = 1 - signatures.RECALL, signatures.RECALL
    try:
        theirs = MinHashLSH(threshold=threshold, num_perm=num_perm, weights=weights)
        sizes = theirs.b, theirs.r
    except ValueError:  # it has no use for one band
        sizes = 1, num_perm
    assert signatures.band_sizes(threshold, num_perm) == sizes


def test_a_run_does_without_scipy() -> None:
    """It takes a second to load, of each run, and memory."""
    code = "import sys, cleaner.pipeline; sys.exit('scipy' in sys.modules)"
    assert subprocess.call([sys.executable, "-c", code]) == 0  # noqa: S603 (the code above)


def test_lazy_in_lazy_out() -> None:
    frame = _frame(words(0, 20), words(0, 20))
    lazy = cleaner.dedupe(frame.lazy())
    assert isinstance(lazy, pl.LazyFrame)
    assert lazy.collect().equals(cleaner.dedupe(frame))


def test_texts_shorter_than_a_shingle_are_copies_only_under_one_title() -> None:
    frame = _frame(*["À suivre."] * 3, title=["Un port ferme", "Un pont ferme", "Un port ferme !"])
    assert cleaner.dedupe(frame)["duplicate_of"].to_list() == [None, None, "a"]
