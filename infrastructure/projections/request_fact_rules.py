"""诉求 as facts: who holds it, what came of it, and which limits of its issue each event meets."""

from __future__ import annotations

from infrastructure.projections import fact_clocks as clocks
from infrastructure.projections.fact_sheet import CHANGED, CallBack, Case, Sheet, seconds_between
from infrastructure.projections.issue_fact_rules import FactRule, exempted
from infrastructure.projections.read_model import Facts

BEGIN = "request.received"
FRESH: Case = {"kind": "request", "round": 1, "issue": None, "voice_of": None}


def _received(sheet: Sheet, case: Case, facts: Facts) -> None:
    case.update(place=facts["place"], category=facts["category"], channel=facts["channel"], stage="received")
    case.update(began_at=sheet.at, taken_in_at=facts["place"])
    sheet.record(case, "received", value=facts["kind"])


def _count_as_received(
    sheet: Sheet, case: Case, kind: str, value: str | None = None, said: CallBack | None = None
) -> int:
    """It is counted by when the request was received, so where that lay then."""
    return sheet.record(case, kind, at=case["began_at"], place=case["taken_in_at"], value=value, said=said)


def _answered(sheet: Sheet, case: Case, facts: Facts) -> None:
    case["stage"] = "answered"
    sheet.record(case, "answered")


def _diverted(sheet: Sheet, case: Case, facts: Facts) -> None:
    case["stage"] = "diverted"
    sheet.record(case, "diverted", value=facts["code"])


def _attached(sheet: Sheet, case: Case, facts: Facts) -> None:
    case.update(stage="attached", issue=facts["issue"])
    issue = sheet.cases.get(facts["issue"])
    # The issue may have been told of this voice before.
    if issue and issue["voices"] + issue["absorbed"] > (case["voice_of"] == facts["issue"]):
        case["repeat"] = _count_as_received(sheet, case, "repeat")


def _detached(sheet: Sheet, case: Case, facts: Facts) -> None:
    if nth := case.pop("repeat", None):
        sheet.withdraw(case, "repeat", nth)
    case.update(stage="received", issue=None)


def _meets(sheet: Sheet, case: Case, clock: str) -> None:
    """All requests of an issue share its limits: the first of them that is heard, told or asked meets them."""
    if issue := sheet.handling(case):
        issue[CHANGED] = True
        clocks.meet(sheet, issue, clock, sheet.at)


def _requester_contacted(sheet: Sheet, case: Case, facts: Facts) -> None:
    if facts["reached"]:
        case["stage"] = "contacted"
        _meets(sheet, case, "contact")


def _fed_back(sheet: Sheet, case: Case, facts: Facts) -> None:
    case["stage"] = "fed_back"
    _meets(sheet, case, "feedback")


def _called_back(sheet: Sheet, case: Case, facts: Facts) -> None:
    case["stage"] = "called_back"
    if before := case["counts"].get("called_back"):
        sheet.withdraw(case, "called_back", before)
    said = CallBack(facts["contacted"], facts["solved"], facts["satisfaction"])
    _count_as_received(sheet, case, "called_back", "valid" if facts["valid"] else "invalid", said)
    _meets(sheet, case, "call_back")


def _redo_ordered(sheet: Sheet, case: Case, facts: Facts) -> None:
    case.update(stage="attached", round=facts["round"])


def _moved(sheet: Sheet, case: Case, facts: Facts) -> None:
    case["place"] = facts["place"]


def _closed(sheet: Sheet, case: Case, facts: Facts) -> None:
    case["stage"] = "closed"
    sheet.record(case, "closed", seconds=seconds_between(case["began_at"], sheet.at))


RULES: dict[str, FactRule] = {
    BEGIN: _received,
    "request.answered": _answered,
    "request.diverted": _diverted,
    "request.attached": _attached,
    "request.detached": _detached,
    "request.requester_contacted": _requester_contacted,
    "request.fed_back": _fed_back,
    "request.called_back": _called_back,
    "request.redo_ordered": _redo_ordered,
    "request.moved": _moved,
    "request.closed": _closed,
    "request.exempted": exempted,
}
SILENT = frozenset({
    "request.handed_over", "request.call_back_came_due", "request.exemption_asked", "request.exemption_refused",
})  # fmt: skip
"""Topics that say nothing about holders, limits or outcomes."""
