"""The rules and the registry of the synthetic town, on logs in memory."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, time
from functools import cache

from application.issues import Issues
from application.registry.admission_rules import AdmissionRules
from application.registry.desk import RegistryDesk
from application.synthetic.registering import entries
from application.synthetic.town import CITY, DISTRICTS, SINCE
from domain.actor import Act, Actor, Role
from domain.registry.admission_policy import OffList
from infrastructure.calendars import chinese_office_calendar
from infrastructure.registry.view import RegistryView
from tests.fakes import MemoryLog, MemoryLogs

FOUNDER = Act(
    Actor("founder", frozenset({Role.ADMIN}), "", (CITY,)), datetime.combine(SINCE, time(1), UTC)
)  # fmt: skip


@cache
def office() -> Issues:
    """What cases of the town are made by."""
    logs = MemoryLogs(MemoryLog(CITY), *(MemoryLog(code) for code in DISTRICTS))
    view = RegistryView(logs.city)
    asyncio.run(RegistryDesk(logs.city, view).register_many(entries(FOUNDER)))
    return Issues(logs, view, chinese_office_calendar(), AdmissionRules(view, OffList.REFUSE))
