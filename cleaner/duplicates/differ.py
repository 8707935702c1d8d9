"""What differs between two texts that share much, the slow and obvious way: the specification of `pairs.py`.

Texts are word codes, as `shingles.word_codes` has them: which word it is, odd for a figure, and its stem.
"""

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass

Codes = list[tuple[int, int]]

SHORT = 12
"""Most words of a run that counts as a word or two exchanged for others; longer ones are rewritten text. A figure, its
unit and the words between two figures that stand near each other fit in."""


@dataclass(frozen=True)
class Difference:
    """What two texts have in common and what each has of its own.

    Attributes:
        same: Words that stand in both, in the same order.
        swaps: Short runs that stand where the other text has another short run.
        facts: Those of them in which the figures differ.
        added: Runs that stand in one text and where the other has nothing.
        rewritten: Longer runs that stand where the other text has another run.
        own_left: Stems of the left text's own opening: its title, and what stands before all that it shares.
        own_right: The same of the right text.
        told_left: How many stems of the left text's opening the shared text has.
        told_right: The same of the right text.
        told_both: How many stems the two openings have in common.
    """

    same: int
    swaps: int
    facts: int
    added: int
    rewritten: int
    own_left: int
    own_right: int
    told_left: int
    told_right: int
    told_both: int


def difference(left: Codes, right: Codes, titles: tuple[Codes, Codes], *, shingle_size: int) -> Difference:
    """Compare two texts by their words, and their openings by their stems."""
    runs = gaps([word for word, _ in left], [word for word, _ in right], shingle_size=shingle_size)
    short = [run for run in runs if all(run) and max(map(len, run)) <= SHORT]
    added = sum(not all(run) for run in runs)
    gone = sum(len(run[0]) for run in runs)
    return Difference(
        same=len(left) - gone,
        swaps=len(short),
        facts=sum(_figures(run[0]) != _figures(run[1]) for run in short),
        added=added,
        rewritten=len(runs) - len(short) - added,
        **_told(left, right, titles, shingle_size),
    )


def _figures(run: list[int]) -> list[int]:
    return sorted(word for word in run if word & 1)


def gaps(left: list[int], right: list[int], *, shingle_size: int) -> list[tuple[list[int], list[int]]]:
    """The runs in which two texts differ, in order: what stands in the left and what in the right text."""
    return [(left[one], right[other]) for one, other in gap_places(left, right, shingle_size=shingle_size)]


def gap_places(left: list[int], right: list[int], *, shingle_size: int) -> list[tuple[slice, slice]]:
    """Where two texts differ, in order, in the left and in the right one; either place may hold nothing.

    Where words differ, both go on from the next shingle that both have: that for which the fewest words are skipped.
    """
    places = defaultdict(list)
    for place, gram in enumerate(_grams(right, shingle_size)):
        places[gram].append(place)
    grams, runs, i, k = _grams(left, shingle_size), [], 0, 0
    while i < len(left) or k < len(right):
        if i < len(left) and k < len(right) and left[i] == right[k]:
            i, k = i + 1, k + 1
            continue
        i_next, k_next = _next(grams, places, i, k) or (len(left), len(right))
        while i_next > i and k_next > k and left[i_next - 1] == right[k_next - 1]:
            i_next, k_next = i_next - 1, k_next - 1
        runs.append((slice(i, i_next), slice(k, k_next)))
        i, k = i_next, k_next
    return runs


def _grams(words: list[int], size: int) -> list[tuple[int, ...]]:
    return [tuple(words[i : i + size]) for i in range(len(words) - size + 1)]


def _next(
    grams: list[tuple[int, ...]], places: dict[tuple[int, ...], list[int]], i: int, k: int
) -> tuple[int, int] | None:
    """The places from i and k on of the same shingle, the nearest; the leftmost of equally near ones."""
    found, skipped = None, len(grams) + max((place[-1] for place in places.values()), default=0) + 1
    for turn in range(i, len(grams)):
        if turn - i >= skipped:
            break
        there = places.get(grams[turn], [])
        after = bisect_left(there, k)
        if after < len(there) and turn - i + there[after] - k < skipped:
            found, skipped = (turn, there[after]), turn - i + there[after] - k
    return found


def _told(left: Codes, right: Codes, titles: tuple[Codes, Codes], size: int) -> dict[str, int]:
    grams = [_grams([word for word, _ in one], size) for one in (left, right)]
    both = set(grams[0]) & set(grams[1])
    shared = {stem for i, gram in enumerate(grams[0]) if gram in both for _, stem in left[i : i + size] if stem}
    own = [
        {stem for _, stem in [*title, *text[: _head(found, both, len(text))]] if stem}
        for text, found, title in zip((left, right), grams, titles, strict=True)
    ]
    return {
        "own_left": len(own[0]),
        "own_right": len(own[1]),
        "told_left": len(own[0] & shared),
        "told_right": len(own[1] & shared),
        "told_both": len(own[0] & own[1]),
    }


def _head(grams: list[tuple[int, ...]], both: set[tuple[int, ...]], length: int) -> int:
    return next((i for i, gram in enumerate(grams) if gram in both), length)
