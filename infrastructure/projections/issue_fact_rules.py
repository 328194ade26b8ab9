"""网格事件 as facts: what each event says of who holds it, of its limits, and of what came of it."""

from __future__ import annotations

from collections.abc import Callable

from domain.limit_stages import LimitStage
from infrastructure.projections import fact_clocks as clocks
from infrastructure.projections.fact_sheet import Case, Sheet, instant, seconds_between
from infrastructure.projections.read_model import Facts

FactRule = Callable[[Sheet, Case, Facts], None]
BEGIN = "issue.reported"
FRESH: Case = {
    "kind": "issue", "lead": "", "round": 1, "level": "grid", "edition": "", "filed_at": None, "assigned_at": None,
    "clock_began": None, "resolved_at": None, "solved": None, "code": None, "voices": 0, "absorbed": 0,
    "merged_into": None, "redone": False,
}  # fmt: skip
_OF_THE_ASSIGNMENT = (LimitStage.HANDLE, LimitStage.CASE)
"""Stages whose clocks the assignment's events set."""


def stage(name: str) -> FactRule:
    """A rule that only leads to a stage."""

    def rule(sheet: Sheet, case: Case, facts: Facts) -> None:
        case["stage"] = name

    return rule


def exempted(sheet: Sheet, case: Case, facts: Facts) -> None:
    sheet.exempt(case)


def _reported(sheet: Sheet, case: Case, facts: Facts) -> None:
    case.update(place=facts["grid"], category=facts["category"], channel=facts["channel"], stage="reported")
    case.update(began_at=sheet.at, reported_at=sheet.at)
    sheet.record(case, "reported", value="patrol_first" if facts["channel"] == "patrol" else None)


def _voided(sheet: Sheet, case: Case, facts: Facts) -> None:
    clocks.stop(sheet, case, list(case["clocks"]))
    case["stage"] = "voided"
    sheet.record(case, "voided")


def _filed(sheet: Sheet, case: Case, facts: Facts) -> None:
    case.update(stage="filed", category=facts["category"], filed_at=sheet.at)
    sheet.record(case, "filed", seconds=seconds_between(case["reported_at"], sheet.at))


def _case_due(case: Case, facts: Facts) -> str:
    """When the case is to be closed by: its clock never starts again, so what is redone has the time of its redo."""
    due: str = facts["case_due"]
    return max(due, facts["due"], key=instant) if case["redone"] else due


def _set_both(sheet: Sheet, case: Case, facts: Facts) -> None:
    case["edition"] = facts["edition"]
    # The case clock began with the first assignment and never starts again.
    case["clock_began"] = case["clock_began"] or facts["clock_start"]
    clocks.set_lead(sheet, case, "handle", facts["due"], facts["clock_start"])
    clocks.set_case(sheet, case, _case_due(case, facts), case["clock_began"])


def _assigned(sheet: Sheet, case: Case, facts: Facts) -> None:
    case.update(stage="assigned", lead=facts["lead"], assigned_at=sheet.at)
    first = facts["nth"] == 1 and case["filed_at"] is not None
    seconds = seconds_between(case["filed_at"], sheet.at) if first else None
    sheet.record(case, "assigned", value="again" if facts["again"] else None, seconds=seconds)
    clocks.meet(sheet, case, "dispatch", sheet.at)
    _set_both(sheet, case, facts)


def _accepted(sheet: Sheet, case: Case, facts: Facts) -> None:
    case["stage"] = "accepted"
    waited = case["assigned_at"]
    sheet.record(case, "accepted", seconds=waited and seconds_between(waited, sheet.at))
    clocks.meet(sheet, case, "accept", sheet.at)


def _return_asked(sheet: Sheet, case: Case, facts: Facts) -> None:
    case.update(stage="return_asked", code=facts["code"])
    clocks.stop(sheet, case, clocks.LEADS)


def _return_granted(sheet: Sheet, case: Case, facts: Facts) -> None:
    sheet.record(case, "returned", unit=facts["lead"], value=case["code"])
    clocks.stop(sheet, case, clocks.LEADS)
    case.update(stage="returned", lead="")


def _return_refused(sheet: Sheet, case: Case, facts: Facts) -> None:
    case["stage"] = facts["back_to"]
    sheet.record(case, "return_refused", value=case["code"])
    _set_both(sheet, case, facts)


def _resolved(sheet: Sheet, case: Case, facts: Facts) -> None:
    case.update(stage="resolved", resolved_at=sheet.at, solved=facts["level"])
    seconds = seconds_between(case["began_at"], sheet.at)
    sheet.record(case, "resolved", value=facts["level"], seconds=seconds)
    clocks.meet(sheet, case, "handle", sheet.at)


def _solved_on_spot(sheet: Sheet, case: Case, facts: Facts) -> None:
    case.update(stage="solved", resolved_at=sheet.at, solved="grid")
    sheet.record(case, "solved_on_spot", value="grid", seconds=seconds_between(case["began_at"], sheet.at))


def _checked(sheet: Sheet, case: Case, facts: Facts) -> None:
    case["stage"] = "checked" if facts["passed"] else "failed"
    sheet.record(case, "checked", value="passed" if facts["passed"] else "failed")
    clocks.meet(sheet, case, "check", sheet.at)


def _unjudge(sheet: Sheet, case: Case, facts: Facts) -> None:
    """What was judged is not any more: it goes round again."""
    clocks.stop(sheet, case, clocks.OF_JUDGING)
    if case.pop("closing", None):
        sheet.withdraw(case, "closed", case["counts"]["closed"])
    case.update(round=facts["round"], resolved_at=None, solved=None)


def _again(outcome: str) -> FactRule:
    def rule(sheet: Sheet, case: Case, facts: Facts) -> None:
        sheet.record(case, outcome)
        case.update(stage="assigned", assigned_at=sheet.at, redone=case["redone"] or outcome == "redo")
        _set_both(sheet, case, facts)
        _unjudge(sheet, case, facts)

    return rule


def _reopened(sheet: Sheet, case: Case, facts: Facts) -> None:
    sheet.record(case, "redo" if facts["request"] else "rework")
    _unjudge(sheet, case, facts)
    case.update(stage="reported", reported_at=sheet.at)


def _closed(sheet: Sheet, case: Case, facts: Facts) -> None:
    case.update(stage="closed", closing=True)
    seconds = seconds_between(case["began_at"], sheet.at)
    sheet.record(case, "closed", value=case["solved"], seconds=seconds)
    clocks.stop(sheet, case, ("check",))
    clocks.meet(sheet, case, "close", case["resolved_at"] or sheet.at)


def _suspended(sheet: Sheet, case: Case, facts: Facts) -> None:
    case["stage"] = "suspended"
    sheet.record(case, "suspended")
    clocks.stop(sheet, case, (*clocks.LEADS, "close"))


def _resumed(sheet: Sheet, case: Case, facts: Facts) -> None:
    case["stage"] = "accepted"
    _set_both(sheet, case, facts)


def _extended(sheet: Sheet, case: Case, facts: Facts) -> None:
    sheet.record(case, "extended")
    _moved_on(sheet, case, facts)


def _moved_on(sheet: Sheet, case: Case, facts: Facts) -> None:
    case["edition"] = facts["edition"]
    clocks.move(sheet, case, "handle", facts["due"])
    clocks.move(sheet, case, "close", _case_due(case, facts))


def _stage_clocks_set(sheet: Sheet, case: Case, facts: Facts) -> None:
    for clock in facts["clocks"]:
        if clock["stage"] not in _OF_THE_ASSIGNMENT:
            clocks.set_stage(sheet, case, clock["stage"], clock["due"], clock["clock_start"])


def _counted(name: str, by: int) -> FactRule:
    """One more or one less that asks, or goes on in it. Once nobody does, nobody waits to be heard."""

    def rule(sheet: Sheet, case: Case, facts: Facts) -> None:
        case[name] += by
        if by < 0 and case["voices"] <= 0 and case["absorbed"] <= 0:
            clocks.stop(sheet, case, clocks.OF_VOICES)
        if name == "voices" and (request := sheet.cases.get(facts["request"])):
            request.update(voice_of=case["id"] if by > 0 else None, changed=True)

    return rule


def _merged_into(sheet: Sheet, case: Case, facts: Facts) -> None:
    clocks.set_aside(sheet, case)
    case.update(stage="merged", merged_into=facts["into"])
    sheet.record(case, "merged")


def _unmerged(sheet: Sheet, case: Case, facts: Facts) -> None:
    case.update(stage=facts["back_to"], merged_into=None)
    clocks.take_up(sheet, case)


def _moved(sheet: Sheet, case: Case, facts: Facts) -> None:
    case["place"] = facts["grid"]
    clocks.move_ground(sheet, case)


def _level(sheet: Sheet, case: Case, facts: Facts) -> None:
    case["level"] = facts["level"]


def _escalated(sheet: Sheet, case: Case, facts: Facts) -> None:
    case["level"] = facts["level"]
    sheet.record(case, "escalated", value=facts["level"])


RULES: dict[str, FactRule] = {
    BEGIN: _reported,
    "issue.voided": _voided,
    "issue.filed": _filed,
    "issue.consultation_opened": stage("consulting"),
    "issue.consultation_concluded": stage("filed"),
    "issue.assigned": _assigned,
    "issue.accepted": _accepted,
    "issue.return_asked": _return_asked,
    "issue.return_granted": _return_granted,
    "issue.return_refused": _return_refused,
    "issue.resolved": _resolved,
    "issue.solved_on_spot": _solved_on_spot,
    "issue.checked": _checked,
    "issue.rework_ordered": _again("rework"),
    "issue.redo_ordered": _again("redo"),
    "issue.reopened": _reopened,
    "issue.closed": _closed,
    "issue.suspended": _suspended,
    "issue.resumed": _resumed,
    "issue.extended": _extended,
    "issue.deadline_recalculated": _moved_on,
    "issue.stage_clocks_set": _stage_clocks_set,
    "issue.request_attached": _counted("voices", 1),
    "issue.request_detached": _counted("voices", -1),
    "issue.absorbed": _counted("absorbed", 1),
    "issue.released": _counted("absorbed", -1),
    "issue.merged_into": _merged_into,
    "issue.unmerged": _unmerged,
    "issue.moved": _moved,
    "issue.escalated": _escalated,
    "issue.sent_down": _level,
    "issue.exempted": exempted,
    "issue.appeal_granted": exempted,
}
SILENT = frozenset({
    "issue.extension_asked", "issue.extension_endorsed", "issue.extension_refused", "issue.suspension_asked",
    "issue.suspension_refused", "issue.overdue_appealed", "issue.appeal_endorsed", "issue.appeal_refused",
    "issue.supervision_ordered", "issue.supervision_answered", "issue.supervision_closed", "issue.handed_over",
    "issue.exemption_asked", "issue.exemption_refused", "issue.deadline_warned", "issue.deadline_missed",
})  # fmt: skip
"""Topics that say nothing about holders, limits or outcomes."""
