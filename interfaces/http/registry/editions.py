"""/catalogue/editions: editions of the catalogue 立案标准版次. Draft, import, put, strike, decide, publish, discard."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response, status
from pydantic import Field

from application.importing.standards import EditionAsked, ImportingStandards
from application.ports import Receipt
from domain import refusals as no
from domain.limit import Limit, LimitUnit
from domain.registry import catalogue_refusals as catalogue_no
from domain.registry import refusals as registry_no
from domain.registry.case_type import limit_of
from domain.registry.case_type_key import CaseKind
from domain.registry.catalogue_edition import CatalogueEdition, Standing
from domain.registry.entry import civil_day
from domain.registry.filing_condition import MOST_LAW, MOST_UNITS, MOST_WORDS, FilingCondition
from domain.registry.limit_text import MOST_TEXT
from interfaces.http.calls import ActorDep, ChangeDesk, NewDesk, ServicesDep
from interfaces.http.fields import CategoryKey, Line, Order, Plain
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

router = APIRouter(prefix="/catalogue/editions", tags=["立案标准版次"])
EditionCode = Annotated[LocalCode, Field(description="版次编号", examples=["2026.1"])]
EffectiveFrom = Annotated[Day, Field(description="生效日", examples=["2026-04-01"])]
LimitText = Annotated[str, Field(max_length=MOST_TEXT, description="处置时限原文", examples=["4小时"]), Plain]
Condition = Annotated[str, Field(min_length=1, max_length=MOST_WORDS), Plain]
Closing = Annotated[str, Field(max_length=MOST_WORDS), Plain]
UnitCell = Annotated[str, Field(max_length=MOST_UNITS), Plain]
Law = Annotated[str, Field(max_length=MOST_LAW), Plain]
LimitAmount = Annotated[int, Field(ge=1, le=10_000_000, description="时限数值", examples=[4])]
UnitOfLimit = Annotated[LimitUnit, Field(description="时限单位", examples=["work_hour"])]


class CatalogueEditionView(Seen):
    """立案标准的一个版次. standing 为今天的状态; ended 为被取代的类别和末日."""

    source: str
    effective_from: date
    standing: Standing
    kinds: list[CaseKind]
    conditions: Annotated[int, Field(description="立案条件数")]
    undecided: Annotated[int, Field(description="草案中时限待定的条件数；发布后见待定时限")]
    ended: dict[str, date]


class DraftingCatalogueEdition(Order):
    """起草. copies 列出的类别以生效日前一日将施行的内容为底稿."""

    code: EditionCode
    name: Annotated[Line, Field(description="版次名称", examples=["立案标准（2026年版）"])]
    source: Annotated[Line, Field(description="依据的标准或文件")]
    effective_from: EffectiveFrom
    copies: Annotated[tuple[CaseKind, ...], Field(max_length=2)] = ()


class PuttingCondition(Order):
    """草拟一条: 编码已有的以此为准. 自定义小类 (后三位 080 至 999) 的名称自动加“（自定义）”."""

    code: CategoryKey
    name: Annotated[Line, Field(description="小类名称", examples=["绿地脏乱"])]
    class_name: Annotated[Line, Field(description="大类名称", examples=["市容环境"])]
    condition: Annotated[Condition, Field(description="立案条件", examples=["绿地内有垃圾、杂物"])]
    closing_condition: Annotated[Closing, Field(description="结案条件", examples=["清理干净"])] = ""
    limit_amount: LimitAmount
    limit_unit: UnitOfLimit
    lead: Annotated[LocalCode | None, Field(description="默认主办单位；空则由派遣员确定")] = None
    lead_text: Annotated[UnitCell, Field(description="处置单位，以顿号分开")] = ""
    supervisor_text: Annotated[UnitCell, Field(description="主管单位，以顿号分开")] = ""
    legal_basis: Law = ""
    legal_clauses: Law = ""
    collection_rules: Law = ""

    def content(self) -> FilingCondition:
        """The condition it puts. Refuses `BadLimit`."""
        said = self.model_dump(exclude={"happened_at", "reason", "limit_amount", "limit_unit"})
        return FilingCondition(limit=self.limit(), **said)

    def limit(self) -> Limit:
        """Refuses `BadLimit`."""
        return limit_of(self.limit_amount, self.limit_unit.value)


class StrikingCondition(Order):
    """删去一条."""

    condition: CategoryKey


class Rescheduling(Order):
    """改期."""

    effective_from: EffectiveFrom


class DecidingLimits(Order):
    """时限决定: 本版次中原文如此的待定时限, 一律如此. 理由记入 reason."""

    limit_text: LimitText
    limit_amount: LimitAmount
    limit_unit: UnitOfLimit


DRAFTING = (*CHANGING, catalogue_no.EditionSettled)


@router.post(
    "", status_code=status.HTTP_201_CREATED, responses=responses(*REGISTERING, catalogue_no.EditionTaken)
)  # fmt: skip
async def draft_catalogue_edition(order: DraftingCatalogueEdition, desk: NewDesk) -> Receipt:
    """起草版次, 空白或以将施行的内容为底稿."""
    said = order.model_dump(exclude={"happened_at", "reason"})
    return await register(desk.services.editions.draft, order, desk, **said)


@router.get("", responses=responses())
async def find_catalogue_editions(
    _actor: ActorDep, services: ServicesDep, asked: RangeDep
) -> Entries[CatalogueEditionView]:
    """查询各版次, 含草案和已被取代的."""
    today = civil_day(services.clock())

    def find(*, name: str, after: str, limit: int) -> list[CatalogueEdition]:
        return list(
            services.registry.entries(CatalogueEdition, lambda _: True, name=name, after=after, limit=limit)
        )  # fmt: skip

    return asked.of(find, lambda edition: edition_seen(edition, today))


@router.get("/{code}", responses=responses(no.NoSuchEntry))
async def get_catalogue_edition(
    code: EditionCode, _actor: ActorDep, services: ServicesDep, response: Response
) -> CatalogueEditionView:
    """一个版次."""
    return tagged(edition_seen(services.editions.find(code), civil_day(services.clock())), response)


@router.post(
    "/{code}/put-condition",
    responses=responses(*DRAFTING, registry_no.BadText, registry_no.BadLimit, no.BadCode, no.NotValidThen),
)
async def put_condition(code: EditionCode, order: PuttingCondition, desk: ChangeDesk) -> Receipt:
    """草拟一条立案条件."""
    return await change(desk.services.editions.put, code, order, desk, condition=order.content())


@router.post("/{code}/strike-condition", responses=responses(*DRAFTING, catalogue_no.ConditionNotDrafted))
async def strike_condition(code: EditionCode, order: StrikingCondition, desk: ChangeDesk) -> Receipt:
    """从草案删去一条. 发布后, 现行而草案中没有的条件即停用."""
    return await change(desk.services.editions.strike, code, order, desk, condition=order.condition)


@router.post("/{code}/reschedule", responses=responses(*DRAFTING, registry_no.NothingChanged))
async def reschedule_edition(code: EditionCode, order: Rescheduling, desk: ChangeDesk) -> Receipt:
    """草案改期."""
    return await change(desk.services.editions.reschedule, code, order, desk, effective_from=order.effective_from)


@router.post("/{code}/discard", responses=responses(*DRAFTING))
async def discard_edition(code: EditionCode, order: Order, desk: ChangeDesk) -> Receipt:
    """草案作废, 编号不再使用."""
    return await change(desk.services.editions.discard, code, order, desk)


@router.post("/{code}/publish", responses=responses(*DRAFTING, catalogue_no.EditionEmpty, catalogue_no.EditionTooEarly))
async def publish_edition(code: EditionCode, order: Order, desk: ChangeDesk) -> Receipt:
    """发布, 自生效日起施行. 已有的案件不受影响, 仍按立案时的版次."""
    return await change(desk.services.editions.publish, code, order, desk)


@router.post(
    "/{code}/decide-limit",
    responses=responses(*DRAFTING, registry_no.BadLimit, catalogue_no.NothingUndecided, catalogue_no.LimitSettled),
)
async def decide_edition_limit(code: EditionCode, order: DecidingLimits, desk: ChangeDesk) -> Receipt:
    """时限决定: 草案或已发布的版次均可."""
    said = {
        "limit_text": order.limit_text, "limit_amount": order.limit_amount, "limit_unit": order.limit_unit.value
    }  # fmt: skip
    return await change(desk.services.editions.decide_limit, code, order, desk, **said)


@router.post(
    "/{code}/import",
    responses=responses(
        no.WrongRole, no.OutsideArea, no.Stale, no.BadCode, registry_no.BadFile, registry_no.BadText,
        catalogue_no.EditionTaken, catalogue_no.EditionDated,
    ),
    openapi_extra=CSV,
)  # fmt: skip
async def import_standard(
    code: EditionCode, content: Content, desk: NewDesk,
    kind: Annotated[CaseKind, Query(description="文件是事项标准还是部件标准")],
    effective_from: Annotated[Day | None, Query(description="生效日；版次尚未起草时必填")] = None,
    name: Annotated[Line, Query(description="版次尚未起草时的名称")] = "",
    source: Annotated[Line, Query(description="版次尚未起草时所依据的标准")] = "",
    dry_run: DryRun = False, skip_rejected: SkipRejected = False,
) -> ReportView:  # fmt: skip
    """导入立案标准为草案: 正文为 CSV 文件, 单元格可向下合并, 可反复导入. 发布另行办理.

    列为大类代码、大类名称、小类代码、小类名称、立案条件、结案条件、处置时限, 可有处置单位 (责任主体)、
    主管部门 (监管主体)、法律法规依据、法律法规具体条款、采集要求. 不能确定的时限照录, 待人工决定.
    """
    importing, act = ImportingStandards(desk.services.desk, desk.services.editions), desk.command(None, "").act
    asked = EditionAsked(code, effective_from, name, source)
    return seen(
        await importing.run(act, content, kind=kind, edition=asked, dry_run=dry_run, skip_rejected=skip_rejected)
    )  # fmt: skip


def edition_seen(edition: CatalogueEdition, today: date) -> CatalogueEditionView:
    """The edition as people see it today."""
    return CatalogueEditionView(
        code=edition.code, name=edition.name, version=edition.version, source=edition.source,
        effective_from=edition.effective, standing=edition.standing(today), kinds=edition.kinds,
        conditions=len(edition.conditions), undecided=len(edition.undecided()) if edition.is_draft else 0,
        ended={kind: date.fromisoformat(day) for kind, day in edition.ended.items()},
    )  # fmt: skip
