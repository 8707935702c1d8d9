"""XXH32 over many byte ranges at once, and the permutations of its values; seed 0 throughout.

The formulas are those of the xxHash specification, and `tests/test_kernel.py` holds them to the `xxhash` package.

numba does not see that a function in another file has changed: after an edit here, touch `kernel.py`, or the
functions cached there keep the old code.
"""

import numpy as np

from cleaner.intrinsics import HASHES, PERMUTATIONS, copy16, inner, lowered, word32

BLOCK = 1024
"""Most shingles hashed at once: what belongs to them stays in the first-level cache."""

MOST_STRIPES = 16
"""Most stripes of 16 bytes that XXH32 takes of all shingles of a block at once; longer ones are hashed alone."""

PADDING = 16 * (MOST_STRIPES + 2)
"""Bytes that may be read behind the end of a range; their values change nothing."""

_P32_1 = np.uint32(0x9E3779B1)
_P32_2 = np.uint32(0x85EBCA77)
_P32_3 = np.uint32(0xC2B2AE3D)
_P32_4 = np.uint32(0x27D4EB2F)
_P32_5 = np.uint32(0x165667B1)


@inner
def _turned(value, bits):
    return np.uint32((value << bits) | (value >> (np.uint32(32) - bits)))


@inner
def _round32(value, word):
    return np.uint32(_turned(np.uint32(value + np.uint32(word * _P32_2)), np.uint32(13)) * _P32_1)


@inner
def _joined32(one, two, three, four):
    return np.uint32(
        _turned(one, np.uint32(1))
        + _turned(two, np.uint32(7))
        + _turned(three, np.uint32(12))
        + _turned(four, np.uint32(18))
    )


@inner
def _with_word(value, word):
    return np.uint32(_turned(np.uint32(value + np.uint32(word * _P32_3)), np.uint32(17)) * _P32_4)


@inner
def _with_byte(value, byte):
    return np.uint32(_turned(np.uint32(value + np.uint32(byte * _P32_5)), np.uint32(11)) * _P32_1)


@inner
def _finished(value, length, one, two, three, four):
    """The end of XXH32: up to three of the next four words, up to three bytes of the word after, the avalanche."""
    value = np.uint32(value + length)
    words = (length >> np.uint32(2)) & np.uint32(3)
    value = _with_word(value, one) if words > 0 else value
    value = _with_word(value, two) if words > 1 else value
    value = _with_word(value, three) if words > 2 else value
    rest = (two if words == 1 else one) if words < 2 else (three if words == 2 else four)
    value = _with_byte(value, np.uint32(rest & np.uint32(255))) if length & 3 else value
    value = _with_byte(value, np.uint32((rest >> np.uint32(8)) & np.uint32(255))) if length & 2 else value
    value = _with_byte(value, np.uint32((rest >> np.uint32(16)) & np.uint32(255))) if length & 3 == 3 else value
    value = np.uint32((value ^ (value >> np.uint32(15))) * _P32_2)
    value = np.uint32((value ^ (value >> np.uint32(13))) * _P32_3)
    return np.uint32(value ^ (value >> np.uint32(16)))


@inner
def _mixed(value):
    """MurmurHash3's finaliser, which datasketch's affine32 puts before its permutations."""
    value = np.uint32((value ^ (value >> np.uint32(16))) * np.uint32(0x85EBCA6B))
    value = np.uint32((value ^ (value >> np.uint32(13))) * np.uint32(0xC2B2AE35))
    return np.uint32(value ^ (value >> np.uint32(16)))


@inner
def _xxh32(data, start, length):
    """XXH32 of one range of any length from 16 bytes on."""
    one, two = np.uint32(_P32_1 + _P32_2), _P32_2
    three, four = np.uint32(0), np.uint32(np.uint32(0) - _P32_1)
    place, end = start, start + (length & ~15)
    while place < end:
        one = _round32(one, word32(data, place))
        two = _round32(two, word32(data, place + 4))
        three = _round32(three, word32(data, place + 8))
        four = _round32(four, word32(data, place + 12))
        place += 16
    value = _joined32(one, two, three, four)
    one, two, three, four = (
        word32(data, end),
        word32(data, end + 4),
        word32(data, end + 8),
        word32(data, end + 12),
    )
    return _finished(value, np.uint32(length), one, two, three, four)


@inner
def _stripe(data, places, count, offset, words, sums):
    """One stripe of 16 bytes of every shingle, whether it still has one or not; the four sums lie side by side."""
    for i in range(count):
        copy16(data, places[i] + offset, words, 4 * i)
    for i in range(4 * count):
        sums[i] = _round32(sums[i], words[i])


@inner
def _stripes(data, places, lengths, count, stripes, words, sums, values):
    """The sums over each shingle's whole stripes, of which up to `stripes` are looked at."""
    for i in range(count):
        values[i] = _P32_5
        sums[4 * i] = _P32_1 + _P32_2
        sums[4 * i + 1] = _P32_2
        sums[4 * i + 2] = 0
        sums[4 * i + 3] = np.uint32(0) - _P32_1
    for k in range(stripes):
        _stripe(data, places, count, 16 * k, words, sums)
        for i in range(count):
            value = _joined32(sums[4 * i], sums[4 * i + 1], sums[4 * i + 2], sums[4 * i + 3])
            values[i] = value if lengths[i] >> np.uint32(4) > k else values[i]


@inner
def _ends(data, places, lengths, count, words, values, hashes):
    """The last bytes of each shingle, and datasketch's mixing."""
    for i in range(count):
        copy16(data, places[i] + (np.int64(lengths[i]) & ~15), words, 4 * i)
    for i in range(count):
        one, two, three, four = words[4 * i], words[4 * i + 1], words[4 * i + 2], words[4 * i + 3]
        hashes[i] = _mixed(_finished(values[i], lengths[i], one, two, three, four))


@inner
def mixed_hashes(data, starts, first, count, size, places, lengths, words, sums, values, hashes):
    """Mixed XXH32 of `count` shingles from token `first` on.

    Token i stands at starts[i]:starts[i + 1] - 1. As many stripes are reckoned for all at once as nearly all
    shingles have; longer shingles follow one by one. The values up to the next multiple of HASHES repeat the last
    one, which no minimum minds.
    """
    mean = (starts[first + count - 1 + size] - starts[first]) * size // (count - 1 + size)
    stripes = mean * 8 // 5 // 16
    if stripes > MOST_STRIPES:
        stripes = 0
    for i in range(count):
        places[i] = starts[first + i]
        lengths[i] = starts[first + i + size] - 1 - starts[first + i]
    _stripes(data, places, lengths, count, stripes, words, sums, values)
    _ends(data, places, lengths, count, words, values, hashes)
    for i in range(count):
        if lengths[i] >> np.uint32(4) > stripes:
            hashes[i] = _mixed(_xxh32(data, places[i], np.int64(lengths[i])))
    for i in range(count, -(-count // HASHES) * HASHES):
        hashes[i] = hashes[count - 1]


@inner
def permute(hashes, count, factors, summands, least):
    """Lowers `least` to the minimum of each permutation of the hashes, which are padded as `mixed_hashes` does.

    The number of permutations is a multiple of PERMUTATIONS.
    """
    for i in range(0, count, HASHES):
        for k in range(0, least.size, PERMUTATIONS):
            lowered(hashes, i, factors, summands, least, k)
