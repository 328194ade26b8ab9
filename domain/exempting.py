"""剔除: out of the statistics' denominator, beside it, never erased; asked by one, decided by another.

The same for issues and requests. An overdue stays a fact, whatever is decided here.
"""

from domain.actor import Act, Role, record
from domain.case_rules import not_the_asker, require_reason, require_uninvolved
from domain.grid_issue import GridIssue
from domain.refusals import AlreadyExempt, ExemptionPending, NoExemptionAsked
from domain.resident_request import ResidentRequest

Case = GridIssue | ResidentRequest


def ask_exemption(act: Act, *, case: Case) -> None:
    """申请剔除, with its reason. Refuses `ReasonMissing`, `ExemptionPending`, `AlreadyExempt`."""
    role = act.as_one_of(Role.HANDLER, Role.DISPATCHER, Role.RECEIVER)
    act.within(case.place)
    require_reason(act)
    if case.exempt:
        raise AlreadyExempt()
    if case.exemption_asked_by:
        raise ExemptionPending()
    record(case, case.ExemptionAsked, act, role)


def decide_exemption(act: Act, *, case: Case, granted: bool) -> None:
    """审批剔除, by a supervisor who neither asked nor handled. Refuses `NoExemptionAsked`, `DutyConflict`."""
    role = act.as_one_of(Role.SUPERVISOR)
    act.within(case.place)
    if not case.exemption_asked_by:
        raise NoExemptionAsked()
    not_the_asker(act, case.exemption_asked_by, did="申请剔除", wants="审批剔除")
    require_uninvolved(act, case.handled_by, did="办理", wants="审批剔除")
    record(case, case.Exempted if granted else case.ExemptionRefused, act, role)
