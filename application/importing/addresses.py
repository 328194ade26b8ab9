"""Importing addresses 地址导入: a list becomes registered addresses, as often as it comes.

A line is registered, renames or relocates what is registered, changes nothing, or is rejected with its reason. An
address whose point now lies in another grid is relocated. What is registered but not listed stays as it is.
"""

from __future__ import annotations

import asyncio
from copy import deepcopy
from datetime import date

from application.importing.address_rows import AddressRow, read_addresses
from application.importing.report import ImportPlan, ImportReport, Outcome, Progress, carry_out
from application.registry.desk import RegistryDesk
from domain.actor import Act
from domain.refusals import Refused
from domain.registry.address import Address
from domain.registry.entry import administer, civil_day, entry_id, still_kept

_AT_A_TIME = 500


class ImportingAddresses:
    """地址导入."""

    def __init__(self, desk: RegistryDesk) -> None:
        self._desk = desk

    async def run(
        self, act: Act, content: bytes, *, valid_from: date | None = None, dry_run: bool = False,
        skip_rejected: bool = False, progress: Progress = lambda settled, lines: None,
    ) -> ImportReport:  # fmt: skip
        """Take a CSV file; new addresses are valid from `valid_from` on, or from today. Refuses `BadFile`, `WrongRole`.

        Only addresses in the actor's area are taken.
        """
        administer(act)
        rows = list(read_addresses(content))
        await self._desk.registry.refresh()
        plan = ImportPlan()
        lines: dict[str, int] = {}
        for settled, row in enumerate(rows, start=1):
            if isinstance(row, AddressRow):
                self._settle(plan, row, act, lines, valid_from or civil_day(act.at))
            else:
                plan.lines.append(row)
            if settled % _AT_A_TIME == 0:
                progress(settled, len(rows))
                await asyncio.sleep(0)
        return await carry_out(plan, self._desk, dry_run=dry_run, skip_rejected=skip_rejected)

    def _settle(self, plan: ImportPlan, row: AddressRow, act: Act, lines: dict[str, int], valid_from: date) -> None:
        """Plan one line; `lines` tells where a code stood first."""
        if row.code in lines:
            plan.note(row.line, row.code, Outcome.REJECTED, f"与第 {lines[row.code]} 行的代码重复")
            return
        lines[row.code] = row.line
        try:
            grid = self._desk.registry.locate(row.longitude, row.latitude, valid_on=civil_day(act.at)).code
            if self._desk.registry.holds(entry_id(Address.TOPIC, row.code)):
                self._compare(plan, row, act, grid)
            else:
                plan.work.append(_registered(row, act, grid, valid_from))
                plan.note(row.line, row.code, Outcome.ADDED)
        except Refused as refused:
            plan.note(row.line, row.code, Outcome.REJECTED, refused.detail())

    def _compare(self, plan: ImportPlan, row: AddressRow, act: Act, grid: str) -> None:
        # The registry's own entry is for reading; the copy's version makes a change in between a conflict.
        address = deepcopy(self._desk.registry.find(Address, row.code))
        still_kept(address.label, address.code, address.valid_until, act.at)
        news = []
        if (row.name, row.aliases) != (address.name, address.aliases):
            news.append(f"原名 {address.name}" if row.name != address.name else "别名有变")
            address.rename(act, name=row.name, aliases=row.aliases)
        if (row.longitude, row.latitude, grid) != (address.longitude, address.latitude, address.grid):
            news.append(f"原在网格 {address.grid}" if grid != address.grid else "位置有变")
            address.relocate(act, longitude=row.longitude, latitude=row.latitude, grid=grid)
        if news:
            plan.work.append(address)
        plan.note(row.line, row.code, Outcome.CHANGED if news else Outcome.UNCHANGED, "；".join(news))


def _registered(row: AddressRow, act: Act, grid: str, valid_from: date) -> Address:
    return Address.register(
        act, code=row.code, name=row.name, aliases=row.aliases, longitude=row.longitude, latitude=row.latitude,
        grid=grid, valid_from=valid_from,
    )  # fmt: skip
