"""Editions of the catalogue in the small city of `tests.registry_office`: conditions, drafts, publications."""

from __future__ import annotations

from collections.abc import Coroutine, Iterable
from datetime import date
from typing import Any

from domain.limit import Limit, LimitUnit
from domain.registry.filing_condition import FilingCondition
from tests.registry_office import Office, admin, run

APRIL, MAY, JULY = date(2026, 4, 1), date(2026, 5, 1), date(2026, 7, 1)
EVE_OF_JULY = date(2026, 6, 30)
HOURS, DAYS = Limit(4, LimitUnit.WORK_HOUR), Limit(2, LimitUnit.WORKDAY)
FELLED, FELLED_2, LITTER, LID = "matter-06022", "matter-06022-2", "matter-06010", "asset-01001"


def condition(code: str = LITTER, limit: Limit | None = HOURS, **said: Any) -> FilingCondition:
    usual: dict[str, Any] = {
        "name": "暴露垃圾", "class_name": "市容环境", "condition": f"{code}的立案条件", "closing_condition": "清理",
    }  # fmt: skip
    return FilingCondition(code=code, limit=limit, **(usual | said))


def draft(office: Office, code: str, effective: date, conditions: Iterable[FilingCondition] = (), **said: Any) -> None:
    run(office.editions.draft(
        admin(), code=code, name=f"立案标准 {code}", source="test", effective_from=effective, **said
    ))  # fmt: skip
    for content in conditions:
        run(office.editions.put(admin(), code=code, condition=content))


def publish(office: Office, code: str, effective: date, *conditions: FilingCondition) -> None:
    """An edition drafted with these conditions and published."""
    draft(office, code, effective, conditions)
    run(office.editions.publish(admin(), code=code))


def all_that_happens_to_editions(office: Office) -> tuple[Coroutine[object, object, object], ...]:
    """Every event of editions, of conditions by editions and of unit names, in an order in which they may happen."""
    editions, act = office.editions, admin()
    odd, open_one = condition(FELLED, None, limit_text="1紧急工作时制止"), condition(LITTER, None, limit_text="4小时")
    name, source = "立案标准", "test"
    return (
        editions.draft(act, code="e1", name=name, source=source, effective_from=APRIL),
        editions.put(act, code="e1", condition=odd),
        editions.put(act, code="e1", condition=open_one),
        editions.decide_limit(act, code="e1", limit_text="4小时", limit_amount=4, limit_unit="work_hour"),
        editions.reschedule(act, code="e1", effective_from=MAY),
        editions.publish(act, code="e1"),
        office.catalogue.decide_limit(act, code=FELLED, edition="e1", limit_amount=1, limit_unit="urgent_hour"),
        editions.draft(act, code="e2", name=name, source=source, effective_from=JULY),
        editions.put(act, code="e2", condition=odd),
        editions.put(act, code="e2", condition=open_one),
        editions.strike(act, code="e2", condition=LITTER),
        editions.publish(act, code="e2"),
        editions.draft(act, code="e3", name=name, source=source, effective_from=JULY),
        editions.discard(act, code="e3"),
        office.unit_names.map(act, name="河东街道", unit="hedong"),
        office.unit_names.map(act, name="河东街道", unit=None),
    )
