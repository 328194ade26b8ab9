"""Use cases that change several grids at once: redraw neighbours together, split, merge, renumber. One save each.

Staff whose areas name a grid that ends get the grids that follow it beside it, where the giver of the order may keep
their areas: else workers would lose sight of cases that move. Aliases stay unique.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import date, timedelta

from application.ports import Receipt, RequestKey
from application.registry.desk import RegistryDesk
from application.registry.grid_checks import EVERY, GroundRules
from application.registry.registry import Entry
from domain.actor import Act
from domain.refusals import AlreadyRegistered
from domain.registry.entry import civil_day
from domain.registry.grid import Grid
from domain.registry.grid_refusals import BadSuccession
from domain.registry.grid_succession import MOST_GRIDS, Successor, merge, renumber, split
from domain.registry.outline import Rings
from domain.registry.refusals import NotAGridWorker
from domain.registry.staff import MOST_AREAS, Staff

Versions = Mapping[str, int | None]
"""Codes of grids, each with the version its giver saw, or None for whichever."""


class GridChanges:
    """网格调整. All refuse `NoSuchEntry`, `Stale`, `NoLongerKept`, and what the ground rules refuse."""

    def __init__(self, desk: RegistryDesk, ground: GroundRules) -> None:
        self._desk, self._ground = desk, ground

    async def redraw(
        self,
        act: Act,
        *,
        drawings: Mapping[str, Rings],
        first_day: date | None = None,
        versions: Versions,
        key: RequestKey | None = None,
    ) -> Receipt:
        """边界调整 of neighbours together: what one gives up another takes. Refuses `NothingChanged` for any."""
        if not 1 <= len(drawings) <= MOST_GRIDS:
            raise BadSuccession(problem=f"一次应调整 1 至 {MOST_GRIDS} 个网格的边界")

        def decide(grids: Sequence[Grid]) -> Sequence[Entry]:
            for grid in grids:
                flaw = self._ground.surveyor.flaw
                grid.redraw(act, polygon=drawings[grid.code], flaw=flaw, first_day=first_day)
            self._ground.require_sound(grids, first_day or civil_day(act.at))
            return grids

        seen = {code: versions.get(code) for code in drawings}
        return await self._desk.change_several(Grid, seen, decide, key=key)

    async def split(
        self,
        act: Act,
        *,
        code: str,
        into: Sequence[Successor],
        last_day: date,
        version: int | None = None,
        key: RequestKey | None = None,
    ) -> Receipt:
        """拆分 after `last_day`. Refuses `GroundNotKept`, `BadSuccession`, `AlreadyRegistered`."""

        def decide(grids: Sequence[Grid]) -> Sequence[Entry]:
            (old,) = grids
            surveyor = self._ground.surveyor
            news = split(act, old=old, into=into, last_day=last_day, flaw=surveyor.flaw, differ=surveyor.differ)
            return self._settled(act, [old], news, last_day)

        return await self._desk.change_several(Grid, {code: version}, decide, key=key)

    async def merge(
        self, act: Act, *, versions: Versions, into: Successor, last_day: date, key: RequestKey | None = None
    ) -> Receipt:
        """合并 after `last_day`. Refuses as `split` does. The receipt is of the first old grid."""

        def decide(olds: Sequence[Grid]) -> Sequence[Entry]:
            surveyor = self._ground.surveyor
            new = merge(act, olds=olds, into=into, last_day=last_day, flaw=surveyor.flaw, differ=surveyor.differ)
            return self._settled(act, olds, [new], last_day)

        return await self._desk.change_several(Grid, versions, decide, key=key)

    async def renumber(
        self,
        act: Act,
        *,
        code: str,
        new_code: str,
        last_day: date,
        version: int | None = None,
        key: RequestKey | None = None,
    ) -> Receipt:
        """重编号 after `last_day`. The new code's community must be valid then. Refuses `BadSuccession`."""

        def decide(grids: Sequence[Grid]) -> Sequence[Entry]:
            (old,) = grids
            new = renumber(act, old=old, code=new_code, last_day=last_day, flaw=self._ground.surveyor.flaw)
            return self._settled(act, [old], [new], last_day)

        return await self._desk.change_several(Grid, {code: version}, decide, key=key)

    def _settled(self, act: Act, olds: Sequence[Grid], news: Sequence[Grid], last_day: date) -> list[Entry]:
        """All that is recorded together, the old grids first."""
        first_day = last_day + timedelta(days=1)
        for new in news:
            if self._desk.registry.holds(new.id):
                raise AlreadyRegistered(kind=new.label, code=new.code)
            self._desk.registry.division(new.community, valid_on=first_day)
        self._ground.require_sound([*olds, *news], first_day)
        staff = self._follow(act, {old.code: [new.code for new in news] for old in olds})
        workers = {old.worker for old in olds}
        if len(news) == 1 and len(workers) == 1 and (worker := workers.pop()) is not None:
            self._take_over(act, news[0], worker, staff)
        return [*olds, *news, *staff]

    def _take_over(self, act: Act, new: Grid, worker: str, moved: Sequence[Staff]) -> None:
        """The one worker of the old grids goes on, if still on duty there. Refuses `NotAGridWorker` out of area."""
        now = next((one for one in moved if one.code == worker), self._desk.registry.staff(worker))
        if now.left_on is not None:
            return
        if not now.works_in(new.code):
            raise NotAGridWorker(staff=worker, grid=new.code)
        new.assign_worker(act, worker=worker)

    def _follow(self, act: Act, successors: Mapping[str, Sequence[str]]) -> list[Staff]:
        """Staff on duty whose areas name an old grid, with the new ones added; changed copies, not yet recorded."""
        changed = []
        for known in self._desk.registry.staff_members(limit=EVERY):
            added = [code for old in known.areas if old in successors for code in successors[old]]
            wanted = sorted({*known.areas, *(code for code in added if not known.actor().covers(code))})
            mine = known.code != act.actor.id and all(act.actor.covers(area) for area in known.areas)
            if mine and len(known.areas) < len(wanted) <= MOST_AREAS:
                # The registry's own entry is for reading; the copy's version makes a change in between a conflict.
                member = deepcopy(known)
                member.assign_areas(act, areas=wanted)
                changed.append(member)
        return changed
