"""Evidence: what can be said of a line by itself, whatever stands around it."""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from cleaner.chrome.again import may_recur
from cleaner.chrome.compiled import Rules
from cleaner.chrome.cuts import cut_matches
from cleaner.chrome.keys import LONGEST_LINE, keys, within_document
from cleaner.chrome.lines import to_lines
from cleaner.chrome.tags import tag_hits
from cleaner.chrome.titles import BAR, copy_keys, without_bar_suffix
from cleaner.chrome.wording import SENTENCE_END

Booleans = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]

PROSE_LENGTH = 160
"""Characters from which a line is prose, however it ends: headlines and labels are shorter."""

LONGEST_INITIALS = 64
"""Bytes of the longest line of initials, with room for gaps between them."""

WRAPPED = 40
"""Bytes of the shortest line that text was wrapped at; shorter ones are labels."""

TWICE = 20
"""Bytes of the shortest line that is looked at for whether it says what the line above says: shorter ones are cries."""

LEARNED = {"head": -10, "tail": -11, "anywhere": -12}
"""The orders of the evidence that a line was learned, by where it may go."""

_INITIALS = r"^\(?(?:\p{Lu}\p{Ll}?\.[ -]*)+\)?$"
_UNIT_END = r"""[.!?…:;|。！？।؟۔](?:["'»”’)\]]|\s)*$"""

_BY_NAME = r"^\p{Ll}{1,4}(?: \p{Lu}\S*[^\s.,;:!?])+$"

_LAST_WORD = r"^\p{Lu}[\p{L}\p{M}'’-]+\.$"


class Short(NamedTuple):
    """The lines that words can take. What they say is looked at once: chrome says the same on every page of a site.

    Attributes:
        at: Their places among the content.
        kind: The place of what each says.
        once: All that they say, each once.
        hash: The hash of that.
        figure: Whether it has a figure.
    """

    at: Integers
    kind: Integers
    once: pl.Series
    hash: pl.Series
    figure: Booleans


@dataclass(frozen=True)
class Evidence:
    """All lines of some documents, and what speaks for cutting them.

    Attributes:
        lines: Every line: `at`, its place here, `doc`, `line`, `start` and `end`; `over`, where its text ends and the
            line end begins; `from`, `to` and `rest`, the offsets and the text of what is left of it after `cuts`.
        cuts: What matches cut off lines: `at`, `doc`, `start`, `end`, `order`, `evidence`, `date`; sorted.
        content: The places of the lines that are not blank. What follows is said of these, in their order.
        doc: The document of each.
        prose: Whether the line is prose: it ends as a sentence does, or is long.
        stopped: Whether the line ends as a sentence does.
        title_like: Whether the line could be a title.
        continues: Whether the line is the rest of a sentence that the line right above it began.
        twice: Whether the line says what the line above it says, be there blank lines between.
        hits: What speaks for cutting whole lines: `at`, the place among the content, `order`, `evidence`; sorted.
        keys: What copies of titles are compared as: `at`, `doc`, `full`, `bar`, `stem`, and whether the line is a
            `sentence`; only of lines that may be copies.
        given: The same of the titles that are given and may have copies, without `at`.
        again: The paragraphs of documents that may hold their article twice, as PARAGRAPHS of `again`.
        titled: The documents whose titles are given.
        has_prose: The documents that have prose; in others nothing is known to be the tail.
        suffixed: Whether the line, were it the title, has the source's name behind a dash; None where nothing was
            learned.
        short: What the shorter lines say; None of evidence that was on disk, or is that on some documents only.
    """

    lines: pl.DataFrame
    cuts: pl.DataFrame
    content: Integers
    doc: Integers
    prose: Booleans
    stopped: Booleans
    title_like: Booleans
    continues: Booleans
    twice: Booleans
    hits: pl.DataFrame
    keys: pl.DataFrame
    given: pl.DataFrame
    again: pl.DataFrame
    titled: Booleans
    has_prose: Booleans
    suffixed: Booleans | None = None
    short: Short | None = None


def gather(texts: pl.Series, rules: Rules, titles: pl.Series) -> Evidence:
    """The evidence on each line of each text; `titles` holds those that are given."""
    lines, cuts = cut_matches(to_lines(texts).with_row_index("at"), rules)
    trimmed = lines.select("doc", "line", text=pl.col("rest").str.strip_chars())
    blank = trimmed["text"] == ""
    content = trimmed.filter(~blank)
    content = content.with_columns(
        stopped=pl.col("text").str.contains(SENTENCE_END), size=pl.col("text").str.len_bytes()
    )
    ends = (content["stopped"] & (content["size"] <= LONGEST_INITIALS)).arg_true()
    initials = ends.filter(pl.select(_is_initials(pl.lit(content["text"].gather(ends)))).to_series())
    content = content.with_columns(
        prose=content["stopped"].clone().scatter(initials, values=False)
        | (pl.col("text").str.len_chars() > PROSE_LENGTH)
    ).with_row_index("at")
    short, once, hashes = _kinds(content)
    said = _said(once, titles, rules)
    copies, given = _keys_of_likely_copies(short, once, titles, said)
    title_like = np.zeros(content.height, np.bool_)
    title_like[short["at"]] = said.title_like[short["kind"].to_numpy()]
    return Evidence(
        lines=lines,
        cuts=cuts,
        content=lines["at"].filter(~blank).cast(pl.Int64).to_numpy(),
        doc=content["doc"].cast(pl.Int64).to_numpy(),
        prose=content["prose"].to_numpy(),
        stopped=content["stopped"].to_numpy(),
        title_like=title_like,
        continues=_continues(content),
        twice=content.select(_as_above("text") & _as_above("doc") & (pl.col("size") >= TWICE)).to_series().to_numpy(),
        hits=in_order(_of_lines(said.hits, short, once.len()).vstack(tag_hits(content, short, said.tag_like)), "order"),
        keys=copies,
        given=given,
        again=may_recur(content),
        titled=titles.is_not_null().to_numpy(),
        has_prose=np.bincount(content.filter("prose")["doc"], minlength=texts.len()) > 0,
        short=Short(
            at=short["at"].cast(pl.Int64).to_numpy(),
            kind=short["kind"].cast(pl.Int64).to_numpy(),
            once=once,
            hash=hashes,
            figure=said.figure,
        ),
    )


def of_documents(evidence: Evidence, docs: Booleans) -> Evidence:
    """The evidence on the lines of some documents, which keep their numbers."""
    keep = docs[evidence.doc]
    before = pl.Series(np.cumsum(keep) - keep, dtype=pl.UInt32)  # lines of these documents before each
    kept, turn = pl.lit(pl.Series(keep)).gather(pl.col("at")), pl.lit(before).gather(pl.col("at"))
    return replace(
        evidence,
        content=evidence.content[keep],
        doc=evidence.doc[keep],
        prose=evidence.prose[keep],
        stopped=evidence.stopped[keep],
        title_like=evidence.title_like[keep],
        continues=evidence.continues[keep],
        twice=evidence.twice[keep],
        hits=evidence.hits.filter(kept).with_columns(at=turn),
        keys=evidence.keys.filter(kept).with_columns(at=turn),
        again=evidence.again.filter(kept).with_columns(at=turn),
        suffixed=None if evidence.suffixed is None else evidence.suffixed[keep],
        short=None,
    )


def _as_above(name: str) -> pl.Expr:
    return (pl.col(name) == pl.col(name).shift(1)).fill_null(value=False)


def in_order(rows: pl.DataFrame, then: str) -> pl.DataFrame:
    """Rows by the place of their line (`at`), then by another number. One number is sorted quicker than two."""
    return rows.sort(pl.col("at").cast(pl.Int64) * (1 << 32) + pl.col(then), maintain_order=True)


@dataclass(frozen=True)
class _Said:
    """What can be said of what lines say: of each once, whichever lines say it.

    Attributes:
        hits: What rules say: `at`, its place, `order`, `evidence`; sorted.
        title_like: Whether it could be a title, once what stands behind a bar is off.
        tag_like: Whether it looks like a tag line, and no rule speaks for it.
        figure: Whether it has a figure.
        begins: A number for what copies of it begin with, and behind these that of each given title.
    """

    hits: pl.DataFrame
    title_like: Booleans
    tag_like: Booleans
    figure: Booleans
    begins: pl.Series


def _said(once: pl.Series, titles: pl.Series, rules: Rules) -> _Said:
    """What can be said of lines; what is no title if a rule speaks for what is left of it is asked about at once."""
    barred = once.to_frame("text").with_row_index("at").filter(pl.col("text").str.contains(BAR))
    stems = barred.with_columns(text=without_bar_suffix(pl.col("text"))).filter(pl.col("text") != barred["text"])
    asked = pl.concat([once, stems["text"]])
    wording = rules.wording(pl.concat([asked, titles.drop_nulls()]))
    rows = asked.to_frame("text").with_row_index("at")
    hits = rules.hits(rows, wording.head(asked.len())).with_columns(pl.col("order").cast(pl.Int64))
    like, tag_like = (marks[: once.len()].copy() for marks in (wording.title_like, wording.tag_like))
    like[stems["at"]] = wording.title_like[once.len() : asked.len()]
    like[stems["at"].gather(hits["at"].filter(hits["at"] >= once.len()) - once.len())] = False
    hits = hits.filter(pl.col("at") < once.len())
    tag_like[hits["at"]] = False
    begins = pl.concat([wording.begins.head(once.len()), wording.begins.slice(asked.len())])
    return _Said(hits, like, tag_like, wording.figure[: once.len()], begins)


def _continues(content: pl.DataFrame) -> Booleans:
    """Whether a line goes on in lower case right below a long one that ends no sentence, as wrapped text does.

    What looks like initials there is the end of a sentence, such as `U.S.`, and so is a single word with a full stop.
    Right below a document's first line `by Jane Rivers` is no rest of one either.
    """
    text = pl.col("text")
    right_below = (pl.col("doc") == pl.col("doc").shift(1)) & (pl.col("line") == pl.col("line").shift(1) + 1)
    wrapped = content.select("at", "text", above=text.shift(1)).filter(
        content.select(right_below & (pl.col("size").shift(1) >= WRAPPED)).to_series()
    )
    begun = wrapped.filter(~pl.col("above").str.contains(_UNIT_END))
    found = np.zeros(content.height, np.bool_)
    if begun.height:  # patterns take their time to prepare
        rest = text.str.contains(rf"^\p{{Ll}}|{_LAST_WORD}") | _is_initials(text)
        found[begun.filter(rest)["at"]] = True
        second = content.select(pl.col("doc").is_first_distinct().shift(1, fill_value=False)).to_series().to_numpy()
        below = np.flatnonzero(found & second)
        found[below] = ~content["text"].gather(below).str.contains(_BY_NAME).to_numpy()
    return found


def _is_initials(text: pl.Expr) -> pl.Expr:
    """Whether a line is two to four initials; a pattern that counts them takes three times as long to prepare."""
    return text.str.contains(_INITIALS) & text.str.count_matches(".", literal=True).is_between(2, 4)


def _kinds(content: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series, pl.Series]:
    """Lines that words can take (`at`, `doc`, `kind`); what they say, each once, as `kind` numbers them; hashes."""
    short = content.filter(pl.col("size") <= LONGEST_LINE).select("at", "doc", "text")
    once, hashes, kind = _united(short["text"], short["text"].hash())
    if not (once.gather(kind) == short["text"]).all():  # two of them have one hash
        once, _, kind = _united(short["text"], short["text"])
        hashes = once.hash()
    return short.select("at", "doc", kind=kind), once, hashes


def _united(texts: pl.Series, by: pl.Series) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Each text once, what it is told by, and the place there of each; two are one if `by` says so.

    Numbers are united the quickest.
    """
    first = by.is_first_distinct()
    once = by.filter(first)
    numbered = once.to_frame("by").with_row_index("kind")
    return texts.filter(first), once, by.to_frame("by").join(numbered, on="by", maintain_order="left")["kind"]


def _of_lines(hits: pl.DataFrame, short: pl.DataFrame, kinds: int) -> pl.DataFrame:
    """Hits on what lines say, of which there are so many kinds, as hits on the lines that say it, in their order."""
    kind = short["kind"].to_numpy()
    count = np.bincount(hits["at"], minlength=kinds)
    first, many = np.cumsum(count) - count, count[kind]
    turn = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many) + np.repeat(first[kind], many)
    of_kind: pl.DataFrame = hits.select("order", "evidence")[turn]
    return of_kind.insert_column(0, pl.Series("at", np.repeat(short["at"].to_numpy(), many)))


def _keys_of_likely_copies(
    short: pl.DataFrame, once: pl.Series, titles: pl.Series, said: _Said
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Keys of the lines that begin as a title of their document does, or as its given title; and of that.

    All other lines are spared the work of making keys, and are no copies.

    Args:
        short: The lines: `at`, `doc`, `kind`.
        once: What they say, each once.
        titles: The titles that are given.
        said: What can be said of these.
    """
    given = titles.alias("text").to_frame().with_row_index("doc").drop_nulls("text")
    kind, sentence = short["kind"], _ends_sentence(pl.col("text"))
    looks = pl.DataFrame({"like": said.title_like, "begins": said.begins.head(once.len())})
    looks = looks.with_columns(once.to_frame("text").select(sentence=sentence))
    of_lines = short.hstack(looks[kind])
    of_titles = given.select("doc", "text", like=True, begins=said.begins.slice(once.len()), sentence=sentence)
    likely = _may_meet(pl.concat([of_lines.drop("at", "kind"), of_titles.drop("text")]))
    again, headlines = of_lines.filter(likely.head(short.height)), of_titles.filter(likely.slice(short.height))
    keyed = again["kind"].unique().to_frame("kind").with_columns(text=pl.lit(once).gather(pl.col("kind")))
    return (
        again.join(_copy_keys(keyed), on="kind", maintain_order="left").drop("kind", "begins", "like"),
        _copy_keys(headlines).drop("begins", "like"),
    )


def _may_meet(lines: pl.DataFrame) -> pl.Series:
    """Which lines may be copies of titles or have copies; what ends in a full stop is no copy of what does not.

    Args:
        lines: `doc`, and `begins`, `like` and `sentence` of each.
    """
    # equal numbers of different words cost only the making of keys
    place = lines.select(within_document(pl.col("begins"))).to_series()
    like, sentence = lines["like"], lines["sentence"]
    again = place.is_duplicated() & lines["begins"].is_not_null()
    titles, stopped = (place.filter(again & like & those).implode() for those in (~sentence, sentence))
    return again & (like | place.is_in(stopped) | (~sentence & place.is_in(titles)))


def _ends_sentence(text: pl.Expr) -> pl.Expr:
    return text.str.strip_chars_end().str.ends_with(".")


def _copy_keys(lines: pl.DataFrame) -> pl.DataFrame:
    """The lines with what copies are compared as in place of their `text`."""
    even = lines["text"].str.replace_all(r"[ \t\u{a0}]{2,}", " ")  # a gap inside a title ends nothing
    return lines.drop("text").hstack(copy_keys(keys(even)))
