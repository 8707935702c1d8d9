"""The slow and obvious twins that fast code is tested against."""

import re
from collections import Counter

from cleaner.duplicates import shingles


def kept_for(texts: list[str], *, shingle_size: int, threshold: float) -> list[int | None]:
    """For each text the place of the one it goes for, None if it stays: all pairs, the longest preferred.

    Ties of length go to the earlier text. A text with the normal form of a preferred one goes for what that one goes
    for, or for that one.
    """
    tokens = [shingles.tokens(text) for text in texts]
    sets = [shingles.shingle_hashes(text, shingle_size=shingle_size) for text in texts]
    order = sorted(range(len(texts)), key=lambda i: (-len(tokens[i]), i))
    kept: dict[int, int | None] = {}
    for turn, i in enumerate(order):
        same = [j for j in order[:turn] if tokens[j] == tokens[i] and tokens[i]]
        if same:
            kept[i] = same[0] if kept[same[0]] is None else kept[same[0]]
            continue
        alike = [
            (-shingles.similarity(sets[i], sets[j]), order.index(j), j)
            for j in order[:turn]
            if kept[j] is None and sets[i] and shingles.similarity(sets[i], sets[j]) >= threshold
        ]
        kept[i] = min(alike)[2] if alike else None
    return [kept[i] for i in range(len(texts))]


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
