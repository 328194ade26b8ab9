"""Surveyor 测绘: the geometry that rules about ground need. `infrastructure.registry` measures; the rules are here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from domain.registry.ground import Difference, Plot, Topology
from domain.registry.outline import Outline

Outlines = Mapping[str, Sequence[Outline]]
"""The outline of each community that has one, in one or several parts."""


class Surveyor(Protocol):
    """Drawings are degrees CGCS2000, answers square metres. Tolerances are those of `domain.registry.ground`."""

    def flaw(self, polygon: Outline) -> str | None:
        """What is wrong with a drawing by itself, in Chinese, or None."""

    def area_m2(self, polygon: Outline) -> float:
        """Square metres."""

    def differ(self, olds: Sequence[Outline], news: Sequence[Outline]) -> Difference | None:
        """What ground the two sets do not share, None within tolerance."""

    def topology(self, plots: Sequence[Plot], communities: Sequence[str], outlines: Outlines) -> Topology:
        """What is wrong among `plots` in `communities`.

        A gap is ground inside a community's outline that no plot covers; of a community without an outline, ground
        its plots enclose, and strips between them no wider than a sliver but with more ground than is borne.
        """

    def made_worse(
        self, before: Sequence[Plot], after: Sequence[Plot], changed: Sequence[str], outlines: Outlines
    ) -> Topology:
        """What the grids `changed` do wrong now: overlaps and strays of theirs, and gaps where there were none.

        Ground that was nobody's before is no new gap, unless it is now a strip beside one of `changed`.
        """
