"""交接: what one member of staff has in hand goes on in the hands of another of the same unit.

Ordered when somebody leaves. Who gave and who took both count as handlers, so neither judges the case.
"""

from domain import issue_ties
from domain.actor import Act, Role, record
from domain.case_rules import require_not_complained_about, require_stage
from domain.grid_issue import GridIssue
from domain.refusals import OutsideArea
from domain.registry.staff_refusals import NotFitToTakeOver, NotTheHandler
from domain.resident_request import ResidentRequest
from domain.stages import IssueStage, RequestStage

IN_HAND = (IssueStage.ACCEPTED, IssueStage.RETURN_ASKED, IssueStage.SUSPENDED)
"""Stages in which an issue is in one person's hands."""
TO_ANSWER = (RequestStage.ATTACHED, RequestStage.CONTACTED)
"""Stages in which somebody still has to tell the requester what was done."""


def hand_over_issue(act: Act, *, issue: GridIssue, giver: str, taker: str, taker_unit: str) -> None:
    """交接 of an issue accepted and not yet resolved. Refuses `NotTheHandler`, `NotFitToTakeOver`, `WrongStage`."""
    role = issue.gate(act, IN_HAND, Role.ADMIN, Role.DISPATCHER)
    if issue.handler != giver:
        raise NotTheHandler(case=issue.id, handler=issue.handler, staff=giver)
    _require_other(f"网格事件 {issue.id}", giver, taker, taker_unit, issue.lead)
    record(issue, issue_ties.HandedOver, act, role, from_staff=giver, to_staff=taker)


def hand_over_request(
    act: Act, *, request: ResidentRequest, giver: str, taker: str, taker_unit: str, lead: str
) -> None:
    """交接 of a request not yet answered, whose issue `lead` leads. Refuses `NotFitToTakeOver`, `ComplainedAbout`."""
    role = act.as_one_of(Role.ADMIN, Role.DISPATCHER)
    # Intake may have known no finer place than the district, of which the unit's people cover one street.
    if not act.actor.overlaps(request.place):
        raise OutsideArea(place=request.place)
    require_stage(request.stage, TO_ANSWER)
    require_not_complained_about([taker_unit], {request.complained_about} - {""})
    _require_other(f"诉求 {request.id}", giver, taker, taker_unit, lead)
    record(request, ResidentRequest.HandedOver, act, role, from_staff=giver, to_staff=taker)


def _require_other(work: str, giver: str, taker: str, taker_unit: str, lead: str) -> None:
    if giver == taker:
        raise NotFitToTakeOver(staff=taker, work=work, lacking="不能交接给本人")
    if taker_unit != lead:
        raise NotFitToTakeOver(staff=taker, work=work, lacking=f"不在主办单位 {lead}")
