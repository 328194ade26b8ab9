"""Importing boundaries 界线导入: outlines of registered divisions from GeoJSON, told apart by the property `code`."""

from __future__ import annotations

from copy import deepcopy

from application.importing.geojson import Feature, Unreadable, read_features
from application.importing.report import ImportPlan, ImportReport, Outcome, carry_out
from application.registry.desk import RegistryDesk
from application.registry.surveying import Surveyor
from domain.actor import Act
from domain.place import division_code
from domain.refusals import Refused
from domain.registry.boundary import draw_outline
from domain.registry.division import Division
from domain.registry.entry import administer, wording
from domain.registry.refusals import NothingChanged


class ImportingBoundaries:
    """界线导入. The same file again changes nothing; divisions the file does not name stay as they are."""

    def __init__(self, desk: RegistryDesk, surveyor: Surveyor) -> None:
        self._desk, self._surveyor = desk, surveyor

    async def run(
        self, act: Act, content: bytes, *, source: str, dry_run: bool = False, skip_rejected: bool = False
    ) -> ImportReport:
        """Take a collection of features. Refuses `BadFile`, `WrongRole`, `BadText`."""
        administer(act)
        source = wording(source, "来源")
        features = list(read_features(content))
        await self._desk.registry.refresh()
        plan, taken = ImportPlan(), dict[str, int]()
        for feature in features:
            try:
                self._settle(act, feature, source, plan, taken)
            except Refused as refused:
                plan.note(feature.number, feature.code, Outcome.REJECTED, refused.detail())
        return await carry_out(plan, self._desk, dry_run=dry_run, skip_rejected=skip_rejected)

    def _settle(
        self, act: Act, feature: Feature | Unreadable, source: str, plan: ImportPlan, taken: dict[str, int]
    ) -> None:
        number, code = feature.number, feature.code
        if isinstance(feature, Unreadable):
            plan.note(number, code, Outcome.REJECTED, feature.reason)
            return
        known = self._desk.registry.division(division_code(code))
        if (first := taken.setdefault(code, number)) != number:
            plan.note(number, code, Outcome.REJECTED, f"与第 {first} 个要素的代码重复")
            return
        # The registry's own entry is for reading; the copy's version makes a change in between a conflict.
        division: Division = deepcopy(known)
        try:
            draw_outline(act, division, parts=feature.parts, source=source, flaw=self._surveyor.flaw)
        except NothingChanged:
            plan.note(number, code, Outcome.UNCHANGED)
            return
        plan.work.append(division)
        plan.note(number, code, Outcome.CHANGED if known.outline else Outcome.ADDED)
