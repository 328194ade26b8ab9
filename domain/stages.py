"""Stages 环节 of the state charts, and their labels. Derived from events, so never a field of one."""

from enum import StrEnum


class IssueStage(StrEnum):
    """Where a grid issue 网格事件 stands."""

    REPORTED = "reported"
    VOIDED = "voided"
    FILED = "filed"
    CONSULTING = "consulting"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    SUSPENDED = "suspended"
    RETURN_ASKED = "return_asked"
    RETURNED = "returned"
    RESOLVED = "resolved"
    FAILED = "failed"
    CHECKED = "checked"
    CLOSED = "closed"
    SOLVED = "solved"
    MERGED = "merged"

    @property
    def label(self) -> str:
        """The word people read."""
        return ISSUE_LABELS[self]


class RequestStage(StrEnum):
    """Where a resident's request 诉求 stands."""

    RECEIVED = "received"
    ANSWERED = "answered"
    DIVERTED = "diverted"
    ATTACHED = "attached"
    CONTACTED = "contacted"
    FED_BACK = "fed_back"
    CALLED_BACK = "called_back"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """The word people read."""
        return REQUEST_LABELS[self]


class WhistleStage(StrEnum):
    """Where a whistle 吹哨 stands."""

    SOUNDING = "sounding"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """The word people read."""
        return WHISTLE_LABELS[self]


ISSUE_LABELS = {
    IssueStage.REPORTED: "上报",
    IssueStage.VOIDED: "作废",
    IssueStage.FILED: "立案",
    IssueStage.CONSULTING: "派前会商",
    IssueStage.ASSIGNED: "派遣",
    IssueStage.ACCEPTED: "签收",
    IssueStage.SUSPENDED: "挂账",
    IssueStage.RETURN_ASKED: "申请退单",
    IssueStage.RETURNED: "已退单",
    IssueStage.RESOLVED: "办理反馈",
    IssueStage.FAILED: "核查未通过",
    IssueStage.CHECKED: "核查通过",
    IssueStage.CLOSED: "结案",
    IssueStage.SOLVED: "自行处置",
    IssueStage.MERGED: "已并案",
}

REQUEST_LABELS = {
    RequestStage.RECEIVED: "受理",
    RequestStage.ANSWERED: "直接答复",
    RequestStage.DIVERTED: "分流",
    RequestStage.ATTACHED: "已关联",
    RequestStage.CONTACTED: "已联系",
    RequestStage.FED_BACK: "已反馈",
    RequestStage.CALLED_BACK: "已回访",
    RequestStage.CLOSED: "已办结",
}

WHISTLE_LABELS = {
    WhistleStage.SOUNDING: "哨响待报到",
    WhistleStage.ENDED: "已销哨",
    WhistleStage.WITHDRAWN: "已撤哨",
}

JUDGED = frozenset({IssueStage.RESOLVED, IssueStage.FAILED, IssueStage.CHECKED, IssueStage.CLOSED, IssueStage.SOLVED})
"""Stages in which an issue has been dealt with, and may be sent round again."""
OPEN_ISSUE = frozenset(IssueStage) - {IssueStage.VOIDED, IssueStage.CLOSED, IssueStage.MERGED}
"""Stages in which an issue may still be worked on."""
AT_WORK = OPEN_ISSUE - {IssueStage.SUSPENDED}
"""Open ones that nobody has suspended: while an issue stands still, work on it is refused."""
MOVABLE_ISSUE = OPEN_ISSUE | {IssueStage.MERGED}
"""Stages in which an issue moves with its ground: those, and merged ones, which may be parted again."""
OPEN_REQUEST = frozenset(RequestStage) - {RequestStage.ANSWERED, RequestStage.DIVERTED, RequestStage.CLOSED}
"""Stages in which a request still waits for something."""
