"""更换主密钥: every key is wrapped anew under a new KEK; neither events nor sealed values are touched."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

Progress = Callable[[int, int], None]
"""Told how many keys are done, and how many there are."""


class KeyRotation(Protocol):
    """What an operator does about KEKs. May be stopped and run again."""

    async def standing(self) -> Mapping[str, int]:
        """How many keys each KEK wraps, the current one's among them."""

    async def rotate(self, progress: Progress, *, renew: bool = True) -> str:
        """Make a new KEK (unless `renew` is off: go on with one that was stopped) and wrap all keys by it; its id."""

    async def retire(self) -> list[str]:
        """Forget the KEKs that wrap nothing any more. Refuses `KeysStillWrapped` while an older one wraps something.

        To be asked some minutes after `rotate`, when no save is under way that had its key from the older one.
        """
