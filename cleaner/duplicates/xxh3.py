"""XXH3-64 and XXH3-128 over one byte range; seed 0 throughout.

The formulas are those of the xxHash specification, and `tests/test_kernel.py` holds them to the `xxhash` package.

numba does not see that a function in another file has changed: after an edit here, touch `kernel.py`, or the
functions cached there keep the old code.
"""

import numpy as np

from cleaner.intrinsics import high_product, inner, word32, word64

_P32_1 = np.uint32(0x9E3779B1)
_P32_2 = np.uint32(0x85EBCA77)
_P32_3 = np.uint32(0xC2B2AE3D)
_P64_1 = np.uint64(0x9E3779B185EBCA87)
_P64_2 = np.uint64(0xC2B2AE3D27D4EB4F)
_P64_3 = np.uint64(0x165667B19E3779F9)
_P64_4 = np.uint64(0x85EBCA77C2B2AE63)
_P64_5 = np.uint64(0x27D4EB2F165667C5)
_MIX_1 = np.uint64(0x165667919E3779F9)
_MIX_2 = np.uint64(0x9FB21C651E98DF25)
_LOW_32 = np.uint64(0xFFFFFFFF)

_SECRET = np.frombuffer(
    bytes.fromhex(
        "b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671fcb79e64eccc0e578825ad07dccff7221"
        "b8084674f743248ee03590e6813a264c3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8"
        "a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364eac5ac8334d3ebc3c581a0fffa1363eb"
        "170ddd51b7f0da49d316552629d4689e2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e"
    ),
    np.uint8,
)
"""XXH3's default secret."""

_KEYS = np.frombuffer(_SECRET.tobytes(), "<u8")
"""Its words at multiples of eight bytes."""


@inner
def _secret(offset):
    return word64(_SECRET, offset)


@inner
def _shifted(value, bits):
    return value ^ (value >> bits)


@inner
def _turned64(value, bits):
    return (value << bits) | (value >> (np.uint64(64) - bits))


@inner
def _swapped32(value):
    value = ((value & np.uint64(0x00FF00FF)) << np.uint64(8)) | ((value >> np.uint64(8)) & np.uint64(0x00FF00FF))
    return ((value << np.uint64(16)) | (value >> np.uint64(16))) & _LOW_32


@inner
def _swapped64(value):
    return (_swapped32(value & _LOW_32) << np.uint64(32)) | _swapped32(value >> np.uint64(32))


@inner
def _folded(one, other):
    return (one * other) ^ high_product(one, other)


@inner
def _avalanche(value):
    return _shifted(_shifted(value, np.uint64(37)) * _MIX_1, np.uint64(32))


@inner
def _avalanche64(value):
    """The avalanche of the older XXH64, which XXH3 keeps for the shortest inputs."""
    return _shifted(_shifted(_shifted(value, np.uint64(33)) * _P64_2, np.uint64(29)) * _P64_3, np.uint64(32))


@inner
def _mixed16(data, place, offset):
    return _folded(word64(data, place) ^ _secret(offset), word64(data, place + 8) ^ _secret(offset + 8))


@inner
def _up_to_3(data, start, length):
    """One to three bytes and their number as one word."""
    first, middle, last = data[start], data[start + (length >> 1)], data[start + length - 1]
    return (
        (np.uint64(first) << np.uint64(16))
        | (np.uint64(middle) << np.uint64(24))
        | np.uint64(last)
        | (np.uint64(length) << np.uint64(8))
    )


@inner
def _accumulate(sums, data, place, offset):
    """One stripe of 64 bytes into the eight sums."""
    for lane in range(8):
        word = word64(data, place + 8 * lane)
        key = word ^ _secret(offset + 8 * lane)
        sums[lane ^ 1] += word
        sums[lane] += (key & _LOW_32) * (key >> np.uint64(32))


@inner
def _accumulate_all(sums, data, start, length):
    """The eight sums of a range longer than 240 bytes."""
    sums[0], sums[1], sums[2], sums[3] = np.uint64(_P32_3), _P64_1, _P64_2, _P64_3
    sums[4], sums[5], sums[6], sums[7] = _P64_4, np.uint64(_P32_2), _P64_5, np.uint64(_P32_1)
    for stripe in range((length - 1) // 64):
        _accumulate(sums, data, start + 64 * stripe, 8 * (stripe & 15))
        if stripe & 15 == 15:
            for lane in range(8):
                sums[lane] = (_shifted(sums[lane], np.uint64(47)) ^ _secret(128 + 8 * lane)) * np.uint64(_P32_1)
    _accumulate(sums, data, start + length - 64, np.int64(121))


@inner
def _merged(sums, offset, value):
    for lane in range(0, 8, 2):
        value += _folded(sums[lane] ^ _secret(offset + 8 * lane), sums[lane + 1] ^ _secret(offset + 8 * lane + 8))
    return _avalanche(value)


@inner
def _xxh3_64_to_16(data, start, length):
    size = np.uint64(length)
    if length > 8:
        low = word64(data, start) ^ _KEYS[3] ^ _KEYS[4]
        high = word64(data, start + length - 8) ^ _KEYS[5] ^ _KEYS[6]
        return _avalanche(size + _swapped64(low) + high + _folded(low, high))
    if length >= 4:
        first, last = np.uint64(word32(data, start)), np.uint64(word32(data, start + length - 4))
        value = (last + (first << np.uint64(32))) ^ _KEYS[1] ^ _KEYS[2]
        value = (value ^ _turned64(value, np.uint64(49)) ^ _turned64(value, np.uint64(24))) * _MIX_2
        return _shifted((value ^ ((value >> np.uint64(35)) + size)) * _MIX_2, np.uint64(28))
    if length > 0:
        return _avalanche64(_up_to_3(data, start, length) ^ ((_KEYS[0] ^ (_KEYS[0] >> np.uint64(32))) & _LOW_32))
    return _avalanche64(_KEYS[7] ^ _KEYS[8])


@inner
def _xxh3_64_to_240(data, start, length):
    value = np.uint64(length) * _P64_1
    if length <= 128:
        for i in range((length - 1) // 32 + 1):
            value += _mixed16(data, start + 16 * i, 32 * i)
            value += _mixed16(data, start + length - 16 * (i + 1), 32 * i + 16)
        return _avalanche(value)
    for i in range(8):
        value += _mixed16(data, start + 16 * i, 16 * i)
    value = _avalanche(value)
    for i in range(8, length // 16):
        value += _mixed16(data, start + 16 * i, 16 * (i - 8) + 3)
    return _avalanche(value + _mixed16(data, start + length - 16, np.int64(119)))


@inner
def xxh3_64_from_17_to_64(data, start, length):
    """The same for the length of most shingles, without a branch to guess wrong."""
    end, longer = start + length, np.uint64(0) - np.uint64(length > 32)
    value = np.uint64(length) * _P64_1 + _mixed16(data, start, np.int64(0)) + _mixed16(data, end - 16, np.int64(16))
    return _avalanche(
        value
        + (
            longer
            & (
                _mixed16(data, start + 16, np.int64(32))
                + _mixed16(data, end - 32 if end > 32 else np.int64(0), np.int64(48))
            )
        )
    )


@inner
def xxh3_64(data, start, length, sums):
    """XXH3-64 of one range; `sums` is room for eight numbers."""
    if length <= 16:
        return _xxh3_64_to_16(data, start, length)
    if length <= 240:
        return _xxh3_64_to_240(data, start, length)
    _accumulate_all(sums, data, start, length)
    return _merged(sums, np.int64(11), np.uint64(length) * _P64_1)


@inner
def _xxh3_128_to_16(data, start, length):
    size = np.uint64(length)
    if length > 8:
        first, last = word64(data, start), word64(data, start + length - 8)
        key = first ^ last ^ _KEYS[4] ^ _KEYS[5]
        low = key * _P64_1 + ((size - np.uint64(1)) << np.uint64(54))
        last ^= _KEYS[6] ^ _KEYS[7]
        high = high_product(key, _P64_1) + last + (last & _LOW_32) * np.uint64(_P32_2 - np.uint32(1))
        low ^= _swapped64(high)
        high = high_product(low, _P64_2) + high * _P64_2
        return _avalanche(high), _avalanche(low * _P64_2)
    if length >= 4:
        first, last = np.uint64(word32(data, start)), np.uint64(word32(data, start + length - 4))
        key = (first + (last << np.uint64(32))) ^ _KEYS[2] ^ _KEYS[3]
        factor = _P64_1 + (size << np.uint64(2))
        low = key * factor
        high = high_product(key, factor) + (low << np.uint64(1))
        low ^= high >> np.uint64(3)
        return _avalanche(high), _shifted(_shifted(low, np.uint64(35)) * _MIX_2, np.uint64(28))
    if length > 0:
        low = _up_to_3(data, start, length)
        high = _swapped32(low)
        high = ((high << np.uint64(13)) | (high >> np.uint64(19))) & _LOW_32
        low ^= (_KEYS[0] ^ (_KEYS[0] >> np.uint64(32))) & _LOW_32
        high ^= (_KEYS[1] ^ (_KEYS[1] >> np.uint64(32))) & _LOW_32
        return _avalanche64(high), _avalanche64(low)
    return _avalanche64(_KEYS[10] ^ _KEYS[11]), _avalanche64(_KEYS[8] ^ _KEYS[9])


@inner
def _mixed32(low, high, data, one, other, offset):
    """XXH3-128's step over two times 16 bytes."""
    low = (low + _mixed16(data, one, offset)) ^ (word64(data, other) + word64(data, other + 8))
    high = (high + _mixed16(data, other, offset + 16)) ^ (word64(data, one) + word64(data, one + 8))
    return low, high


@inner
def _xxh3_128_to_240(data, start, length):
    size, end = np.uint64(length), start + length
    low, high = size * _P64_1, np.uint64(0)
    if length <= 128:
        for i in range((length - 1) // 32, -1, -1):
            low, high = _mixed32(low, high, data, start + 16 * i, end - 16 * (i + 1), 32 * i)
    else:
        for i in range(4):
            low, high = _mixed32(low, high, data, start + 32 * i, start + 32 * i + 16, 32 * i)
        low, high = _avalanche(low), _avalanche(high)
        for i in range(4, length // 32):
            low, high = _mixed32(low, high, data, start + 32 * i, start + 32 * i + 16, 32 * (i - 4) + 3)
        low, high = _mixed32(low, high, data, end - 16, end - 32, np.int64(103))
    mixed = low * _P64_1 + high * _P64_4 + size * _P64_2
    return np.uint64(0) - _avalanche(mixed), _avalanche(low + high)


@inner
def xxh3_128(data, start, length, sums):
    """XXH3-128 of one range, the higher half first; `sums` is room for eight numbers."""
    if length <= 16:
        return _xxh3_128_to_16(data, start, length)
    if length <= 240:
        return _xxh3_128_to_240(data, start, length)
    _accumulate_all(sums, data, start, length)
    size = np.uint64(length)
    return _merged(sums, np.int64(117), ~(size * _P64_2)), _merged(sums, np.int64(11), size * _P64_1)
