"""Rows of a list of limit rules: one rule a line, under Chinese or English headings, a column for each stage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from application.importing.headed_rows import MOST_SHOWN, headed_rows
from application.importing.report import Line, Outcome
from domain.limit import Limit
from domain.limit_stages import LimitStage
from domain.refusals import Refused
from domain.registry.limit_rule import LimitRule
from domain.registry.limit_rule_refusals import BadLimitRule
from domain.registry.limit_text import read_limit
from domain.vocabulary import LABELS, Channel, Urgency

HEADINGS = {
    "编号": "number", "名称": "name", "事项": "category", "渠道": "channel", "紧急程度": "urgency", "优先级": "rank",
    **{stage.label: stage.value for stage in LimitStage},
}  # fmt: skip
REQUIRED = ("编号",)
_CHANNELS = {LABELS[channel]: channel.value for channel in Channel}
_URGENCIES = {LABELS[urgency]: urgency.value for urgency in Urgency}


@dataclass(frozen=True, slots=True)
class LimitRow:
    """One line that is a rule by itself."""

    line: int
    rule: LimitRule


def read_limit_rules(content: bytes) -> Iterator[LimitRow | Line]:
    """Each line below the header: a rule, or a rejected line. Refuses `BadFile`: size, encoding, header, quotes."""
    return headed_rows(content, HEADINGS, REQUIRED, _row, others=False)


def _row(line: int, told: dict[str, str]) -> LimitRow | Line:
    number = told["number"]
    try:
        return LimitRow(line, _rule(number, told))
    except Refused as refused:
        return Line(line, number[:MOST_SHOWN], Outcome.REJECTED, refused.detail())


def _rule(number: str, told: dict[str, str]) -> LimitRule:
    channel, urgency = told.get("channel", ""), told.get("urgency", "")
    return LimitRule.checked(
        number=number, name=told.get("name", ""), category=told.get("category", ""),
        channel=_CHANNELS.get(channel, channel), urgency=_URGENCIES.get(urgency, urgency),
        rank=_rank(number, told.get("rank", "")),
        limits={stage: _limit(number, stage, text) for stage in LimitStage if (text := told.get(stage.value))},
    )  # fmt: skip


def _limit(number: str, stage: LimitStage, text: str) -> Limit:
    reading = read_limit(text)
    if reading.limit is None:
        proposal = f"，如为 {reading.proposal} 请照此写" if reading.proposal else ""
        raise BadLimitRule(number=number, problem=f"{stage.label}时限“{text[:MOST_SHOWN]}”{reading.why}{proposal}")
    return reading.limit


def _rank(number: str, text: str) -> int:
    if text and not re.fullmatch(r"-?[0-9]{1,6}", text):
        raise BadLimitRule(number=number, problem=f"优先级“{text[:MOST_SHOWN]}”应为整数")
    return int(text or 0)
