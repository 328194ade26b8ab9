"""Evidence 证明: that one leaf stands at its place in a log that was signed; all that is needed to see so offline."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass

from domain.proof.checkpoint import Checkpoint
from domain.proof.note import Note, NotSigned, VerifierKey, Verify, signers
from domain.proof.verifying import includes


@dataclass(frozen=True)
class Evidence:
    """The path from a leaf's hash at a position to the root in a signed checkpoint."""

    position: int
    leaf_hash: bytes
    path: tuple[bytes, ...]
    note: str

    def proves(self, origin: str, keys: Iterable[VerifierKey], verify: Verify) -> Checkpoint | None:
        """The checkpoint of the log `origin` that proves the leaf; None when the path does not lead to its root.

        Raises `BadNote` and `NotSigned` as the note deserves.
        """
        note = Note.parse(self.note)
        signers(note, keys, verify)
        head = Checkpoint.parse(note.text)
        if head.origin != origin:
            raise NotSigned(f"this is a checkpoint of {head.origin}, not of {origin}")
        proven = includes(head.root, head.size, self.position - 1, self.leaf_hash, self.path)
        return head if proven else None

    @property
    def text(self) -> str:
        """As a file of C2SP tlog-proof."""
        lines = [f"index {self.position - 1}", *(b64encode(one).decode() for one in self.path)]
        return "c2sp.org/tlog-proof@v1\n" + "".join(f"{line}\n" for line in lines) + "\n" + self.note
