"""AdmissionRules: which 准入办法 is in force for the list of a unit on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from application.registry.registry import Registry
from domain.actor import Act
from domain.registry.admission_policy import AdmissionPolicy, AdmissionRule, OffList
from domain.registry.entry import civil_day, entry_id
from domain.registry.unit import Unit

_PLACES = (6, 4)
"""Whose policy is asked, by the digits of its code: the district's own before the city's."""


@dataclass(frozen=True)
class AdmissionRules:
    """The policies of the registry, and `usual`, what holds where none is in force."""

    registry: Registry
    usual: OffList

    def of(self, unit: Unit, on: date) -> AdmissionRule:
        """The rule for the list of a unit on a day; one without an edition is the setting of the house."""
        for digits in _PLACES:
            code = unit.place[:digits]
            if self.registry.holds(entry_id(AdmissionPolicy.TOPIC, code)):
                rule = self.registry.find(AdmissionPolicy, code).on(on)
                if rule is not None:
                    return rule
        return AdmissionRule(edition="", since="", street=self.usual, community=self.usual)

    def reviewing_place(self, unit: Unit, on: date) -> str:
        """What somebody has to cover who decides about the list of a unit that day."""
        return self.of(unit, on).reviewing_place(unit.level, unit.place)

    def require_reviewer(self, act: Act, unit: Unit) -> None:
        """Refuses `OutsideArea` unless who acts covers what reviewers of this list cover."""
        act.within(self.reviewing_place(unit, civil_day(act.at)))
