"""网格事件 on the board: what each event changes in the row of its issue."""

from __future__ import annotations

from datetime import datetime

from infrastructure.projections import pausing_rules, stage_clock_rules
from infrastructure.projections.folding import Row, Rule, only
from infrastructure.projections.read_model import Facts

BEGIN = "issue.reported"
FRESH: Row = {
    "lead": "", "copies": [], "assists": [], "handler": "", "filed_at": None, "assigned_at": None, "accepted_at": None,
    "resolved_at": None, "checked_at": None, "closed_at": None, "limit_amount": None, "limit_unit": None,
    "clock_start": None, "due": None, "case_due": None, "overdue": None, "solved_level": None, "assignments": 0,
    "returns": 0, "ping_pong": 0, "round": 1, "voices": 0, "off_list": False, "merged_into": None, "exempt": False,
    "exemption_asked": False, "counted_grid": None, "calendar": None, "calendar_version": None, "provisional": None,
    "case_calendar": None, "case_calendar_version": None,
    "level": "grid", "coordinator": "", "contact": "", "passed_up": [], "escalations": 0, "escalated_at": None,
    "missed_due": None, "missed_by": None, "missed_grid": None,
    **pausing_rules.FRESH,
    **stage_clock_rules.FRESH,
}  # fmt: skip
_MEASURED = ("due", "calendar", "calendar_version", "provisional")
_CLOCK = ("limit_amount", "limit_unit", "clock_start", "case_due", *_MEASURED)
_UNJUDGED: Row = {**stage_clock_rules.UNJUDGED, "resolved_at": None, "checked_at": None, "overdue": None}
_AFRESH: Row = {**_UNJUDGED, **pausing_rules.ANEW, "counted_grid": None}


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
    row.update(pausing_rules.ANEW, counted_grid=None)
    row.update(stage="assigned", handler="", assigned_at=facts["timestamp"], accepted_at=None)
    if row["case_calendar"] is None:
        row.update(case_calendar=facts["calendar"], case_calendar_version=facts["calendar_version"])
    row.update(assignments=facts["nth"], ping_pong=row["ping_pong"] + facts["again"])


def _accepted(row: Row, facts: Facts) -> None:
    row.update(stage="accepted", handler=facts["by"], accepted_at=facts["timestamp"])


def _return_asked(row: Row, facts: Facts) -> None:
    row.update(stage="return_asked", stopped_at=facts["timestamp"])


def _return_granted(row: Row, facts: Facts) -> None:
    row.update(stage_clock_rules.WITHOUT_LEAD, stage="returned", returns=row["returns"] + 1)


def _return_refused(row: Row, facts: Facts) -> None:
    row.update(_measured(facts), stage=facts["back_to"], stopped_at=None, counted_grid=None)


def _resolved(row: Row, facts: Facts) -> None:
    row.update(extension_asked="", suspension_asked=False)
    row.update(stage="resolved", resolved_at=facts["timestamp"], solved_level=facts["level"], overdue=facts["overdue"])
    if facts["overdue"]:
        _keep_first_miss(row)


def _keep_first_miss(row: Row) -> None:
    # What was late once is counted as late, when, where and of whom it was, however its redo goes.
    if row["missed_due"] is None:
        row.update(missed_due=row["due"], missed_by=row["lead"], missed_grid=row["counted_grid"] or row["grid"])


def _escalated(row: Row, facts: Facts) -> None:
    below = [row["level"], row["coordinator"], row["contact"]]
    row.update(passed_up=[*row["passed_up"], *below], escalations=row["escalations"] + 1)
    row.update(level=facts["level"], coordinator=facts["to_unit"], contact=facts["leader"])
    row.update(escalated_at=facts["timestamp"])


def _sent_down(row: Row, facts: Facts) -> None:
    level, coordinator, contact = row["passed_up"][-3:] or ("grid", "", "")
    row.update(passed_up=row["passed_up"][:-3], level=level, coordinator=coordinator, contact=contact)


def _solved_on_spot(row: Row, facts: Facts) -> None:
    row.update(stage="solved", resolved_at=facts["timestamp"], solved_level="grid", overdue=False, handler=facts["by"])


def _checked(row: Row, facts: Facts) -> None:
    row.update(stage="checked" if facts["passed"] else "failed", checked_at=facts["timestamp"])


def _rework_ordered(row: Row, facts: Facts) -> None:
    row.update(_AFRESH, **_measured(facts), stage="assigned", round=facts["round"])


def _redo_ordered(row: Row, facts: Facts) -> None:
    row.update(_AFRESH, **_measured(facts), stage="assigned", round=facts["round"])
    row.update(clock_start=facts["clock_start"], closed_at=None)
    row.update(limit_amount=facts["limit_amount"], limit_unit=facts["limit_unit"])


def _recalculated(row: Row, facts: Facts) -> None:
    if facts["due"] != facts["due_before"]:
        row["counted_grid"] = None
    row.update(_measured(facts), case_due=facts["case_due"], case_calendar_version=facts["case_calendar_version"])


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


def _measured(facts: Facts) -> Row:
    return {name: facts[name] for name in _MEASURED}


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
    "issue.return_asked": _return_asked,
    "issue.return_granted": _return_granted,
    "issue.return_refused": _return_refused,
    "issue.resolved": _resolved,
    "issue.solved_on_spot": _solved_on_spot,
    "issue.checked": _checked,
    "issue.rework_ordered": _rework_ordered,
    "issue.redo_ordered": _redo_ordered,
    "issue.deadline_recalculated": _recalculated,
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
    "issue.escalated": _escalated,
    "issue.sent_down": _sent_down,
    "issue.exemption_asked": only(exemption_asked=True),
    "issue.exempted": only(exemption_asked=False, exempt=True),
    "issue.exemption_refused": only(exemption_asked=False),
    **pausing_rules.RULES,
    **stage_clock_rules.RULES,
}
