"""Naming: what is asked before an event names attachments; `application.attachments` answers."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from domain.actor import Actor
from domain.attachment_refusals import NoSuchAttachment


class Naming(Protocol):
    """Who may name what."""

    async def require(self, actor: Actor, digests: Collection[str]) -> None:
        """Refuses `NoSuchAttachment` for any that is not kept, or not the actor's to see."""


class NothingKept:
    """Where nothing is kept, no event can name anything."""

    async def require(self, actor: Actor, digests: Collection[str]) -> None:
        if digests:
            raise NoSuchAttachment(digests=sorted(digests))
