"""xxHash, compiled: XXH32 over many byte ranges at once, XXH3-64 and XXH3-128 over one; seed 0 throughout.

Only `kernel.py` imports this. The formulas are those of the xxHash specification and `tests/test_kernel.py`
holds them to the `xxhash` package. Words are read little-endian, as on every machine Polars has wheels for.

numba does not see that a function in another file has changed: after an edit here, touch `kernel.py`, or the
functions cached there keep the old code.
"""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

BLOCK = 1024
"""Most shingles hashed at once: what belongs to them stays in the first-level cache."""

HASHES = 8
"""Hashes permuted at once; a block of hashes is padded to a multiple of it."""

PERMUTATIONS = 16
"""Permutations of a hash at once: a vector of 512 bits, which smaller machines take in parts."""

MOST_STRIPES = 16
"""Most stripes of 16 bytes that XXH32 takes of all shingles of a block at once; longer ones are hashed alone."""

PADDING = 16 * (MOST_STRIPES + 2)
"""Bytes that may be read behind the end of a range; their values change nothing."""

_P32_1 = np.uint32(0x9E3779B1)
_P32_2 = np.uint32(0x85EBCA77)
_P32_3 = np.uint32(0xC2B2AE3D)
_P32_4 = np.uint32(0x27D4EB2F)
_P32_5 = np.uint32(0x165667B1)
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


def _loading(bits: int, result: types.Integer) -> Any:
    """An intrinsic that reads a word of `bits` at any byte of an array, aligned or not."""

    def load(_: Any, data: Any, __: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            array = context.make_array(signature.args[0])(context, builder, arguments[0])
            place = builder.gep(array.data, [arguments[1]])
            return builder.load(builder.bitcast(place, ir.IntType(bits).as_pointer()), align=1)

        return result(data, types.intp), generate

    return intrinsic(load)


_word32 = _loading(32, types.uint32)
_word64 = _loading(64, types.uint64)


@intrinsic
def _copy16(_typing: Any, data: Any, _place: Any, words: Any, _index: Any) -> Any:
    """Copies 16 bytes from anywhere in one array to words[index : index + 4]."""

    def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        vector = ir.VectorType(ir.IntType(32), 4).as_pointer()
        source, target = (
            builder.gep(context.make_array(kind)(context, builder, array).data, [position])
            for kind, array, position in ((data, *arguments[:2]), (words, *arguments[2:]))
        )
        builder.store(builder.load(builder.bitcast(source, vector), align=1), builder.bitcast(target, vector), align=4)
        return context.get_dummy_value()

    return types.void(data, types.intp, words, types.intp), generate


@intrinsic
def _high_product(_typing: Any, _one: Any, _other: Any) -> Any:
    """The higher 64 bits of a product of two 64-bit numbers."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        wide = ir.IntType(128)
        product = builder.mul(*(builder.zext(argument, wide) for argument in arguments))
        return builder.trunc(builder.lshr(product, wide(64)), ir.IntType(64))

    return types.uint64(types.uint64, types.uint64), generate


@intrinsic
def _lower(_typing: Any, hashes: Any, _i: Any, factors: Any, summands: Any, least: Any, _k: Any) -> Any:
    """least[k : k + 16] = min(least, factors * hash + summands), for the eight hashes from i on.

    Vectors by name, since the compiler on its own takes half of what the widest registers hold.
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        number, vector = ir.IntType(32), ir.VectorType(ir.IntType(32), PERMUTATIONS)

        def place(array: int, index: Any) -> Any:
            data = context.make_array(signature.args[array])(context, builder, arguments[array]).data
            return builder.gep(data, [index])

        at_k = [builder.bitcast(place(array, arguments[5]), vector.as_pointer()) for array in (2, 3, 4)]
        factor, summand, low = (builder.load(pointer, align=4) for pointer in at_k)
        for j in range(HASHES):
            one = builder.load(place(0, builder.add(arguments[1], ir.IntType(64)(j))))
            alone = builder.insert_element(ir.Constant(vector, ir.Undefined), one, number(0))
            repeated = builder.shuffle_vector(alone, alone, ir.Constant(vector, [0] * PERMUTATIONS))
            permuted = builder.add(builder.mul(factor, repeated), summand)
            low = builder.select(builder.icmp_unsigned("<", permuted, low), permuted, low)
        builder.store(low, at_k[2], align=4)
        return context.get_dummy_value()

    return types.void(hashes, types.intp, factors, summands, least, types.intp), generate


@njit(nogil=True, cache=True)
def permute(hashes, count, factors, summands, least):
    """Lowers `least` to the minimum of each permutation of the hashes, which are padded as `mixed_hashes` does.

    The number of permutations is a multiple of PERMUTATIONS.
    """
    for i in range(0, count, HASHES):
        for k in range(0, least.size, PERMUTATIONS):
            _lower(hashes, i, factors, summands, least, k)


# --- XXH32 ---


@njit(nogil=True, cache=True)
def _turned(value, bits):
    return np.uint32((value << np.uint32(bits)) | (value >> np.uint32(32 - bits)))


@njit(nogil=True, cache=True)
def _round32(value, word):
    return np.uint32(_turned(np.uint32(value + np.uint32(word * _P32_2)), 13) * _P32_1)


@njit(nogil=True, cache=True)
def _joined32(one, two, three, four):
    return np.uint32(_turned(one, 1) + _turned(two, 7) + _turned(three, 12) + _turned(four, 18))


@njit(nogil=True, cache=True)
def _with_word(value, word):
    return np.uint32(_turned(np.uint32(value + np.uint32(word * _P32_3)), 17) * _P32_4)


@njit(nogil=True, cache=True)
def _with_byte(value, byte):
    return np.uint32(_turned(np.uint32(value + np.uint32(byte * _P32_5)), 11) * _P32_1)


@njit(nogil=True, cache=True)
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


@njit(nogil=True, cache=True)
def _mixed(value):
    """MurmurHash3's finaliser, which datasketch's affine32 puts before its permutations."""
    value = np.uint32((value ^ (value >> np.uint32(16))) * np.uint32(0x85EBCA6B))
    value = np.uint32((value ^ (value >> np.uint32(13))) * np.uint32(0xC2B2AE35))
    return np.uint32(value ^ (value >> np.uint32(16)))


@njit(nogil=True, cache=True)
def _xxh32(data, start, length):
    """XXH32 of one range of any length from 16 bytes on."""
    one, two = np.uint32(_P32_1 + _P32_2), _P32_2
    three, four = np.uint32(0), np.uint32(np.uint32(0) - _P32_1)
    place, end = start, start + (length & ~15)
    while place < end:
        one = _round32(one, _word32(data, place))
        two = _round32(two, _word32(data, place + 4))
        three = _round32(three, _word32(data, place + 8))
        four = _round32(four, _word32(data, place + 12))
        place += 16
    value = _joined32(one, two, three, four)
    one, two, three, four = (
        _word32(data, end),
        _word32(data, end + 4),
        _word32(data, end + 8),
        _word32(data, end + 12),
    )
    return _finished(value, np.uint32(length), one, two, three, four)


@njit(nogil=True, cache=True)
def _stripe(data, places, count, offset, words, sums):
    """One stripe of 16 bytes of every shingle, whether it still has one or not; the four sums lie side by side."""
    for i in range(count):
        _copy16(data, places[i] + offset, words, 4 * i)
    for i in range(4 * count):
        sums[i] = _round32(sums[i], words[i])


@njit(nogil=True, cache=True)
def _stripes(data, places, lengths, count, stripes, words, sums, values):
    """The sums over each shingle's whole stripes, of which up to `stripes` are looked at."""
    values[:count] = _P32_5
    for i in range(count):
        sums[4 * i] = _P32_1 + _P32_2
        sums[4 * i + 1] = _P32_2
        sums[4 * i + 2] = 0
        sums[4 * i + 3] = np.uint32(0) - _P32_1
    for k in range(stripes):
        _stripe(data, places, count, 16 * k, words, sums)
        for i in range(count):
            value = _joined32(sums[4 * i], sums[4 * i + 1], sums[4 * i + 2], sums[4 * i + 3])
            values[i] = value if lengths[i] >> np.uint32(4) > k else values[i]


@njit(nogil=True, cache=True)
def _ends(data, places, lengths, count, words, values, hashes):
    """The last bytes of each shingle, and datasketch's mixing."""
    for i in range(count):
        _copy16(data, places[i] + (np.int64(lengths[i]) & ~15), words, 4 * i)
    for i in range(count):
        one, two, three, four = words[4 * i], words[4 * i + 1], words[4 * i + 2], words[4 * i + 3]
        hashes[i] = _mixed(_finished(values[i], lengths[i], one, two, three, four))


@njit(nogil=True, cache=True)
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


# --- XXH3 ---


@njit(nogil=True, cache=True)
def _secret(offset):
    return _word64(_SECRET, offset)


@njit(nogil=True, cache=True)
def _shifted(value, bits):
    return value ^ (value >> np.uint64(bits))


@njit(nogil=True, cache=True)
def _turned64(value, bits):
    return (value << np.uint64(bits)) | (value >> np.uint64(64 - bits))


@njit(nogil=True, cache=True)
def _swapped32(value):
    value = ((value & np.uint64(0x00FF00FF)) << np.uint64(8)) | ((value >> np.uint64(8)) & np.uint64(0x00FF00FF))
    return ((value << np.uint64(16)) | (value >> np.uint64(16))) & _LOW_32


@njit(nogil=True, cache=True)
def _swapped64(value):
    return (_swapped32(value & _LOW_32) << np.uint64(32)) | _swapped32(value >> np.uint64(32))


@njit(nogil=True, cache=True)
def _folded(one, other):
    return (one * other) ^ _high_product(one, other)


@njit(nogil=True, cache=True)
def _avalanche(value):
    return _shifted(_shifted(value, 37) * _MIX_1, 32)


@njit(nogil=True, cache=True)
def _avalanche64(value):
    """The avalanche of the older XXH64, which XXH3 keeps for the shortest inputs."""
    return _shifted(_shifted(_shifted(value, 33) * _P64_2, 29) * _P64_3, 32)


@njit(nogil=True, cache=True)
def _mixed16(data, place, offset):
    return _folded(_word64(data, place) ^ _secret(offset), _word64(data, place + 8) ^ _secret(offset + 8))


@njit(nogil=True, cache=True)
def _up_to_3(data, start, length):
    """One to three bytes and their number as one word."""
    first, middle, last = data[start], data[start + (length >> 1)], data[start + length - 1]
    return (
        (np.uint64(first) << np.uint64(16))
        | (np.uint64(middle) << np.uint64(24))
        | np.uint64(last)
        | (np.uint64(length) << np.uint64(8))
    )


@njit(nogil=True, cache=True)
def _accumulate(sums, data, place, offset):
    """One stripe of 64 bytes into the eight sums."""
    for lane in range(8):
        word = _word64(data, place + 8 * lane)
        key = word ^ _secret(offset + 8 * lane)
        sums[lane ^ 1] += word
        sums[lane] += (key & _LOW_32) * (key >> np.uint64(32))


@njit(nogil=True, cache=True)
def _accumulate_all(sums, data, start, length):
    """The eight sums of a range longer than 240 bytes."""
    sums[0], sums[1], sums[2], sums[3] = np.uint64(_P32_3), _P64_1, _P64_2, _P64_3
    sums[4], sums[5], sums[6], sums[7] = _P64_4, np.uint64(_P32_2), _P64_5, np.uint64(_P32_1)
    for stripe in range((length - 1) // 64):
        _accumulate(sums, data, start + 64 * stripe, 8 * (stripe & 15))
        if stripe & 15 == 15:
            for lane in range(8):
                sums[lane] = (_shifted(sums[lane], 47) ^ _secret(128 + 8 * lane)) * np.uint64(_P32_1)
    _accumulate(sums, data, start + length - 64, 121)


@njit(nogil=True, cache=True)
def _merged(sums, offset, value):
    for lane in range(0, 8, 2):
        value += _folded(sums[lane] ^ _secret(offset + 8 * lane), sums[lane + 1] ^ _secret(offset + 8 * lane + 8))
    return _avalanche(value)


@njit(nogil=True, cache=True)
def _xxh3_64_to_16(data, start, length):
    size = np.uint64(length)
    if length > 8:
        low = _word64(data, start) ^ _secret(24) ^ _secret(32)
        high = _word64(data, start + length - 8) ^ _secret(40) ^ _secret(48)
        return _avalanche(size + _swapped64(low) + high + _folded(low, high))
    if length >= 4:
        first, last = np.uint64(_word32(data, start)), np.uint64(_word32(data, start + length - 4))
        value = (last + (first << np.uint64(32))) ^ _secret(8) ^ _secret(16)
        value = (value ^ _turned64(value, 49) ^ _turned64(value, 24)) * _MIX_2
        return _shifted((value ^ ((value >> np.uint64(35)) + size)) * _MIX_2, 28)
    if length > 0:
        return _avalanche64(_up_to_3(data, start, length) ^ ((_secret(0) ^ (_secret(0) >> np.uint64(32))) & _LOW_32))
    return _avalanche64(_secret(56) ^ _secret(64))


@njit(nogil=True, cache=True)
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
    return _avalanche(value + _mixed16(data, start + length - 16, 119))


@njit(nogil=True, cache=True)
def xxh3_64_from_17_to_64(data, start, length):
    """The same for the length of most shingles, without a branch to guess wrong."""
    end, longer = start + length, np.uint64(0) - np.uint64(length > 32)
    value = np.uint64(length) * _P64_1 + _mixed16(data, start, 0) + _mixed16(data, end - 16, 16)
    return _avalanche(value + (longer & (_mixed16(data, start + 16, 32) + _mixed16(data, max(end - 32, 0), 48))))


@njit(nogil=True, cache=True)
def xxh3_64(data, start, length, sums):
    """XXH3-64 of one range; `sums` is room for eight numbers."""
    if length <= 16:
        return _xxh3_64_to_16(data, start, length)
    if length <= 240:
        return _xxh3_64_to_240(data, start, length)
    _accumulate_all(sums, data, start, length)
    return _merged(sums, 11, np.uint64(length) * _P64_1)


@njit(nogil=True, cache=True)
def _xxh3_128_to_16(data, start, length):
    size = np.uint64(length)
    if length > 8:
        first, last = _word64(data, start), _word64(data, start + length - 8)
        key = first ^ last ^ _secret(32) ^ _secret(40)
        low = key * _P64_1 + ((size - np.uint64(1)) << np.uint64(54))
        last ^= _secret(48) ^ _secret(56)
        high = _high_product(key, _P64_1) + last + (last & _LOW_32) * np.uint64(_P32_2 - np.uint32(1))
        low ^= _swapped64(high)
        high = _high_product(low, _P64_2) + high * _P64_2
        return _avalanche(high), _avalanche(low * _P64_2)
    if length >= 4:
        first, last = np.uint64(_word32(data, start)), np.uint64(_word32(data, start + length - 4))
        key = (first + (last << np.uint64(32))) ^ _secret(16) ^ _secret(24)
        factor = _P64_1 + (size << np.uint64(2))
        low = key * factor
        high = _high_product(key, factor) + (low << np.uint64(1))
        low ^= high >> np.uint64(3)
        return _avalanche(high), _shifted(_shifted(low, 35) * _MIX_2, 28)
    if length > 0:
        low = _up_to_3(data, start, length)
        high = _swapped32(low)
        high = ((high << np.uint64(13)) | (high >> np.uint64(19))) & _LOW_32
        low ^= (_secret(0) ^ (_secret(0) >> np.uint64(32))) & _LOW_32
        high ^= (_secret(8) ^ (_secret(8) >> np.uint64(32))) & _LOW_32
        return _avalanche64(high), _avalanche64(low)
    return _avalanche64(_secret(80) ^ _secret(88)), _avalanche64(_secret(64) ^ _secret(72))


@njit(nogil=True, cache=True)
def _mixed32(low, high, data, one, other, offset):
    """XXH3-128's step over two times 16 bytes."""
    low = (low + _mixed16(data, one, offset)) ^ (_word64(data, other) + _word64(data, other + 8))
    high = (high + _mixed16(data, other, offset + 16)) ^ (_word64(data, one) + _word64(data, one + 8))
    return low, high


@njit(nogil=True, cache=True)
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
        low, high = _mixed32(low, high, data, end - 16, end - 32, 103)
    mixed = low * _P64_1 + high * _P64_4 + size * _P64_2
    return np.uint64(0) - _avalanche(mixed), _avalanche(low + high)


@njit(nogil=True, cache=True)
def xxh3_128(data, start, length, sums):
    """XXH3-128 of one range, the higher half first; `sums` is room for eight numbers."""
    if length <= 16:
        return _xxh3_128_to_16(data, start, length)
    if length <= 240:
        return _xxh3_128_to_240(data, start, length)
    _accumulate_all(sums, data, start, length)
    size = np.uint64(length)
    return _merged(sums, 117, ~(size * _P64_2)), _merged(sums, 11, size * _P64_1)
