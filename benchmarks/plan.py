"""Which document is what: its story, its relation to another document, its source."""

from dataclasses import dataclass
from math import gcd
from typing import Final

import numpy as np
import numpy.typing as npt

from benchmarks.frames import sources
from benchmarks.ragged import Numbers, Random, below, chance, key
from benchmarks.words import LANGUAGES

RELATIONS: Final = ("unique", "original", "exact", "wire", "edited", "truncated", "update", "template")
"""`wire`: another lead · `edited`: words changed all over · `truncated`: only the beginning · `update`: more behind
the end · `template`: the same sentences with other facts, which is no duplicate."""

UNIQUE, ORIGINAL, EXACT, WIRE, EDITED, TRUNCATED, UPDATE, TEMPLATE = range(len(RELATIONS))

_CLUSTERS: Final = [
    *([UNIQUE] for _ in range(32)),
    [ORIGINAL, WIRE, WIRE],
    [ORIGINAL, WIRE],
    [ORIGINAL, EXACT],
    [ORIGINAL, TRUNCATED],
    [ORIGINAL, UPDATE],
    [ORIGINAL, EDITED, EDITED],
    [TEMPLATE] * 4,
]
"""What every fifty documents are; sixteen in a hundred are copies of another."""

_SLOTS: Final = np.array([relation for cluster in _CLUSTERS for relation in cluster])
_FIRST: Final = np.array([sum(map(len, _CLUSTERS[:i])) for i, cluster in enumerate(_CLUSTERS) for _ in cluster])
PERIOD: Final = len(_SLOTS)

LEAST_LIKE, MOST_LIKE = 0.5, 0.99
"""Similarities that near copies are made to have."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """All that a corpus depends on.

    Attributes:
        docs: How many documents.
        seed: Another seed, another corpus.
        noise: Share of the words of near copies that are dropped or misspelt.
        chrome: Whether there is anything but bodies.
    """

    docs: int
    seed: int = 1
    noise: float = 0.0
    chrome: bool = True


@dataclass(frozen=True)
class Documents:
    """What each of some documents is; arrays of one value a document.

    Attributes:
        row: Its place in the corpus.
        relation: Place in RELATIONS.
        cluster: The number of its story.
        first: Row of the document that it was made from: its own if from none.
        turn: How many of its story stand before it: copies come by the hour, forms by the day.
        own: A key for what it has alone.
        story: A key for what it has in common with its cluster.
        lang: Place in LANGUAGES.
        source: Place in `sources()`.
        goal: The similarity that it is made for.
        part: A number between 0 and 1 for how much of the story a truncated copy has, or an update has more.
    """

    row: Numbers
    relation: Numbers
    cluster: Numbers
    first: Numbers
    turn: Numbers
    own: Random
    story: Random
    lang: Numbers
    source: Numbers
    goal: npt.NDArray[np.float64]
    part: npt.NDArray[np.float64]


def _stride(docs: int) -> int:
    """Documents of one cluster stand so far apart: the number next to the golden section that hits every row."""
    stride = max(1, int(docs * 0.618))
    while gcd(stride, docs) != 1:
        stride += 1
    return stride


def documents(plan: Plan, start: int, stop: int) -> Documents:
    """The documents of some rows."""
    row = np.arange(start, stop, dtype=np.int64)
    stride = _stride(plan.docs)
    place = row * pow(stride, -1, plan.docs) % plan.docs if plan.docs > 1 else row
    slot = place % PERIOD
    cluster = place - slot + _FIRST[slot]
    own, story = key(plan.seed, 1, place), key(plan.seed, 2, cluster)
    lang = np.array([0] * 7 + [1] * 5 + [2] * 2 + [3] * 2)[below(story, 16)]
    counts = np.array([sum(source.lang == one for source in sources()) for one in LANGUAGES])
    return Documents(
        row=row,
        relation=_SLOTS[slot],
        cluster=cluster,
        first=cluster * stride % plan.docs,
        turn=slot - _FIRST[slot],
        own=own,
        story=story,
        lang=lang,
        source=(np.cumsum(counts) - counts)[lang] + below(own, counts[lang]),
        goal=LEAST_LIKE + (MOST_LIKE - LEAST_LIKE) * chance(key(plan.seed, 3, place)),
        part=chance(key(plan.seed, 4, place)),
    )
