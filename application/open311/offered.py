"""服务项: what Open311 lets people ask for, by the catalogue in force: one a 小类, its conditions as the question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from application.registry.registry import Registry
from domain.open311_refusals import NoSuchService
from domain.registry.case_type import CaseType
from domain.registry.case_type_key import CaseTypeKey, class_key
from domain.registry.filing_condition import FilingCondition

CONDITION = "condition"
"""The code of the one question there is: which of several filing conditions."""
_ALL = 1_000_000


@dataclass(frozen=True)
class Offered:
    """One service on a day: its 小类, and each filing condition in force with its key."""

    code: str
    conditions: tuple[FilingCondition, ...]

    @property
    def asks(self) -> bool:
        """Whether it has a question at all: with one condition there is nothing to choose."""
        return len(self.conditions) > 1

    @property
    def name(self) -> str:
        return self.conditions[0].name

    @property
    def class_name(self) -> str:
        return self.conditions[0].class_name

    @property
    def description(self) -> str:
        """立案条件, each on a line of its own."""
        return "\n".join(dict.fromkeys(one.condition for one in self.conditions))

    @property
    def keywords(self) -> tuple[str, ...]:
        """Words to be found by. They are told with commas between, so none holds one."""
        words = (self.name, self.class_name, CaseTypeKey.parse(self.code).kind.label)
        return tuple(dict.fromkeys(word.replace(",", "，") for word in words))


class ServiceList:
    """The services of one city."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def on(self, day: date) -> Sequence[Offered]:
        """All of them, by code."""
        found: dict[str, list[FilingCondition]] = {}
        for one in self._registry.case_types(valid_on=day, limit=_ALL):
            found.setdefault(class_key(one.code), []).append(one.on(day).content)
        return [_offered(code, conditions) for code, conditions in sorted(found.items())]

    def one(self, code: str, day: date) -> Offered:
        """Refuses `NoSuchService`, also for one no longer in force."""
        of_class = self._registry.entries(CaseType, lambda one: one.in_force(day), begin=code, limit=_ALL)
        conditions = [one.on(day).content for one in of_class if class_key(one.code) == code]
        if not conditions:
            raise NoSuchService(code=code[:40])
        return _offered(code, conditions)

    def require_known(self, code: str) -> None:
        """Refuses `NoSuchService` for one there never was; cases of an abolished one are still asked for."""
        known = self._registry.entries(CaseType, lambda one: class_key(one.code) == code, begin=code, limit=1)
        if not known:
            raise NoSuchService(code=code[:40])

    def changed_at(self, before: datetime) -> datetime:
        """When the catalogue last changed, `before` when it never did."""
        all_types = self._registry.entries(CaseType, lambda _: True, limit=_ALL)
        return max((one.modified_on for one in all_types), default=before)


def _offered(code: str, conditions: Sequence[FilingCondition]) -> Offered:
    in_order = sorted(conditions, key=lambda one: CaseTypeKey.parse(one.code).condition_no)
    return Offered(code, tuple(in_order))
