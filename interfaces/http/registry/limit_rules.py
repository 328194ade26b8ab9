"""/limit-rules: editions of the limit rules 时限规则. Draft, lay and drop rules, publish, import, compare, look up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response, status
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from application.importing.limit_rules import ImportingLimitRules
from application.ports import Receipt
from domain import refusals as no
from domain.limit_stages import LimitStage
from domain.registry import refusals as registry_no
from domain.registry import rule_refusals as rule_no
from domain.registry.edition_difference import ChangeKind
from domain.registry.limit_rule_refusals import BadLimitRule
from domain.registry.limit_rules import LimitRules
from interfaces.http.calls import ActorDep, ChangeDesk, NewDesk, ServicesDep
from interfaces.http.fields import Line, Order
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
from interfaces.http.registry.importing import CSV, Content, DryRun, ReportView, SkipRejected, seen
from interfaces.http.registry.limit_rule_fields import MOST_LAID, LayingLimitRule, LimitRuleView, limit_rules_after

router = APIRouter(prefix="/limit-rules", tags=["时限规则"])
RULING = (*CHANGING, rule_no.EditionPublished)


def _count(rules: object) -> object:
    return len(rules) if isinstance(rules, Collection) else rules


class LimitEditionView(Seen):
    """时限规则的一个版本. 未发布时 valid_from 和 published_at 为 null; 施行到下一版本的首日为止."""

    source: Annotated[str, Field(description="依据")]
    based_on: Annotated[str, Field(description="拟订时所依据的版本，没有则为空文本")]
    rules: Annotated[int, BeforeValidator(_count), Field(description="规则条数")]
    valid_from: Annotated[date | None, Field(description="施行首日")]
    published_at: datetime | None


@dataclass(frozen=True)
class LimitRulesOfEdition:
    """一页规则. 取下一页时把 next 填入 after, 末页为 null."""

    items: list[LimitRuleView]
    next: str | None


class LimitChangeView(BaseModel):
    """一处差异: 何种案件的哪个环节, 原为多久, 改为多久; 没有则为空文本."""

    model_config = ConfigDict(from_attributes=True)

    category: str
    urgency: str
    channel: str
    rank: int
    stage: LimitStage
    change: ChangeKind
    rule: Annotated[str, Field(description="规则编号，以新版本为准")]
    before: str
    after: str


class LimitDifferenceView(BaseModel):
    """两个版本的差异, 以及未变的时限数."""

    model_config = ConfigDict(from_attributes=True)

    changes: list[LimitChangeView]
    unchanged: int


class DraftingLimitRules(Order):
    """拟订. 可以另一版本的规则为底稿."""

    code: Annotated[LocalCode, Field(description="版本号", examples=["limits-2026.1"])]
    name: Annotated[Line, Field(description="版本名称", examples=["2026 年时限规则"])]
    source: Annotated[str, Field(max_length=1_000, description="依据的文件")] = ""
    based_on: Annotated[LocalCode | None, Field(description="以哪一版本为底稿，缺省为空白")] = None


class LayingLimitRules(Order):
    """订立规则: 编号已有的以此为准, 其余不变."""

    rules: Annotated[list[LayingLimitRule], Field(min_length=1, max_length=MOST_LAID)]


class DroppingLimitRules(Order):
    """删去规则."""

    numbers: Annotated[list[LocalCode], Field(min_length=1, max_length=MOST_LAID, description="规则编号")]


class PublishingLimitRules(Order):
    """发布. 施行首日不得早于今天; 发布后不可更改. 已立案的案件仍依立案时的版本."""

    valid_from: Annotated[Day, Field(description="施行首日")]


@router.post("", status_code=status.HTTP_201_CREATED, responses=responses(*REGISTERING, no.NoSuchEntry))
async def draft_limit_rules(order: DraftingLimitRules, desk: NewDesk) -> Receipt:
    """拟订时限规则的新版本."""
    said = {"code": order.code, "name": order.name, "source": order.source, "based_on": order.based_on or ""}
    return await register(desk.services.limit_editions.draft, order, desk, **said)


@router.get("", responses=responses())
async def find_limit_rules(_actor: ActorDep, services: ServicesDep, asked: RangeDep) -> Entries[LimitEditionView]:
    """查询时限规则的各版本."""

    def find(*, name: str, after: str, limit: int) -> Sequence[LimitRules]:
        return services.registry.entries(LimitRules, lambda _: True, name=name, after=after, limit=limit)

    return asked.of(find, LimitEditionView.model_validate)


@router.get("/{code}", responses=responses(no.NoSuchEntry))
async def get_limit_rules(
    code: LocalCode, _actor: ActorDep, services: ServicesDep, response: Response
) -> LimitEditionView:  # fmt: skip
    """时限规则的一个版本."""
    return tagged(LimitEditionView.model_validate(services.registry.find(LimitRules, code)), response)


@router.get("/{code}/rules", responses=responses(no.NoSuchEntry))
async def list_limit_rules(
    code: LocalCode, _actor: ActorDep, services: ServicesDep,
    after: Annotated[str, Query(max_length=64, description="上一页的 next")] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> LimitRulesOfEdition:  # fmt: skip
    """一个版本的规则, 按编号升序."""
    return LimitRulesOfEdition(*limit_rules_after(services.registry.find(LimitRules, code), after, limit))


@router.get("/{code}/difference", responses=responses(no.NoSuchEntry))
async def compare_limit_rules(
    code: LocalCode, _actor: ActorDep, services: ServicesDep,
    against: Annotated[LocalCode | None, Query(description="与哪一版本比较，缺省为其底稿")] = None,
) -> LimitDifferenceView:  # fmt: skip
    """与另一版本的差异: 哪些时限新增、变更、停用, 不论规则如何编号."""
    return LimitDifferenceView.model_validate(services.limit_editions.difference(code, against or ""))


@router.post(
    "/{code}/lay",
    responses=responses(
        *RULING, BadLimitRule, rule_no.TooManyRules, registry_no.NothingChanged, registry_no.BadText,
        registry_no.BadChoice, no.BadCode,
    ),
)  # fmt: skip
async def lay_limit_rules(code: LocalCode, order: LayingLimitRules, desk: ChangeDesk) -> Receipt:
    """订立规则."""
    rules = [rule.checked() for rule in order.rules]
    return await change(desk.services.limit_editions.lay, code, order, desk, rules=rules)


@router.post("/{code}/drop", responses=responses(*RULING, rule_no.NoSuchRule))
async def drop_limit_rules(code: LocalCode, order: DroppingLimitRules, desk: ChangeDesk) -> Receipt:
    """删去规则."""
    return await change(desk.services.limit_editions.drop, code, order, desk, numbers=order.numbers)


@router.post(
    "/{code}/publish",
    responses=responses(*RULING, rule_no.NoRules, rule_no.RulesTie, rule_no.RulesUnsound, rule_no.NotRetroactive),
)
async def publish_limit_rules(code: LocalCode, order: PublishingLimitRules, desk: ChangeDesk) -> Receipt:
    """发布. 有并列的规则或所指未登记时不予发布, 并逐一指出."""
    return await change(desk.services.limit_editions.publish, code, order, desk, valid_from=order.valid_from)


@router.post(
    "/{code}/import",
    responses=responses(
        no.WrongRole, no.OutsideArea, no.Stale, no.BadCode, registry_no.BadFile, registry_no.BadText,
        rule_no.TooManyRules,
    ),
    openapi_extra=CSV,
)  # fmt: skip
async def import_limit_rules(
    code: LocalCode, content: Content, desk: NewDesk, dry_run: DryRun = False, skip_rejected: SkipRejected = False,
    name: Annotated[Line, Query(description="版本尚未拟订时的名称，缺省同版本号")] = "",
) -> ReportView:  # fmt: skip
    """导入规则: 正文为 CSV 文件, 可反复导入.

    列为编号、名称、事项、渠道、紧急程度、优先级, 以及派遣、签收、联系、处置、反馈、核查、回访、全案的时限, 如 2工作日.
    """
    importing, act = ImportingLimitRules(desk.services.desk), desk.command(None, "").act
    report = await importing.run(
        act, content, edition=code, name=name, dry_run=dry_run, skip_rejected=skip_rejected
    )  # fmt: skip
    return seen(report)
