"""What chrome tells of an article: as looking at each line by itself finds it, and in the columns of a corpus."""

import json
import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import settings as examples
from hypothesis import strategies as st

import cleaner
from cleaner.chrome.told import TOLD, told
from cleaner.settings import Settings

LINKED = r"^Sur le même sujet\W+(?P<headline>\w.*)$"
EVIDENCE = ["lire aussi", "par", "tags", "a lire aussi :", LINKED, r"^\w+$", "below: recent news", ""]
CATEGORIES = ["byline", "tags", "related", "navigation", "share"]
TEXTS = [
    " Par Ada Quill ",
    "Ada Quill",
    "Lire aussi : un port",
    "À lire aussi : le phare, la mer",
    "phare, mer | ports",
]

removals = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sampled_from(CATEGORIES),
        st.sampled_from(EVIDENCE),
        st.one_of(st.sampled_from([*TEXTS, "Sur le même sujet - Un port", "»"]), st.text("aé 1-,:|", max_size=9)),
    ),
    max_size=12,
).map(lambda rows: sorted(rows, key=lambda row: row[0]))


def behind(category: str, evidence: str, text: str) -> str | None:
    """What stands behind the words that gave a line away, found by counting them."""
    if category in ("related", "navigation") and "(?P<headline>" in evidence:
        found = re.search(evidence, text)
        return found and found.group("headline")
    count = len(re.findall(r"\w+", evidence))
    if re.search(r"[\\^$|]", evidence) or not count:
        return None
    words = list(re.finditer(r"\w+", text))
    if len(words) < count or words[count - 1].end() == len(text):
        return None
    return text[words[count - 1].end() :].lstrip(" »-,:|") or _last_signs(text[words[count - 1].end() :])


def _last_signs(rest: str) -> str | None:
    """Of nothing but signs the last, one sign at least being the gap."""
    signs = rest.rstrip()
    return signs[-1] if len(signs) > 1 else None


@example([(0, "related", LINKED, "Sur le même sujet - Un port"), (1, "byline", LINKED, "Sur le même sujet - Ada")])
@examples(max_examples=150)
@given(removals)
def test_what_is_told_is_what_each_line_tells(rows: list[tuple[int, str, str, str]]) -> None:
    frame = pl.DataFrame(
        rows, orient="row", schema={"doc": pl.UInt32, **dict.fromkeys(("category", "evidence", "text"), pl.String)}
    ).with_columns(rule=pl.lit("x"))
    found = told(frame, pl.DataFrame(schema={"doc": pl.UInt32, "date": pl.String}), 2)
    assert found.schema == TOLD
    for doc, row in enumerate(found.iter_rows(named=True)):
        lines = [(category, evidence, text.strip()) for at, category, evidence, text in rows if at == doc]
        assert row["author"] == next((_author(line) for line in lines if line[0] == "byline"), None)
        tags = [tag for line in lines if line[0] == "tags" for tag in _tags(line)]
        assert (row["tags"] or []) == tags
        links = [_headline(line) for line in lines if line[0] in ("related", "navigation")]
        assert (row["related"] or []) == list(dict.fromkeys(link for link in links if link is not None))


def _author(line: tuple[str, str, str]) -> str:
    return re.sub(r"^(?:Par|par) +", "", _behind_or_all(line))


def _behind_or_all(line: tuple[str, str, str]) -> str:
    found = behind(*line)
    return line[2] if found is None else found


def _tags(line: tuple[str, str, str]) -> list[str]:
    parts = re.split(r"[,|]", _behind_or_all(line))
    return [part.strip() for part in parts if part.strip()]


def _headline(line: tuple[str, str, str]) -> str | None:
    return line[2] if line[1].startswith("below: ") else behind(*line)


TEXT = (
    "The lighthouse reopens\n\nBy Ada Quill\n\nThe lighthouse reopens on Monday, after two years of work.\n\n"
    "Read also: The harbour waits for its boats\n\nThe keeper is back with her cats.\n\nTags: lighthouse, keeper\n"
)


def corpus(folder: Path, *rows: dict[str, Any], **settings: Any) -> pl.DataFrame:
    """The corpus that a run makes of records of one text."""
    lines = [json.dumps({"text": TEXT, "id": str(at), **row}) for at, row in enumerate(rows)]
    (folder / "in.jsonl").write_text("\n".join(lines), encoding="utf-8")
    cleaner.run(folder / "in.jsonl", folder / "out", settings=Settings.of({"dedupe": False, **settings}))
    return pl.read_parquet(folder / "out" / "corpus.parquet")


def test_a_run_has_what_chrome_tells_in_its_corpus(tmp_path: Path) -> None:
    found = corpus(tmp_path, {}, {"text": "The lighthouse is empty."})
    assert found["author"].to_list() == ["Ada Quill", None]
    assert found["tags"].to_list() == [["lighthouse", "keeper"], []]
    assert found["related"].to_list() == [["The harbour waits for its boats"], []]


@pytest.mark.parametrize("learn", [True, False])
def test_it_tells_the_same_as_stripping_the_frame(tmp_path: Path, learn: bool) -> None:  # noqa: FBT001
    names = ["text", "title", "author", "tags", "related"]
    frame = cleaner.strip(pl.DataFrame({"text": [TEXT, "No chrome here."]})).select(names)
    assert corpus(tmp_path, {}, {"text": "No chrome here."}, learn=learn).select(names).equals(frame)


def test_the_columns_of_the_input_go_first(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"author": "The keeper", "tags": ["sea"]},
        {"author": "", "tags": []},
        {"author": None, "tags": None},
    ]
    found = corpus(tmp_path, *rows)
    assert found["author"].to_list() == ["The keeper", "Ada Quill", "Ada Quill"]
    assert found["tags"].to_list() == [["sea"], ["lighthouse", "keeper"], ["lighthouse", "keeper"]]


def test_columns_of_text_get_text_and_other_types_are_left_alone(tmp_path: Path) -> None:
    empty = {"text": "The lighthouse is empty.", "tags": "", "author": None}
    found = corpus(tmp_path, {"tags": "sea", "related": 3}, {"author": [{"name": "Ada"}]}, empty)
    assert found["tags"].to_list() == ["sea", "lighthouse; keeper", ""]
    assert found["related"].to_list() == [3, None, None]
    assert found["author"].to_list() == [None, [{"name": "Ada"}], None]


def test_nothing_is_told_where_nothing_is_stripped(tmp_path: Path) -> None:
    assert not {"author", "tags", "related"} & set(corpus(tmp_path, {}, strip=False).columns)
