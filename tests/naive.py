"""The slow and obvious twins that fast code is tested against."""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from statistics import median_low

import polars as pl

from cleaner.duplicates import differ, overlap, relations, shingles
from cleaner.settings import Settings, seconds_in
from cleaner.times import seconds

Sketches = list[list[int]]


def kept_for(documents: pl.DataFrame, settings: Settings) -> list[tuple[int | None, str | None]]:
    """For each document the place of the one it goes for and the relation, None and None if it stays: all pairs.

    The longest is preferred, then the earliest, then the first. A document with the normal form and the title of a
    preferred one goes for what that one goes for, or for that one.
    """
    texts, times = documents["text"].to_list(), seconds(documents["date"]).to_list()
    titles = [shingles.normal_form(title or "") for title in documents["title"]]
    tokens = [_told(text, title, settings) for text, title in zip(texts, documents["title"], strict=True)]
    size, of = settings.tokens_in_shingle, settings.shingle_of
    sets = [shingles.shingle_hashes(text, shingle_size=size, of=of) for text in texts]
    lengths = [len(shingles.parts(text, of=of)) for text in texts]
    order = sorted(range(len(texts)), key=lambda i: (-lengths[i], times[i] is None, times[i] or 0, i))
    folded: dict[int, int] = {}
    for turn, i in enumerate(order):
        same = [j for j in order[:turn] if tokens[j] == tokens[i] and titles[j] == titles[i] and lengths[i]]
        same = [j for j in same if _always_allowed(documents, (i, j), times, settings)]
        if same:
            folded[i] = same[0]
    compared = [i for i in order if i not in folded and sets[i]]
    sketches = [shingles.sketch(text, shingle_size=size, scale=1, of=of) for text in texts]
    sketches = [sketch if i in compared else [] for i, sketch in enumerate(sketches)]
    groups = _groups(sets, compared)
    kept: dict[int, tuple[int | None, str | None]] = dict.fromkeys(order, (None, None))
    for turn, i in enumerate(compared):
        close = []
        for j in compared[:turn]:
            if kept[j][0] is None and _allowed(documents, (i, j), times, settings):
                stands = _stands((j, i), sketches, groups)
                relation = _relation(documents, (j, i), (times[j], times[i]), stands=stands, by=settings)
                if relation in settings.drop:
                    close.append((-shingles.similarity(sets[i], sets[j]), order.index(j), j, relation))
        kept[i] = min(close)[2:] if close else (None, None)
    for i, first in folded.items():
        kept[i] = (first, relations.EXACT) if kept[first][0] is None else kept[first]
    return [kept[i] for i in range(len(texts))]


def _allowed(documents: pl.DataFrame, pair: tuple[int, int], times: list[int | None], settings: Settings) -> bool:
    """Whether the window and the sources let two documents be duplicates; what is not known lets nothing be."""
    one, other = (times[i] for i in pair)
    near = one is not None and other is not None and abs(one - other) <= (seconds_in(settings.window or ""))
    left, right = (documents["site"][i] if "site" in documents.columns else None for i in pair)
    known = left is not None and right is not None
    across = not settings.across_sources_only or (known and left != right)
    within = not settings.within_source_only or (known and left == right)
    return (settings.window is None or near) and across and within


def _always_allowed(
    documents: pl.DataFrame, pair: tuple[int, int], times: list[int | None], settings: Settings
) -> bool:
    """Whether two copies may be told to be one without a comparison: then also what goes for one goes for the other."""
    same_time = settings.window is None or times[pair[0]] == times[pair[1]]
    return same_time and not settings.across_sources_only and _allowed(documents, pair, times, settings)


def best_run(scores: list[int]) -> tuple[int, int] | None:
    """The first and the last place of the run with the largest sum above 0: all runs tried.

    Of several the first that ends, and of those that end there the shortest.
    """
    runs = [(first, last) for last in range(len(scores)) for first in range(last, -1, -1)]
    best = max(runs, key=lambda run: sum(scores[run[0] : run[1] + 1]), default=None)
    return best if best is not None and sum(scores[best[0] : best[1] + 1]) > 0 else None


def learned(documents: list[tuple[str, list[str]]]) -> set[tuple[str, str, str, int, int]]:
    """What recurs across the documents (`site`, `lines`) of each source: site, key, position, support, articles.

    The documents have no more sentences than are compared, and no rule speaks for their lines.
    """
    once = [(site, lines) for site, lines in dict.fromkeys((site, tuple(lines)) for site, lines in documents)]
    found = set()
    for site in {site for site, _ in once}:
        own = [lines for of, lines in once if of == site]
        if len(own) >= 20:
            found |= _learned_of_site(site, own)
    edges = {(site, key) for site, key, place, *_ in found if place != "anywhere"}
    return {row for row in found if not (is_prose(row[1]) and _of_a_wire(row[0], row[1], once, edges))}


def _of_a_wire(site: str, key: str, documents: list[tuple[str, tuple[str, ...]]], edges: set[tuple[str, str]]) -> bool:
    """Whether a sentence stands inside the articles of another source, which does not have it at an edge."""
    return any(
        masked(line) == key and any(map(is_prose, lines[:at])) and any(map(is_prose, lines[at + 1 :]))
        for of, lines in documents
        if of != site and (of, key) not in edges
        for at, line in enumerate(lines)
    )


def _learned_of_site(site: str, texts: list[tuple[str, ...]]) -> set[tuple[str, str, str, int, int]]:
    holders = Counter(key for lines in texts for key in {masked(line) for line in lines})
    often = {key for key, number in holders.items() if number >= 4 and len(key.encode()) >= 4}
    places = []
    for lines in texts:
        prose = [line for line in lines if is_prose(line)]
        if all(masked(line) in often for line in prose):
            continue
        for at, line in enumerate(lines):
            above = [other for other in lines[:at] if is_prose(other)]
            below = [other for other in lines[at + 1 :] if is_prose(other)]
            if masked(line) in often:
                head, tail = ({*map(masked, part)} <= often for part in (above, below))
                places.append((masked(line), lines, head, tail, line))
    hosts = sorted({lines for _, lines, *_ in places})
    story = _stories(hosts)
    articles = len(texts) - len(hosts) + len(set(story.values()))
    found = set()
    for key in sorted({row[0] for row in places}):
        rows = [row for row in places if row[0] == key]
        stories = {story[row[1]] for row in rows}
        told_at = {
            place: {story[row[1]] for row in rows if row[2] * (place != "tail") or row[3] * (place != "head")}
            for place in ("tail", "head", "edge")
        }
        sentence, share = is_prose(rows[0][4]), len(stories) / articles
        least = (0.95 if sentence else 0.8) * len(stories)
        place = next((place for place, told in told_at.items() if len(told) >= least), "anywhere")
        varies = len({min(row[4] for row in rows if row[1] == lines) for lines in {row[1] for row in rows}}) > 1
        fits = place != "anywhere" and (place == "tail" or share >= 0.05) and (not varies or share >= 0.2)
        if sentence:
            fits = place != "anywhere" and len(stories) >= 10 and share >= 0.02
            fits |= len(stories) >= 20 and share >= 0.25
        if fits and len(stories) >= 4 and articles >= 20:
            found.add((site, key, place, len(stories), articles))
    return found


def _stories(texts: list[tuple[str, ...]]) -> dict[tuple[str, ...], int]:
    sentences = [
        {part.strip() for line in lines for part in line.split(". ") if len(part.encode()) >= 30} for lines in texts
    ]
    label = list(range(len(texts)))
    for i, left in enumerate(sentences):
        for j, right in enumerate(sentences[:i]):
            if left and right and len(left & right) >= 0.7 * min(len(left), len(right)):
                label = [label[i] if other == label[j] else other for other in label]
    return dict(zip(texts, label, strict=True))


def masked(line: str) -> str:
    """What a line is counted as."""
    return re.sub(r"\d+(?:[.,:/ \-]\d+)*", "0", line.strip())


def is_prose(line: str) -> bool:
    """Whether a line ends as a sentence does, or is long."""
    return len(line) > 160 or line.strip()[-1:] in ".!?…。"


def _told(text: str, title: str | None, settings: Settings) -> list[str]:
    """The words that a document is an exact copy by: with the title's, where the text is shorter than a shingle."""
    words, size = shingles.tokens(text), len(shingles.parts(text, of=settings.shingle_of))
    return words if size >= settings.tokens_in_shingle or not words else shingles.tokens(f"{title or ''}\n{text}")


def _groups(sets: list[set[int]], compared: list[int]) -> list[set[int]]:
    """For each document all those that a chain of alike ones leads to."""
    groups = [{i} for i in range(len(sets))]
    for i, j in combinations(compared, 2):
        one, other = sets[i], sets[j]
        if shingles.similarity(one, other) >= 0.4 and shingles.containment(one, other) >= overlap.LEAST:
            both = groups[i] | groups[j]
            for k in both:
                groups[k] = both
    return groups


@dataclass(frozen=True)
class _Stands:
    """In which documents each text that two documents share stands, and which documents are like each other."""

    holders: list[list[int]]
    groups: list[set[int]]

    @property
    def is_standing(self) -> bool:
        unlike = [len({min(self.groups[i]) for i in holding}) for holding in self.holders]
        return bool(unlike) and sum(number >= overlap.UNLIKE for number in unlike) >= 0.9 * len(unlike)

    @property
    def recurs(self) -> bool:
        return bool(self.holders) and median_low(map(len, self.holders)) >= 4


def _stands(pair: tuple[int, int], sketches: Sketches, groups: list[set[int]]) -> _Stands:
    values = set(sketches[pair[0]]) & set(sketches[pair[1]])
    return _Stands([[i for i, sketch in enumerate(sketches) if value in sketch] for value in values], groups)


def _relation(
    documents: pl.DataFrame,
    pair: tuple[int, int],
    times: tuple[int | None, int | None],
    *,
    stands: _Stands,
    by: Settings,
) -> str:
    """The relation of the second document to the first, which is preferred; in plain words what relations.py says."""
    texts = [documents["text"][i] for i in pair]
    of_characters = by.shingle_of == "characters"
    left, right = (shingles.shingle_hashes(text, shingle_size=by.tokens_in_shingle, of=by.shingle_of) for text in texts)
    similarity = shingles.similarity(left, right)
    if similarity < by.threshold and shingles.containment(left, right) < by.containment:
        return "partial"
    codes = [shingles.word_codes(text) for text in texts]
    titles = [shingles.word_codes(documents["title"][i] or "") for i in pair]
    size = 5 if of_characters else by.tokens_in_shingle
    found = differ.difference(codes[0], codes[1], (titles[0], titles[1]), shingle_size=size)
    shared = len(left & right) / (5 if of_characters else 1)
    apart = None if None in times else abs((times[0] or 0) - (times[1] or 0))
    if stands.is_standing or _is_foreign(found, shared):
        relation = "standing"
    elif shingles.tokens(texts[0]) == shingles.tokens(texts[1]):
        relation = "exact"
    elif _is_template(found, shared, apart, recurs=stands.recurs):
        relation = "template"
    elif similarity >= by.threshold:
        relation = "near"
    elif len(left) < len(right):
        relation = "contains"
    elif len(left) < 2 * len(right) and (apart is None or (times[0] or 0) >= (times[1] or 0)):
        relation = "update"
    else:
        relation = "contained"
    return relation


def _is_foreign(found: differ.Difference, shared: float) -> bool:
    own = min(found.own_left, found.own_right)
    enough = own > 0 and found.own_left + found.own_right >= 4 and shared <= 250
    told = (
        found.told_left > 0.3 * found.own_left
        or found.told_right > 0.3 * found.own_right
        or found.told_both > 0.3 * own
    )
    return enough and not told


def _is_template(found: differ.Difference, shared: float, apart: int | None, *, recurs: bool) -> bool:
    hours = 12 * 3600
    corrected = not recurs and (found.facts == 1 if apart is None else apart <= hours)
    if found.facts and found.facts * 60 >= shared and not corrected:
        return True
    others = found.swaps + found.rewritten
    return bool(others and others * 60 >= shared and not found.added and recurs)


def said_again(texts: list[str]) -> list[int]:
    """The places of paragraphs that stand above too, if five behind each other do so in the same order."""
    runs = [tuple(texts[place : place + 5]) for place in range(len(texts) - 4)]
    if len(set(runs)) == len(runs):
        return []
    return [place for place, text in enumerate(texts) if text in texts[:place]]


def without_lists(lines: list[str], heading: str) -> list[str]:
    """The lines without the headings of lists, the headlines below them and the links that say what they are.

    Where there are any, what stands twice in a row goes too, but for sentences and short lines.
    """
    gone = {place for place, line in enumerate(lines) if line.startswith(f"{heading}:")}
    for place, line in enumerate(lines):
        if line == heading:
            gone |= {place, *_headlines_below(lines, place)}
    kept = [place for place in range(len(lines)) if place not in gone]
    said = [lines[place - 1] if place - 1 in kept and gone else None for place in kept]
    return [
        lines[place]
        for place, above in zip(kept, said, strict=True)
        if lines[place] != above or lines[place].endswith((".", "?")) or len(lines[place]) < 20
    ]


def _headlines_below(lines: list[str], heading: int) -> list[int]:
    found: list[int] = []
    below = lines[heading + 1 :]
    for turn, line in enumerate(below[:20]):
        if len(line) < 20 or line.endswith(".") or line.startswith(",") or (line[0] == "-") != (below[0][0] == "-"):
            break
        if line.endswith("?") and turn == 0:
            break
        found.append(heading + 1 + turn)
    following = below[len(found) :][:1]
    if len(found) > 1 and below[0][0] != "-" and any(_is_paragraph(line) for line in following):
        found.pop()
    return found


def _is_paragraph(line: str) -> bool:
    return line.startswith(",") or (len(line) >= 20 and line.endswith((".", "?")))
