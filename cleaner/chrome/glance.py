"""The characters of a line, and what a line looks like, compiled."""

import numpy as np

from cleaner.chrome.characters import CLASSES, CODE, CODE_BITS, KNOWN, PAGE, STRANGE
from cleaner.chrome.lookups import character, is_set
from cleaner.chrome.titles import LONGEST_TITLE, SHORTEST_TITLE
from cleaner.intrinsics import first_bit, inner, put64, word64

# classes of characters
(
    IS_SPACE, IS_LETTER, IS_FIGURE, IS_SIGN, IS_CLOSER, IS_UNFINISHED, IS_OPENER, IS_LEAD, IS_TITLE_START, IS_TAG,
    IS_TAG_START, IS_WORD, IS_BETWEEN, IS_MARK, IS_NUMBER, IS_UPPER, IS_LOWER, IS_HALF,
) = (np.uint32(1 << bit) for bit in range(len(CLASSES)))  # fmt: skip

# what is found of a line: its marks; openings of ODD lines have to be made, and so has the lower case of others
TITLE_LIKE, TAG_LIKE, WITH_FIGURE, WITH_SIGN, PHRASED, WORDLESS, ODD, NOT_LOWERED = (
    np.uint8(1 << bit) for bit in range(8)
)


@inner
def read(source, place, stop, kinds_of, codes, kinds):
    """Puts the characters of a line into codes, and what they are into kinds; their number."""
    place, stop, count = np.uint64(place), np.uint64(stop), np.uint64(0)
    while place < stop:
        code, width = character(source, place)
        codes[count], kinds[count] = code, kinds_of[code]
        place += width
        count += np.uint64(1)
    return np.int64(count)


@inner
def want(source, place, stop, kinds_of, wanted):
    """Notes the pages of the characters that are not known, and page 0, which always is, for any of them."""
    place, stop = np.uint64(place), np.uint64(stop)
    while place < stop:
        code, width = character(source, place)
        wanted[code // np.uint64(PAGE)] |= kinds_of[code] & KNOWN == np.uint32(0)
        place += width
    wanted[0] = True


_HIGH, _A, _AFTER_Z = (np.uint64(byte * 0x0101010101010101) for byte in (0x80, 0x80 - ord("A"), 0x7F - ord("Z")))
"""The highest bit of each byte, and what makes it the highest of those that come at or after a letter."""


@inner
def lower(source, place, stop, kinds_of, lowers, signs, target):
    """Puts the lower case of a line into target; its bytes.

    Also the line's characters, whether all are known, the classes of any of them, and whether one may be a sign beyond
    ASCII. Characters of ASCII are taken eight at a time, as far as they go.
    """
    place, stop, end = np.uint64(place), np.uint64(stop), np.uint64(0)
    count, known, found, has_sign = stop - place, KNOWN, np.uint32(0), np.uint64(0)
    while place < stop:
        if place + np.uint64(8) <= stop:
            word = word64(source, np.int64(place))
            wide = word & _HIGH
            # no byte from the first beyond ASCII on
            word &= ((wide & (~wide + np.uint64(1))) >> np.uint64(7)) - np.uint64(1)
            put64(target, np.int64(end), word | ((word + _A) & ~(word + _AFTER_Z) & _HIGH) >> np.uint64(2))
            for i in range(8):
                found |= kinds_of[word >> np.uint64(8 * i) & np.uint64(0xFF)]
            step = first_bit(wide) >> np.uint64(3) if wide else np.uint64(8)
            place += step
            end += step
            if not wide:
                continue
        code, width = character(source, place)
        kind, small = kinds_of[code], lowers[code]
        known &= kind
        found |= kind
        has_sign |= np.uint64(code >= np.uint64(0x80)) & is_set(code, signs)
        place += width
        count -= width - np.uint64(1)
        end = _encode(np.uint32(small & CODE), target, end)
        while small > CODE:
            small >>= CODE_BITS
            end = _encode(np.uint32(small & CODE), target, end)
    return np.int64(end), np.int64(count), known != np.uint32(0), found, has_sign != np.uint64(0)


@inner
def marks_of(found):
    """The marks of a line that has characters of these classes."""
    marks = np.uint8(0)
    if found & STRANGE:
        marks |= NOT_LOWERED
    if found & IS_FIGURE:
        marks |= WITH_FIGURE
    if found & IS_SIGN:
        marks |= WITH_SIGN
    return marks


@inner
def looks_of(source, start, stop, count, kinds_of, codes, kinds):
    """The marks of what a line of so many characters looks like."""
    marks = np.uint8(0)
    if count <= LONGEST_TITLE or (
        start < stop and kinds_of[character(source, np.uint64(start))[0]] & IS_TAG_START != np.uint32(0)
    ):  # it is no longer than titles are, or begins as tag lines do
        read(source, start, stop, kinds_of, codes, kinds)
        if _is_title_like(codes, kinds, count, stop - start):
            marks |= TITLE_LIKE
        if _is_tag_like(codes, kinds, count):
            marks |= TAG_LIKE
    return marks


@inner
def _has_letters(kinds, count):
    """Whether a line has two letters."""
    letters = 0
    for i in range(count):
        letters += kinds[i] & IS_LETTER != np.uint32(0)
    return letters >= 2


@inner
def _encode(code, target, end):
    """Appends a character as UTF-8; where it ends."""
    if code < np.uint32(0x80):
        target[end] = code
        return end + np.uint64(1)
    if code < np.uint32(0x800):
        target[end] = np.uint32(0xC0) | code >> np.uint32(6)
        target[end + np.uint64(1)] = np.uint32(0x80) | code & np.uint32(63)
        return end + np.uint64(2)
    if code < np.uint32(0x10000):
        target[end] = np.uint32(0xE0) | code >> np.uint32(12)
        target[end + np.uint64(1)] = np.uint32(0x80) | code >> np.uint32(6) & np.uint32(63)
        target[end + np.uint64(2)] = np.uint32(0x80) | code & np.uint32(63)
        return end + np.uint64(3)
    target[end] = np.uint32(0xF0) | code >> np.uint32(18)
    target[end + np.uint64(1)] = np.uint32(0x80) | code >> np.uint32(12) & np.uint32(63)
    target[end + np.uint64(2)] = np.uint32(0x80) | code >> np.uint32(6) & np.uint32(63)
    target[end + np.uint64(3)] = np.uint32(0x80) | code & np.uint32(63)
    return end + np.uint64(4)


@inner
def _is_title_like(codes, kinds, count, size):
    """`titles.is_title_like` of a line that is trimmed."""
    if size < SHORTEST_TITLE or count > LONGEST_TITLE or not _has_letters(kinds, count):
        return False
    first = 0
    while first < count and kinds[first] & IS_LEAD:
        first += 1
    if first == count or not kinds[first] & IS_TITLE_START or kinds[count - 1] & IS_OPENER:
        return False
    last = count - 1
    while last >= 0 and kinds[last] & (IS_CLOSER | IS_SPACE):
        last -= 1
    if last >= 0 and kinds[last] & IS_UNFINISHED:
        return False
    return not _has_footnote(codes, kinds, count) and not _has_address(codes, count)


@inner
def _has_footnote(codes, kinds, count):
    """Whether a line ends in the end of a sentence in quotes or brackets and a number of one or two figures."""
    last = count - 1
    for _ in range(2):
        if last < 0 or codes[last] < np.uint32(48) or codes[last] > np.uint32(57):
            return False
        last -= 1
        before = last
        while before >= 0 and kinds[before] & IS_CLOSER:
            before -= 1
        if 0 <= before < last and (codes[before] == np.uint32(46) or codes[before] == np.uint32(0x3002)):
            return True
    return False


@inner
def _has_address(codes, count):
    """Whether a line holds `www.` or `://`."""
    for i in range(2, count):
        if codes[i] == np.uint32(47) and codes[i - 1] == np.uint32(47) and codes[i - 2] == np.uint32(58):
            return True
        if (
            codes[i] == np.uint32(46)
            and i > 2
            and codes[i - 1] == np.uint32(119)
            and codes[i - 2] == np.uint32(119)
            and codes[i - 3] == np.uint32(119)
        ):
            return True
    return False


@inner
def _is_tag_like(codes, kinds, count):
    """Whether a trimmed line is three to thirty words of small letters and figures and nothing else."""
    if count == 0 or not kinds[0] & IS_TAG_START:
        return False
    words, inside = 1, True
    for i in range(1, count):
        if kinds[i] & (IS_TAG | IS_TAG_START):
            words += not inside
            inside = True
        elif codes[i] == np.uint32(32) or codes[i] == np.uint32(0xA0):
            inside = False
        else:
            return False
    return 3 <= words <= 30
