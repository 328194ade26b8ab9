"""Signed notes 签名文书 (C2SP signed-note): a text, an empty line, and a line for each signature.

Here are the bytes and which key a signature claims; the arithmetic of signatures is handed in.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256

ED25519 = 1
"""The algorithm of a key, as the specification numbers them."""
MOST_SIGNATURES = 100
_NAME = re.compile(r"[^\s+]+")
_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")


class BadNote(ValueError):
    """The text is no signed note, or a key is no key."""


class NotSigned(ValueError):
    """No key that is trusted signed the note, or one did and the signature is wrong."""


def unbase64(text: str) -> bytes:
    """Standard Base 64 (RFC 4648 section 4) in its one canonical form; `BadNote` for any other."""
    try:
        octets = b64decode(text, validate=True)
    except ValueError:
        raise BadNote(f"{text[:80]!r} is not Base 64") from None
    if b64encode(octets).decode() != text:
        raise BadNote(f"{text[:80]!r} is not canonical Base 64")
    return octets


@dataclass(frozen=True)
class VerifierKey:
    """公钥: who signs under which name with which algorithm."""

    name: str
    algorithm: int
    public: bytes

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise BadNote(f"{self.name!r} is no name of a key")

    @property
    def id(self) -> bytes:
        """The first four bytes of a hash over name and key."""
        return sha256(self.name.encode() + b"\n" + bytes((self.algorithm,)) + self.public).digest()[:4]

    def __str__(self) -> str:
        """As it is handed to others: name, id and key with plus signs between."""
        return f"{self.name}+{self.id.hex()}+{b64encode(bytes((self.algorithm,)) + self.public).decode()}"

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """The key in its text form. Raises `BadNote`, also when its id is not its own."""
        name, first, rest = text.partition("+")
        stated, second, key = rest.partition("+")
        octets = unbase64(key) if first and second else b""
        if len(octets) < 2:
            raise BadNote(f"{text[:200]!r} is no verifier key")
        found = cls(name, octets[0], octets[1:])
        if found.id.hex() != stated or (found.algorithm == ED25519 and len(found.public) != 32):
            raise BadNote(f"{text[:200]!r} is no verifier key: its id is not that of the key")
        return found


@dataclass(frozen=True)
class Signature:
    """A signature and the key it claims."""

    name: str
    key_id: bytes
    octets: bytes

    def __str__(self) -> str:
        return f"— {self.name} {b64encode(self.key_id + self.octets).decode()}\n"


@dataclass(frozen=True)
class Note:
    """A text with its signatures. The text ends with a newline, which is signed with it."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return self.text + "\n" + "".join(map(str, self.signatures))

    @classmethod
    def parse(cls, written: str) -> Note:
        """The note in its text form. Raises `BadNote`."""
        text, gap, lines = written.rpartition("\n\n")
        found = lines.removesuffix("\n").split("\n")
        if not gap or not text or not lines.endswith("\n") or len(found) > MOST_SIGNATURES:
            raise BadNote("a note is a text, an empty line and lines of signatures")
        if any((sign < " " and sign != "\n") or "\ud800" <= sign <= "\udfff" for sign in written):
            raise BadNote("a note is UTF-8 without control characters")
        return cls(text + "\n", tuple(map(_signature, found)))


Verify = Callable[[VerifierKey, bytes, bytes], bool]
"""Whether a key made a signature over a text: key, text, signature."""


def signers(note: Note, keys: Iterable[VerifierKey], verify: Verify) -> list[VerifierKey]:
    """Which of the trusted `keys` signed the note; others are passed over. Raises `NotSigned`."""
    known = {(key.name, key.id): key for key in keys}
    found = []
    for signature in note.signatures:
        key = known.get((signature.name, signature.key_id))
        if key is not None:
            if not verify(key, note.text.encode(), signature.octets):
                raise NotSigned(f"the signature of {key.name} is wrong")
            found.append(key)
    if not found:
        raise NotSigned("no trusted key signed this note")
    return found


def _signature(line: str) -> Signature:
    found = _LINE.fullmatch(line)
    octets = unbase64(found[2]) if found else b""
    if found is None or len(octets) < 5:
        raise BadNote("a line of a note is no signature")
    return Signature(found[1], octets[:4], octets[4:])
