"""时限环节: the steps of a case that may have a limit of their own, and the case as a whole."""

from enum import StrEnum


class LimitStage(StrEnum):
    """What a limit is for. Each has its own clock, and none shortens another's."""

    DISPATCH = "dispatch"  #: 派遣: from filing, or a granted return, to the assignment
    ACCEPT = "accept"  #: 签收: from the assignment until the lead takes it
    CONTACT = "contact"  #: 联系: from the assignment until the requester was heard
    HANDLE = "handle"  #: 处置: from the assignment to the resolution, the lead's own clock
    FEEDBACK = "feedback"  #: 反馈: from the assignment until the requester was told
    CHECK = "check"  #: 核查: from the resolution to the check
    CALL_BACK = "call_back"  #: 回访: from the end of the lead's limit, or a later resolution, to the call-back
    CASE = "case"  #: 全案: from the first assignment; it never starts again

    @property
    def label(self) -> str:
        """The word people read."""
        return _LABELS[self]


_LABELS = {
    LimitStage.DISPATCH: "派遣",
    LimitStage.ACCEPT: "签收",
    LimitStage.CONTACT: "联系",
    LimitStage.HANDLE: "处置",
    LimitStage.FEEDBACK: "反馈",
    LimitStage.CHECK: "核查",
    LimitStage.CALL_BACK: "回访",
    LimitStage.CASE: "全案",
}
BOARDED = tuple(stage for stage in LimitStage if stage not in (LimitStage.HANDLE, LimitStage.CASE))
"""Those whose due instants stand beside those of the lead's clock and the case clock."""
