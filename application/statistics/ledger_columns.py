"""Columns of ledgers 台账的列: of each row what it says, codes beside names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any

from application.duty_report import name_of
from application.registry.registry import Registry
from application.statistics.ledger import Cell, Column, Heading, Ledger, ReturnRow
from application.statistics.naming import STAGES
from application.views import IssueView, RequestView
from domain.limit import Limit
from domain.vocabulary import (
    LABELS,
    Channel,
    Diversion,
    RequestKind,
    ReturnReason,
    Satisfaction,
    Solved,
    SolvedLevel,
    Urgency,
)

NameOf = Callable[[str], str]
_GONE = ("voided", "merged")


class Names:
    """What codes are called. Looked up once each: a ledger says the same few over and over."""

    def __init__(self, registry: Registry) -> None:
        self.unit = _named(registry.unit)
        self.grid = _named(registry.grid)
        self.division = _named(registry.division)
        self.category = _named(registry.case_type)


def columns_of(ledger: Ledger, names: Names, now: datetime) -> Sequence[Column]:
    """All columns of a ledger of cases, in their usual order."""
    match ledger:
        case Ledger.ISSUES:
            return (*_case(names, "reported_at", "上报时间"), *_issue(names, now))
        case Ledger.REQUESTS:
            return (*_case(names, "received_at", "受理时间"), *_request(), *_voice())
        case Ledger.CALL_BACKS:
            return (*_case(names, "received_at", "受理时间"), *_voice())
        case Ledger.RETURNS:
            return (*_case(names, "at", "退单时间"), *_return(names))
    raise ValueError(f"{ledger} has columns of its own")


def _case(names: Names, at: str, when: str) -> list[Column]:
    """What every case has. An issue lies in a grid; of a request, a return, as fine a place as is known."""
    return [
        _column("number", "编号", lambda row: f"{row.log_id}-{row.number}", 14),
        _column("id", "案件标识", lambda row: str(row.id), 38, usual=False),
        _column("stage", "环节", lambda row: STAGES.get(row.stage, row.stage), 12),
        Column(at, Heading(when, 20), lambda row: getattr(row, at)),
        _column("street_code", "街道编码", lambda row: _cut(row, 9), 12),
        _column("street", "街道", lambda row: names.division(_cut(row, 9)), 16),
        _column("community_code", "社区编码", lambda row: _cut(row, 12), 15, usual=False),
        _column("community", "社区", lambda row: names.division(_cut(row, 12)), 16),
        _column("grid_code", "网格编码", lambda row: _cut(row, 15), 18),
        _column("grid", "网格", lambda row: names.grid(_cut(row, 15)), 16),
        _column("category_code", "事项编码", lambda row: row.category, 15),
        _column("category", "事项", lambda row: names.category(row.category), 24),
        _column("channel", "渠道", lambda row: _label(Channel, row.channel), 10),
        _column("unit_code", "主办单位编码", lambda row: row.unit if isinstance(row, ReturnRow) else row.lead, 18),
        _column("unit", "主办单位", lambda row: names.unit(row.unit if isinstance(row, ReturnRow) else row.lead), 24),
    ]


def _issue(names: Names, now: datetime) -> list[Column]:
    times = {
        "filed_at": "立案时间", "assigned_at": "派遣时间", "accepted_at": "签收时间", "resolved_at": "办理反馈时间",
        "checked_at": "核查时间", "closed_at": "结案时间", "due": "办理到期", "case_due": "案件到期",
    }  # fmt: skip
    counts = {
        "assignments": "派遣次数",
        "returns": "退单次数",
        "round": "轮次",
        "voices": "诉求数",
        "extensions": "延期次数",
    }
    return [
        _column("urgency", "紧急程度", lambda row: _label(Urgency, row.urgency), 10),
        *(_plain(key, heading, 20) for key, heading in times.items()),
        _column("limit", "时限", _limit, 14),
        _column("overdue", "是否超时", lambda row: _yes(_overdue(row, now)), 10),
        _column("solved_level", "解决层级", lambda row: _label(SolvedLevel, row.solved_level), 10),
        *(_plain(key, heading, 10) for key, heading in counts.items()),
        _column("copies", "抄送单位", lambda row: "、".join(map(names.unit, row.copies)), 24, usual=False),
        _column("assists", "协办单位", lambda row: "、".join(map(names.unit, row.assists)), 24, usual=False),
        _plain("suspended_until", "挂账至", 20, usual=False),
        _plain("supervised", "督办次数", 10, usual=False),
        _column("exempt", "是否剔除", lambda row: _yes(row.exempt), 10),
        Column("text", Heading("问题描述", 60), lambda row: row.text, usual=False, words=True),
    ]


def _request() -> list[Column]:
    return [
        _column("kind", "诉求类型", lambda row: _label(RequestKind, row.kind), 10),
        _column("diversion", "分流原因", lambda row: _label(Diversion, row.diversion), 24, usual=False),
        _plain("contacted_at", "联系时间", 20),
        _plain("fed_back_at", "反馈时间", 20),
        _plain("closed_at", "办结时间", 20),
        _plain("due", "办理到期", 20),
        _plain("source", "来源系统", 14, usual=False),
        _plain("external_id", "外部编号", 20, usual=False),
        Column("title", Heading("标题", 30), lambda row: row.title, usual=False, words=True),
        Column("text", Heading("反映内容", 60), lambda row: row.text, usual=False, words=True),
    ]


def _voice() -> list[Column]:
    return [
        _plain("called_back_at", "回访时间", 20),
        _column("valid", "是否有效回访", lambda row: _yes(row.call_back_valid), 12),
        _column("contacted", "是否已联系", lambda row: _yes(row.said_contacted), 12),
        _column("solved", "是否解决", lambda row: _label(Solved, row.said_solved), 10),
        _column("satisfaction", "满意程度", lambda row: _label(Satisfaction, row.said_satisfaction), 10),
        _plain("round", "轮次", 8),
        _column("exempt", "是否剔除", lambda row: _yes(row.exempt), 10),
    ]


def _return(names: Names) -> list[Column]:
    return [
        _column("decision", "审批结果", lambda row: "同意" if row.kind == "returned" else "不同意", 10),
        _column("reason", "退单原因", lambda row: _label(ReturnReason, row.reason), 20),
        _column("lead_code", "现主办单位编码", lambda row: row.lead, 18, usual=False),
        _column("lead", "现主办单位", lambda row: names.unit(row.lead), 24),
    ]


def _column(key: str, heading: str, read: Callable[[Any], Cell], width: int, *, usual: bool = True) -> Column:
    return Column(key, Heading(heading, width), read, usual)


def _plain(key: str, heading: str, width: int, *, usual: bool = True) -> Column:
    return Column(key, Heading(heading, width), lambda row: getattr(row, key), usual)


def _cut(row: IssueView | RequestView | ReturnRow, digits: int) -> str:
    code = row.grid if isinstance(row, IssueView) else row.place
    return code[:digits] if len(code) >= digits else ""


def _limit(row: IssueView) -> str:
    return "" if row.limit_amount is None or row.limit_unit is None else str(Limit.of(row.limit_amount, row.limit_unit))


def _overdue(row: IssueView, now: datetime) -> bool | None:
    """As the boards answer it: what was resolved late, or is late by now; nobody is late with what is no case."""
    if row.overdue is not None or row.due is None:
        return row.overdue
    return row.stage not in _GONE and row.due < min(now, row.stopped_at or now)


def _yes(value: bool | None) -> str:
    return "" if value is None else "是" if value else "否"


def _label(kind: type[StrEnum], value: str | None) -> str:
    return _labels(kind).get(value, value) if value else ""


@cache
def _labels(kind: type[StrEnum]) -> Mapping[str, str]:
    return {member.value: LABELS[member] for member in kind}


def _named(look_up: Callable[[str], Any]) -> NameOf:
    @lru_cache(maxsize=20_000)
    def name(code: str) -> str:
        return name_of(look_up, code) if code else ""

    return name
