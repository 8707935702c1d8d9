"""Learned chrome: a line that recurs across different articles of one source is that source's frame.

No words are known here, so it works in any language. What protects the articles: lines are counted over different
stories and not over documents (chrome/stories.py); they must stand at the edge of the article, above or below all that
is its own; and the more a line looks like prose, the more articles must have it.
"""

from collections.abc import Callable

import polars as pl

from cleaner.chrome.compiled import Rules
from cleaner.chrome.known import TABLE
from cleaner.chrome.seen import LEFT, SEEN, hashed, prose_around
from cleaner.chrome.stories import SKETCH, sketch, stories
from cleaner.parallel import mapped

LEAST_ARTICLES = 20
"""Different documents from which a source has enough to learn from: in fewer, a share of them says nothing."""

LEAST_SUPPORT = 4
"""Stories in which a label must stand. Three columns by one author, or a series of three parts, are no frame."""

LEAST_PROSE = 10
"""Stories in which a sentence must stand. What an agency repeats as background seldom comes to that in one source."""

PROSE_SHARE = 0.02
"""Share of a source's articles that must have a sentence at their edge: a prompt stands under all of a kind of page,
background under the stories of one affair."""

HEAD_SHARE = 0.05
"""Share of a source's articles that must begin with a label: above the text there are also kickers, and in texts whose
links were lost the beginnings of sentences."""

VARYING_SHARE = 0.2
"""Share of a source's articles that must have a label whose numbers differ: counters and dates stand under all of
them, the lines of a table (results, markets, weather) under one series."""

MIDDLE_SHARE = 0.25
"""Share of a source's articles that must have a sentence among their text: a box that the page has everywhere."""

MIDDLE_SUPPORT = 20
"""Stories in which such a sentence must stand."""

LOOSE = 0.1
"""Share of a line's places from which on it is taken for a piece of a sentence: texts whose links were lost have
"president" and "US" alone on lines."""

TITLE_SHARE = 0.2
"""Share of a source's titles that must end in what is taken for its name; that of a column or a place is rarer."""

AT_EDGE = 0.8
"""Share of a label's places that must be at the edge of the article, of a sentence's nearly all."""

PROSE_AT_EDGE = 0.95


SLICE = 4_000_000
"""Rows counted at once, which bounds the memory for the lines that stand in one document only: most of all lines."""

CHUNK = 8192
"""Documents whose texts are looked at at once."""


_NAME = r"^(?:\p{Lu}[\p{L}.'’\-]*|\p{Lo}{2,4})(?:\s+(?:\p{Lu}[\p{L}.'’\-]*|d[eu]|van|von|al)){0,3}$"
Lines = Callable[[pl.Series], pl.DataFrame]
"""From the numbers of some documents, ascending, to the lines that the rules left of them, as LEFT."""


def different(documents: pl.DataFrame) -> pl.DataFrame:
    """Of `doc`, `site`, `digest` one of each set of exact copies in a source, and whether the source has `enough`.

    Which of them is no matter: all that is learned is a count of them.
    """
    once = documents.drop_nulls("site").sort("doc").unique(["site", "digest"], keep="first", maintain_order=True)
    return once.with_columns(enough=pl.len().over("site") >= LEAST_ARTICLES)


def candidates(seen: pl.LazyFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """The lines that recur in a source that has enough documents, wherever they stand.

    Args:
        seen: Columns of SEEN.
        documents: As `different` gives them.

    Returns:
        The rows of `seen` with such lines, and `site`; also those of other sources that have the line too.
    """
    slices = max(1, -(-int(seen.select(pl.len()).collect().item()) // SLICE))
    often = pl.concat(
        seen.filter(pl.col("key") % slices == turn)
        .group_by("key")
        .agg(lines=pl.len())
        .filter(pl.col("lines") >= LEAST_SUPPORT)
        .select("key")
        .collect(engine="streaming")
        for turn in range(slices)
    )
    known = documents.lazy().select("doc", "site", "enough")
    # sources are words, which are slow to count by: most lines have gone before
    some = seen.join(often.lazy(), on="key", how="semi").join(known, on="doc").collect(engine="streaming")
    keys = (
        some.filter("enough")
        .group_by("site", "key")
        .agg(documents=pl.col("doc").n_unique())
        .filter(pl.col("documents") >= LEAST_SUPPORT)
    )
    return some.join(keys, on="key", how="semi").select(*SEEN.names(), "site")


def placed(found: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """The candidates at their places: a row for each line of each document, though it stand there more than once.

    Returns:
        `doc`, `site`, `key`, `raw`, `prose`, `loose`, `head`, `tail`, `middle`: whether it stands so anywhere in the
        document. At the head means that all prose above the line recurs too; at the tail, below. Documents whose
        prose all recurs have no rows: in them nothing is known to be the article.
    """
    often = (
        found.filter(pl.col("doc").is_in(documents.filter("enough")["doc"].implode()))
        .filter(pl.len().over("site", "key") >= LEAST_SUPPORT)
        .sort("doc", "above", "prose", maintain_order=True)
    )
    upper, lower = prose_around(often["doc"].cast(pl.Int64).to_numpy(), often["prose"].to_numpy())
    return (
        often.with_columns(head=pl.col("above") == pl.Series(upper), tail=pl.col("below") == pl.Series(lower))
        .with_columns(own=~pl.col("head") | ~pl.col("tail"))
        .filter("own")
        .with_columns(middle=~pl.col("head") & ~pl.col("tail"))
        .group_by("doc", "site", "key")
        .agg(pl.col("raw").min(), pl.col("prose").first(), pl.col("loose", "head", "tail", "middle").any())
        .sort("doc", "key")
    )


def learn(seen: pl.LazyFrame, documents: pl.DataFrame, lines_of: Lines, rules: Rules) -> pl.DataFrame:
    """What recurs across the different articles of each source, as TABLE, sorted.

    Args:
        seen: What `observe` saw.
        documents: As `described` gives them, of all texts.
        lines_of: Gives the lines of documents.
        rules: Their words help to guess what a line is for.
    """
    once = different(documents)
    found = candidates(seen, once)
    places = placed(found, once)
    hosts = once.join(places.select("doc").unique(), on="doc", how="semi")
    told = stories(_sketches(hosts["doc"], lines_of), hosts)
    lines = _counted(
        places.join(told, on="doc").join(once.select("doc", "digest"), on="doc"), once, hosts, told
    ).filter(_convinces())
    lines = lines.join(_elsewhere(found, lines), on=["site", "key"], how="anti")
    named = lines.join(_said(lines, lines_of), on=["site", "key"])
    suffixes = _suffixes(once)
    guessed = named.pipe(_guessed, rules).select(TABLE.names()).cast(TABLE)
    return pl.concat([guessed, suffixes]).sort("site", "line", "position")


def _sketches(docs: pl.Series, lines_of: Lines) -> pl.DataFrame:
    size = min(CHUNK, 1 + docs.len() // pl.thread_pool_size())  # a part for each thread, if not more
    parts = [docs.slice(start, size) for start in range(0, docs.len(), size)]
    return pl.concat([pl.DataFrame(schema=SKETCH), *mapped(lambda part: sketch(lines_of(part)), parts)])


def _counted(places: pl.DataFrame, once: pl.DataFrame, hosts: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """For each line of each source: `support`, `articles`, shares of its places, whether its numbers vary."""
    sizes = once.group_by("site").agg(documents=pl.len())
    joined = hosts.join(told, on="doc").group_by("site").agg(fewer=pl.len() - pl.col("story").n_unique())
    articles = sizes.join(joined, on="site").select(
        "site", articles=(pl.col("documents") - pl.col("fewer")).cast(pl.UInt32)
    )
    story = pl.col("story")
    return (
        places.group_by("site", "key")
        .agg(
            support=story.n_unique(),
            at_head=story.filter("head").n_unique(),
            at_tail=story.filter(pl.col("tail")).n_unique(),
            at_edge=story.filter(pl.col("head") | pl.col("tail")).n_unique(),
            loose=pl.col("loose").mean(),
            varies=pl.col("raw").n_unique() > 1,
            prose=pl.col("prose").first(),
            host=pl.col("doc").sort_by("digest").first(),
        )
        .join(articles, on="site")
        .with_columns(position=_position())
    )


def _position() -> pl.Expr:
    """The one edge that nearly all places are at, either edge, or anywhere, which only sentences may be."""
    least = pl.when("prose").then(PROSE_AT_EDGE).otherwise(AT_EDGE) * pl.col("support")
    return (
        pl.when(pl.col("at_tail") >= least)
        .then(pl.lit("tail"))
        .when(pl.col("at_head") >= least)
        .then(pl.lit("head"))
        .when(pl.col("at_edge") >= least)
        .then(pl.lit("edge"))
        .otherwise(pl.lit("anywhere"))
    )


def _convinces() -> pl.Expr:
    """Whether so much support at such places is enough for such a line."""
    support, position = pl.col("support"), pl.col("position")
    share = support / pl.col("articles")
    label = (
        (support >= LEAST_SUPPORT)
        & (position != "anywhere")
        & ((position == "tail") | (share >= HEAD_SHARE))
        & (~pl.col("varies") | (share >= VARYING_SHARE))
    )
    middle = (support >= MIDDLE_SUPPORT) & (share >= MIDDLE_SHARE)
    edge = (support >= LEAST_PROSE) & (position != "anywhere") & (share >= PROSE_SHARE)
    fits = pl.when("prose").then(edge | middle).otherwise(label)
    return fits & (pl.col("articles") >= LEAST_ARTICLES) & (pl.col("loose") < LOOSE)


def _elsewhere(found: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """The learned sentences (`site`, `key`) that stand inside the articles of other sources: they are of a wire."""
    sentences = lines.filter("prose").select("site", "key", "position")
    inside = (
        found.join(sentences.select("key").unique(), on="key", how="semi")
        .filter(pl.col("above") > 0, pl.col("below") > 0)
        .select("key", other="site")
        .unique()
        .join(
            sentences.filter(pl.col("position") != "anywhere"),
            left_on=["key", "other"],
            right_on=["key", "site"],
            how="anti",
        )
    )
    met = sentences.join(inside, on="key").filter(pl.col("site") != pl.col("other"))
    return met.select("site", "key").unique()


def _said(lines: pl.DataFrame, lines_of: Lines) -> pl.DataFrame:
    """What the learned lines say: `site`, `key`, `line`; of several forms the least that one document has.

    And `order`, as LEFT has it.
    """
    docs = lines["host"].unique().sort()
    parts = [docs.slice(start, CHUNK) for start in range(0, docs.len(), CHUNK)]
    said = pl.concat([LEFT.to_frame(), *map(lines_of, parts)]).with_columns(pl.col("text").str.strip_chars())
    said = said.rename({"doc": "host", "text": "line"})
    shown = said.with_columns(hashed(said["line"])["key"]).join(lines.select("site", "host", "key"), on=["host", "key"])
    return shown.sort("line").group_by("site", "key").agg(pl.col("line", "order").first())


def _guessed(lines: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """The lines with a guess what they are for: what a rule says of such a line at another place, or its shape."""
    by_rule = rules.table["category"].gather(lines["order"])
    name = pl.col("line").str.contains(_NAME) & (pl.col("position") != "head")
    return lines.with_columns(category=by_rule).with_columns(
        pl.coalesce(
            "category",
            pl.when(name).then(pl.lit("byline")).when("varies").then(pl.lit("counter")).otherwise(pl.lit("other")),
        )
    )


def _suffixes(documents: pl.DataFrame) -> pl.DataFrame:
    """What recurs behind the titles of a source's different documents, as TABLE."""
    support = pl.col("stem").n_unique()
    return (
        documents.filter("enough")
        .with_columns(articles=pl.len().over("site"))
        .drop_nulls("suffix")
        .group_by("site", line="suffix")
        .agg(support=support, articles=pl.col("articles").first())
        .filter(pl.col("support") >= LEAST_SUPPORT, pl.col("support") >= TITLE_SHARE * pl.col("articles"))
        .with_columns(position=pl.lit("title"), category=pl.lit("site-suffix"))
        .select(TABLE.names())
        .cast(TABLE)
    )
