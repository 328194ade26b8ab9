"""网格事件 on the board: what each event changes in the row of its issue."""

from __future__ import annotations

from datetime import datetime

from infrastructure.projections.folding import Row, Rule, only
from infrastructure.projections.read_model import Facts

BEGIN = "issue.reported"
FRESH: Row = {
    "lead": "", "copies": [], "assists": [], "handler": "", "filed_at": None, "assigned_at": None, "accepted_at": None,
    "resolved_at": None, "checked_at": None, "closed_at": None, "limit_amount": None, "limit_unit": None,
    "clock_start": None, "due": None, "case_due": None, "overdue": None, "solved_level": None, "assignments": 0,
    "returns": 0, "ping_pong": 0, "round": 1, "voices": 0, "off_list": False, "merged_into": None, "exempt": False,
    "exemption_asked": False, "counted_grid": None,
}  # fmt: skip
_CLOCK = ("limit_amount", "limit_unit", "clock_start", "due", "case_due")
_UNJUDGED: Row = {"resolved_at": None, "checked_at": None, "overdue": None}
_AFRESH: Row = {**_UNJUDGED, "counted_grid": None}


def _reported(row: Row, facts: Facts) -> None:
    for name in ("grid", "grid_edition", "category", "channel", "urgency", "longitude", "latitude", "subject"):
        row[name] = facts[name]
    row.update(stage="reported", reported_by=facts["by"], reported_at=facts["timestamp"])


def _moved(row: Row, facts: Facts) -> None:
    # A deadline that has passed is counted where the issue lay when it did; one to come, where the issue goes.
    passed = row["due"] is not None and _instant(row["due"]) <= _instant(facts["timestamp"])
    row.update(counted_grid=(row["counted_grid"] or row["grid"]) if passed else None)
    row.update(grid=facts["grid"], grid_edition=facts["grid_edition"])


def _filed(row: Row, facts: Facts) -> None:
    row.update(stage="filed", category=facts["category"], filed_at=facts["timestamp"])


def _assigned(row: Row, facts: Facts) -> None:
    for name in ("lead", "copies", "assists", "off_list", *_CLOCK):
        row[name] = facts[name]
    row["counted_grid"] = None
    row.update(stage="assigned", handler="", assigned_at=facts["timestamp"], accepted_at=None)
    row.update(assignments=facts["nth"], ping_pong=row["ping_pong"] + facts["again"])


def _accepted(row: Row, facts: Facts) -> None:
    row.update(stage="accepted", handler=facts["by"], accepted_at=facts["timestamp"])


def _return_granted(row: Row, facts: Facts) -> None:
    row.update(stage="returned", returns=row["returns"] + 1)


def _return_refused(row: Row, facts: Facts) -> None:
    row.update(stage=facts["back_to"], due=facts["due"], counted_grid=None)


def _resolved(row: Row, facts: Facts) -> None:
    row.update(stage="resolved", resolved_at=facts["timestamp"], solved_level=facts["level"], overdue=facts["overdue"])


def _solved_on_spot(row: Row, facts: Facts) -> None:
    row.update(stage="solved", resolved_at=facts["timestamp"], solved_level="grid", overdue=False, handler=facts["by"])


def _checked(row: Row, facts: Facts) -> None:
    row.update(stage="checked" if facts["passed"] else "failed", checked_at=facts["timestamp"])


def _rework_ordered(row: Row, facts: Facts) -> None:
    row.update(_AFRESH, stage="assigned", round=facts["round"], due=facts["due"])


def _redo_ordered(row: Row, facts: Facts) -> None:
    row.update(_AFRESH, stage="assigned", round=facts["round"], due=facts["due"])
    row.update(clock_start=facts["clock_start"], closed_at=None)


def _reopened(row: Row, facts: Facts) -> None:
    row.update(_UNJUDGED, stage="reported", round=facts["round"], closed_at=None, solved_level=None)


def _handed_over(row: Row, facts: Facts) -> None:
    row.update(handler=facts["to_staff"])


def _closed(row: Row, facts: Facts) -> None:
    row.update(stage="closed", closed_at=facts["timestamp"])


def _attached(row: Row, facts: Facts) -> None:
    row["voices"] += 1


def _detached(row: Row, facts: Facts) -> None:
    row["voices"] -= 1


def _merged_into(row: Row, facts: Facts) -> None:
    row.update(stage="merged", merged_into=facts["into"])


def _unmerged(row: Row, facts: Facts) -> None:
    row.update(stage=facts["back_to"], merged_into=None)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


RULES: dict[str, Rule] = {
    "issue.reported": _reported,
    "issue.voided": only(stage="voided"),
    "issue.filed": _filed,
    "issue.consultation_opened": only(stage="consulting"),
    "issue.consultation_concluded": only(stage="filed"),
    "issue.assigned": _assigned,
    "issue.accepted": _accepted,
    "issue.return_asked": only(stage="return_asked"),
    "issue.return_granted": _return_granted,
    "issue.return_refused": _return_refused,
    "issue.resolved": _resolved,
    "issue.solved_on_spot": _solved_on_spot,
    "issue.checked": _checked,
    "issue.rework_ordered": _rework_ordered,
    "issue.redo_ordered": _redo_ordered,
    "issue.reopened": _reopened,
    "issue.closed": _closed,
    "issue.request_attached": _attached,
    "issue.request_detached": _detached,
    "issue.merged_into": _merged_into,
    "issue.unmerged": _unmerged,
    "issue.handed_over": _handed_over,
    "issue.moved": _moved,
    "issue.absorbed": only(),
    "issue.released": only(),
    "issue.exemption_asked": only(exemption_asked=True),
    "issue.exempted": only(exemption_asked=False, exempt=True),
    "issue.exemption_refused": only(exemption_asked=False),
}
