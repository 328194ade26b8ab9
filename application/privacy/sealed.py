"""密封: personal details as they are kept, and the wrapped key that opens them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from domain.sealing import commitment


class WrappedKey(NamedTuple):
    """A key under a key-encryption key (KEK), which the keeper knows by `kek_id`."""

    kek_id: str
    wrapped: bytes


@dataclass(frozen=True)
class SealedDetails:
    """What a person told, each field sealed under the subject's key; a new subject comes with that key, wrapped.

    `tags` are the truncated keyed digests that fields are looked up by.
    """

    subject: UUID
    fields: dict[str, bytes] = field(repr=False)
    key: WrappedKey | None = field(default=None, repr=False)
    tags: dict[str, int] = field(default_factory=dict, repr=False)

    @property
    def commitment(self) -> dict[str, str]:
        """What the event that is saved with them says of them."""
        return commitment(self.fields)
