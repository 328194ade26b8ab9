"""Orders 办理: the forms behind the commands of a case. What may be given is asked of the case, not told here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from application.trying.possible import Possible
from domain.vocabulary import Diversion, ReturnReason, Satisfaction, Solved, SolvedLevel, SupervisionKind, Urgency
from interfaces.web.case.fields import (
    ASSISTS,
    CATEGORY,
    COPIES,
    EVIDENCE,
    REASON,
    UNIT,
    WHY,
    Field,
    choice,
    text,
    yes_or_no,
)


@dataclass(frozen=True)
class Order:
    """A form for one command. `weight`: the main steps stand out, the rest are under 更多; `grave` ones look so.

    `then`: the address it leads to, with the case it makes for a star; "" is the same page.
    """

    command: str
    label: str
    fields: tuple[Field, ...] = ()
    weight: Literal["main", "usual", "more"] = "usual"
    grave: bool = False
    then: str = ""
    refused: str = ""
    """Why this visitor may not, in words; "" when they may."""


def _order(command: str, label: str, *fields: Field, grave: bool = False, then: str = "",
           weight: Literal["main", "usual", "more"] = "usual") -> Order:  # fmt: skip
    return Order(command, label, fields, weight, grave, then)


_NTH = Field("nth", "第几号督办", "number", True)
_MERGE = Field("into", "并入哪个网格事件", "case", True, hint="粘贴事件页的地址，或案件编号")
_ISSUE = Field("issue", "关联到哪个网格事件", "case", True, hint="粘贴事件页的地址，或案件编号")
_SUPERVISION = (
    choice("kind", "督办类型", SupervisionKind, "leader"),
    Field("amount", "几个工作日内答复", "number", True, value="3"), replace(WHY, label="要求"),
)  # fmt: skip
OF_ISSUES: Mapping[str, Order] = {order.command: order for order in (
    _order("file", "立案", CATEGORY, weight="main"),
    _order("solve-on-spot", "自行处置", text("measure", "处置措施"), EVIDENCE, weight="main"),
    _order("assign", "派遣", UNIT, ASSISTS, COPIES, REASON, weight="main"),
    _order("open-consultation", "派前会商", Field("units", "参加单位", "units", True), REASON),
    _order("conclude-consultation", "会商结论", Field("proposed_lead", "建议主办", "unit", True), WHY, weight="main"),
    _order("accept", "签收", weight="main"),
    _order("resolve", "办理反馈", text("measure", "办理措施", hint="不要写入个人信息"),
           choice("level", "解决层级", SolvedLevel, "street"), EVIDENCE, weight="main"),
    _order("ask-return", "申请退单", choice("code", "退单理由", ReturnReason), REASON),
    _order("grant-return", "同意退单", REASON, weight="main"),
    _order("refuse-return", "不同意退单", WHY, weight="main"),
    _order("check", "核查", yes_or_no("passed", "核查结果", "通过", "未通过"), EVIDENCE, REASON, weight="main"),
    _order("order-rework", "返工", REASON, weight="main"),
    _order("close", "结案", REASON, weight="main"),
    _order("ask-extension", "申请延期", WHY),
    _order("endorse-extension", "审核同意延期", REASON, weight="main"),
    _order("grant-extension", "批准延期", REASON, weight="main"),
    _order("refuse-extension", "不同意延期", WHY, weight="main"),
    _order("ask-suspension", "申请挂账", Field("until", "挂账至", "moment", True), WHY, weight="more"),
    _order("grant-suspension", "同意挂账", REASON, weight="main"),
    _order("refuse-suspension", "不同意挂账", WHY, weight="main"),
    _order("resume", "恢复办理", WHY, weight="main"),
    _order("answer-supervision", "答复督办", _NTH, text("answer", "答复内容", hint="不要写入个人信息"), weight="main"),
    _order("close-supervision", "办结督办", _NTH, REASON),
    _order("order-supervision", "督办", *_SUPERVISION),
    _order("appeal-overdue", "超时申诉", WHY, weight="more"),
    _order("endorse-appeal", "申诉初审通过", REASON, weight="main"),
    _order("grant-appeal", "申诉复审通过", REASON, weight="main"),
    _order("refuse-appeal", "申诉不通过", WHY, weight="main"),
    _order("grant-exemption", "同意剔除", REASON, weight="main"),
    _order("refuse-exemption", "不同意剔除", WHY, weight="main"),
    _order("escalate", "上报上级", WHY, weight="more"),
    _order("send-down", "回落", WHY, weight="more"),
    _order("merge", "并案", _MERGE, REASON, weight="more"),
    _order("unmerge", "撤销并案", replace(_MERGE, label="从哪个网格事件撤出"), WHY, weight="more"),
    _order("ask-exemption", "申请剔除", WHY, weight="more"),
    _order("void", "作废", WHY, weight="more", grave=True),
)}  # fmt: skip
_GRID = Field("grid", "网格", "grid", hint="输入网格名称或编码；诉求落到网格的不必填")
_REPLY = text("reply", "答复内容")
OF_REQUESTS: Mapping[str, Order] = {order.command: order for order in (
    _order("dispatch", "派单", _GRID, CATEGORY, UNIT, ASSISTS, COPIES,
           choice("urgency", "紧急程度", Urgency, "normal"), REASON, weight="main", then="/issues/*"),
    _order("answer", "直接答复", _REPLY),
    _order("divert", "分流", choice("code", "分流情形", Diversion), _REPLY),
    _order("open-issue", "立网格事件", _GRID, CATEGORY, weight="more", then="/issues/*"),
    _order("attach", "关联已有事件", _ISSUE, REASON),
    _order("contact", "联系反映人", yes_or_no("reached", "是否联系上", "联系上了", "没联系上"), REASON, weight="main"),
    _order("feed-back", "反馈反映人", _REPLY, weight="main"),
    _order("call-back", "回访", yes_or_no("valid", "接通", "有效回访", "没有接通"),
           replace(yes_or_no("contacted", "联系过吗", "联系过", "没联系过"), required=False),
           replace(choice("solved", "解决了吗", Solved), required=False),
           replace(choice("satisfaction", "满意吗", Satisfaction), required=False), weight="main"),
    _order("order-redo", "重办", REASON, weight="main"),
    _order("close", "办结", REASON, weight="main"),
    _order("grant-exemption", "同意剔除", REASON, weight="main"),
    _order("refuse-exemption", "不同意剔除", WHY, weight="main"),
    _order("detach", "解除关联", replace(_ISSUE, label="从哪个网格事件"), REASON, weight="more"),
    _order("ask-exemption", "申请剔除", WHY, weight="more"),
)}  # fmt: skip


def offered(
    found: Iterable[Possible], orders: Mapping[str, Order], known: Mapping[str, Mapping[str, str]] | None = None
) -> list[Order]:  # fmt: skip
    """The forms for what may be done, and why not for the rest. `known` are values that forms start with."""
    return [_for(one, orders[one.command], (known or {}).get(one.command, {})) for one in found]


def _for(one: Possible, order: Order, known: Mapping[str, str]) -> Order:
    fields: Sequence[Field] = [field.starting(known.get(field.name, field.value)) for field in order.fields]
    return replace(order, fields=tuple(fields), refused=one.refused.detail() if one.refused else "")
