"""What numba lacks, in LLVM's words: words read at any byte, wide products, and whole vectors at once.

Words are read little-endian, as on every machine Polars has wheels for.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import xxhash
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

_UNWRAPPED: Any = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}

inner = njit(nogil=True, **_UNWRAPPED)
"""Compiles a function that only compiled ones call: it takes a third less time without what Python would call it by.

On disk it is only within these. Kept by itself too it would save no time, and processes that compile at once would
write to one file.

What else keeps the compiler's seconds few, of which a new machine has to spend them all: constants that are passed on
have a type of numpy's, since numba compiles a function anew for each plain one; and a loop in place of a method of
arrays, which costs half a second.
"""


def outer(function: Callable[..., Any]) -> Any:
    """Compiles a function that Python calls, and keeps on disk what comes of it until the code of this package changes.

    numba looks at the file of the function alone, but what it keeps holds all that is called from there and the
    constants of other files: after an update it would go on with what these were.
    """
    compiled: Any = njit(nogil=True, cache=True)(function)
    with suppress(AttributeError):  # nothing is kept if numba compiles nothing, as it can be told to
        file = compiled._cache._cache_file
        file._source_stamp = (file._source_stamp, _code())
    return compiled


@cache
def _code() -> bytes:
    """The digest of the code of this package; of none where it is hidden."""
    state, here = xxhash.xxh3_128(), Path(__file__).parent
    with suppress(OSError):
        for path in sorted(here.rglob("*.py")):
            content = path.read_bytes()
            state.update(f"{path.relative_to(here).as_posix()} {len(content)}\n".encode() + content)
    return state.digest()


HASHES = 8
"""Hashes permuted at once; a block of hashes is padded to a multiple of it."""

PERMUTATIONS = 16
"""Permutations of a hash at once: a vector of 512 bits, which smaller machines take in parts."""


def _loading(bits: int, result: types.Integer) -> Any:
    """An intrinsic that reads a word of `bits` at any byte of an array, aligned or not."""

    def load(_: Any, data: Any, __: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            array = context.make_array(signature.args[0])(context, builder, arguments[0])
            place = builder.gep(array.data, [arguments[1]])
            return builder.load(builder.bitcast(place, ir.IntType(bits).as_pointer()), align=1)

        return result(data, types.intp), generate

    return intrinsic(load)


word32 = _loading(32, types.uint32)
word64 = _loading(64, types.uint64)


@intrinsic
def put64(_typing: Any, data: Any, _place: Any, _word: Any) -> Any:
    """Puts a word of 64 bits at any byte of an array."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        place = builder.gep(array.data, [arguments[1]])
        builder.store(arguments[2], builder.bitcast(place, ir.IntType(64).as_pointer()), align=1)
        return context.get_dummy_value()

    return types.void(data, types.intp, types.uint64), generate


@intrinsic
def first_bit(_typing: Any, _word: Any) -> Any:
    """The place of the lowest bit of a word of 64 that is not 0."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.IntType(1)(1))

    return types.uint64(types.uint64), generate


@intrinsic
def copy16(_typing: Any, data: Any, _place: Any, words: Any, _index: Any) -> Any:
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
def high_product(_typing: Any, _one: Any, _other: Any) -> Any:
    """The higher 64 bits of a product of two 64-bit numbers."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        wide = ir.IntType(128)
        product = builder.mul(*(builder.zext(argument, wide) for argument in arguments))
        return builder.trunc(builder.lshr(product, wide(64)), ir.IntType(64))

    return types.uint64(types.uint64, types.uint64), generate


@intrinsic
def lowered(_typing: Any, hashes: Any, _i: Any, factors: Any, summands: Any, least: Any, _k: Any) -> Any:
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


# --- Characters and arrays ---


@inner
def with_room(array, size):
    """The array, or a larger one that begins with it."""
    if size <= array.size:
        return array
    larger = np.empty(size if size > 2 * array.size else 2 * array.size, array.dtype)
    for i in range(array.size):
        larger[i] = array[i]
    return larger


@inner
def code_point(source, place):
    """The code point beyond ASCII that begins here, and its number of bytes."""
    lead, code = np.uint32(source[place]), np.uint32(source[place + np.uint64(1)] & 63)
    if lead < 0xE0:
        return np.uint64((lead & 31) << 6 | code), np.uint64(2)
    code = code << 6 | (source[place + np.uint64(2)] & 63)
    if lead < 0xF0:
        return np.uint64((lead & 15) << 12 | code), np.uint64(3)
    return np.uint64((lead & 7) << 18 | code << 6 | (source[place + np.uint64(3)] & 63)), np.uint64(4)


@inner
def copied(values, count, kind):
    """The first values, as numbers of that kind, in an array of their own."""
    own = np.empty(count, kind)
    for i in range(count):
        own[i] = values[i]
    return own
