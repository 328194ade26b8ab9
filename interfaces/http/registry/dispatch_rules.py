"""/dispatch-rules: editions of the dispatch rules 派遣规则. Draft, lay and drop rules, publish, import, look up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response, status
from pydantic import BeforeValidator, Field

from application.importing.dispatch_rules import ImportingDispatchRules
from application.ports import Receipt
from domain import refusals as no
from domain.registry import dispatch_refusals as dispatch_no
from domain.registry import refusals as registry_no
from domain.registry import rule_refusals as rule_no
from domain.registry.dispatch_rules import DispatchRules
from interfaces.http.calls import ActorDep, ChangeDesk, NewDesk, ServicesDep
from interfaces.http.fields import Line, Order
from interfaces.http.problems import responses
from interfaces.http.registry.dispatch_rule_fields import MOST_LAID, LayingRule, RuleView, rules_after
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

router = APIRouter(prefix="/dispatch-rules", tags=["派遣规则"])
Name = Annotated[Line, Field(description="版本名称", examples=["2026 年派遣规则"])]
Numbers = Annotated[list[LocalCode], Field(min_length=1, max_length=MOST_LAID, description="规则编号")]


def _count(rules: object) -> object:
    return len(rules) if isinstance(rules, Collection) else rules


class EditionView(Seen):
    """派遣规则的一个版本. 未发布时 valid_from 和 published_at 为 null; 施行到下一版本的首日为止."""

    based_on: Annotated[str, Field(description="拟订时所依据的版本，没有则为空文本")]
    rules: Annotated[int, BeforeValidator(_count), Field(description="规则条数")]
    valid_from: Annotated[date | None, Field(description="施行首日")]
    published_at: datetime | None


@dataclass(frozen=True)
class RulesOfEdition:
    """一页规则. 取下一页时把 next 填入 after, 末页为 null."""

    items: list[RuleView]
    next: str | None


class DraftingEdition(Order):
    """拟订. 可以另一版本的规则为底稿."""

    code: Annotated[LocalCode, Field(description="版本号", examples=["dispatch-2026.1"])]
    name: Name
    based_on: Annotated[LocalCode | None, Field(description="以哪一版本为底稿，缺省为空白")] = None


class LayingRules(Order):
    """订立规则: 编号已有的以此为准, 其余不变."""

    rules: Annotated[list[LayingRule], Field(min_length=1, max_length=MOST_LAID)]


class DroppingRules(Order):
    """删去规则."""

    numbers: Numbers


class PublishingEdition(Order):
    """发布. 施行首日不得早于今天; 发布后不可更改."""

    valid_from: Annotated[Day, Field(description="施行首日")]


@router.post("", status_code=status.HTTP_201_CREATED, responses=responses(*REGISTERING, no.NoSuchEntry))
async def draft_dispatch_rules(order: DraftingEdition, desk: NewDesk) -> Receipt:
    """拟订派遣规则的新版本."""
    said = {"code": order.code, "name": order.name, "based_on": order.based_on or ""}
    return await register(desk.services.rule_editions.draft, order, desk, **said)


@router.get("", responses=responses())
async def find_dispatch_rules(_actor: ActorDep, services: ServicesDep, asked: RangeDep) -> Entries[EditionView]:
    """查询派遣规则的各版本."""

    def find(*, name: str, after: str, limit: int) -> Sequence[DispatchRules]:
        return services.registry.entries(DispatchRules, lambda _: True, name=name, after=after, limit=limit)

    return asked.of(find, EditionView.model_validate)


@router.get("/{code}", responses=responses(no.NoSuchEntry))
async def get_dispatch_rules(
    code: LocalCode, _actor: ActorDep, services: ServicesDep, response: Response
) -> EditionView:  # fmt: skip
    """派遣规则的一个版本."""
    return tagged(EditionView.model_validate(services.registry.find(DispatchRules, code)), response)


@router.get("/{code}/rules", responses=responses(no.NoSuchEntry))
async def list_dispatch_rules(
    code: LocalCode, _actor: ActorDep, services: ServicesDep,
    after: Annotated[str, Query(max_length=64, description="上一页的 next")] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> RulesOfEdition:  # fmt: skip
    """一个版本的规则, 按编号升序."""
    return RulesOfEdition(*rules_after(services.registry.find(DispatchRules, code), after, limit))


RULING = (*CHANGING, rule_no.EditionPublished)


@router.post(
    "/{code}/lay",
    responses=responses(
        *RULING, dispatch_no.BadRule, rule_no.TooManyRules, registry_no.NothingChanged, registry_no.BadPeriod,
        registry_no.BadText, registry_no.BadChoice, no.BadCode,
    ),
)  # fmt: skip
async def lay_rules(code: LocalCode, order: LayingRules, desk: ChangeDesk) -> Receipt:
    """订立规则."""
    rules = [rule.checked() for rule in order.rules]
    return await change(desk.services.rule_editions.lay, code, order, desk, rules=rules)


@router.post("/{code}/drop", responses=responses(*RULING, rule_no.NoSuchRule))
async def drop_rules(code: LocalCode, order: DroppingRules, desk: ChangeDesk) -> Receipt:
    """删去规则."""
    return await change(desk.services.rule_editions.drop, code, order, desk, numbers=order.numbers)


@router.post(
    "/{code}/publish",
    responses=responses(*RULING, rule_no.NoRules, rule_no.RulesTie, rule_no.RulesUnsound, rule_no.NotRetroactive),
)
async def publish_dispatch_rules(code: LocalCode, order: PublishingEdition, desk: ChangeDesk) -> Receipt:
    """发布. 有并列的规则或所指未登记时不予发布, 并逐一指出."""
    return await change(desk.services.rule_editions.publish, code, order, desk, valid_from=order.valid_from)


@router.post(
    "/{code}/import",
    responses=responses(
        no.WrongRole, no.OutsideArea, no.Stale, no.BadCode, registry_no.BadFile, registry_no.BadText,
        rule_no.TooManyRules,
    ),
    openapi_extra=CSV,
)  # fmt: skip
async def import_dispatch_rules(
    code: LocalCode, content: Content, desk: NewDesk, dry_run: DryRun = False, skip_rejected: SkipRejected = False,
    name: Annotated[Line, Query(description="版本尚未拟订时的名称，缺省同版本号")] = "",
) -> ReportView:  # fmt: skip
    """导入规则: 正文为 CSV 文件, 可反复导入.

    列为编号、名称、事项、地点、渠道、工作时间、星期、季节、优先级、主办、抄送、协办、起、止.
    """
    importing, act = ImportingDispatchRules(desk.services.desk), desk.command(None, "").act
    report = await importing.run(
        act, content, edition=code, name=name, dry_run=dry_run, skip_rejected=skip_rejected
    )  # fmt: skip
    return seen(report)
