"""CaseTypeKey 编目编码: how a filing condition is named in print, and the parts of that name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from domain.refusals import BadCode

MOST_CONDITIONS = 99


class CaseKind(StrEnum):
    """案件类别. The numbers of the two overlap, so the kind is part of the key."""

    MATTER = "matter"  #: 事项
    ASSET = "asset"  #: 部件

    @property
    def label(self) -> str:
        """The word people read."""
        return "事项" if self is CaseKind.MATTER else "部件"


@dataclass(frozen=True, slots=True)
class CaseTypeKey:
    """Kind, five digits (two of the 大类, three of the 小类) and the number of the filing condition.

    Printed "matter-06017" for the first condition, "matter-06017-2" for the second.
    """

    kind: CaseKind
    class_code: str
    condition_no: int = 1

    @classmethod
    def parse(cls, text: str) -> CaseTypeKey:
        """From its printed form. Refuses `BadCode`."""
        match = re.fullmatch(r"(matter|asset)-([0-9]{5})(?:-([2-9]|[1-9][0-9]))?", text)
        if match is None:
            rule = "应为 matter（事项）或 asset（部件）加 5 位数字，第二个立案条件起加序号，如 matter-06017-2"
            raise BadCode(code=text, kind="编目编码", rule=rule)
        return cls(CaseKind(match[1]), match[2], int(match[3] or 1))

    def __str__(self) -> str:
        number = "" if self.condition_no == 1 else f"-{self.condition_no}"
        return f"{self.kind.value}-{self.class_code}{number}"


def class_key(key: str) -> str:
    """The printed key without the number of its filing condition: duties are admitted by class."""
    return "-".join(key.split("-")[:2])
