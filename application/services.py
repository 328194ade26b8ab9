"""Services: everything a face calls, wired once at the start of the process."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from time import monotonic

from application.command import Cases
from application.issues import Issues
from application.keeping_accounts import KeepingAccounts
from application.ports import Clock, Logs
from application.registry.catalogue import Catalogue
from application.registry.desk import RegistryDesk
from application.registry.divisions import Divisions
from application.registry.grids import Grids
from application.registry.registry import Registry
from application.registry.staff import StaffRoll
from application.registry.units import Units
from application.requests import Requests
from application.sign_in import SignIn
from application.views import Boards
from domain.rates import RatePolicy
from domain.refusals import NotYetVisible


@dataclass(frozen=True)
class Services:
    """Use cases, boards and the clock."""

    clock: Clock
    logs: Logs
    registry: Registry
    cases: Cases
    issues: Issues
    requests: Requests
    boards: Boards
    sign_in: SignIn
    accounts: KeepingAccounts
    divisions: Divisions
    grids: Grids
    units: Units
    staff: StaffRoll
    catalogue: Catalogue
    desk: RegistryDesk
    rate_policy: RatePolicy

    async def reach(self, log_id: str, position: int, *, within_seconds: float = 5.0) -> None:
        """Wait until the boards of a log show `position`. Refuses `NotYetVisible` when they do not in time."""
        give_up = monotonic() + within_seconds
        while (reached := await self.boards.position(log_id)) < position:
            if monotonic() > give_up:
                raise NotYetVisible(log=log_id, reached=reached, wanted=position)
            await asyncio.sleep(0.02)
