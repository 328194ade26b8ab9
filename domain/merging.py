"""并案: issues become one and may be parted again; every requester keeps a voice.

Both issues change or neither: the use case saves them together.
"""

from domain import issue_ties
from domain.actor import Act, Role, record
from domain.case_rules import require_not_complained_about, require_reason, require_same_log
from domain.grid_issue import GridIssue
from domain.refusals import MergeWithSelf, NotMerged
from domain.stages import OPEN_ISSUE, IssueStage


def merge(act: Act, *, issue: GridIssue, into: GridIssue) -> None:
    """并案: `issue` goes on in `into`. Its requests stay with it and follow.

    Refuses `MergeWithSelf`, `OtherLog`, and `ComplainedAbout` when `into` is in the hands of a unit that one
    of those requests complains about.
    """
    role = issue.gate(act, OPEN_ISSUE, Role.DISPATCHER)
    if into.id == issue.id:
        raise MergeWithSelf(issue=issue.id)
    require_same_log(issue.id, into.id)
    into_role = into.gate(act, OPEN_ISSUE, Role.DISPATCHER)
    require_not_complained_about(into.in_hands_of, issue.complained_about)
    record(issue, issue_ties.MergedInto, act, role, into=into.id)
    record(
        into, issue_ties.Absorbed, act, into_role, issue=issue.id,
        complained_about=sorted(issue.complained_about),
        handled_by=sorted(issue.handled_by), return_granted_by=sorted(issue.return_granted_by),
    )  # fmt: skip


def unmerge(act: Act, *, issue: GridIssue, into: GridIssue) -> None:
    """撤销并案: `issue` is back at the stage before, whatever happened to `into` meanwhile.

    Refuses `NotMerged`. Like merging, for a dispatcher of both places.
    """
    role = issue.gate(act, (IssueStage.MERGED,), Role.DISPATCHER)
    require_reason(act)
    if issue.merged_into != into.id:
        raise NotMerged(issue=issue.id, into=into.id)
    into_role = into.gate(act, frozenset(IssueStage), Role.DISPATCHER)
    record(issue, issue_ties.Unmerged, act, role, into=into.id, back_to=issue.before_merger.value)
    record(into, issue_ties.Released, act, into_role, issue=issue.id)
