"""/limits: how long a case may take at each stage, by which rule of which edition. A preview that sets nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from application.command import EARLIEST
from application.limits.limit_answer import LimitAnswer, LimitSource, LostLimit, StageLimit
from domain import refusals as no
from domain.limit import Limit
from domain.limit_stages import LimitStage
from domain.refusals import ImplausibleTime
from domain.registry.entry import civil_day
from domain.registry.limit_rules import LimitRules
from domain.vocabulary import Channel, Urgency
from interfaces.http.calls import ActorDep, ServicesDep
from interfaces.http.fields import Body, CategoryKey, Instant
from interfaces.http.problems import responses
from interfaces.http.registry.entries import LocalCode
from interfaces.http.registry.limit_rule_fields import LimitView

router = APIRouter(prefix="/limits", tags=["时限规则"])
LATEST = datetime.fromisoformat("2100-01-01T00:00:00+00:00")


class AskingLimits(Body):
    """假设的案件: at 为立案的时刻, 缺省为现在."""

    category: CategoryKey
    channel: Annotated[Channel, Field(description="受理渠道")] = Channel.PATROL
    urgency: Annotated[Urgency, Field(description="紧急程度")] = Urgency.NORMAL
    at: Annotated[Instant | None, Field(description="立案的时刻，缺省为现在")] = None
    edition: Annotated[LocalCode | None, Field(description="用哪一版本，草案亦可；缺省为届时施行的")] = None


class LostLimitView(BaseModel):
    """未采用的: rule 为空文本时即编目."""

    rule: str
    name: str
    limit: LimitView | None
    why: str

    @classmethod
    def of(cls, lost: LostLimit) -> LostLimitView:
        return cls(rule=lost.rule, name=lost.name, limit=_limit(lost.limit), why=lost.why)


class StageLimitView(BaseModel):
    """一个环节的时限: 由何而定, 何以不是别的. limit 为 null 即没有规定或待定."""

    stage: LimitStage
    label: str
    limit: LimitView | None
    source: LimitSource
    rule: str
    rule_name: str
    reason: str
    runners_up: list[LostLimitView]

    @classmethod
    def of(cls, found: StageLimit) -> StageLimitView:
        return cls(
            stage=found.stage, label=found.stage.label, limit=_limit(found.limit), source=found.source,
            rule=found.rule, rule_name=found.rule_name, reason=found.reason,
            runners_up=[LostLimitView.of(lost) for lost in found.runners_up],
        )  # fmt: skip


class LimitsView(BaseModel):
    """各环节的时限. edition 为时限规则的版本, 没有施行的则为空文本; catalogue 为编目的版本."""

    category: str
    channel: Channel
    urgency: Urgency
    at: datetime
    edition: str
    catalogue: str
    stages: list[StageLimitView]

    @classmethod
    def of(cls, answer: LimitAnswer) -> LimitsView:
        """What people see of an answer."""
        return cls(
            category=answer.category, channel=Channel(answer.channel), urgency=Urgency(answer.urgency), at=answer.at,
            edition=answer.edition, catalogue=answer.catalogue,
            stages=[StageLimitView.of(found) for found in answer.stages],
        )  # fmt: skip


@router.post("/preview", responses=responses(no.NoSuchEntry, no.BadCode, no.ImplausibleTime))
async def preview_limits(asked: AskingLimits, _actor: ActorDep, services: ServicesDep) -> LimitsView:
    """预览时限: 各环节的时限出自哪一版本的哪一条, 依次比较优先级、事项、紧急程度、渠道; 什么都不写."""
    at = asked.at or services.clock()
    if not EARLIEST <= at <= LATEST:
        raise ImplausibleTime(at=at, earliest=EARLIEST, latest=LATEST)
    registry = services.registry
    edition = registry.find(LimitRules, asked.edition) if asked.edition else None
    answer = services.issues.limiting.answer(
        category=asked.category, channel=asked.channel.value, urgency=asked.urgency.value, at=at,
        filed=registry.case_type(asked.category).on(civil_day(at)), edition=edition,
    )  # fmt: skip
    return LimitsView.of(answer)


def _limit(limit: Limit | None) -> LimitView | None:
    return None if limit is None else LimitView.of(limit)
