"""Checkpoint 检查点 (C2SP tlog-checkpoint): the head of a log's tree, as a text to be signed."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass

from domain.proof.note import BadNote, unbase64
from domain.proof.tree import HASH_BYTES

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True)
class Checkpoint:
    """The root of the tree over the first `size` leaves of the log named by `origin`."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """What is signed: three lines, and those of extensions, of which we write none."""
        lines = (self.origin, str(self.size), b64encode(self.root).decode(), *self.extensions)
        return "".join(f"{line}\n" for line in lines)

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """The checkpoint a note's text says. Raises `BadNote`."""
        origin, size, root, *extensions = (*text.removesuffix("\n").split("\n"), "", "")[: max(3, text.count("\n"))]
        if not origin or not _SIZE.fullmatch(size) or not all(extensions) or not text.endswith("\n"):
            raise BadNote("a checkpoint is an origin, a size and a root, each on a line")
        octets = unbase64(root)
        if len(octets) != HASH_BYTES:
            raise BadNote("the root of a checkpoint is a SHA-256 hash")
        return cls(origin, int(size), octets, tuple(extensions))
