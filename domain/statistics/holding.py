"""占有 holding: who has a case in hand at each stage. Every second of an open case is somebody's, and of one only.

What the city counts as time of a unit, a grid or a desk follows from these two rules alone.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from domain.case_clocks import LEAD_RUNS
from domain.stages import IssueStage, RequestStage
from domain.vocabulary import SolvedLevel

S, R = IssueStage, RequestStage


class HolderKind(StrEnum):
    """Who has a case in hand."""

    GRID = "grid"  #: reported, with the grid and its community
    DESK = "desk"  #: with the desk that takes in or dispatches
    UNIT = "unit"  #: with the unit that leads
    CHECK = "check"  #: waits for the check, or for what follows from one that failed
    CLOSING = "closing"  #: checked, waits for the closing
    ISSUE = "issue"  #: a request, with the issue that handles it
    CALL_BACK = "call_back"  #: a request that was fed back or called back, with the call-back desk

    @property
    def label(self) -> str:
        """The word people read."""
        return _LABELS[self]


_LABELS = {
    HolderKind.GRID: "网格", HolderKind.DESK: "受理派遣", HolderKind.UNIT: "承办单位", HolderKind.CHECK: "待核查",
    HolderKind.CLOSING: "待结案", HolderKind.ISSUE: "随事件办理", HolderKind.CALL_BACK: "待回访",
}  # fmt: skip


class Held(NamedTuple):
    """One holder of a case and on what terms. When any of it changes, another span begins.

    `clock` is "lead" while the lead's clock runs, "stopped" while it stands, "" without one; `rules` the edition that
    its limit is of.
    """

    holder_kind: str
    holder: str
    stage: str
    level: str
    round: int
    clock: str
    rules: str


_OF_ISSUE = {
    S.REPORTED: HolderKind.GRID,
    S.FILED: HolderKind.DESK,
    S.CONSULTING: HolderKind.DESK,
    S.RETURNED: HolderKind.DESK,
    S.ASSIGNED: HolderKind.UNIT,
    S.ACCEPTED: HolderKind.UNIT,
    S.SUSPENDED: HolderKind.UNIT,
    S.RETURN_ASKED: HolderKind.UNIT,
    S.RESOLVED: HolderKind.CHECK,
    S.SOLVED: HolderKind.CHECK,
    S.FAILED: HolderKind.CHECK,
    S.CHECKED: HolderKind.CLOSING,
}
_OF_REQUEST = {
    R.RECEIVED: HolderKind.DESK,
    R.ATTACHED: HolderKind.ISSUE,
    R.CONTACTED: HolderKind.ISSUE,
    R.FED_BACK: HolderKind.CALL_BACK,
    R.CALLED_BACK: HolderKind.CALL_BACK,
}


def issue_held(stage: str, *, grid: str, lead: str, level: str, round: int, edition: str) -> Held | None:
    """Who holds an issue at `stage`; None when nobody does: it is voided, merged or closed.

    An escalation moves the level, not the holder. Raises ValueError for a stage there is none of.
    """
    at = IssueStage(stage)
    kind = _OF_ISSUE.get(at)
    if kind is None:
        return None
    of_the_lead = kind is HolderKind.UNIT
    clock = ("lead" if at in LEAD_RUNS else "stopped") if of_the_lead else ""
    holder = lead if of_the_lead else grid if kind is HolderKind.GRID else ""
    return Held(kind.value, holder, stage, level, round, clock, edition if of_the_lead else "")


def request_held(stage: str, *, issue: str | None, round: int) -> Held | None:
    """Who holds a request at `stage`; None when nobody does: it is answered, diverted or closed.

    Raises ValueError for a stage there is none of.
    """
    kind = _OF_REQUEST.get(RequestStage(stage))
    if kind is None:
        return None
    holder = issue or "" if kind is HolderKind.ISSUE else ""
    return Held(kind.value, holder, stage, SolvedLevel.GRID.value, round, "", "")
