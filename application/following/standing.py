"""办理进度: where a request stands, in the words of whoever asked. Unit, not person; measures, not reasons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from application.following.ports import FollowedRow, Measure
from application.registry.registry import Registry
from domain.case_number import CaseNumber
from domain.refusals import Refused
from domain.resident_request import CALLABLE
from domain.stages import IssueStage, RequestStage
from domain.vocabulary import LABELS, Diversion, RequestKind, Satisfaction, Solved

Standing = Literal[
    "received", "answered", "diverted", "placing", "assigned", "handling", "paused", "checking", "again", "solved",
    "done", "heard", "closed",
]  # fmt: skip
R, S = RequestStage, IssueStage
OF_ISSUE: dict[IssueStage, Standing] = {
    S.REPORTED: "placing", S.FILED: "placing", S.CONSULTING: "placing", S.VOIDED: "placing", S.MERGED: "placing",
    S.RETURN_ASKED: "placing", S.RETURNED: "placing",
    S.ASSIGNED: "assigned", S.ACCEPTED: "handling", S.SUSPENDED: "paused",
    S.RESOLVED: "checking", S.FAILED: "again", S.SOLVED: "solved", S.CHECKED: "done", S.CLOSED: "done",
}  # fmt: skip
TOLD: dict[Standing, str] = {
    "received": "您反映的事项已受理，正在确定由谁办理。",
    "answered": "您反映的事项已直接答复。",
    "diverted": "您反映的事项不在派单范围（{diversion}），已告知您办理途径。",
    "placing": "您反映的事项已登记，正在确定承办单位。",
    "assigned": "已派给{unit}，等待签收。",
    "handling": "{unit}正在办理。",
    "paused": "{unit}已报批暂缓办理，到期自动恢复办理。",
    "checking": "{unit}已办理，正在核查。",
    "again": "核查未通过，{unit}须继续办理。",
    "solved": "网格员已当场处置完毕。",
    "done": "{unit}已办完，并经核实。",
    "heard": "已收到您的评价，感谢您的反馈。",
    "closed": "您反映的事项已办结。",
}
STEPS = ("受理", "派单", "接单", "办完")
REACHED: dict[Standing, int] = {
    "received": 1, "placing": 1, "assigned": 2, "handling": 3, "paused": 3, "checking": 3, "again": 3, "solved": 4,
    "done": 4,
}  # fmt: skip
"""How many of the steps are behind an issue; the next one is under way."""
HANDLED: tuple[Standing, ...] = ("checking", "solved", "done")


@dataclass(frozen=True)
class ProgressStep:
    """One step. `at` is when it was done, where that is known."""

    name: str
    state: Literal["done", "now", "ahead"]
    at: datetime | None


@dataclass(frozen=True)
class Answering:
    """Whether the three questions may be answered now; `since` from when, None while that is not known."""

    open: bool
    since: datetime | None
    why: str


@dataclass(frozen=True)
class Said:
    """What was answered to the three questions, to staff or of the requester's own accord."""

    at: datetime
    contacted: bool
    solved: Solved
    satisfaction: Satisfaction


@dataclass(frozen=True)
class Followed:
    """What the requester sees: `late` is past its limit and not done; `said` is of this round."""

    number: str
    kind: str
    category: str
    place: str
    received_at: datetime
    standing: Standing
    told: str
    steps: list[ProgressStep]
    unit: str
    due: datetime | None
    late: bool
    round: int
    measures: list[Measure]
    answering: Answering
    said: Said | None


def followed(row: FollowedRow, measures: Sequence[Measure], registry: Registry, now: datetime) -> Followed:
    """The row as its requester reads it at `now`."""
    standing, unit, answering = _standing(row), _name(registry.unit, row.lead), _answering(row, now)
    words = {"unit": unit or "承办单位", "diversion": LABELS[Diversion(row.diversion)] if row.diversion else ""}
    return Followed(
        number=str(CaseNumber(row.log_id, row.number)), kind=LABELS[RequestKind(row.kind)],
        category=_name(registry.case_type, row.category), place=_place(registry, row.place),
        received_at=row.received_at, standing=standing, told=TOLD[standing].format_map(words),
        steps=_steps(row, rateable=answering.open), unit=unit, due=row.due,
        late=bool(row.due and now > row.due and standing in ("assigned", "handling", "again")), round=row.round,
        measures=list(measures), answering=answering, said=_said(row),
    )  # fmt: skip


def _standing(row: FollowedRow) -> Standing:
    match RequestStage(row.stage):
        case R.ANSWERED:
            return "answered"
        case R.DIVERTED:
            return "diverted"
        case R.CLOSED:
            return "closed"
    # Who rated a case that is late still wants to know how it goes on.
    handled = _of_issue(row)
    return "heard" if _said(row) and handled in HANDLED else handled


def _of_issue(row: FollowedRow) -> Standing:
    return OF_ISSUE[IssueStage(row.issue_stage)] if row.issue_stage else "received"


def _steps(row: FollowedRow, *, rateable: bool) -> list[ProgressStep]:
    if row.stage in (R.ANSWERED, R.DIVERTED) or (row.issue is None and row.fed_back_at):
        return [ProgressStep("受理", "done", row.received_at), ProgressStep("答复", "done", row.fed_back_at)]
    done, said = REACHED[_of_issue(row)], _said(row)
    times = (row.received_at, row.assigned_at, row.accepted_at, row.resolved_at)
    steps = [
        ProgressStep(name, "done" if nth < done else "now" if nth == done else "ahead", at if nth < done else None)
        for nth, (name, at) in enumerate(zip(STEPS, times, strict=True))
    ]
    if said:
        return [*steps, ProgressStep("评价", "done", said.at)]
    if row.stage == R.CLOSED:
        return steps
    return [*steps, ProgressStep("评价", "now" if rateable else "ahead", None)]


def _answering(row: FollowedRow, now: datetime) -> Answering:
    """As `ResidentRequest.rate_oneself` and `limit_of` will see it; they decide."""
    stage = RequestStage(row.stage)
    if stage is R.CALLED_BACK and row.call_back_valid:
        return Answering(open=False, since=None, why="您已作出评价。")
    if stage not in (*CALLABLE, R.CALLED_BACK):
        return Answering(open=False, since=None, why="此件无须评价。" if stage is not R.RECEIVED else NOT_YET)
    if row.issue_stage is None or row.issue_stage == S.SUSPENDED:
        return Answering(open=False, since=None, why=NOT_YET)
    if row.due is None:
        settled = row.issue_stage in (S.SOLVED, S.CHECKED, S.CLOSED)
        return Answering(open=settled, since=None, why="" if settled else NOT_YET)
    return Answering(open=now >= row.due, since=row.due, why="" if now >= row.due else NOT_YET)


NOT_YET = "办理时限届满后请您评价。"


def _said(row: FollowedRow) -> Said | None:
    # One sent round again is asked again; what was said before is not what is said now.
    if not row.call_back_valid or row.called_back_at is None or row.stage not in (R.CALLED_BACK, R.CLOSED):
        return None
    return Said(
        row.called_back_at, bool(row.said_contacted), Solved(row.said_solved or ""),
        Satisfaction(row.said_satisfaction or ""),
    )  # fmt: skip


def _place(registry: Registry, code: str) -> str:
    return _name(registry.grid if len(code) == 15 else registry.division, code)


def _name(look_up: Callable[[str], Any], code: str) -> str:
    """The name registered now; of what is registered no more, the code, and of nothing, nothing."""
    try:
        return str(look_up(code).name) if code else ""
    except Refused:
        return code
