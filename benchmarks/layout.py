"""Bodies and frames laid out as the lines of documents, and as the bytes of a file."""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from benchmarks.frames import BETWEEN, FIRST_CHROME, HEAD, HOURS, KINDS, Item, all_pieces, sources, stamps
from benchmarks.plan import RELATIONS, TEMPLATE, Documents, Plan
from benchmarks.ragged import Numbers, Random, below, drawn, places_in, spread, sums
from benchmarks.stories import Bodies, bodies, piece, words
from benchmarks.words import BARE, CAPITAL, FORMS, LANGUAGES, LOWER, MOST_COMMON, WORDS, Pieces, is_name

_STRUCTURE, _BODY, _TITLE, _REPEAT, _SUFFIX, _DATE = range(6)
_TAIL_PLACE: Final = 1_000_000
_LAST_PLACE: Final = 2_000_000
_ID_DIGITS: Final = 10_000  # an id is written as two pieces of four digits


@dataclass(frozen=True)
class Lines:
    """Lines to be laid out: a piece, a run of pieces from the pool, a piece for what separates it from the next."""

    doc: Numbers
    place: Numbers
    kind: Numbers
    before: Numbers
    start: Numbers
    size: Numbers
    after: Numbers


@dataclass(frozen=True)
class _Items:
    """All items of all sources' frames as arrays, those of one source side by side."""

    first: Numbers
    count: Numbers
    kind: Numbers
    where: Numbers
    before: Numbers
    headline: Numbers
    share: Numbers
    after: Numbers


@cache
def _items() -> _Items:
    frames = [source.items for source in sources()]
    items: list[Item] = [item for frame in frames for item in frame]
    extra, count = all_pieces().extra, np.array([len(frame) for frame in frames])
    return _Items(
        first=np.cumsum(count) - count,
        count=count,
        kind=np.array([item.kind for item in items]),
        where=np.array([item.where for item in items]),
        before=np.array([extra[item.before] for item in items]),
        headline=np.array([item.headline for item in items]),
        share=np.array([item.share for item in items]),
        after=np.array([extra[item.after] for item in items]),
    )


@cache
def _numbers_of(what: str) -> Numbers:
    """Piece numbers that are looked up by source, month or day."""
    extra = all_pieces().extra
    return {
        "suffix": lambda: np.array([extra[f" | {source.name}"] for source in sources()]),
        "url": lambda: np.array([extra[f'","url":"https://{source.site}/'] for source in sources()]),
        "site": lambda: np.array([extra[f'","site":"{s.site}","lang":"{s.lang}","date":"'] for s in sources()]),
        "month": lambda: np.array([extra[f"date 2024-{month:02} "] for month in range(1, 13)]),
        "stamp": lambda: np.array([[extra[stamp] for stamp in day] for day in stamps()]),
        "flags": lambda: np.array([[source.suffix, source.dated, source.repeats] for source in sources()]).T,
    }[what]()


class _Pool:
    """Pieces that lines are made of, from several sources end to end."""

    def __init__(self) -> None:
        self.parts: list[Numbers] = []
        self.size = 0

    def add(self, pieces: Numbers) -> int:
        """Take pieces in; tells where they begin."""
        self.parts.append(pieces)
        self.size += len(pieces)
        return self.size - len(pieces)


def _headlines(pool: _Pool, lang: Numbers, keys: Random, sizes: Numbers, topics: Numbers | None = None) -> Numbers:
    """Put headlines of so many words into the pool, with words of the article if given; tells where each begins."""
    row, turn = np.repeat(np.arange(len(sizes)), sizes), places_in(sizes)
    random = drawn(keys[row], turn)
    form = np.where(turn == 0, CAPITAL, np.where(turn == sizes[row] - 1, BARE, LOWER))
    chosen = words(random, lang[row], (turn & 1) ^ 1)
    if topics is not None:
        chosen = np.where(turn & 1, chosen, topics[row, turn // 2])
    return pool.add(piece(chosen, lang[row], form)) + np.cumsum(sizes) - sizes


def _joined(parts: list[Lines]) -> Lines:
    names = Lines.__dataclass_fields__
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    order = np.argsort(columns["doc"] * (2 * _LAST_PLACE) + columns["place"], kind="stable")
    return Lines(**{name: column[order] for name, column in columns.items()})


def _lines(doc: Numbers, place: Numbers | int, kind: Numbers | int, **columns: Numbers | int) -> Lines:
    """Lines of which some facts are the same for all, or nothing."""
    given = {"place": place, "kind": kind, "before": all_pieces().extra[""], "start": 0, "size": 0, **columns}
    given = {"after": all_pieces().extra[""], **given}
    return Lines(doc=doc, **{name: np.broadcast_to(np.asarray(one), doc.shape) for name, one in given.items()})


def _frame_lines(documents: Documents, body: Bodies, pool: _Pool) -> list[Lines]:
    """The lines around the articles and between their paragraphs."""
    items, extra = _items(), all_pieces().extra
    count = items.count[documents.source]
    doc = np.repeat(np.arange(len(count)), count)
    item = spread(items.first[documents.source], count)
    keys = drawn(documents.own[doc], 1_000 + item)
    there = below(keys, 256) < items.share[item]
    doc, item, keys = doc[there], item[there], keys[there]
    where, lang = items.where[item], documents.lang[doc]
    paragraph = below(drawn(keys, 1), np.maximum(body.lines[doc] - 1, 1))
    place = np.where(where == HEAD, 0, np.where(where == BETWEEN, 105 + 10 * paragraph, _TAIL_PLACE + item))
    where_tail = np.where(body.lines[doc] > 1, 0, where == BETWEEN)  # no place between one paragraph and nothing
    tags = items.headline[item] < 0
    sizes = np.where(tags, 6, items.headline[item])
    starts = _headlines(pool, lang, keys, np.where(tags, 0, sizes))
    starts[tags] = _tags(pool, documents, body, doc[tags], keys[tags])
    keep = where_tail == 0
    frame = _lines(
        doc[keep], place[keep], items.kind[item][keep], before=items.before[item][keep], start=starts[keep],
        size=sizes[keep], after=items.after[item][keep],
    )  # fmt: skip
    return [frame, *_titles(documents, body, pool, extra["\n\n"])]


def _tags(pool: _Pool, documents: Documents, body: Bodies, doc: Numbers, keys: Random) -> Numbers:
    """Six words of each article in lower case; of each four words drawn the first that a tag can be."""
    row, turn = np.repeat(np.arange(len(doc)), 6), np.tile(np.arange(6), len(doc))
    first = np.cumsum(body.tokens) - body.tokens
    lots = drawn(keys[row][:, None], 1 + 4 * turn[:, None] + np.arange(4))
    found = body.pieces[first[doc[row]][:, None] + below(lots, body.tokens[doc[row]][:, None])]
    lang, word = documents.lang[doc[row]], found % WORDS
    usable = (found < len(LANGUAGES) * FORMS * WORDS) & (word >= MOST_COMMON) & ~is_name()[lang[:, None] * WORDS + word]
    chosen = word[np.arange(len(row)), usable.argmax(axis=1)]
    form = np.where(turn == 5, BARE, LOWER)  # noqa: PLR2004 (the last of six)
    return pool.add(piece(chosen, lang, form)) + 6 * np.arange(len(doc))


def _titles(documents: Documents, body: Bodies, pool: _Pool, after: int) -> list[Lines]:
    """Titles, their repetitions, the sites' names behind them, dates stuck before the first word."""
    doc = np.arange(len(documents.row))
    suffixed, dated, repeats = _numbers_of("flags")[:, documents.source]
    sizes = 6 + below(documents.story, 5)
    starts = _headlines(pool, documents.lang, drawn(documents.story, -7), sizes, body.topics)
    plain = np.where(suffixed > 0, all_pieces().extra[""], after)
    found = [_lines(doc, 50, _TITLE, start=starts, size=sizes, after=plain)]
    with_suffix = doc[suffixed > 0]
    found.append(
        _lines(with_suffix, 51, _SUFFIX, before=_numbers_of("suffix")[documents.source[with_suffix]], after=after)
    )
    for turn in (1, 2):
        again = doc[repeats >= turn]
        found.append(_lines(again, 51 + turn, _REPEAT, start=starts[again], size=sizes[again], after=after))
    stamped = doc[dated > 0]
    month = _numbers_of("month")[below(documents.story[stamped], 12)]
    return [*found, _lines(stamped, 99, _DATE, before=month)]


def _structure(documents: Documents, pool: _Pool) -> list[Lines]:
    """The JSON around the texts."""
    extra, doc = all_pieces().extra, np.arange(len(documents.row))
    digits = extra["0000"]
    high, low = digits + documents.row // _ID_DIGITS, digits + documents.row % _ID_DIGITS
    url, site = _numbers_of("url")[documents.source], _numbers_of("site")[documents.source]
    day = below(documents.story, len(stamps()) - len(HOURS))
    is_form = documents.relation == TEMPLATE
    stamp = _numbers_of("stamp")[np.where(is_form, day + documents.turn, day), np.where(is_form, 0, documents.turn)]
    head = np.stack([high, low, url, high, low, site, stamp], axis=1)
    start = pool.add(head.ravel()) + head.shape[1] * doc
    opening = _lines(doc, -1, _STRUCTURE, before=extra['{"id":"d'], start=start, size=head.shape[1])
    return [opening, _lines(doc, _LAST_PLACE - 2, _STRUCTURE, before=extra['"}\n'])]


def laid_out(plan: Plan, documents: Documents) -> tuple[npt.NDArray[np.uint8], pl.DataFrame, pl.DataFrame]:
    """Some documents as lines of JSON, the truth about each, and the truth about each line of their texts."""
    body, pool = bodies(plan, documents), _Pool()
    pool.add(body.pieces)
    after = all_pieces().extra["\n\n"]
    parts = [_lines(body.doc, 100 + 10 * body.place, _BODY, start=body.starts, size=body.sizes, after=after)]
    parts += _frame_lines(documents, body, pool) if plan.chrome else []
    lines = _joined(parts + _structure(documents, pool))
    pieces = all_pieces()
    run = _runs(lines, np.concatenate(pool.parts))
    spans = _spans(documents, lines, run, pieces)
    return _written(run, pieces), _truth(documents, body, spans), spans


def _runs(lines: Lines, pool: Numbers) -> Numbers:
    """All pieces in order: of each line what stands before, its own, what stands behind."""
    sizes = lines.size + 2
    starts = np.cumsum(sizes) - sizes
    run = np.empty(int(sizes.sum()), np.int64)
    run[starts] = lines.before
    run[starts + sizes - 1] = lines.after
    run[spread(starts + 1, lines.size)] = pool[spread(lines.start, lines.size)]
    return run


def _written(run: Numbers, pieces: Pieces) -> npt.NDArray[np.uint8]:
    """The bytes of the pieces end to end."""
    sizes = pieces.sizes[run]
    ends = np.cumsum(sizes, dtype=np.int32)
    places = np.repeat(pieces.starts[run] - (ends - sizes), sizes)
    places += np.arange(len(places), dtype=np.int32)
    return pieces.data.take(places)


def _spans(documents: Documents, lines: Lines, run: Numbers, pieces: Pieces) -> pl.DataFrame:
    """Each line of each text: `row`, `start`, `end` in bytes of the text, `kind`."""
    sizes = lines.size + 2
    places = np.concatenate([[0], np.cumsum(pieces.text_sizes[run], dtype=np.int64)])
    ends = np.cumsum(sizes)
    start, end = places[ends - sizes], places[ends - 1]
    bases = start[np.flatnonzero(np.diff(lines.doc, prepend=-1))]
    text = lines.kind != _STRUCTURE
    doc = lines.doc[text]
    return pl.DataFrame(
        {
            "row": documents.row[doc].astype(np.uint32),
            "start": (start[text] - bases[doc]).astype(np.uint32),
            "end": (end[text] - bases[doc]).astype(np.uint32),
            "kind": pl.Series(lines.kind[text].astype(np.uint8)).cat.to(pl.Enum(KINDS)),
        }
    )


def _truth(documents: Documents, body: Bodies, spans: pl.DataFrame) -> pl.DataFrame:
    """Each document: `row`, `id`, its `cluster` and `relation`, what it is a copy `of`, and what was planted."""
    count, site = len(documents.row), pl.Series([source.site for source in sources()])
    doc = spans["row"].to_numpy().astype(np.int64) - documents.row[0]
    kind, size = spans["kind"].to_physical().to_numpy(), (spans["end"] - spans["start"]).to_numpy()
    chrome = kind >= FIRST_CHROME
    copy = documents.first != documents.row
    rows = pl.Series("row", documents.row.astype(np.uint32))
    ids = pl.DataFrame({"row": documents.row, "of": documents.first}).select(
        id=pl.format("d{}", pl.col("row").cast(pl.String).str.zfill(8)),
        of=pl.format("d{}", pl.col("of").cast(pl.String).str.zfill(8)),
    )
    return pl.DataFrame(
        {
            "row": rows,
            "id": ids["id"],
            "cluster": documents.cluster.astype(np.uint32),
            "relation": pl.Series(documents.relation.astype(np.uint8)).cat.to(pl.Enum(RELATIONS)),
            "of": ids["of"].set(pl.Series(~copy), None),
            "similarity": pl.Series(body.similarity.astype(np.float32)).set(pl.Series(~copy), None),
            "containment": pl.Series(body.containment.astype(np.float32)).set(pl.Series(~copy), None),
            "site": site.gather(documents.source),
            "lang": pl.Series(LANGUAGES).gather(documents.lang),
            "tokens": body.tokens.astype(np.uint32),
            "chrome_lines": sums(chrome, doc, count).astype(np.uint32),
            "chrome_bytes": sums(np.where(chrome, size, 0), doc, count).astype(np.uint32),
            "body_bytes": sums(np.where(kind == _BODY, size, 0), doc, count).astype(np.uint32),
        }
    )
