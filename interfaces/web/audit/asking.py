"""What the auditor's pages are asked with: a position or a moment of the past, as people write it."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query
from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from domain.actor import Role
from domain.refusals import WrongRole
from domain.registry.entry import CIVIL_TIME
from interfaces.web.visitor import Visitor, VisitorDep

FACE = "/audit"
ROLES = (Role.AUDITOR, Role.ADMIN)
MOST = 10**15
_LOCAL = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?)?")


def _read(text: object) -> int | datetime | None:
    """Digits are a position of the log; a time without an offset is the city's; nothing is nothing."""
    if isinstance(text, int | datetime) or text is None:
        return text
    written = str(text).strip()[:80]
    if not written:
        return None
    if re.fullmatch(r"[0-9]{1,15}", written):
        return int(written)
    try:
        at = datetime.fromisoformat(written)
        if at.tzinfo is None and not _LOCAL.fullmatch(written):
            raise ValueError(written)
        at = at if at.tzinfo else at.replace(tzinfo=CIVIL_TIME)
        at.timestamp()
    except (ValueError, OverflowError):
        raise PydanticCustomError("when", "neither a position nor a moment") from None
    return at


When = Annotated[int | datetime | None, BeforeValidator(_read), Query()]
LogId = Annotated[str, Query(pattern=r"^[0-9]{4,6}$")]


async def _auditor(visitor: VisitorDep) -> Visitor:
    if not visitor.actor.roles & set(ROLES):
        raise WrongRole(needed=[role.label for role in ROLES])
    return visitor


AuditorDep = Annotated[Visitor, Depends(_auditor)]
"""Who looks, an auditor or an administrator. Refuses `WrongRole`."""
