"""Relations: what removes a document, and what only looks as if it should."""

from collections.abc import Mapping

import polars as pl
import pytest

import cleaner
from cleaner.settings import Settings


def words(stem: str, first: int, last: int) -> str:
    """Text of an article's own words."""
    return " ".join(f"{stem}{i}x" for i in range(first, last))


def found(*documents: Mapping[str, str | None], **settings: object) -> list[tuple[str | None, str | None]]:
    """What each document goes for and why; ids are a, b, c and so on."""
    rows = [{"id": chr(97 + i), "title": None, "date": None, **row} for i, row in enumerate(documents)]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(("id", "title", "date", "text"), pl.String))
    verdicts = cleaner.dedupe(frame, settings=Settings.of(settings))
    return list(zip(verdicts["duplicate_of"], verdicts["relation"], strict=True))


NOTICE = (
    "Nous et nos partenaires stockons des informations sur votre appareil afin de mesurer l'audience du site et de "
    "vous proposer des offres adaptées ; vous pouvez accepter, refuser ou changer d'avis à tout moment."
)
STORY = (
    "La passerelle du Vieux-Moulin restera fermée jusqu'au printemps, a annoncé la mairie de Grandval après la visite "
    "des ingénieurs. Deux câbles ont souffert du gel, et la commune n'a pas encore trouvé le financement du chantier."
)


def test_a_brief_inside_a_longer_story_is_contained() -> None:
    brief = words("pont", 0, 40)
    assert found({"text": f"{words('ville', 0, 90)} {brief} {words('avis', 0, 60)}"}, {"text": brief}) == [
        (None, None),
        ("a", "contained"),
    ]


def test_a_later_version_with_more_is_an_update_and_an_earlier_one_with_more_is_not() -> None:
    short, more = words("pont", 0, 100), words("pont", 0, 170)
    day, next_day = "2024-03-05T08:00", "2024-03-05T17:00"
    assert found({"text": short, "date": day}, {"text": more, "date": next_day})[0] == ("b", "update")
    assert found({"text": short, "date": next_day}, {"text": more, "date": day})[0] == ("b", "contained")
    assert found({"text": short}, {"text": more})[0] == ("b", "update")


def test_the_shorter_one_kept_is_contained_in_the_other() -> None:
    short, more = words("pont", 0, 100), words("pont", 0, 170)
    assert found({"text": short}, {"text": more}, keep="shortest")[1] == ("a", "contains")


@pytest.mark.parametrize("relation", ["near", "contained", "update", "exact"])
def test_only_relations_that_are_asked_for_remove(relation: str) -> None:
    base = words("pont", 0, 200)
    documents = {
        "near": words("pont", 0, 190),
        "contained": words("pont", 20, 80),
        "update": words("pont", 0, 120),
        "exact": base.upper(),
    }
    verdicts = found({"text": base}, *({"text": text} for text in documents.values()), drop=[relation])
    gone = [name for name, (of, _) in zip(documents, verdicts[1:], strict=True) if of]
    assert gone == [relation]


def test_chrome_under_two_headlines_makes_no_duplicates() -> None:
    first, second = "Grandval ferme sa passerelle", "Une chorale chante sur les toits"
    assert found({"title": first, "text": NOTICE}, {"title": second, "text": NOTICE}) == [(None, None)] * 2
    assert found({"text": f"{first} {NOTICE}"}, {"text": f"{second} {NOTICE}"}) == [(None, None)] * 2


def test_an_article_under_two_headlines_is_one() -> None:
    first, second = "Grandval ferme sa passerelle", "La passerelle du Vieux-Moulin attendra"
    assert found({"title": first, "text": STORY}, {"title": second, "text": STORY})[1] == ("a", "exact")
    assert found({"text": f"{first}. {STORY}"}, {"text": f"{second}. {STORY}"})[0] == ("b", "near")


def test_a_text_that_stands_in_many_articles_is_no_copy_of_any() -> None:
    method = words("sonde", 0, 60)
    articles = [{"text": f"{words(stem, 0, 150)} {method}"} for stem in ("pont", "port", "phare", "neige", "gare")]
    assert found(*articles, {"text": method}) == [(None, None)] * 6
    assert found(*articles[:2], {"text": method})[2] == ("a", "contained")


def form(volume: str, price: str) -> str:
    """A notice that is sent every day."""
    return (
        f"Le marché au gros de Grandval a traité {volume} tonnes de légumes ce matin, selon la note quotidienne de la "
        f"halle. Le prix moyen de la carotte s'établit à {price} euro le kilo, celui du poireau ne change pas, et les "
        "vendeurs n'attendent pas de grand mouvement avant la fin de la semaine."
    )


def test_one_form_of_two_days_is_a_template() -> None:
    one = {"title": "Halle de Grandval", "text": form("212", "1,31"), "date": "2024-03-05"}
    other = {"title": "Halle de Grandval", "text": form("198", "1,28"), "date": "2024-03-06"}
    assert found(one, other) == [(None, None)] * 2
    assert found({**one, "date": None}, {**other, "date": None}) == [(None, None)] * 2


def test_a_figure_corrected_within_hours_is_a_copy() -> None:
    one = {"text": form("212", "1,31"), "date": "2024-03-05T08:10"}
    other = {"text": form("221", "1,31"), "date": "2024-03-05T08:40"}
    assert found(one, other)[1][0] == "a"
    assert found({**one, "date": None}, {**other, "date": None})[1][0] == "a"


def test_a_form_that_recurs_by_the_hour_is_a_template() -> None:
    hours = [{"text": form(f"{200 + 7 * i}", "1,31"), "date": f"2024-03-05T{8 + i:02}:00"} for i in range(5)]
    assert found(*hours) == [(None, None)] * 5


def test_a_long_story_with_a_figure_changed_is_an_update() -> None:
    one = f"{words('pont', 0, 150)} 12 blessés {words('pont', 150, 300)}"
    assert found({"text": one, "date": "2024-03-05"}, {"text": one.replace(" 12 ", " 14 "), "date": "2024-03-07"})[
        1
    ] == (
        "a",
        "near",
    )


def test_a_contained_item_is_no_bridge() -> None:
    one, other = words("pont", 0, 100), words("gare", 0, 110)
    verdicts = found({"text": f"{one} {other}"}, {"text": one}, {"text": other}, drop=["exact", "near"])
    assert verdicts == [(None, None)] * 3
    both = found({"text": f"{one} {words('neige', 0, 40)}"}, {"text": words("pont", 60, 100)}, {"text": other})
    assert both == [(None, None), ("a", "contained"), (None, None)]


def test_a_badly_read_copy_is_found_by_characters_and_not_by_words() -> None:
    """Letters taken for others in every third word, words run together and cut."""
    read = STORY.replace("il", "ll").replace("la mairie", "lamairie").replace("au printemps", "au prin temps")
    read = read.replace("souffert", "soufert").replace("chantier", "ehantier").replace("ingénieurs", "ingénleurs")
    one, other = {"text": STORY}, {"text": read}
    assert found(one, other) == [(None, None)] * 2
    assert found(one, other, shingle_of="characters", containment=0.6)[1][0] == "a"


def test_a_shingle_has_as_many_tokens_as_its_kind_needs() -> None:
    assert Settings().tokens_in_shingle == 5
    assert Settings(shingle_of="characters").tokens_in_shingle == 12
    assert Settings.of({"shingle_of": "characters", "shingle_size": 9}).tokens_in_shingle == 9
    with pytest.raises(cleaner.SettingsError, match="'letters': it must be one of words, characters"):
        Settings(shingle_of="letters")
    for wrong in ("5", 0, 65, 1.5):
        with pytest.raises(cleaner.SettingsError, match="shingle_size"):
            Settings.of({"shingle_size": wrong})
