"""The house at the command line: opened for one command, used by the operator, closed again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

from application.command import deed
from domain.actor import Act
from interfaces.wiring import House, cli_actor, configure, load, now, open_house

T = TypeVar("T")


def in_house(use: Callable[[House, Act], Awaitable[T]], *, everywhere: bool = False, reason: str = "") -> T:
    """What `use` answers. `everywhere` lets the operator speak of places outside the city."""

    async def within() -> T:
        async with open_house(settings) as house:
            return await use(house, deed(operator, now=now(), reason=reason))

    settings = load()
    configure("WARNING")
    operator = cli_actor(settings)
    if everywhere:
        operator = replace(operator, areas=("",))
    return asyncio.run(within())
