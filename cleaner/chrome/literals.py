"""Words that a line must hold for a pattern to match it.

Looking for a thousand words at once costs less than looking for one pattern, so patterns see only the lines that hold
a word of theirs. The words are read off the pattern itself, as regular-expression engines do inside: of parts that
follow each other the most telling, of alternatives the words of each.
"""

import re
import re._constants as sre  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Iterable
from typing import Any

SHORTEST = 4
"""ASCII characters of a word that is telling; shorter ones stand in every line. Of other scripts one is enough."""

MOST = 400
"""Words that are worth looking for in place of one pattern."""

Words = frozenset[str]


def required(pattern: str) -> Words | None:
    """Lower-case words of which every line that the pattern matches holds one; None if there are none to be told.

    Args:
        pattern: A regular expression in the syntax of the Rust crate regex.
    """
    python = re.sub(r"\\[pP](?:\{[^}]*\}|.)", r"\\w", pattern)
    python = re.sub(r"\\x\{([0-9a-fA-F]+)\}|\\u\{([0-9a-fA-F]+)\}", _escaped, python)
    try:
        words = _sequence(parser.parse(python))
    except (re.error, ValueError, OverflowError, RecursionError):
        return None
    return frozenset(word.lower() for word in words) if words and len(words) <= MOST else None


def _escaped(code: re.Match[str]) -> str:
    return re.escape(chr(int(code[1] or code[2], 16)))


def _sequence(parts: Iterable[Any]) -> Words | None:
    """The most telling of what each part requires; characters that follow each other make one word."""
    found: list[Words] = []
    run = ""
    for kind, value in parts:
        if kind is sre.LITERAL:
            run += chr(value)
            continue
        found.append(frozenset([run]))
        run = ""
        if (words := _part(kind, value)) is not None:
            found.append(words)
    found.append(frozenset([run]))
    telling = [words for words in found if words and all(map(_is_telling, words))]
    return max(telling, key=lambda words: (min(map(len, words)), -len(words)), default=None)


def _part(kind: Any, value: Any) -> Words | None:
    """What one part of a pattern requires."""
    if kind is sre.SUBPATTERN:
        return _sequence(value[-1])
    if kind is sre.BRANCH:
        return _all([_sequence(branch) for branch in value[1]])
    if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT) and value[0] > 0:
        return _sequence(value[2])
    if kind is sre.IN and all(item[0] is sre.LITERAL for item in value):
        return frozenset(chr(item[1]) for item in value)
    return None


def _all(branches: list[Words | None]) -> Words | None:
    words = [branch for branch in branches if branch is not None]
    return frozenset().union(*words) if len(words) == len(branches) else None


def _is_telling(word: str) -> bool:
    return len(word) >= SHORTEST or any(not character.isascii() for character in word)
