"""What each character is, as tables: the classes that patterns ask for, its lower case, and what keys make of it.

Compiled code has no regular expressions. It looks characters up here, and here they come from the very expressions
that the plain way uses, so that both agree on every character, whatever version of Unicode Polars has.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from threading import Lock
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

from cleaner.chrome.keys import HALF_WORD, PLAIN_BETWEEN, PLAIN_WORD, folded
from cleaner.chrome.titles import CLOSER, LEAD, OPENER, TITLE_START, UNFINISHED
from cleaner.chrome.wording import FIGURE, SIGN, TAG, TAG_START

Result = TypeVar("Result")

PAGE: Final = 256
"""Characters that are learnt at once."""

PAGES: Final = 0x110000 // PAGE

CLASSES: Final = {
    "space": r"\s",
    "letter": r"\p{L}",
    "figure": FIGURE,
    "sign": SIGN,
    "closer": CLOSER,
    "unfinished": UNFINISHED,
    "opener": OPENER,
    "lead": LEAD,
    "title start": TITLE_START,
    "tag": TAG,
    "tag start": TAG_START,
    "word": PLAIN_WORD,
    "between": PLAIN_BETWEEN,
    "mark": r"\p{M}",
    "number": r"\p{N}",
    "upper": r"\p{Lu}",
    "lower": r"\p{Ll}",
    "half": HALF_WORD,
}
"""What a character can be, each a bit of its entry, the first the lowest."""

KNOWN: Final = np.uint32(1 << 31)
"""The bit of each character whose page was learnt."""

STRANGE: Final = np.uint32(1 << 30)
"""The bit of the one whose lower case is another at the end of a word."""

CODE, CODE_BITS = np.uint64(0x1FFFFF), np.uint64(21)
"""The bits of a character in a word of several that is one number, and how many there are."""

_SIGMA = "Σ"
_SURROGATES = range(0xD800, 0xE000)  # no text has them


@dataclass(frozen=True)
class Characters:
    """Tables by code point. Pages are learnt when a text first needs them; what is learnt never changes.

    Attributes:
        kinds: The classes of each, KNOWN and STRANGE.
        lowers: The lower case of each: up to three code points of CODE_BITS, the first the lowest.
        folds: What a key makes of those of PLAIN_WORD, likewise.
        lock: Held by who learns.
    """

    kinds: npt.NDArray[np.uint32] = field(default_factory=lambda: np.zeros(PAGES * PAGE, np.uint32))
    lowers: npt.NDArray[np.uint64] = field(default_factory=lambda: np.zeros(PAGES * PAGE, np.uint64))
    folds: npt.NDArray[np.uint64] = field(default_factory=lambda: np.zeros(PAGES * PAGE, np.uint64))
    lock: Lock = field(default_factory=Lock)

    def learn(self, pages: Iterable[int]) -> None:
        """Adds the pages that are not there yet."""
        with self.lock:
            new = [page for page in pages if not self.kinds[page * PAGE]]
            codes = [code for page in new for code in range(page * PAGE, (page + 1) * PAGE)]
            there = np.array([code for code in codes if code not in _SURROGATES], np.int64)
            one = pl.Series([chr(code) for code in there.tolist()], dtype=pl.String).to_frame("one")
            self.lowers[there] = _packed(one["one"].str.to_lowercase())
            self.folds[there] = _packed(one.select(_FOLDED).to_series())
            kinds = np.full(there.size, KNOWN) | (one["one"] == _SIGMA).to_numpy() * STRANGE
            for bit, pattern in enumerate(CLASSES.values()):
                kinds |= one["one"].str.contains(pattern).to_numpy() * np.uint32(1 << bit)
            self.kinds[there] = kinds  # last, since who finds an entry takes all of it
            self.kinds[[page * PAGE for page in new]] |= KNOWN

    def until_known(self, work: Callable[[npt.NDArray[np.bool_]], Result]) -> Result:
        """What some work gives once it wants no page; it marks those that it wants, and page 0 for any of them."""
        while True:
            wanted = np.zeros(PAGES, np.bool_)
            result = work(wanted)
            if not wanted[0]:
                return result
            self.learn(np.flatnonzero(wanted).tolist())


_FOLDED = pl.when(pl.col("one").str.contains(PLAIN_WORD)).then(folded(pl.col("one"))).otherwise(pl.lit(""))


def _packed(words: pl.Series) -> npt.NDArray[np.uint64]:
    """Words of up to three characters as numbers."""
    codes = (map(ord, word) for word in words)
    return np.array(
        [sum(code << int(CODE_BITS) * place for place, code in enumerate(word)) for word in codes], np.uint64
    )


@cache
def the_characters() -> Characters:
    """The one set of tables of this process."""
    characters = Characters()
    characters.learn([0])
    return characters
