"""DutyLists 职责准入清单: which units of an assignment have a list without the class, and whether that is refused."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from application.registry.admission_rules import AdmissionRules
from domain.refusals import NotAdmitted
from domain.registry.admission_policy import OffList
from domain.registry.case_type_key import class_key


class DutyLists:
    """The lists on a day, under the policies in force that day."""

    def __init__(self, rules: AdmissionRules) -> None:
        self._rules = rules

    def off_list(self, category: str, units: Iterable[str], on: date) -> list[str]:
        """Those of `units` to whom the class must not be passed that day, each once, in their order.

        Who leads and who assists does the work; a copy only informs and is not asked here.
        """
        named = (self._rules.registry.unit(code) for code in dict.fromkeys(units))
        return [unit.code for unit in named if not unit.admits(category, on)]

    def require_allowed(self, category: str, off_list: Collection[str], *, grid: str, on: date) -> None:
        """Refuses `NotAdmitted`, naming those of `off_list` whose policy refuses; the rest go on with a flag."""
        refusing, editions = [], []
        for code in off_list:
            unit = self._rules.registry.unit(code)
            rule = self._rules.of(unit, on)
            if rule.off_list(unit.level) is OffList.REFUSE:
                refusing.append(code)
                editions.append(rule.edition)
        if refusing:
            raise NotAdmitted(
                unit=refusing,
                category=class_key(category),
                day=on,
                grid=grid,
                edition="、".join(dict.fromkeys(editions)),
            )
