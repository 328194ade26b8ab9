"""Open311: everything that face calls, wired once; what it says of itself; which area a jurisdiction means."""

from __future__ import annotations

from dataclasses import dataclass

from application.open311.keys import KeepingApiKeys
from application.open311.offered import ServiceList
from application.open311.public_cases import PublicCases
from application.open311.reporting import Reporting
from application.ports import Logs
from domain.open311_refusals import NoSuchJurisdiction


@dataclass(frozen=True)
class About:
    """What discovery tells people: whom to ask, how a key is had, and whether this is in earnest."""

    contact: str
    key_service: str
    type: str


@dataclass(frozen=True)
class Open311:
    """Use cases and read side."""

    logs: Logs
    keys: KeepingApiKeys
    services: ServiceList
    cases: PublicCases
    reporting: Reporting
    about: About

    async def area_of(self, jurisdiction: str) -> str:
        """The place a jurisdiction means: the city or a district by its code, or what a key in use calls its area.

        "" for none named, as one city is served. Refuses `NoSuchJurisdiction`.
        """
        if not jurisdiction or jurisdiction in {log.log_id for log in self.logs.every()}:
            return jurisdiction
        for key in await self.keys.every():
            if key.jurisdiction == jurisdiction and key.ended_at is None:
                return key.area
        raise NoSuchJurisdiction(jurisdiction=jurisdiction)
