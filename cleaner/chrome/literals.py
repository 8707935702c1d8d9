"""What a line must hold, or begin with, for a pattern to match it.

Looking for hundreds of words at once costs less than looking for one pattern, so patterns see only the lines that hold
a word of theirs or begin as they do. Both are read off the pattern itself, as regular-expression engines do inside:
parts that can only be a few strings are joined to longer ones, and of all that is found the most telling is taken.
"""

import re
import re._constants as sre  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
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

_SLOW = re.compile(
    r"(?P<edge>\\b(?!\{))"
    r"|\\(?:[xuUpP]\{[^}]*\}|.)"  # what is escaped
    r"|\[\^?\]?(?:\\.|\[[^\]]*\]|[^\]\\\[])*\]"  # classes of characters
    r"|\{(?P<least>[0-9]+),(?P<most>[0-9]+)\}",
    re.DOTALL,
)
_NOTHING: Words = frozenset([""])
_GAP = (sre.ANY, None)
"""What may stand between parts that are repeated."""


@dataclass(frozen=True)
class Calls:
    """What calls for a pattern: a line that it matches has one of these, whatever else it says.

    Attributes:
        openings: What the line's first two words begin with, lower case, accents as they are.
        first: Its first word or its first two, likewise, that have to be whole.
        words: Lower-case words anywhere in the line.
        figured: The same of a line that also holds a figure; shorter words are enough.
        figure: Whether any figure in the line calls for it.
        sign: Whether any of SIGNS does.
    """

    openings: Words
    first: Words
    words: Words
    figured: Words = frozenset()
    figure: bool = False
    sign: bool = False


def calls(pattern: str) -> Calls | None:
    """What calls for a pattern, told for each of its alternatives; None if one of them has nothing telling.

    Args:
        pattern: A regular expression in the syntax of the Rust crate regex.
    """
    parts = _parsed(pattern)
    if parts is None:
        return None
    openings: set[str] = set()
    words: set[str] = set()
    figured: set[str] = set()
    figure = sign = False
    for branch in _alternatives(list(parts)):
        found = _beginning(branch)
        begun = found if found is not None and all(map(_tells_lines_apart, found)) else None
        if begun is not None and not any(map(_begins_many, begun)):
            openings |= begun
        elif (required := _sequence(branch)) is not None:
            words |= required
        elif (few := _sequence(branch, SHORTEST_FIGURED)) is not None and _needs(branch, DIGITS):
            figured |= few
        elif begun is not None:
            openings |= begun
        elif _needs(branch, DIGITS):
            figure = True
        elif _needs(branch, SIGNS):
            sign = True
        else:
            return None
    if len(openings) + len(words) + len(figured) > MOST:
        return None
    whole = {word.rstrip(END) for word in openings if word.endswith(END)}
    parts_of = {word for word in openings if not word.endswith(END)}
    return Calls(frozenset(parts_of), frozenset(whole), _shortest(words), _shortest(figured), figure=figure, sign=sign)


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


def _needs(parts: Iterable[Any], wanted: Words) -> bool:
    """Whether what matches these parts has a character of those that are wanted."""
    return any(_part_needs(kind, value, wanted) for kind, value in parts)


def _part_needs(kind: Any, value: Any, wanted: Words) -> bool:
    if kind is sre.SUBPATTERN:
        return _needs(value[-1], wanted)
    if kind is sre.BRANCH:
        return all(_needs(branch, wanted) for branch in value[1])
    if kind in REPEATS:
        return value[0] > 0 and _needs(value[2], wanted)
    strings = _exact(kind, value) if kind in (sre.LITERAL, sre.IN) else None
    return strings is not None and bool(strings) and all(_is_one(string, wanted) for string in strings)


def _is_one(letters: str, wanted: Words) -> bool:
    """Whether a character, which may be several in lower case, is one of those wanted."""
    return letters in wanted or (wanted is DIGITS and len(letters) == 1 and category(letters) == "Nd")


def _alternatives(parts: list[Any]) -> list[list[Any]]:
    """The alternatives that the pattern is made of, as far as they stand at its beginning."""
    for place, (kind, value) in enumerate(parts):
        if kind is sre.BRANCH:
            rest = [[*parts[:place], *branch, *parts[place + 1 :]] for branch in value[1]]
            return [alternative for parts in rest for alternative in _alternatives(parts)]
        if kind is sre.SUBPATTERN and any(part[0] is sre.BRANCH for part in value[-1]):
            return _alternatives([*parts[:place], *value[-1], *parts[place + 1 :]])
        if kind in REPEATS and _exact(kind, value) is None and not _is_junk(kind, value):
            there = _alternatives([*parts[:place], *value[2], _GAP, *parts[place + 1 :]])
            return there if value[0] else there + _alternatives([*parts[:place], *parts[place + 1 :]])
        if kind is not sre.AT and not _is_junk(kind, value):
            break
    return [parts]


def _parsed(pattern: str) -> Any | None:
    """The pattern as Python's parser sees it; None for what it cannot read."""
    python = re.sub(r"\\[pP](?:\{[^}]*\}|.)", r"\\w", pattern)
    python = re.sub(r"\\x\{([0-9a-fA-F]+)\}|\\u\{([0-9a-fA-F]+)\}", _escaped, python)
    try:
        return parser.parse(python)
    except (re.error, ValueError, OverflowError, RecursionError):
        return None


def _escaped(code: re.Match[str]) -> str:
    return re.escape(chr(int(code[1] or code[2], 16)))


def _sequence(parts: Iterable[Any], shortest: int = SHORTEST) -> Words | None:
    """The most telling of what each part requires; parts that can only be a few strings are joined."""
    found: list[Words] = []
    for run, (kind, value) in _runs(parts):
        found.append(run)
        if kind is not None and (words := _part(kind, value, shortest)) is not None:
            found.append(words)
    telling = [words for words in found if all(_is_telling(word, shortest) for word in words)]
    return max(telling, key=lambda words: (min(LONG_ENOUGH, *map(len, words)), -len(words)), default=None)


def _runs(parts: Iterable[Any]) -> Iterator[tuple[Words, tuple[Any, Any]]]:
    """What parts that follow each other can be, as far as it is few strings, and the part that ended each run."""
    run = _NOTHING
    for kind, value in parts:
        strings = _exact(kind, value)
        joined = _joined(run, strings) if strings is not None else None
        if joined is not None:
            run = joined
            continue
        yield run, (None if strings is not None else kind, value)
        run = strings if strings is not None else _NOTHING
    yield run, (None, None)


def _joined(run: Words, strings: Words) -> Words | None:
    """Each of the one before each of the other; None if that makes too many."""
    return frozenset(a + b for a in run for b in strings) if len(run) * len(strings) <= FEW else None


def _exact(kind: Any, value: Any) -> Words | None:
    """The strings that a part of a pattern can be; None if they are not few."""
    strings: Words | None = None
    if kind is sre.LITERAL:
        strings = frozenset([chr(value).lower()])
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


def _exact_sequence(parts: Iterable[Any]) -> Words | None:
    run: Words | None = _NOTHING
    for kind, value in parts:
        strings = _exact(kind, value)
        run = None if run is None or strings is None else _joined(run, strings)
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


def _beginning(parts: list[Any]) -> Words | None:
    """What a match begins with, if it begins with the line: first words, END behind whole ones.

    What stands before the first letter or digit is skipped.
    """
    anchored, run = False, _NOTHING
    ends = bool(parts) and parts[-1][0] is sre.AT
    for kind, value in parts:
        anchored = anchored or (kind is sre.AT and value in (sre.AT_BEGINNING, sre.AT_BEGINNING_STRING))
        if run == _NOTHING and _is_junk(kind, value):
            continue
        strings = _exact(kind, value)
        joined = None if strings is None else _joined(run, strings)
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
    if kind is sre.LITERAL:
        return not chr(value).isalnum()
    return kind is sre.IN and all(
        (item[0] is sre.LITERAL and not chr(item[1]).isalnum()) or item == (sre.CATEGORY, sre.CATEGORY_SPACE)
        for item in value
    )
