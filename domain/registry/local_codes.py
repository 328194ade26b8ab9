"""自定义小类: numbers 080-999 of a 大类 are local, given from the top down and marked in the name (GB/T 47678.5)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from domain.refusals import BadCode
from domain.registry.case_type_key import CaseKind, CaseTypeKey
from domain.registry.catalogue_refusals import NoLocalCode

FIRST_LOCAL, LAST_LOCAL = 80, 999
MARK = "（自定义）"


def next_local_code(kind: CaseKind, heading: str, used: Iterable[str]) -> str:
    """The key of the highest local class of 大类 `heading` ("06") not among the keys `used`, past or present.

    Refuses `BadCode`, and `NoLocalCode` when all are taken.
    """
    if not re.fullmatch(r"[0-9]{2}", heading):
        raise BadCode(code=heading, kind="大类代码", rule="应为两位数字")
    begin = f"{kind.value}-{heading}"
    taken = {CaseTypeKey.parse(key).class_code for key in used if key.startswith(begin)}
    for number in range(LAST_LOCAL, FIRST_LOCAL - 1, -1):
        if (class_code := f"{heading}{number:03d}") not in taken:
            return str(CaseTypeKey(kind, class_code))
    raise NoLocalCode(heading=heading)


def is_local(key: str) -> bool:
    """Whether the class of a key is the city's own."""
    return int(CaseTypeKey.parse(key).class_code[2:]) >= FIRST_LOCAL


def local_name(name: str) -> str:
    """The name with the mark that a local class carries."""
    return name if name.strip().endswith(MARK) else name.strip() + MARK
