"""GroundRules 地块规则: whether grids may be drawn so, beside what is registered, from a day on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from application.registry.registry import Registry
from application.registry.surveying import Outlines, Surveyor
from domain.place import Level
from domain.registry.division import Division
from domain.registry.grid import Grid
from domain.registry.grid_refusals import refuse_gaps, refuse_overlaps, refuse_strays
from domain.registry.ground import Plot, Topology

EVERY = 1_000_000
"""As many entries as there are."""


class GroundRules:
    """Asks the surveyor about plots of the registry. Faults that were there before are not blamed on a change."""

    def __init__(self, registry: Registry, surveyor: Surveyor) -> None:
        self._registry, self.surveyor = registry, surveyor

    def require_sound(self, changed: Sequence[Grid], first_day: date) -> None:
        """Refuses `GridsOverlap`, `OutsideCommunity`, `GridsGap` for what `changed` do wrong from `first_day` on."""
        for day in self._days(changed, first_day):
            faults = self._made_worse(changed, day)
            if faults.overlaps:
                raise refuse_overlaps(faults)
            if faults.strays:
                raise refuse_strays(faults)
            if faults.gaps:
                raise refuse_gaps(faults)

    def topology(self, within: str, on: date) -> Topology:
        """拓扑检查: all that is wrong among the grids in a place (a whole community at least) on a day."""
        grids = self._registry.grids(within=within, valid_on=on, limit=EVERY)
        outlined = self._registry.entries(
            Division, lambda one: one.level is Level.COMMUNITY and bool(one.outline) and one.in_force(on),
            begin=within, limit=EVERY,
        )  # fmt: skip
        communities = {one.code for one in outlined} | {grid.community for grid in grids}
        return self.surveyor.topology(self._plots(grids, on), sorted(communities), self.outlines(communities))

    def result_of(self, changed: Sequence[Grid], on: date, communities: Iterable[str]) -> Topology:
        """All that would be wrong in `communities` on a day if `changed` were recorded."""
        wanted = sorted(communities)
        near = [grid for code in wanted for grid in self._registry.grids(within=code, valid_on=on, limit=EVERY)]
        plots = self._overlaid(self._plots([*near, *changed], on), changed, on)
        return self.surveyor.topology(plots, wanted, self.outlines(wanted))

    def outlines(self, communities: Iterable[str]) -> Outlines:
        """The outlines of those communities that have one."""
        found = (self._registry.entries(Division, lambda one: bool(one.outline), begin=code) for code in communities)
        return {one.code: one.outline for (one, *_) in filter(None, found)}

    def _made_worse(self, changed: Sequence[Grid], day: date) -> Topology:
        codes = [grid.code for grid in changed if grid.in_force(day)]
        if not codes:
            return Topology()
        communities = {grid.community for grid in changed}
        near = [grid for code in communities for grid in self._registry.grids(within=code, valid_on=day, limit=EVERY)]
        before = self._plots([*near, *changed], day)
        after = self._overlaid(before, changed, day)
        return self.surveyor.made_worse(before, after, codes, self.outlines(communities))

    def _plots(self, grids: Sequence[Grid], day: date) -> list[Plot]:
        """The registered plots of `grids` and of all that touch them on a day."""
        found: dict[str, Grid] = {}
        for grid in grids:
            for each in self._registry.touching(grid.drawn_on(day).polygon, valid_on=day):
                found[each.code] = each
        return [Plot(code, found[code].drawn_on(day).polygon) for code in sorted(found)]

    def _overlaid(self, before: Sequence[Plot], changed: Sequence[Grid], day: date) -> list[Plot]:
        replaced = {grid.code for grid in changed}
        kept = [plot for plot in before if plot.code not in replaced]
        return [*kept, *(Plot(grid.code, grid.drawn_on(day).polygon) for grid in changed if grid.in_force(day))]

    def _days(self, changed: Sequence[Grid], first_day: date) -> list[date]:
        """`first_day`, and every later one on which something around the changed grids begins or ends."""
        near = {
            grid.code: grid
            for one in changed
            for grid in self._registry.grids(within=one.community, limit=EVERY)
        }  # fmt: skip
        days = {first_day.isoformat()}
        for grid in (*near.values(), *changed):
            days |= {drawing.first_day for drawing in grid.drawings}
            if grid.valid_until is not None:
                days.add((date.fromisoformat(grid.valid_until) + timedelta(days=1)).isoformat())
        return [date.fromisoformat(day) for day in sorted(days) if day >= first_day.isoformat()]
