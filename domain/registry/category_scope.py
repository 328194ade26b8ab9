"""Category scopes 事项范围: what part of the catalogue a dispatch rule is about, from everything to one condition.

"" is everything; "matter" or "asset" a kind; "matter-06" a 大类; "matter-06017" a 小类 with all its filing
conditions; "matter-06017-1" one condition, the first too written with its number.
"""

import re

from domain.refusals import BadCode
from domain.registry.case_type_key import CaseTypeKey

_SCOPE = re.compile(r"(matter|asset)(?:-([0-9]{2})(?:([0-9]{3})(?:-([1-9][0-9]?))?)?)?")
LEVELS = ("不限", "事项或部件", "大类", "小类", "立案条件")
"""What each narrowness is called, from the widest."""


def category_scope(text: str) -> str:
    """A scope as given. Refuses `BadCode`."""
    if text and _SCOPE.fullmatch(text) is None:
        rule = "应为空（不限）、matter 或 asset、大类如 matter-06、小类如 matter-06017、立案条件如 matter-06017-1"
        raise BadCode(code=text, kind="事项范围", rule=rule)
    return text


def narrowness(scope: str) -> int:
    """0 for everything to 4 for one filing condition."""
    match = _SCOPE.fullmatch(scope)
    return 0 if match is None else sum(part is not None for part in match.groups())


def scopes_of(key: str) -> tuple[str, ...]:
    """The scopes that hold a case type's key, the narrowest first. Refuses `BadCode`."""
    parsed = CaseTypeKey.parse(key)
    kind, code = parsed.kind.value, parsed.class_code
    return f"{kind}-{code}-{parsed.condition_no}", f"{kind}-{code}", f"{kind}-{code[:2]}", kind, ""


def condition_key(scope: str) -> str | None:
    """The case type's key a scope of one filing condition is about; None for a wider one."""
    if narrowness(scope) < len(LEVELS) - 1:
        return None
    whole, number = scope.rsplit("-", 1)
    return whole if number == "1" else scope
