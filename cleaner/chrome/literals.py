"""What a line must hold, or begin with, for a pattern to match it.

Looking for hundreds of words at once costs less than looking for one pattern, so patterns see only the lines that hold
a word of theirs or begin as they do. Both are read off the pattern itself (chrome/parts.py).
"""

import re
import re._constants as sre  # type: ignore[import-not-found]
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from unicodedata import category

from cleaner.chrome.parts import (
    DIGITS,
    FEW,
    GAP,
    NOTHING,
    REPEATS,
    SHORTEST_FIGURED,
    TEXT,
    Part,
    Words,
    is_junk,
    may_be_nothing,
    parsed,
    required_by,
    with_each,
)

MOST = 1000
"""Words that are worth looking for in place of one pattern."""

FAR = 5
"""Repeats from which counting makes a pattern slow to prepare."""

END = " "
"""Behind first words that are whole."""

_ESCAPED = r"\\(?:[xuUpP]\{[^}]*\}|.)"
_CLASS = r"\[\^?\]?(?:\\.|\[[^\]]*\]|[^\]\\\[])*\]"
_SLOW = re.compile(
    rf"(?P<edge>\\b(?!\{{))|{_ESCAPED}|{_CLASS}|\{{(?P<least>[0-9]+),(?P<most>[0-9]+)\}}",
    re.DOTALL,
)
_PIECE = re.compile(rf"{_ESCAPED}|{_CLASS}|[^\\\[()|]+|.", re.DOTALL)
_FLAGS = re.compile(r"\(\?[a-zA-Z-]+\)")
_BEGINNINGS = (sre.AT_BEGINNING, sre.AT_BEGINNING_STRING)


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


@cache  # rules of one's own change little of what is asked of all the others
def calls(pattern: str) -> tuple[Call, ...] | None:
    """What calls for a pattern: a call for all of its alternatives that ask alike; None if one has nothing telling.

    Args:
        pattern: A regular expression in the syntax of the Rust crate regex.
    """
    parts = parsed(pattern)
    if parts is None:
        return None
    alike: dict[tuple[bool, ...], list[Call]] = {}
    for call in map(_call, _alternatives(parts)):
        if call is None:
            return None
        alike.setdefault(call.kind, []).append(call)
    called = tuple(map(_united, alike.values()))
    return called if sum(len(c.openings) + len(c.first) + len(c.words) for c in called) <= MOST else None


@cache
def alternatives(pattern: str) -> tuple[str, ...]:
    """The patterns of which one or another matches what a pattern matches: what stands between its outermost bars.

    Args:
        pattern: A regular expression in the syntax of the Rust crate regex.
    """
    first = _FLAGS.match(pattern)
    flags = first[0] if first else ""
    body = pattern.removeprefix(flags)
    if "#" in body.replace(r"\#", "") or _FLAGS.search(body):  # a comment, or flags that go for what follows
        return (pattern,)
    found, depth = [flags], 0
    for piece in _PIECE.findall(body):
        depth += (piece == "(") - (piece == ")")
        if piece == "|" and not depth:
            found.append(flags)
        else:
            found[-1] += piece
    return tuple(found) if all(parsed(one) is not None for one in found) else (pattern,)


def is_anchored(pattern: str) -> bool:
    """Whether all that matches a pattern begins with the line.

    Args:
        pattern: A regular expression in the syntax of the Rust crate regex.
    """
    return _is_each(pattern, _is_at_beginning)


def _is_at_beginning(branch: list[Part]) -> bool:
    return bool(branch) and branch[0][0] is sre.AT and branch[0][1] in _BEGINNINGS


def is_led(pattern: str) -> bool:
    """Whether all that matches a pattern begins with a sign or a space, so that no word of it begins a line.

    Args:
        pattern: A regular expression in the syntax of the Rust crate regex.
    """
    return _is_each(pattern, _begins_with_sign)


def _begins_with_sign(branch: list[Part]) -> bool:
    for kind, value in branch:
        if kind is sre.AT or (is_junk(kind, value) and may_be_nothing(kind, value)):
            continue
        return is_junk(kind, value) or (kind is TEXT and not value[0].isalnum())
    return False


def _is_each(pattern: str, is_so: Callable[[list[Part]], bool]) -> bool:
    """Whether something is so of each alternative of a pattern; it is not of what cannot be read."""
    parts = parsed(pattern)
    return parts is not None and all(map(is_so, _alternatives(parts)))


def joined(patterns: Iterable[str]) -> str:
    """The patterns as one, their groups without names, which may be the same in several."""
    return "|".join(f"(?:{re.sub(r'[(][?]P?<[a-z]+>', '(?:', pattern)})" for pattern in patterns)


def _united(alike: list[Call]) -> Call:
    """The call for any of the alternatives that these calls are for."""
    openings, first, words = (
        frozenset[str]().union(*(getattr(call, field) for call in alike)) for field in ("openings", "first", "words")
    )
    return replace(alike[0], openings=openings, first=first, words=words)


def _call(branch: list[Part]) -> Call | None:
    """What calls for an alternative; None if nothing in it is telling."""
    found = _beginning(branch)
    begun = found if found is not None and all(map(_tells_lines_apart, found)) else frozenset()
    telling = bool(begun) and not any(map(_begins_many, begun))
    figure, sign = any(part.figure for part in branch), any(part.sign for part in branch)
    words = required_by(branch)
    few = required_by(branch, SHORTEST_FIGURED) if figure and words is None else None
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


def _alternatives(parts: list[Part]) -> list[list[Part]]:
    """The alternatives that the pattern is made of, as far as they stand at its beginning.

    What can only be a few strings is left in one: these are joined to what follows.
    """
    for place, part in enumerate(parts):
        kind, value = part
        is_few = part.exact is not None and len(part.exact) <= FEW
        if kind is sre.BRANCH and not is_few:
            rest = [[*parts[:place], *branch, *parts[place + 1 :]] for branch in value[1]]
            return [alternative for parts in rest for alternative in _alternatives(parts)]
        if kind is sre.SUBPATTERN and not is_few and any(part[0] is sre.BRANCH for part in value[-1]):
            return _alternatives([*parts[:place], *value[-1], *parts[place + 1 :]])
        if kind in REPEATS and part.exact is None and not is_junk(kind, value):
            there = _alternatives([*parts[:place], *value[2], GAP, *parts[place + 1 :]])
            return there if value[0] else there + _alternatives([*parts[:place], *parts[place + 1 :]])
        if kind is not sre.AT and not is_junk(kind, value):
            break
    return [parts]


def _beginning(parts: list[Part]) -> Words | None:
    """What a match begins with, if it begins with the line: first words, END behind whole ones.

    What stands before the first letter or digit is skipped.
    """
    anchored, run = False, NOTHING
    ends = bool(parts) and parts[-1][0] is sre.AT
    for part in parts:
        kind, value = part
        anchored = anchored or (kind is sre.AT and value in _BEGINNINGS)
        if run == NOTHING and is_junk(kind, value):
            continue
        joined = None if part.exact is None else with_each(run, part.exact)
        if joined is None:
            ends = is_junk(kind, value) and not may_be_nothing(kind, value)
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
