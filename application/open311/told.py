"""How the steps of a request are told to the public: the status words of the update extension, and a sentence each."""

from __future__ import annotations

from application.open311.public_cases import PublicUpdate
from domain.vocabulary import LABELS, Diversion

TOLD = {
    "request.answered": ("closed", "已直接答复"),
    "request.diverted": ("no_further_action", "已分流"),
    "request.attached": ("investigating", "已受理立项，转入办理"),
    "request.detached": ("open", "办理事项有调整，重新受理"),
    "request.requester_contacted": ("in_progress", "承办单位已联系反映人"),
    "request.fed_back": ("fixed", "承办单位已反馈办理结果，待回访"),
    "request.redo_ordered": ("in_progress", "回访后重新办理"),
    "request.closed": ("closed", "已办结"),
    "issue.assigned": ("action_scheduled", "已派遣承办单位"),
    "issue.merged_into": ("duplicate", "已并案，与同一事项一并办理"),
    "issue.unmerged": ("investigating", "撤销并案，单独办理"),
}
"""By topic; other steps concern nobody outside."""
_DIVERTED: dict[Diversion | None, str] = {
    Diversion.SAME_MATTER: "duplicate",
    Diversion.BEYOND_DUTY: "not_councils_responsibility",
}


def status_of(step: PublicUpdate) -> str:
    """The status word of the update extension."""
    if (diverted := _diversion(step)) in _DIVERTED:
        return _DIVERTED[diverted]
    return "investigating" if step.reached is False else TOLD[step.topic][0]


def sentence_of(step: PublicUpdate) -> str:
    """What happened, for everybody to read."""
    if step.reached is False:
        return "承办单位联系反映人未果"
    told = TOLD[step.topic][1]
    return f"{told}：{LABELS[diverted]}" if (diverted := _diversion(step)) else told


def _diversion(step: PublicUpdate) -> Diversion | None:
    return Diversion(step.code) if step.code and step.topic == "request.diverted" else None
