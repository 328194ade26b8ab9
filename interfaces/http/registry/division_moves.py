"""/divisions: give a code, recode, pass on to successors, settle a doubt; bring in lists and changes."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from application.importing.division_changes import ImportingDivisionChanges
from application.importing.divisions import ImportingDivisions
from application.ports import Receipt
from application.registry.division_moves import MOST
from domain import refusals as no
from domain.registry import division_refusals as division_no
from domain.registry import refusals as registry_no
from domain.registry.code_table import CodeTable
from domain.registry.entry import civil_day
from domain.registry.succession import How, Verdict
from interfaces.http.calls import ActorDep, ChangeDesk, NewDesk, ServicesDep
from interfaces.http.fields import Line, Order
from interfaces.http.problems import responses
from interfaces.http.registry.entries import CHANGING, Day, DivisionCode, Since, Within, change, facts
from interfaces.http.registry.importing import CSV, Content, DryRun, ReportView, SkipRejected, seen

router = APIRouter(prefix="/divisions", tags=["区划"])
Source = Annotated[Line, Field(description="依据的名单或文件", examples=["国家统计局 2023"])]
DocNo = Annotated[Line, Field(description="批复文号", examples=["国函〔2001〕131号"])]
Year = Annotated[int, Field(ge=1949, le=2999, description="版次")]
Codes = Annotated[list[DivisionCode], Field(min_length=1, max_length=MOST)]
FromDay = Annotated[Day | None, Query(description="名单自哪一天起作数，缺省为今天")]
FromSource = Annotated[Line, Query(description="名单的出处", examples=["国家统计局2023"])]
EditionYear = Annotated[int | None, Query(ge=1949, le=2999, description="版次，缺省取出处中的年份")]
IMPORTING = (registry_no.BadFile, registry_no.BadText, no.WrongRole, no.OutsideArea, no.BadCode, no.Stale, no.KeyReused)


class AffectedView(BaseModel):
    """改码前须先处理的登记, 各至多一千项."""

    model_config = ConfigDict(from_attributes=True)

    divisions: list[str]
    grids: list[str]
    units: list[str]
    staff: list[str]


class GivingCode(Order):
    """赋码: 某码表对此区划的代码. 改码之前先赋新码, 网格即可重新编号到新码之下."""

    table: CodeTable
    year: Year
    new_code: DivisionCode
    name: Annotated[Line, Field(description="码表所载的名称")]
    source: Source
    valid_from: Since


class Recoding(Order):
    """改码. 名称不变时可不填 name."""

    new_code: DivisionCode
    since: Since
    source: Source
    name: Line | None = None
    doc_no: DocNo = ""


class PassingOn(Order):
    """并入、改设、分设、析置. 除析置外, 原区划至前一日终止."""

    predecessors: Codes
    successors: Codes
    how: How
    since: Since
    source: Source
    doc_no: DocNo = ""


class SettlingDoubt(Order):
    """存疑了结: confirmed 为似指的区划属实, dismissed 为不取."""

    division: UUID
    row: Annotated[str, Field(min_length=1, max_length=500)]
    verdict: Verdict


@router.get("/{code}/affected", responses=responses(no.NoSuchEntry))
async def get_affected(
    code: DivisionCode, _actor: ActorDep, services: ServicesDep, on: Annotated[Day | None, Query()] = None
) -> AffectedView:
    """改码的影响: 代码以此开头的区划和网格, 以此为地点的单位, 以此为范围的人员."""
    day: date = on or civil_day(services.clock())
    return AffectedView.model_validate(services.division_moves.affected(code, day))


@router.post(
    "/{code}/give-code", responses=responses(*CHANGING, division_no.CodesOverlap, no.BadCode, registry_no.BadText)
)
async def give_code(code: DivisionCode, order: GivingCode, desk: ChangeDesk) -> Receipt:
    """赋码."""
    return await change(desk.services.division_moves.give_code, code, order, desk, **facts(order))


@router.post(
    "/{code}/recode",
    responses=responses(
        *CHANGING, division_no.StillCoded, division_no.CodeTaken, no.BadCode, registry_no.NothingChanged,
        registry_no.BadPeriod, registry_no.BadText,
    ),
)  # fmt: skip
async def recode_division(code: DivisionCode, order: Recoding, desk: ChangeDesk) -> Receipt:
    """改码. 尚有网格等沿用旧代码时不予办理, 影响见 affected."""
    return await change(desk.services.division_moves.recode, code, order, desk, **facts(order))


@router.post(
    "/succession",
    responses=responses(
        no.NoSuchEntry, no.Stale, no.KeyReused, no.WrongRole, no.OutsideArea, no.OutOfOrder, no.ImplausibleTime,
        division_no.BadSuccessor, registry_no.StillInUse, registry_no.NoLongerKept, registry_no.BadPeriod,
        registry_no.BadText,
    ),
)  # fmt: skip
async def pass_on(order: PassingOn, desk: NewDesk) -> Receipt:
    """承接: 几个原区划由几个区划承接, 一次办成."""
    command = order.at(desk)
    return desk.tagged(await desk.services.division_moves.pass_on(command.act, **facts(order), key=command.key))


@router.post(
    "/doubts/settle",
    responses=responses(
        no.NoSuchEntry, no.Stale, no.KeyReused, no.WrongRole, no.OutsideArea, no.OutOfOrder, no.ImplausibleTime,
        division_no.NoSuchDoubt, division_no.NothingSupposed, division_no.BadSuccessor, division_no.CodesOverlap,
    ),
)  # fmt: skip
async def settle_doubt(order: SettlingDoubt, desk: NewDesk) -> Receipt:
    """存疑了结."""
    command = order.at(desk)
    return desk.tagged(await desk.services.division_moves.settle(command.act, **facts(order), key=command.key))


@router.post("/import", responses=responses(*IMPORTING), openapi_extra=CSV)
async def import_divisions(
    desk: NewDesk, content: Content, source: FromSource, dry_run: DryRun = False, skip_rejected: SkipRejected = False,
    valid_from: FromDay = None, year: EditionYear = None, within: Within = "",
    table: Annotated[CodeTable, Query(description="名单属于哪个码表")] = CodeTable.NBS,
) -> ReportView:  # fmt: skip
    """导入区划名单: 正文为 CSV 文件, 列为 level、code、name、parent_code; 可反复导入."""
    act, services = desk.command(None, "").act, desk.services
    report = await ImportingDivisions(services.desk).run(
        act, content, source=source, valid_from=valid_from or civil_day(act.at), table=table, year=year,
        within=within or services.desk.city, dry_run=dry_run, skip_rejected=skip_rejected,
    )  # fmt: skip
    return seen(report)


@router.post("/import-townships", responses=responses(*IMPORTING), openapi_extra=CSV)
async def import_townships(
    desk: NewDesk, content: Content, source: FromSource, dry_run: DryRun = False, skip_rejected: SkipRejected = False,
    valid_from: FromDay = None, year: EditionYear = None, within: Within = "",
) -> ReportView:  # fmt: skip
    """导入民政部乡级名单: 正文为 CSV 文件, 列为 county_code、county、code12、name; 可反复导入."""
    act, services = desk.command(None, "").act, desk.services
    report = await ImportingDivisions(services.desk).townships(
        act, content, source=source, valid_from=valid_from or civil_day(act.at), year=year,
        within=within or services.desk.city, dry_run=dry_run, skip_rejected=skip_rejected,
    )  # fmt: skip
    return seen(report)


@router.post("/import-changes", responses=responses(*IMPORTING), openapi_extra=CSV)
async def import_changes(
    desk: NewDesk, content: Content, source: FromSource, dry_run: DryRun = False, skip_rejected: SkipRejected = False
) -> ReportView:
    """导入区划变更表: 正文为 CSV 文件, 逐年重放; 存疑的行记作存疑, 待人判定."""
    act = desk.command(None, "").act
    importing = ImportingDivisionChanges(desk.services.desk)
    return seen(await importing.run(act, content, source=source, dry_run=dry_run, skip_rejected=skip_rejected))
