"""Arrays in PostgreSQL's binary form, made of elements that each caller encoded on its own thread.

Encoding is most of what a save costs beside the commit itself; done once a save, a batch only joins bytes.
"""

from __future__ import annotations

from enum import Enum
from struct import Struct
from typing import Any
from uuid import UUID

import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format


class Kind(Enum):
    """Type of an array's elements: its number in PostgreSQL, and the number of arrays of it."""

    BOOL = (16, 1000)
    BYTEA = (17, 1001)
    INT8 = (20, 1016)
    INT4 = (23, 1007)
    TEXT = (25, 1009)
    UUID = (2950, 2951)


_LENGTH = Struct(">i")
_INT4 = Struct(">ii")
_INT8 = Struct(">iq")
_HEADER = Struct(">iiIii")  # dimensions, whether some are null, type of the elements, how many, index of the first

NULL = b"\xff\xff\xff\xff"
TRUE = b"\0\0\0\1\1"
FALSE = b"\0\0\0\1\0"


def number(value: int) -> bytes:
    """An element of int8[]. Raises `struct.error` beyond eight bytes."""
    return _INT8.pack(8, value)


def small(value: int) -> bytes:
    """An element of int4[]."""
    return _INT4.pack(4, value)


def uuid(value: UUID) -> bytes:
    """An element of uuid[]."""
    return b"\0\0\0\x10" + value.bytes


def text(value: str) -> bytes:
    """An element of text[]. Raises `UnicodeEncodeError` for half a character, `ValueError` for NUL."""
    if "\0" in value:
        raise ValueError("PostgreSQL text holds no NUL")
    return octets(value.encode())


def octets(value: bytes) -> bytes:
    """An element of bytea[]."""
    return _LENGTH.pack(len(value)) + value


class Array(bytes):
    """An array of a type of its own class: the adapter finds the type by the class."""


def _class_of(kind: Kind) -> type[Array]:
    made = type(f"Array{kind.name}", (Array,), {})

    class ArrayDumper(Dumper):
        format = Format.BINARY
        oid = kind.value[1]

        def dump(self, obj: Any) -> bytes:
            return bytes(obj)

    psycopg.adapters.register_dumper(made, ArrayDumper)
    return made


_CLASS = {kind: _class_of(kind) for kind in Kind}


def array(kind: Kind, count: int, elements: bytes) -> Array | None:
    """The array of `count` elements; None for none, which the append takes for an empty one."""
    if not count:
        return None
    return _CLASS[kind](_HEADER.pack(1, 1, kind.value[0], count, 1) + elements)
