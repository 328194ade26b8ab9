"""The first line of a ledger: what it is of, as known where, and when it was made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from application.statistics.ledger import LedgerQuestion
from application.statistics.ledger_columns import Names
from application.statistics.naming import CHANNELS, STAGES
from domain.registry.entry import CIVIL_TIME


def note_of(question: LedgerQuestion, positions: Mapping[str, int], now: datetime, names: Names) -> str:
    """One Chinese line; instants in the city's zone."""
    chosen = [f"{_told(question.since)} 至 {_told(question.until)}（不含）"]
    for label, code, name in (
        ("街道", question.street, names.division), ("社区", question.community, names.division),
        ("网格", question.grid, names.grid), ("单位", question.unit, names.unit),
        ("事项", question.category, names.category), ("渠道", question.channel, lambda code: CHANNELS.get(code, code)),
    ):  # fmt: skip
        if code:
            chosen.append(f"{label} {name(code)}（{code}）")
    if question.stages:
        chosen.append("环节 " + "、".join(STAGES.get(stage, stage) for stage in question.stages))
    if question.overdue is not None:
        chosen.append("已超时" if question.overdue else "未超时")
    known = "、".join(f"{log_id} 第 {position} 位" for log_id, position in sorted(positions.items()))
    return f"{question.ledger.label}。筛选：{'；'.join(chosen)}。数据截至：{known}。制表：{_told(now)}"


def _told(at: datetime) -> str:
    return at.astimezone(CIVIL_TIME).strftime("%Y-%m-%d %H:%M:%S")
