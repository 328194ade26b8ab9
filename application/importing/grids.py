"""Importing grids 网格导入 from GeoJSON: new ones are defined, known ones redrawn, renamed and called as the file says.

The ground of every community the file draws in is looked at as it would be afterwards: two grids on one ground, ground
of nobody and ground outside the community are told line by line. Grids the file does not name stay as they are.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from application.importing.geojson import Feature, Unreadable, read_features
from application.importing.grid_features import defined, is_redrawn, revised
from application.importing.report import ImportPlan, ImportReport, Outcome, Progress, carry_out
from application.registry.desk import RegistryDesk
from application.registry.grid_aliases import GridAliases
from application.registry.grid_checks import GroundRules
from domain.actor import Act
from domain.place import grid_code, parent_of
from domain.refusals import Refused
from domain.registry.entry import administer, civil_day, entry_id
from domain.registry.grid import Grid
from domain.registry.ground import Topology

A_BREATH = 50
"""Features settled before others of the event loop have their turn."""


@dataclass
class _Row:
    """One feature: the grid it makes or changes, or why it is rejected."""

    number: int
    code: str
    grid: Grid | None = None
    outcome: Outcome = Outcome.UNCHANGED
    wrong: str = ""


class ImportingGrids:
    """网格导入, from a day on. The same file again changes nothing."""

    def __init__(self, desk: RegistryDesk, ground: GroundRules, aliases: GridAliases) -> None:
        self._desk, self._ground, self._aliases = desk, ground, aliases

    async def run(
        self,
        act: Act,
        content: bytes,
        *,
        valid_from: date | None = None,
        dry_run: bool = False,
        skip_rejected: bool = False,
        progress: Progress = lambda settled, lines: None,
    ) -> ImportReport:
        """Take a collection of features. Refuses `BadFile`, `WrongRole`.

        With `skip_rejected` a community is taken as a whole or not at all: half a drawing is none.
        """
        administer(act)
        day = valid_from or civil_day(act.at)
        features = await asyncio.to_thread(lambda: list(read_features(content)))
        await self._desk.registry.refresh()
        rows = await self._rows(act, features, day, progress)
        await asyncio.to_thread(self._judge, rows, day, skip_rejected)
        plan = ImportPlan()
        for row in rows:
            plan.note(row.number, row.code, Outcome.REJECTED if row.wrong else row.outcome, row.wrong)
            if row.grid is not None and not row.wrong and row.outcome is not Outcome.UNCHANGED:
                plan.work.append(row.grid)
        return await carry_out(plan, self._desk, dry_run=dry_run, skip_rejected=skip_rejected)

    async def _rows(self, act: Act, features: list[Feature | Unreadable], day: date, progress: Progress) -> list[_Row]:
        first = dict[str, int]()
        rows = []
        for feature in features:
            row = _Row(feature.number, feature.code)
            try:
                self._settle(act, feature, day, row, first)
            except Refused as refused:
                row.wrong = refused.detail()
            rows.append(row)
            progress(len(rows), len(features))
            if len(rows) % A_BREATH == 0:
                await asyncio.sleep(0)
        self._require_free_names(rows)
        return rows

    def _settle(self, act: Act, feature: Feature | Unreadable, day: date, row: _Row, first: dict[str, int]) -> None:
        if isinstance(feature, Unreadable):
            row.wrong = feature.reason
            return
        code = grid_code(feature.text("code"))
        if (other := first.setdefault(code, feature.number)) != feature.number:
            row.wrong = f"与第 {other} 个要素的代码重复"
            return
        registry, flaw = self._desk.registry, self._ground.surveyor.flaw
        if registry.holds(entry_id(Grid.TOPIC, code)):
            row.grid = revised(act, feature, registry.grid(code), day, flaw)
            row.outcome = Outcome.CHANGED if row.grid.pending_events else Outcome.UNCHANGED
        else:
            registry.division(parent_of(code), valid_on=day)
            row.grid, row.outcome = defined(act, feature, day, flaw), Outcome.ADDED

    def _require_free_names(self, rows: list[_Row]) -> None:
        """A number is one grid's at a time, in the file as in the registry."""
        sound = [(row, row.grid) for row in rows if row.grid is not None and not row.wrong]
        said = [(row, alias) for row, grid in sound for alias in grid.aliases if alias.last_day is None]
        times = Counter((alias.network, alias.number) for _, alias in said)
        given_up: dict[tuple[str, str], list[str]] = {}
        for row, grid in sound:
            for alias in grid.aliases:
                if alias.last_day is not None:
                    given_up.setdefault((alias.network, alias.number), []).append(row.code)
        for row, alias in said:
            name = (alias.network, alias.number)
            try:
                self._aliases.require_free(row.code, alias, ending=given_up.get(name, ()))
            except Refused as refused:
                row.wrong = refused.detail()
            if times[name] > 1:
                row.wrong = f"{alias.network} 的编号 {alias.number} 在文件中属于 {times[name]} 个网格"

    def _judge(self, rows: list[_Row], day: date, skip_rejected: bool) -> None:
        """Reject the rows whose ground is wrong; again while that leaves others that are wrong without them."""
        while True:
            if skip_rejected:
                _reject_communities(rows)
            drawn = [row.grid for row in rows if row.grid is not None and not row.wrong and is_redrawn(row.grid)]
            communities = {grid.community for grid in drawn}
            if not drawn or not _blame(rows, self._ground.result_of(drawn, day, communities)) or not skip_rejected:
                return


def _reject_communities(rows: list[_Row]) -> None:
    wrong = {parent_of(row.code): row.code for row in reversed(rows) if row.wrong}
    for row in rows:
        if row.grid is not None and not row.wrong and (other := wrong.get(row.grid.community)) and is_redrawn(row.grid):
            row.wrong = f"同一社区的 {other} 被拒收，整个社区的边界不导入"


def _blame(rows: list[_Row], topology: Topology) -> bool:
    """Tell the rows what is wrong with their ground; whether any was told."""
    drawn = {row.code: row for row in rows if row.grid is not None and not row.wrong and is_redrawn(row.grid)}
    told: dict[str, list[str]] = {}
    for overlap in topology.overlaps:
        _tell(told, drawn, [overlap.one, overlap.other], str(overlap))
    for stray in topology.strays:
        _tell(told, drawn, [stray.code], str(stray))
    for gap in topology.gaps:
        beside = [code for code in gap.neighbours if code in drawn]
        first = [code for code in drawn if parent_of(code) == gap.community][:1]
        _tell(told, drawn, beside or first, str(gap))
    for code, faults in told.items():
        drawn[code].wrong = "；".join(faults[:5])
    return bool(told)


def _tell(told: dict[str, list[str]], drawn: Mapping[str, _Row], codes: list[str], fault: str) -> None:
    for code in codes:
        if code in drawn:
            told.setdefault(code, []).append(fault)
