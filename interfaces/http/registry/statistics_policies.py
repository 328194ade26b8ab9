"""/stats/policies: editions of the statistics policy 考核办法. Draft, revise, publish, look up what is in force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Annotated

from fastapi import APIRouter, Query, Response, status
from pydantic import BaseModel, Field

from application.ports import Receipt
from domain import refusals as no
from domain.rates import RatePolicy
from domain.registry import refusals as registry_no
from domain.registry import rule_refusals as rule_no
from domain.registry.statistics_policy import StatisticsEdition
from domain.statistics import policy_refusals as policy_no
from domain.statistics.policy import MOST_SMALL, StatisticsPolicy, Ties
from domain.vocabulary import Channel
from interfaces.http.calls import ActorDep, ChangeDesk, NewDesk, ServicesDep
from interfaces.http.fields import Body, Instant, Line, Order
from interfaces.http.problems import responses
from interfaces.http.registry.entries import (
    CHANGING,
    REGISTERING,
    Day,
    Entries,
    LocalCode,
    RangeDep,
    Seen,
    change,
    register,
    tagged,
)

router = APIRouter(prefix="/stats/policies", tags=["考核办法"])
UNSOUND = (
    policy_no.BadWeights, policy_no.BadHour, policy_no.BadMonthDay, policy_no.BadSmallCell, registry_no.BadChoice,
)  # fmt: skip
Weight = Annotated[Decimal, Field(ge=0, le=1, decimal_places=4, max_digits=5)]


class PolicyTerms(Body):
    """办法的内容. 缺省为系统自带的版本; 响应、解决、满意三项权重之和为 1."""

    basically_satisfied: Annotated[Weight, Field(description="基本满意折算")] = Decimal("0.9")
    partly_solved: Annotated[Weight, Field(description="部分解决折算")] = Decimal(0)
    response: Annotated[Weight, Field(description="响应率在综合得分中的权重")] = Decimal("0.1")
    resolution: Annotated[Weight, Field(description="解决率的权重")] = Decimal("0.5")
    satisfaction: Annotated[Weight, Field(description="满意率的权重")] = Decimal("0.4")
    excluded_channels: Annotated[
        list[Channel], Field(max_length=10, description="回访不计入三率的渠道", default_factory=list)
    ]
    zone: Annotated[Line, Field(description="时区，IANA 名称")] = "Asia/Shanghai"
    day_hour: Annotated[int, Field(ge=0, le=23, strict=True, description="日报自几时起，12 为中午至中午")] = 12
    month_day: Annotated[int, Field(ge=1, le=28, strict=True, description="月报自几日起，1 为自然月")] = 19
    ties: Annotated[Ties, Field(description="同分：以件数多者为先，或并列")] = Ties.VOLUME
    small_cell: Annotated[int, Field(ge=0, le=MOST_SMALL, strict=True, description="公开数字的最少件数")] = 5

    def policy(self) -> StatisticsPolicy:
        """As the domain knows it, not named yet."""
        rates = RatePolicy(
            "", Fraction(self.basically_satisfied), Fraction(self.partly_solved), Fraction(self.response),
            Fraction(self.resolution), Fraction(self.satisfaction),
            frozenset(channel.value for channel in self.excluded_channels),
        )  # fmt: skip
        return StatisticsPolicy(rates, self.zone, self.day_hour, self.month_day, self.ties, self.small_cell)


class PolicyView(BaseModel):
    """办法的内容, 权重为小数."""

    edition: str
    basically_satisfied: float
    partly_solved: float
    response: float
    resolution: float
    satisfaction: float
    excluded_channels: list[Channel]
    zone: str
    day_hour: int
    month_day: int
    ties: Ties
    small_cell: int

    @classmethod
    def of(cls, policy: StatisticsPolicy) -> PolicyView:
        """As people see it."""
        rates = policy.rates
        return cls(
            edition=policy.edition, basically_satisfied=float(rates.basically_satisfied),
            partly_solved=float(rates.partly_solved), response=float(rates.response_weight),
            resolution=float(rates.resolution_weight), satisfaction=float(rates.satisfaction_weight),
            excluded_channels=[Channel(channel) for channel in sorted(rates.excluded_channels)], zone=policy.zone,
            day_hour=policy.day_hour, month_day=policy.month_day, ties=policy.ties, small_cell=policy.small_cell,
        )  # fmt: skip


class StatisticsEditionView(Seen):
    """考核办法的一个版本. 未发布时 valid_from 和 published_at 为 null; 施行到下一版本的首日为止."""

    source: Annotated[str, Field(description="依据")]
    policy: PolicyView
    valid_from: Annotated[date | None, Field(description="施行首日")]
    published_at: datetime | None


class DraftingPolicy(Order):
    """拟订."""

    code: Annotated[LocalCode, Field(description="版本号", examples=["assessment-2026.2"])]
    name: Annotated[Line, Field(description="版本名称", examples=["2026 年下半年考核办法"])]
    source: Annotated[str, Field(max_length=1_000, description="依据的文件")] = ""
    policy: PolicyTerms


class RevisingDraft(Order):
    """修改草案: 以此为准."""

    policy: PolicyTerms


class PublishingPolicy(Body):
    """发布, 自此刻起算: 不得补记为过去. 施行首日不得早于今天; 发布后不可更改. 此前结束的时段仍依当时的版本."""

    valid_from: Annotated[Day, Field(description="施行首日")]
    reason: Annotated[Line, Field(description="理由")] = ""


@router.post("", status_code=status.HTTP_201_CREATED, responses=responses(*REGISTERING, *UNSOUND))
async def draft_statistics_policy(order: DraftingPolicy, desk: NewDesk) -> Receipt:
    """拟订考核办法的新版本."""
    use, policy = desk.services.statistics_editions.draft, order.policy.policy()
    return await register(use, order, desk, code=order.code, name=order.name, source=order.source, policy=policy)


@router.get("", responses=responses())
async def find_statistics_policies(
    _actor: ActorDep, services: ServicesDep, asked: RangeDep
) -> Entries[StatisticsEditionView]:
    """查询考核办法的各版本."""

    def find(*, name: str, after: str, limit: int) -> Sequence[StatisticsEdition]:
        return services.registry.entries(StatisticsEdition, lambda _: True, name=name, after=after, limit=limit)

    return asked.of(find, _seen)


@router.get("/in-force", responses=responses())
async def get_policy_in_force(
    _actor: ActorDep, services: ServicesDep,
    at: Annotated[Instant | None, Query(description="何时，缺省为现在", examples=["2026-12-01T00:00:00+08:00"])] = None,
) -> PolicyView:  # fmt: skip
    """某一时刻施行的考核办法. 一个时段依其末一刻施行的版本统计; 首个版本之前依系统自带的版本."""
    return PolicyView.of(services.policies.at(at or services.clock()))


@router.get("/{code}", responses=responses(no.NoSuchEntry))
async def get_statistics_policy(
    code: LocalCode, _actor: ActorDep, services: ServicesDep, response: Response
) -> StatisticsEditionView:
    """考核办法的一个版本."""
    return tagged(_seen(services.registry.find(StatisticsEdition, code)), response)


@router.post(
    "/{code}/revise", responses=responses(*CHANGING, *UNSOUND, rule_no.EditionPublished, registry_no.NothingChanged)
)
async def revise_statistics_policy(code: LocalCode, order: RevisingDraft, desk: ChangeDesk) -> Receipt:
    """修改草案."""
    return await change(desk.services.statistics_editions.revise, code, order, desk, policy=order.policy.policy())


@router.post("/{code}/publish", responses=responses(*CHANGING, rule_no.EditionPublished, rule_no.NotRetroactive))
async def publish_statistics_policy(code: LocalCode, order: PublishingPolicy, desk: ChangeDesk) -> Receipt:
    """发布."""
    command = desk.command(None, order.reason)
    return desk.tagged(
        await desk.services.statistics_editions.publish(
            command.act, code=code, valid_from=order.valid_from, version=command.version, key=command.key
        )
    )


def _seen(edition: StatisticsEdition) -> StatisticsEditionView:
    return StatisticsEditionView(
        code=edition.code, name=edition.name, version=edition.version, source=edition.source,
        policy=PolicyView.of(edition.policy), published_at=edition.published_at,
        valid_from=None if edition.valid_from is None else date.fromisoformat(edition.valid_from),
    )  # fmt: skip
