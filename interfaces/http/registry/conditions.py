"""How a filing condition 立案条件 is shown: what an edition says, its units with what they were said to mean."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from application.registry.registry import Registry
from application.registry.unit_names import unit_named
from domain.limit import Limit
from domain.registry.case_type import CaseType
from domain.registry.case_type_key import CaseKind, CaseTypeKey
from domain.registry.filing_condition import FilingCondition
from interfaces.http.registry.entries import Seen


class NamedUnitView(BaseModel):
    """标准中的一个单位称谓. 没有人指定它是哪个单位时 unit 为 null."""

    name: str
    unit: str | None


class ConditionView(BaseModel):
    """立案条件. 时限待定时 limit 为 null, limit_text 为原文, proposal 为建议, why 为须由人工决定的原因."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    name: str
    kind: CaseKind
    class_code: str
    class_name: str
    condition: str
    closing_condition: str
    limit: Limit | None
    limit_text: Annotated[str, Field(description="处置时限原文，人工设定的为空")]
    proposal: Limit | None
    why: str
    lead: Annotated[str | None, Field(description="默认主办单位")]
    lead_units: Annotated[list[NamedUnitView], Field(description="处置单位")]
    supervising_units: Annotated[list[NamedUnitView], Field(description="主管单位")]
    legal_basis: str
    legal_clauses: str
    collection_rules: str


class CaseTypeView(ConditionView, Seen):
    """编目中的一个立案条件, 为所问之日 (缺省今天) 所施行的. 已立案的案件仍按立案时的版次."""

    edition: Annotated[str, Field(description="版次")]
    in_force: bool
    valid_from: date
    valid_until: date | None


def condition_seen(content: FilingCondition, registry: Registry) -> ConditionView:
    """The condition as people see it."""
    return ConditionView(**_said(content, registry))


def case_type_seen(case_type: CaseType, registry: Registry, day: date) -> CaseTypeView:
    """What a condition says on a day."""
    revision = case_type.on(day)
    until = case_type.valid_until
    return CaseTypeView(
        **_said(revision.content, registry), version=case_type.version, edition=revision.edition,
        in_force=case_type.in_force(day), valid_from=date.fromisoformat(case_type.valid_from),
        valid_until=until and date.fromisoformat(until),
    )  # fmt: skip


def _said(content: FilingCondition, registry: Registry) -> dict[str, Any]:
    key, reading = CaseTypeKey.parse(content.code), content.reading
    open_limit = content.limit is None
    texts = ("name", "class_name", "condition", "closing_condition", "limit_text", "limit", "lead")
    laws = ("legal_basis", "legal_clauses", "collection_rules")
    return {name: getattr(content, name) for name in ("code", *texts, *laws)} | {
        "kind": key.kind,
        "class_code": key.class_code,
        "proposal": reading.proposal if open_limit else None,
        "why": reading.why if open_limit else "",
        "lead_units": [_named(registry, name) for name in content.lead_names],
        "supervising_units": [_named(registry, name) for name in content.supervisor_names],
    }


def _named(registry: Registry, name: str) -> NamedUnitView:
    return NamedUnitView(name=name, unit=unit_named(registry, name))
