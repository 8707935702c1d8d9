"""The parts of a pattern, and what each can be or requires, as regular-expression engines read it off inside.

Parts that can only be a few strings are joined to longer ones, and of all that is found the most telling is taken.
"""

import re
import re._constants as sre  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import groupby
from typing import Any, Final
from unicodedata import category

SHORTEST = 4
"""ASCII characters of a word that is telling; shorter ones stand in every line. Of other scripts one is enough."""

SHORTEST_FIGURED = 2
"""The same in a line that holds a figure: there are few."""

FEW = 64
"""Strings that parts which follow each other may be joined to."""

LONG_ENOUGH = 8
"""Characters beyond which a longer word is no more telling."""

DIGITS = frozenset("0123456789")

SIGNS = frozenset("|/@#_<>()[]{}=*+~•·»›►▶▸➡⏩→©（）")
"""Signs that few lines hold."""

Words = frozenset[str]
REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT)

TEXT: Final = "text"
"""The kind of a part that is nothing but characters."""

NOTHING: Words = frozenset([""])


class Part(tuple[Any, Any]):
    """A part of a pattern, its kind and its value; it stands in many alternatives, and remembers what it can be."""

    @cached_property
    def exact(self) -> Words | None:
        """The strings that it can be; None if they are not few."""
        return _exact(*self)

    @cached_property
    def required(self) -> Words | None:
        """The words that it requires, none shorter than SHORTEST."""
        return _part(*self, SHORTEST)

    @cached_property
    def required_figured(self) -> Words | None:
        """The same, none shorter than SHORTEST_FIGURED; few patterns are asked for these."""
        return _part(*self, SHORTEST_FIGURED)

    @cached_property
    def figure(self) -> bool:
        """Whether it has a figure."""
        return _part_needs(*self, "figure")

    @cached_property
    def sign(self) -> bool:
        """Whether it has one of SIGNS."""
        return _part_needs(*self, "sign")


GAP = Part((sre.ANY, None))
"""What may stand between parts that are repeated."""


@lru_cache(maxsize=64)  # a pattern is asked for several things in turn
def parsed(pattern: str) -> list[Part] | None:
    """The pattern as Python's parser sees it; None for what it cannot read."""
    python = re.sub(r"\\[pP](?:\{[^}]*\}|.)", r"\\w", pattern)
    python = re.sub(r"\\x\{([0-9a-fA-F]+)\}|\\u\{([0-9a-fA-F]+)\}", _escaped, python)
    try:
        return _kept(parser.parse(python))
    except (re.error, ValueError, OverflowError, RecursionError):
        return None


def _kept(parts: Iterable[Any]) -> list[Part]:
    """The parts and all that is in them, as parts that remember; characters that follow each other are one TEXT."""
    kept: list[Part] = []
    for is_text, run in groupby(parts, lambda part: part[0] is sre.LITERAL):
        if is_text:
            kept.append(Part((TEXT, "".join(chr(value) for _, value in run))))
        else:
            kept += [Part((kind, _within(kind, value))) for kind, value in run]
    return kept


def _within(kind: Any, value: Any) -> Any:
    if kind is sre.SUBPATTERN or kind in REPEATS:
        return (*value[:-1], _kept(value[-1]))
    if kind is sre.BRANCH:
        return value[0], [_kept(branch) for branch in value[1]]
    return value


def _escaped(code: re.Match[str]) -> str:
    return re.escape(chr(int(code[1] or code[2], 16)))


def required_by(parts: Iterable[Part], shortest: int = SHORTEST) -> Words | None:
    """The most telling of what each part requires; parts that can only be a few strings are joined."""
    found: list[Words] = []
    for run, part in _runs(parts):
        found.append(run)
        words = None if part is None else part.required if shortest == SHORTEST else part.required_figured
        if words is not None:
            found.append(words)
    telling = [words for words in found if all(_is_telling(word, shortest) for word in words)]
    return max(telling, key=lambda words: (min(LONG_ENOUGH, *map(len, words)), -len(words)), default=None)


def _runs(parts: Iterable[Part]) -> Iterator[tuple[Words, Part | None]]:
    """What parts that follow each other can be, as far as it is few strings, and the part that ended each run."""
    run = NOTHING
    for part in parts:
        joined = with_each(run, part.exact) if part.exact is not None else None
        if joined is not None:
            run = joined
            continue
        yield run, None if part.exact is not None else part
        run = part.exact if part.exact is not None else NOTHING
    yield run, None


def with_each(run: Words, strings: Words) -> Words | None:
    """Each of the one before each of the other; None if that makes too many."""
    return frozenset(a + b for a in run for b in strings) if len(run) * len(strings) <= FEW else None


def _exact(kind: Any, value: Any) -> Words | None:
    """The strings that a part of a pattern can be; None if they are not few."""
    strings: Words | None = None
    if kind is TEXT:
        strings = frozenset([value.lower()])
    elif kind is sre.AT:
        strings = NOTHING
    elif kind is sre.IN:
        strings = _members(value)
    elif kind is sre.SUBPATTERN:
        strings = _exact_sequence(value[-1])
    elif kind is sre.BRANCH:
        strings = _all([_exact_sequence(branch) for branch in value[1]])
    elif kind in REPEATS and value[1] == 1:
        strings = _all([_exact_sequence(value[2]), NOTHING if value[0] == 0 else frozenset()])
    return strings


def _exact_sequence(parts: Iterable[Part]) -> Words | None:
    run: Words | None = NOTHING
    for part in parts:
        run = None if run is None or part.exact is None else with_each(run, part.exact)
    return run


def _members(items: Any) -> Words | None:
    """The characters of a class, if they are few."""
    characters: set[str] = set()
    for kind, value in items:
        if kind is sre.LITERAL:
            characters.add(chr(value).lower())
        elif kind is sre.RANGE and value[1] - value[0] < FEW:
            characters.update(chr(code).lower() for code in range(value[0], value[1] + 1))
        else:
            return None
    return frozenset(characters) if len(characters) <= FEW else None


def _part(kind: Any, value: Any, shortest: int) -> Words | None:
    """What one part of a pattern requires."""
    if kind is sre.SUBPATTERN:
        return required_by(value[-1], shortest)
    if kind is sre.BRANCH:
        return _all([required_by(branch, shortest) for branch in value[1]])
    if kind in REPEATS and value[0] > 0:
        return required_by(value[2], shortest)
    return None


def _all(branches: list[Words | None]) -> Words | None:
    """The words of all branches; None if one of them has none."""
    words = [branch for branch in branches if branch is not None]
    return frozenset().union(*words) if len(words) == len(branches) else None


def _is_telling(word: str, shortest: int) -> bool:
    return len(word.strip()) >= shortest or any(not character.isascii() for character in word)


def _part_needs(kind: Any, value: Any, wanted: str) -> bool:
    """Whether what matches a part has a character of some kind, which is the name of the parts' fact."""
    if kind is sre.SUBPATTERN:
        return any(getattr(part, wanted) for part in value[-1])
    if kind is sre.BRANCH:
        return all(any(getattr(part, wanted) for part in branch) for branch in value[1])
    if kind in REPEATS:
        return value[0] > 0 and any(getattr(part, wanted) for part in value[2])
    is_one = _IS[wanted]
    if kind is TEXT:
        return any(map(is_one, value))
    strings = _members(value) if kind is sre.IN else None
    return bool(strings) and all(map(is_one, strings or ()))


def _is_figure(letters: str) -> bool:
    """Whether a character, which may be several in lower case, is a figure."""
    return letters in DIGITS or (len(letters) == 1 and category(letters) == "Nd")


_IS = {"figure": _is_figure, "sign": SIGNS.__contains__}


def may_be_nothing(kind: Any, value: Any) -> bool:
    """Whether a part may be left out."""
    return kind in REPEATS and value[0] == 0


def is_junk(kind: Any, value: Any) -> bool:
    """Whether a part can only be characters that are neither letters nor digits, or nothing."""
    if kind in REPEATS:
        return all(is_junk(*part) for part in value[2])
    if kind is TEXT:
        return not any(map(str.isalnum, value))
    return kind is sre.IN and all(
        (item[0] is sre.LITERAL and not chr(item[1]).isalnum()) or item == (sre.CATEGORY, sre.CATEGORY_SPACE)
        for item in value
    )
