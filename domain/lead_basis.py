"""LeadBasis 派遣依据: what named the lead of an assignment, as its event keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class LeadBasis(StrEnum):
    """派遣依据."""

    PERSON = "person"  #: 人工指定
    RULE = "rule"  #: 派遣规则
    CATALOGUE = "catalogue"  #: 编目的默认主办单位
    PLACE = "place"  #: 属地街道 (乡镇)
    NOBODY = "nobody"  #: 无, 由派遣员指定


@dataclass(frozen=True)
class Named:
    """Who or what named the lead; of a rule, its edition and number there."""

    basis: LeadBasis
    rules: str = ""
    rule: str = ""

    def facts(self) -> dict[str, object]:
        """As event data."""
        return {"basis": self.basis.value, "rules": self.rules, "rule": self.rule}


BY_HAND = Named(LeadBasis.PERSON)
