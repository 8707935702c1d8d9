"""What a line must hold, or begin with, for a pattern to match it.

Looking for hundreds of words at once costs less than looking for one pattern, so patterns see only the lines that hold
a word of theirs or begin as they do. Both are read off the pattern itself, as regular-expression engines do inside:
parts that can only be a few strings are joined to longer ones, and of all that is found the most telling is taken.
"""

import re
import re._constants as sre  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import groupby
from typing import Any, Final
from unicodedata import category

SHORTEST = 4
"""ASCII characters of a word that is telling; shorter ones stand in every line. Of other scripts one is enough."""

SHORTEST_FIGURED = 2
"""The same in a line that holds a figure: there are few."""

MOST = 1000
"""Words that are worth looking for in place of one pattern."""

FEW = 64
"""Strings that parts which follow each other may be joined to."""

LONG_ENOUGH = 8
"""Characters beyond which a longer word is no more telling."""

FAR = 10
"""Repeats from which counting makes a pattern slow to prepare."""

END = " "
"""Behind first words that are whole."""

DIGITS = frozenset("0123456789")

SIGNS = frozenset("|/@#_<>()[]{}=*+~•·»›►▶▸➡⏩→©（）")
"""Signs that few lines hold."""

Words = frozenset[str]
REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT)


class _Part(tuple[Any, Any]):
    """A part of a pattern, its kind and its value; it stands in many alternatives, and remembers what it can be."""

    @cached_property
    def exact(self) -> Words | None:
        """The strings that it can be; None if they are not few."""
        return _exact(*self)

    @cached_property
    def required(self) -> dict[int, Words | None]:
        """The words that it requires, by how short they may be."""
        return {shortest: _part(*self, shortest) for shortest in (SHORTEST, SHORTEST_FIGURED)}

    @cached_property
    def figure(self) -> bool:
        """Whether it has a figure."""
        return _part_needs(*self, "figure")

    @cached_property
    def sign(self) -> bool:
        """Whether it has one of SIGNS."""
        return _part_needs(*self, "sign")


_SLOW = re.compile(
    r"(?P<edge>\\b(?!\{))"
    r"|\\(?:[xuUpP]\{[^}]*\}|.)"  # what is escaped
    r"|\[\^?\]?(?:\\.|\[[^\]]*\]|[^\]\\\[])*\]"  # classes of characters
    r"|\{(?P<least>[0-9]+),(?P<most>[0-9]+)\}",
    re.DOTALL,
)
TEXT: Final = "text"
"""The kind of a part that is nothing but characters."""

_NOTHING: Words = frozenset([""])
_BEGINNINGS = (sre.AT_BEGINNING, sre.AT_BEGINNING_STRING)
_GAP = _Part((sre.ANY, None))
"""What may stand between parts that are repeated."""


@dataclass(frozen=True)
class Call:
    """What calls for one alternative of a pattern: a line that it matches has all of this, whatever else it says.

    Attributes:
        openings: What the line's first two words begin with, lower case, accents as they are: one of these,
        first: or its first word or its first two, likewise, that have to be whole; any, if there are none.
        words: Lower-case words anywhere in the line: one of these. Any, if there are none.
        figure: Whether it has a figure.
        sign: Whether it has one of SIGNS.
        label: Whether that tells so little that only short lines are worth a look.
    """

    openings: Words = frozenset()
    first: Words = frozenset()
    words: Words = frozenset()
    figure: bool = False
    sign: bool = False
    label: bool = False

    @property
    def kind(self) -> tuple[bool, ...]:
        """What it asks for, whatever words these are."""
        begins = self.openings | self.first
        return bool(begins), any(map(_begins_many, begins)), bool(self.words), self.figure, self.sign, self.label


def calls(pattern: str) -> tuple[Call, ...] | None:
    """What calls for a pattern: a call for all of its alternatives that ask alike; None if one has nothing telling.

    Args:
        pattern: A regular expression in the syntax of the Rust crate regex.
    """
    parts = _parsed(pattern)
    if parts is None:
        return None
    alike: dict[tuple[bool, ...], list[Call]] = {}
    for call in map(_call, _alternatives(parts)):
        if call is None:
            return None
        alike.setdefault(call.kind, []).append(call)
    called = tuple(map(_united, alike.values()))
    return called if sum(len(c.openings) + len(c.first) + len(c.words) for c in called) <= MOST else None


def is_anchored(pattern: str) -> bool:
    """Whether all that matches a pattern begins with the line.

    Args:
        pattern: A regular expression in the syntax of the Rust crate regex.
    """
    parts = _parsed(pattern)
    return parts is not None and all(map(_is_at_beginning, _alternatives(parts)))


def _is_at_beginning(branch: list[_Part]) -> bool:
    return bool(branch) and branch[0][0] is sre.AT and branch[0][1] in _BEGINNINGS


def joined(patterns: Iterable[str]) -> str:
    """The patterns as one, their groups without names, which may be the same in several."""
    return "|".join(f"(?:{re.sub(r'[(][?]P?<[a-z]+>', '(?:', pattern)})" for pattern in patterns)


def _united(alike: list[Call]) -> Call:
    """The call for any of the alternatives that these calls are for."""
    openings, first, words = (
        frozenset[str]().union(*(getattr(call, field) for call in alike)) for field in ("openings", "first", "words")
    )
    return replace(alike[0], openings=openings, first=first, words=words)


def _call(branch: list[_Part]) -> Call | None:
    """What calls for an alternative; None if nothing in it is telling."""
    found = _beginning(branch)
    begun = found if found is not None and all(map(_tells_lines_apart, found)) else frozenset()
    telling = bool(begun) and not any(map(_begins_many, begun))
    figure, sign = any(part.figure for part in branch), any(part.sign for part in branch)
    words = _sequence(branch)
    few = _sequence(branch, SHORTEST_FIGURED) if figure and words is None else None
    if not (begun or words or few or figure or sign):
        return None
    return Call(
        openings=frozenset(word for word in begun if not word.endswith(END)),
        first=frozenset(word.rstrip(END) for word in begun if word.endswith(END)),
        words=_shortest(words or few or ()),
        figure=figure,
        sign=sign,
        label=not telling and words is None and (few is not None or not begun),
    )


def _shortest(words: Iterable[str]) -> Words:
    """The words that hold no other of them: a line that holds the longer holds the shorter."""
    found: list[str] = []
    for word in sorted(words, key=len):
        if not any(shorter in word for shorter in found):
            found.append(word)
    return frozenset(found)


def loosened(pattern: str) -> str:
    """A pattern that matches all that the given one does, and may be quicker to prepare and to look for.

    It does not count far, and edges of words, which are slow to tell in other scripts than ASCII, it does not see.

    Args:
        pattern: A regular expression in the syntax of the Rust crate regex.
    """
    return pattern if "#" in pattern else _SLOW.sub(_quicker, pattern)  # it may begin a comment


def _quicker(part: re.Match[str]) -> str:
    least, most = part["least"], part["most"]
    if part["edge"]:
        return "(?:)"
    if most is None or int(most) < FAR:
        return part[0]
    return "+" if int(least) else "*"


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


def _alternatives(parts: list[_Part]) -> list[list[_Part]]:
    """The alternatives that the pattern is made of, as far as they stand at its beginning."""
    for place, part in enumerate(parts):
        kind, value = part
        if kind is sre.BRANCH:
            rest = [[*parts[:place], *branch, *parts[place + 1 :]] for branch in value[1]]
            return [alternative for parts in rest for alternative in _alternatives(parts)]
        if kind is sre.SUBPATTERN and any(part[0] is sre.BRANCH for part in value[-1]):
            return _alternatives([*parts[:place], *value[-1], *parts[place + 1 :]])
        if kind in REPEATS and part.exact is None and not _is_junk(kind, value):
            there = _alternatives([*parts[:place], *value[2], _GAP, *parts[place + 1 :]])
            return there if value[0] else there + _alternatives([*parts[:place], *parts[place + 1 :]])
        if kind is not sre.AT and not _is_junk(kind, value):
            break
    return [parts]


def _parsed(pattern: str) -> list[_Part] | None:
    """The pattern as Python's parser sees it; None for what it cannot read."""
    python = re.sub(r"\\[pP](?:\{[^}]*\}|.)", r"\\w", pattern)
    python = re.sub(r"\\x\{([0-9a-fA-F]+)\}|\\u\{([0-9a-fA-F]+)\}", _escaped, python)
    try:
        return _kept(parser.parse(python))
    except (re.error, ValueError, OverflowError, RecursionError):
        return None


def _kept(parts: Iterable[Any]) -> list[_Part]:
    """The parts and all that is in them, as parts that remember; characters that follow each other are one TEXT."""
    kept: list[_Part] = []
    for is_text, run in groupby(parts, lambda part: part[0] is sre.LITERAL):
        if is_text:
            kept.append(_Part((TEXT, "".join(chr(value) for _, value in run))))
        else:
            kept += [_Part((kind, _within(kind, value))) for kind, value in run]
    return kept


def _within(kind: Any, value: Any) -> Any:
    if kind is sre.SUBPATTERN or kind in REPEATS:
        return (*value[:-1], _kept(value[-1]))
    if kind is sre.BRANCH:
        return value[0], [_kept(branch) for branch in value[1]]
    return value


def _escaped(code: re.Match[str]) -> str:
    return re.escape(chr(int(code[1] or code[2], 16)))


def _sequence(parts: Iterable[_Part], shortest: int = SHORTEST) -> Words | None:
    """The most telling of what each part requires; parts that can only be a few strings are joined."""
    found: list[Words] = []
    for run, part in _runs(parts):
        found.append(run)
        if part is not None and (words := part.required[shortest]) is not None:
            found.append(words)
    telling = [words for words in found if all(_is_telling(word, shortest) for word in words)]
    return max(telling, key=lambda words: (min(LONG_ENOUGH, *map(len, words)), -len(words)), default=None)


def _runs(parts: Iterable[_Part]) -> Iterator[tuple[Words, _Part | None]]:
    """What parts that follow each other can be, as far as it is few strings, and the part that ended each run."""
    run = _NOTHING
    for part in parts:
        joined = _joined(run, part.exact) if part.exact is not None else None
        if joined is not None:
            run = joined
            continue
        yield run, None if part.exact is not None else part
        run = part.exact if part.exact is not None else _NOTHING
    yield run, None


def _joined(run: Words, strings: Words) -> Words | None:
    """Each of the one before each of the other; None if that makes too many."""
    return frozenset(a + b for a in run for b in strings) if len(run) * len(strings) <= FEW else None


def _exact(kind: Any, value: Any) -> Words | None:
    """The strings that a part of a pattern can be; None if they are not few."""
    strings: Words | None = None
    if kind is TEXT:
        strings = frozenset([value.lower()])
    elif kind is sre.AT:
        strings = _NOTHING
    elif kind is sre.IN:
        strings = _members(value)
    elif kind is sre.SUBPATTERN:
        strings = _exact_sequence(value[-1])
    elif kind is sre.BRANCH:
        strings = _all([_exact_sequence(branch) for branch in value[1]])
    elif kind in REPEATS and value[1] == 1:
        strings = _all([_exact_sequence(value[2]), _NOTHING if value[0] == 0 else frozenset()])
    return strings


def _exact_sequence(parts: Iterable[_Part]) -> Words | None:
    run: Words | None = _NOTHING
    for part in parts:
        run = None if run is None or part.exact is None else _joined(run, part.exact)
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
        return _sequence(value[-1], shortest)
    if kind is sre.BRANCH:
        return _all([_sequence(branch, shortest) for branch in value[1]])
    if kind in REPEATS and value[0] > 0:
        return _sequence(value[2], shortest)
    return None


def _all(branches: list[Words | None]) -> Words | None:
    """The words of all branches; None if one of them has none."""
    words = [branch for branch in branches if branch is not None]
    return frozenset().union(*words) if len(words) == len(branches) else None


def _is_telling(word: str, shortest: int) -> bool:
    return len(word.strip()) >= shortest or any(not character.isascii() for character in word)


def _beginning(parts: list[_Part]) -> Words | None:
    """What a match begins with, if it begins with the line: first words, END behind whole ones.

    What stands before the first letter or digit is skipped.
    """
    anchored, run = False, _NOTHING
    ends = bool(parts) and parts[-1][0] is sre.AT
    for part in parts:
        kind, value = part
        anchored = anchored or (kind is sre.AT and value in _BEGINNINGS)
        if run == _NOTHING and _is_junk(kind, value):
            continue
        joined = None if part.exact is None else _joined(run, part.exact)
        if joined is None:
            ends = _is_junk(kind, value) and not _may_be_nothing(kind, value)
            break
        run = joined
    return frozenset(_first_words(string, ends=ends) for string in run) if anchored else None


def _tells_lines_apart(opening: str) -> bool:
    """Whether few lines begin so; one letter is the beginning of too many."""
    return len(opening) > 1 or opening in DIGITS or not opening.isascii()


def _begins_many(opening: str) -> bool:
    """Whether a figure or a lone letter tells lines apart, but not well: anything else is better to go by."""
    return category(opening[0]) == "Nd" or len(opening.rstrip(END)) == 1


@lru_cache(maxsize=4096)
def _first_words(string: str, *, ends: bool) -> str:
    """The first two words of what a line begins with, or as much as there is, with END behind them if they are whole.

    The last word is whole if something else follows it, or if it is known that it `ends` where the string does.
    """
    words = re.split(" +", "".join(c if c.isalnum() or category(c)[0] == "M" else " " for c in string).lstrip())
    found = " ".join(words[:2]).rstrip()
    return found + END if found and (ends or len(words) > found.count(" ") + 1) else found


def _may_be_nothing(kind: Any, value: Any) -> bool:
    return kind in REPEATS and value[0] == 0


def _is_junk(kind: Any, value: Any) -> bool:
    """Whether a part can only be characters that are neither letters nor digits, or nothing."""
    if kind in REPEATS:
        return all(_is_junk(*part) for part in value[2])
    if kind is TEXT:
        return not any(map(str.isalnum, value))
    return kind is sre.IN and all(
        (item[0] is sre.LITERAL and not chr(item[1]).isalnum()) or item == (sre.CATEGORY, sre.CATEGORY_SPACE)
        for item in value
    )
