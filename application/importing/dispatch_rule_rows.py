"""Rows of a list of dispatch rules: one rule a line, under Chinese or English headings. Knows nothing registered."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from application.importing.headed_rows import MOST_SHOWN, headed_rows
from application.importing.report import Line, Outcome
from domain.refusals import Refused
from domain.registry.dispatch_refusals import BadRule
from domain.registry.dispatch_rule import DispatchRule
from domain.registry.rule_time import Hours
from domain.vocabulary import LABELS, Channel

HEADINGS = {
    "编号": "number", "名称": "name", "事项": "category", "地点": "place", "渠道": "channel", "工作时间": "hours",
    "星期": "weekdays", "季节": "season", "优先级": "rank", "主办": "lead", "抄送": "copies", "协办": "assists",
    "起": "valid_from", "止": "valid_until",
}  # fmt: skip
REQUIRED = ("编号", "主办")
_BETWEEN = re.compile(r"[,，、;；|\s]+")
_DAYS = {day: number for number, day in enumerate("一二三四五六日", start=1)} | {"天": 7}
_LOCAL = {"属地社区": "@community", "属地村": "@community", "属地街道": "@street", "属地乡镇": "@street",
          "属地区县": "@district"}  # fmt: skip
_HOURS = {hours.label: hours.value for hours in Hours} | {"非工作时间": Hours.OUTSIDE.value, "": Hours.ANY.value}
_CHANNELS = {LABELS[channel]: channel.value for channel in Channel}


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One line that is a rule by itself."""

    line: int
    rule: DispatchRule


def read_rules(content: bytes) -> Iterator[RuleRow | Line]:
    """Each line below the header: a rule, or a rejected line. Refuses `BadFile`: size, encoding, header, quotes."""
    return headed_rows(content, HEADINGS, REQUIRED, _row, others=False)


def _row(line: int, told: dict[str, str]) -> RuleRow | Line:
    number = told["number"]
    try:
        return RuleRow(line, _rule(number, told))
    except Refused as refused:
        return Line(line, number[:MOST_SHOWN], Outcome.REJECTED, refused.detail())


def _rule(number: str, told: dict[str, str]) -> DispatchRule:
    facts: dict[str, Any] = {column: READ[column](number, text) for column, text in told.items() if column in READ}
    season_from, season_until = facts.pop("season", ("", ""))
    facts |= {column: told.get(column, "") for column in ("name", "category", "place")}
    return DispatchRule.checked(number=number, season_from=season_from, season_until=season_until, **facts)


def _lead(number: str, text: str) -> str:
    units = _units(number, text)
    if len(units) != 1:
        raise BadRule(number=number, problem="主办应恰有一个单位")
    return units[0]


def _units(number: str, text: str) -> list[str]:
    return [_LOCAL.get(unit, unit) for unit in _BETWEEN.split(text) if unit]


def _weekdays(number: str, text: str) -> list[int]:
    found: list[int] = []
    for part in filter(None, _BETWEEN.split(re.sub("周|星期|礼拜", "", text))):
        first, _, last = re.sub("[-~～—]", "至", part).partition("至")
        edges = [_DAYS.get(edge, int(edge) if re.fullmatch("[1-7]", edge) else 0) for edge in (first, last or first)]
        if 0 in edges or edges[0] > edges[1]:
            raise BadRule(number=number, problem=f"星期“{text[:MOST_SHOWN]}”应如 六、日 或 1-5")
        found += range(edges[0], edges[1] + 1)
    return found


def _season(number: str, text: str) -> tuple[str, str]:
    if not text:
        return "", ""
    match = re.fullmatch(r"([0-9]{2}-[0-9]{2})\s*[至~～]\s*([0-9]{2}-[0-9]{2})", text)
    if match is None:
        raise BadRule(number=number, problem=f"季节“{text[:MOST_SHOWN]}”应如 10-15至04-15")
    return match[1], match[2]


def _rank(number: str, text: str) -> int:
    if text and not re.fullmatch(r"-?[0-9]{1,6}", text):
        raise BadRule(number=number, problem=f"优先级“{text[:MOST_SHOWN]}”应为整数")
    return int(text or 0)


def _day(number: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadRule(number=number, problem=f"日期“{text[:MOST_SHOWN]}”应如 2026-01-01") from None


READ: dict[str, Callable[[str, str], object]] = {
    "channel": lambda _, text: _CHANNELS.get(text, text), "hours": lambda _, text: _HOURS.get(text, text),
    "weekdays": _weekdays, "season": _season, "rank": _rank, "lead": _lead, "copies": _units, "assists": _units,
    "valid_from": _day, "valid_until": _day,
}  # fmt: skip
"""How a cell of each column is read, told the number of its rule; the others are taken as they are."""
