"""One call of Open311: the use cases, the arguments of its address, and the path without its ending."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from application.open311.office import Open311
from application.services import Services
from interfaces.open311.arguments import Arguments

ROOT = "/open311/v2"


@dataclass(frozen=True)
class Call:
    """What a route is given."""

    request: Request
    services: Services
    arguments: Arguments
    named: str
    """What the address names beside the resource: a code or an id, "" where it names none."""

    @property
    def open311(self) -> Open311:
        return self.services.open311
