"""Evidence: what can be said of a line by itself, whatever stands around it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from cleaner.chrome.again import may_recur
from cleaner.chrome.compiled import Rules
from cleaner.chrome.cuts import cut_matches
from cleaner.chrome.keys import LONGEST_LINE, first_word, key, openings, short_lines, within_document
from cleaner.chrome.lines import to_lines
from cleaner.chrome.titles import SHORTEST_COPY, copy_keys, is_title_like, without_bar_suffix

Booleans = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]

PROSE_LENGTH = 160
"""Characters from which a line is prose, however it ends: headlines and labels are shorter."""

WRAPPED = 40
"""Bytes of the shortest line that text was wrapped at; shorter ones are labels."""

TAGS = -6
"""The order of the evidence that a line is a tag line; rules have orders from 0 on."""

LEARNED = {"head": -10, "tail": -11, "anywhere": -12}
"""The orders of the evidence that a line was learned, by where it may go."""

KNOWN_TAG_WORDS = 0.75
"""Share of a tag line's words that stand in the article; tags have a singular where the article has the plural."""

_SENTENCE_END = r"""[.!?…。！？।؟۔](?:["'»”’)\]]|\s)*$"""
_INITIALS = r"^\(?(?:\p{Lu}\p{Ll}?\.[ -]*){2,4}\)?$"
_UNIT_END = r"""[.!?…:;|。！？।؟۔](?:["'»”’)\]]|\s)*$"""
_TAG_LINE = r"^\s*[\p{Ll}\p{N}][\p{Ll}\p{M}\p{N}'’\-]*(?:[ \x{a0}]+[\p{Ll}\p{M}\p{N}'’\-]+){2,29}\s*$"
_WORD = r"[\p{L}\p{M}\p{N}]+"


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
        hits: What speaks for cutting whole lines: `at`, the place among the content, `order`, `evidence`; sorted.
        keys: What copies of titles are compared as: `at`, `doc`, `full`, `bar`, `stem`, and whether the line is a
            `sentence`; only of lines that may be copies.
        given: The same of the titles that are given and may have copies, without `at`.
        again: The paragraphs of documents that may hold their article twice, as PARAGRAPHS of `again`.
        titled: The documents whose titles are given.
        has_prose: The documents that have prose; in others nothing is known to be the tail.
        suffixed: Whether the line, were it the title, has the source's name behind a dash; None where nothing was
            learned.
    """

    lines: pl.DataFrame
    cuts: pl.DataFrame
    content: Integers
    doc: Integers
    prose: Booleans
    stopped: Booleans
    title_like: Booleans
    continues: Booleans
    hits: pl.DataFrame
    keys: pl.DataFrame
    given: pl.DataFrame
    again: pl.DataFrame
    titled: Booleans
    has_prose: Booleans
    suffixed: Booleans | None = None


def gather(texts: pl.Series, rules: Rules, titles: pl.Series) -> Evidence:
    """The evidence on each line of each text; `titles` holds those that are given."""
    lines, cuts = cut_matches(to_lines(texts).with_row_index("at"), rules.matches)
    trimmed = lines.select("doc", "line", text=pl.col("rest").str.strip_chars())
    blank = trimmed["text"] == ""
    content = (
        trimmed.filter(~blank)
        .with_columns(stopped=pl.col("text").str.contains(_SENTENCE_END), size=pl.col("text").str.len_bytes())
        .with_columns(
            prose=(pl.col("stopped") & ~pl.col("text").str.contains(_INITIALS))
            | (pl.col("text").str.len_chars() > PROSE_LENGTH)
        )
        .with_row_index("at")
    )
    short, kinds = _kinds(content)
    hits, like = _hits_and_titles(kinds, rules)
    keys, given = _keys_of_likely_copies(short, kinds.with_columns(like=pl.Series(like)), titles)
    free = kinds.join(hits, on="at", how="anti")
    title_like = np.zeros(content.height, np.bool_)
    title_like[short["at"]] = like[short["kind"].to_numpy()]
    return Evidence(
        lines=lines,
        cuts=cuts,
        content=lines["at"].filter(~blank).cast(pl.Int64).to_numpy(),
        doc=content["doc"].cast(pl.Int64).to_numpy(),
        prose=content["prose"].to_numpy(),
        stopped=content["stopped"].to_numpy(),
        title_like=title_like,
        continues=_continues(content),
        hits=_of_lines(hits, short).vstack(_tag_hits(content, short, free)).sort("at", "order"),
        keys=keys,
        given=given,
        again=may_recur(content),
        titled=titles.is_not_null().to_numpy(),
        has_prose=np.bincount(content.filter("prose")["doc"], minlength=texts.len()) > 0,
    )


def _hits_and_titles(kinds: pl.DataFrame, rules: Rules) -> tuple[pl.DataFrame, Booleans]:
    """What rules say of lines, and whether each could be a title, once what stands behind a bar is off.

    A line is no title if a rule speaks for what is left of it; both are asked about at once.
    """
    barred = kinds.select("at", "text").filter(pl.col("text").str.contains("[|｜]"))
    stems = barred.with_columns(text=without_bar_suffix(pl.col("text"))).filter(pl.col("text") != barred["text"])
    like = kinds.select(is_title_like(pl.col("text"))).to_series().to_numpy().copy()
    like[stems["at"]] = stems.select(is_title_like(pl.col("text"))).to_series().to_numpy()
    asked = short_lines(stems.with_columns(pl.col("at") + kinds.height))
    hits = rules.hits(pl.concat([kinds, asked])).with_columns(pl.col("order").cast(pl.Int64))
    like[(hits["at"].filter(hits["at"] >= kinds.height) - kinds.height).to_numpy()] = False
    return hits.filter(pl.col("at") < kinds.height), like


def _continues(content: pl.DataFrame) -> Booleans:
    """Whether a line goes on in lower case right below a long one that ends no sentence, as wrapped text does.

    What looks like initials there is the end of a sentence, such as `U.S.`
    """
    text = pl.col("text")
    right_below = (pl.col("doc") == pl.col("doc").shift(1)) & (pl.col("line") == pl.col("line").shift(1) + 1)
    wrapped = content.select("at", "text", above=text.shift(1)).filter(
        content.select(right_below & (pl.col("size").shift(1) >= WRAPPED)).to_series()
    )
    begun = wrapped.filter(~pl.col("above").str.contains(_UNIT_END))
    found = np.zeros(content.height, np.bool_)
    found[begun.filter(text.str.contains(rf"^\p{{Ll}}|{_INITIALS}"))["at"]] = True
    return found


def _kinds(content: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The lines that words can take (`at`, `doc`, `kind`), and what they say, each once, as `short_lines` gives it.

    Chrome says the same on every page of a site; it need be looked at only once.
    """
    short = content.filter(pl.col("size") <= LONGEST_LINE).select("at", "doc", "text")
    once, kind = _united(short["text"], short["text"].hash())
    if not (once.gather(kind) == short["text"]).all():  # two of them have one hash
        once, kind = _united(short["text"], short["text"])
    return short.select("at", "doc", kind=kind), short_lines(once.to_frame("text").with_row_index("at"))


def _united(texts: pl.Series, by: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Each text once, and the place there of each; two are one if `by` says so. Numbers are united the quickest."""
    once = pl.DataFrame({"by": by, "text": texts}).unique("by", keep="first", maintain_order=True)
    places = by.to_frame("by").join(once.select("by").with_row_index("kind"), on="by", maintain_order="left")
    return once["text"], places["kind"]


def _of_lines(hits: pl.DataFrame, short: pl.DataFrame) -> pl.DataFrame:
    """Hits on what lines say as hits on the lines that say it."""
    return short.select("at", "kind").join(hits.rename({"at": "kind"}), on="kind").select("at", "order", "evidence")


def _tag_hits(content: pl.DataFrame, short: pl.DataFrame, free: pl.DataFrame) -> pl.DataFrame:
    """Lines of lower-case words without punctuation, nearly all of which the document's prose has too.

    Args:
        content: The lines that are not blank.
        short: Those of them that words can take.
        free: What lines say that no rule speaks for.
    """
    listed = short.join(free.filter(pl.col("text").str.contains(_TAG_LINE)).select(kind="at"), on="kind", how="semi")
    likely = content.join(listed.select("at"), on="at", how="semi").filter(~pl.col("prose"))
    if likely.is_empty():
        return pl.DataFrame(schema={"at": pl.UInt32, "order": pl.Int64, "evidence": pl.String})
    prose = content.filter("prose").join(likely.select("doc").unique(), on="doc", how="semi").group_by("doc")
    words = _words("text").list.unique().alias("word")
    found = _known(
        likely.select("at", "doc", words).explode("word"),
        prose.agg(prose=pl.col("text").str.join("\n")).with_columns(pl.col("prose").str.to_lowercase()),
    )
    return found.select("at", order=pl.lit(TAGS, pl.Int64), evidence=pl.lit("lower-case words of the article"))


def _words(text: str) -> pl.Expr:
    return pl.col(text).str.to_lowercase().str.extract_all(_WORD)


def _known(words: pl.DataFrame, prose: pl.DataFrame) -> pl.DataFrame:
    """The lines (`at`) nearly all words of which are words of their document's prose.

    What stands between two spaces there is a word, and what stands nowhere is none; only where that does not decide
    is the prose taken apart.

    Args:
        words: The lines' words, each once: `at`, `doc`, `word`.
        prose: The `prose` of each document, in lower case: `doc`, `prose`.
    """
    word = pl.col("word")
    counts = (
        words.join(prose, on="doc")
        .with_columns(there=pl.col("prose").str.contains(word, literal=True))
        .with_columns(apart=pl.col("prose").str.contains(pl.format(" {} ", word), literal=True))
        .group_by("at", "doc")
        .agg("word", least=pl.col("apart").sum(), most=pl.col("there").sum(), enough=KNOWN_TAG_WORDS * pl.len())
    )
    open_ = counts.filter(pl.col("least") < pl.col("enough"), pl.col("most") >= pl.col("enough"))
    apart = prose.join(open_, on="doc", how="semi").select("doc", known=_words("prose").list.unique())
    known = open_.join(apart, on="doc").filter(
        pl.col("word").list.set_intersection("known").list.len() >= pl.col("enough")
    )
    return pl.concat([counts.filter(pl.col("least") >= pl.col("enough")), known.select(counts.columns)]).select("at")


def _keys_of_likely_copies(
    short: pl.DataFrame, kinds: pl.DataFrame, titles: pl.Series
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Keys of the lines that begin as a title of their document does, or as its given title; and of that.

    All other lines are spared the work of making keys, and are no copies.

    Args:
        short: The lines: `at`, `doc`, `kind`.
        kinds: What they say, as `short_lines` gives it, and `like`, whether it could be a title.
        titles: The titles that are given.
    """
    given = titles.alias("text").to_frame().with_row_index("doc").drop_nulls("text")
    headed = given.with_columns(opening=openings(given["text"])).with_columns(
        first=first_word(pl.col("opening")), like=True
    )
    looks = {"like": pl.col("like"), "begins": _beginning_of_copies(), "sentence": _ends_sentence(pl.col("text"))}
    of_lines = short.hstack(kinds.select(**looks)[short["kind"]])
    of_titles = given.hstack(headed.select(**looks))
    likely = _may_meet(pl.concat([of_lines.drop("at", "kind"), of_titles.drop("text")]))
    again, headlines = of_lines.filter(likely.head(short.height)), of_titles.filter(likely.slice(short.height))
    keyed = kinds.join(again.select(at="kind").unique(), on="at", how="semi").rename({"at": "kind"})
    return (
        again.join(_copy_keys(keyed.select("kind", "text")), on="kind", maintain_order="left").drop(
            "kind", "begins", "like"
        ),
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


def _beginning_of_copies() -> pl.Expr:
    """A number for the words that copies of one line begin with: its first two, of which a long one is enough."""
    first = pl.col("first")
    words = pl.when(first.str.len_bytes() >= SHORTEST_COPY).then(first).otherwise("opening")
    return pl.when(words.is_not_null()).then(words.hash())


def _ends_sentence(text: pl.Expr) -> pl.Expr:
    return text.str.strip_chars_end().str.ends_with(".")


def _copy_keys(lines: pl.DataFrame) -> pl.DataFrame:
    """The lines with what copies are compared as in place of their `text`."""
    even = pl.col("text").str.replace_all(r"[ \t\u{a0}]{2,}", " ")  # a gap inside a title ends nothing
    return lines.drop("text").hstack(copy_keys(lines.select(key(even)).to_series()))
