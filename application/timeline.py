"""时间线: recorded events told in Chinese. Wording only; every fact comes from the event."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from application.call_words import call_words
from application.open311.keys import PREFIX
from application.registry.registry import Registry
from application.views import TimelineStep
from domain.actor import Party, acting_as
from domain.case_clocks import ClockName
from domain.firing import PROGRAM
from domain.lead_basis import LeadBasis
from domain.limit import Limit
from domain.limit_stages import LimitStage
from domain.refusals import Refused
from domain.stages import ISSUE_LABELS, IssueStage
from domain.vocabulary import (
    LABELS,
    Channel,
    Diversion,
    GridMove,
    RequestKind,
    ReturnReason,
    Satisfaction,
    Solved,
    SolvedLevel,
    SupervisionKind,
)

ZONE = ZoneInfo("Asia/Shanghai")

TOLD = {
    "issue.reported": "上报网格事件，{grid}，渠道：{channel}",
    "issue.voided": "作废",
    "issue.filed": "立案：{category}",
    "issue.consultation_opened": "启动派前会商：{units}",
    "issue.consultation_concluded": "会商结论：建议由 {proposed_lead} 主办",
    "issue.assigned": "第 {nth} 次派遣，主办：{lead}{basis}，时限 {limit}，{due} 前办结",
    "issue.accepted": "签收",
    "issue.return_asked": "申请退单：{code}",
    "issue.return_granted": "同意 {lead} 退单",
    "issue.return_refused": "不同意退单，{lead} 继续办理，{due} 前办结",
    "issue.resolved": "办理反馈（{level}解决{overdue}）：{measure}",
    "issue.solved_on_spot": "自行处置：{measure}",
    "issue.checked": "核查{passed}",
    "issue.rework_ordered": "返工，第 {round} 轮，{due} 前办结",
    "issue.redo_ordered": "重办，第 {round} 轮，{due} 前办结",
    "issue.reopened": "重新上报，第 {round} 轮",
    "issue.closed": "结案",
    "issue.request_attached": "关联诉求 {request}",
    "issue.request_detached": "解除关联诉求 {request}",
    "issue.merged_into": "并入事件 {into}",
    "issue.unmerged": "撤销并案，回到{back_to}",
    "issue.absorbed": "事件 {issue} 并入本案",
    "issue.released": "事件 {issue} 撤出本案",
    "issue.moved": "移格：由 {from_grid}（第 {from_edition} 版）移至 {grid}（第 {grid_edition} 版），{cause}",
    "issue.deadline_warned": "{clock}已用{percent}%，{due} 到期",
    "issue.deadline_missed": "{clock}已超时，{due} 到期",
    "issue.deadline_recalculated": "工作日历 {calendar} 有新版本（{calendar_version}），时限重算：{reset}",
    "issue.extension_asked": "申请延期",
    "issue.extension_endorsed": "{lead} 审核同意延期",
    "issue.extended": "批准第 {nth} 次延期，增加 {added}，{due} 前办结",
    "issue.extension_refused": "不同意延期",
    "issue.suspension_asked": "申请挂账至 {until}",
    "issue.suspended": "同意挂账，{until} 自动恢复，其间停止计时",
    "issue.suspension_refused": "不同意挂账",
    "issue.resumed": "挂账恢复，自 {runs_from} 继续计时，{due} 前办结",
    "issue.overdue_appealed": "{lead} 提出超时申诉",
    "issue.appeal_endorsed": "超时申诉初审通过",
    "issue.appeal_granted": "超时申诉复审通过，不计入考核，超时仍是事实",
    "issue.appeal_refused": "超时申诉不通过",
    "issue.supervision_ordered": "第 {nth} 号{order_kind}，由 {lead} 在 {due} 前答复",
    "issue.supervision_answered": "答复第 {nth} 号督办{overdue}：{answer}",
    "issue.supervision_closed": "第 {nth} 号督办{answered}",
    "issue.stage_clocks_set": "环节时限（时限规则 {rules}）：{clocks}",
    "issue.handed_over": "交接：由 {from_staff} 交 {to_staff} 继续办理",
    "issue.escalated": "{automatic}上报上级：由{from_level}报{level}，由 {to_unit} 统筹{leader}",
    "issue.sent_down": "回落：由{from_level}回到{level}{to_unit}",
    "issue.exemption_asked": "申请剔除",
    "issue.exempted": "同意剔除",
    "issue.exemption_refused": "不同意剔除",
    "whistle.blown": "吹哨（{occasion}）：召集 {called}，{due} 前报到",
    "whistle.arrived": "{unit} 报到{late}",
    "whistle.ended": "销哨：{measure}{absent}",
    "whistle.withdrawn": "撤哨",
    "whistle.unit_rated": "街道评价 {unit}：{stars} 分{remarks}",
    "whistle.rated": "{unit} 评价此哨：{justified}",
    "request.received": "受理{kind}，渠道：{channel}",
    "request.answered": "直接答复",
    "request.diverted": "分流：{code}",
    "request.attached": "关联网格事件 {issue}",
    "request.detached": "解除关联网格事件 {issue}",
    "request.requester_contacted": "联系反映人，{reached}",
    "request.fed_back": "反馈反映人",
    "request.moved": "移格：由 {from_place} 移至 {place}，{cause}",
    "request.handed_over": "交接：由 {from_staff} 交 {to_staff} 继续办理",
    "request.call_back_came_due": "时限届满（{due}），可以回访",
    "request.called_back": "{asked}{contacted}{solved}{satisfaction}",
    "request.redo_ordered": "重办，第 {round} 轮",
    "request.closed": "办结",
    "request.exemption_asked": "申请剔除",
    "request.exempted": "同意剔除",
    "request.exemption_refused": "不同意剔除",
}
"""A sentence a topic, filled from the facts. A test wants every topic here."""


@dataclass(frozen=True)
class Told:
    """One step as people read it, beside the facts it was told from."""

    position: int
    version: int
    topic: str
    happened_at: datetime
    recorded_at: datetime
    who: str
    role: str
    unit: str
    what: str
    why: str
    facts: dict[str, Any]


def tell(step: TimelineStep, registry: Registry) -> Told:
    """The step with names and a Chinese sentence."""
    return Told(
        position=step.position, version=step.version, topic=step.topic, happened_at=step.happened_at,
        recorded_at=step.recorded_at, who=_who(registry, step), role=acting_as(step.role).label,
        unit=_name(registry.unit, step.of_unit), what=TOLD[step.topic].format_map(_words(step, registry)),
        why=step.reason, facts=step.facts,
    )  # fmt: skip


def _words(step: TimelineStep, registry: Registry) -> dict[str, object]:
    words: dict[str, object] = dict(step.facts)
    for name, vocabulary in VOCABULARIES.items():
        if name in step.facts:
            words[name] = LABELS[vocabulary(step.facts[name])]
    if "code" in words:
        words["code"] = LABELS[CODES[step.topic](step.facts["code"])]
    for name, look_up in (
        ("lead", registry.unit), ("proposed_lead", registry.unit), ("category", registry.case_type),
        ("grid", registry.grid), ("from_grid", registry.grid),
        ("from_place", registry.grid), ("place", registry.grid),
        ("from_staff", registry.staff), ("to_staff", registry.staff),
    ):  # fmt: skip
        if name in words:
            words[name] = _name(look_up, step.facts[name])
    if "units" in words:
        words["units"] = "、".join(_name(registry.unit, unit) for unit in step.facts["units"])
    unit, staff = (partial(_name, look_up) for look_up in (registry.unit, registry.staff))
    words |= call_words(step.topic, step.facts, unit, staff)
    if "limit_amount" in words:
        words["limit"] = str(Limit.of(step.facts["limit_amount"], step.facts["limit_unit"]))
    if step.facts.get("due"):
        words["due"] = _minute(step.facts["due"])
    if step.topic == "issue.assigned":
        # A row told before leads had a basis has none.
        words["basis"] = BASES[LeadBasis(step.facts.get("basis") or LeadBasis.PERSON)].format_map(step.facts)
    if step.topic == "issue.deadline_recalculated":
        words["reset"] = _reset(step.facts)
    for name in ("until", "runs_from"):
        if name in words:
            words[name] = _minute(step.facts[name])
    if step.topic == "issue.extended":
        words["added"] = str(Limit.of(step.facts["added"], step.facts["limit_unit"]))
    if "clocks" in words and step.topic == "issue.stage_clocks_set":
        words["clocks"] = "，".join(_stage(clock) for clock in step.facts["clocks"])
    if step.topic in ("issue.deadline_warned", "issue.deadline_missed"):
        words["clock"] = ClockName(step.facts["clock"]).label
    if step.topic == "request.called_back":
        by_staff = "回访有效" if step.facts["valid"] else "回访无效"
        words["asked"] = "反映人自评" if step.role == Party.REQUESTER else by_staff
    if "back_to" in words:
        words["back_to"] = ISSUE_LABELS[IssueStage(step.facts["back_to"])]
    return words | {name: say(step.facts[name]) for name, say in YES_NO.items() if name in step.facts}


VOCABULARIES: dict[str, type[StrEnum]] = {
    "channel": Channel,
    "kind": RequestKind,
    "level": SolvedLevel,
    "cause": GridMove,
    "order_kind": SupervisionKind,
}
BASES = {
    LeadBasis.PERSON: "",
    LeadBasis.RULE: "（依派遣规则 {rules} 第 {rule} 条）",
    LeadBasis.CATALOGUE: "（依编目）",
    LeadBasis.PLACE: "（依属地）",
}
CODES: dict[str, type[StrEnum]] = {"issue.return_asked": ReturnReason, "request.diverted": Diversion}
YES_NO: dict[str, Callable[[Any], str]] = {
    "answered": lambda yes: "办结" if yes else "未经答复即撤销",
    "passed": lambda yes: "通过" if yes else "未通过",
    "reached": lambda yes: "已联系上" if yes else "未联系上",
    "overdue": lambda yes: "，已超时" if yes else "",
    "contacted": lambda yes: "" if yes is None else "，单位已联系" if yes else "，单位未联系",
    "solved": lambda code: f"，{LABELS[Solved(code)]}" if code else "",
    "satisfaction": lambda code: f"，{LABELS[Satisfaction(code)]}" if code else "",
}


def _minute(instant: str) -> str:
    return datetime.fromisoformat(instant).astimezone(ZONE).strftime("%Y-%m-%d %H:%M")


def _stage(clock: dict[str, Any]) -> str:
    limit = Limit.of(clock["limit_amount"], clock["limit_unit"])
    return f"{LimitStage(clock['stage']).label} {limit}（第 {clock['rule']} 条），{_minute(clock['due'])} 前"


def _reset(facts: dict[str, Any]) -> str:
    was, now, whole = (_minute(facts[name]) for name in ("due_before", "due", "case_due"))
    told = f"{now} 前办结，不变" if was == now else f"{was} 改为 {now} 前办结"
    return told if facts["case_due"] == facts["case_due_before"] else f"{told}，全案改为 {whole} 前"


def _who(registry: Registry, step: TimelineStep) -> str:
    if step.role == Party.REQUESTER:
        return Party.REQUESTER.label
    if step.by.startswith(PREFIX):
        return f"接口密钥 {step.by.removeprefix(PREFIX)}"
    return "系统" if step.by == PROGRAM.id else _name(registry.staff, step.by)


def _name(look_up: Callable[[str], Any], code: str) -> str:
    """The name registered now, or the code where there is none any more."""
    try:
        return str(look_up(code).name)
    except Refused:
        return code
