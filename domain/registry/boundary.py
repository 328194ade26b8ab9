"""划界: the outline of a division, in one or several parts; the grids of a community lie inside its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from domain.actor import Act, record
from domain.registry.division_events import DivisionEvent
from domain.registry.entry import administer, still_kept, wording
from domain.registry.outline import Flaw, Outline, Rings, outline_of_parts, same_ground
from domain.registry.refusals import NothingChanged

if TYPE_CHECKING:
    from domain.registry.division import Division


class Outlined(DivisionEvent):
    """划界: its ground from now on; `source` names the survey it was taken from."""

    TOPIC = "division.outlined"
    outline: list[Outline]
    source: str

    def apply(self, division: Division) -> None:
        division.outline = self.outline


def draw_outline(act: Act, division: Division, *, parts: Sequence[Rings], source: str, flaw: Flaw) -> None:
    """划界. Refuses `NoLongerKept`, `BadPolygon`, `NothingChanged`, `BadText`."""
    role = administer(act, division.code)
    still_kept(division.label, division.code, division.valid_until, act.at)
    drawn, source = outline_of_parts(parts, flaw), wording(source, "来源")
    if same_ground(drawn, division.outline):
        raise NothingChanged(kind=division.label, code=division.code)
    record(division, type(division).Outlined, act, role, outline=drawn, source=source)
