"""/stats/bulletins 通报: issue one, list and read them, issue one again corrected, see what has changed since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response, status
from pydantic import Field

from application.duty_report import name_of
from application.ports import Receipt
from application.statistics.bulletin_list import IssuedBulletin, IssuedMark
from application.statistics.bulletins import issuance_of
from application.statistics.filter import Dimension
from domain import refusals as no
from domain.registry import refusals as registry_no
from domain.statistics import bulletin_refusals as bulletin_no
from domain.statistics.bulletin import BulletinKind
from interfaces.http.asking import Page, Reached
from interfaces.http.calls import ActorDep, ChangeDesk, NewDesk, ServicesDep
from interfaces.http.cursors import packed, unpacked
from interfaces.http.fields import Body, Line
from interfaces.http.problems import responses
from interfaces.http.registry.entries import Day
from interfaces.http.statistics.bulletin_views import BulletinView, DifferenceView
from interfaces.http.statistics.rankings import Groups, Scope
from interfaces.http.statuses import BadCursor, VersionMissing

router = APIRouter(prefix="/stats/bulletins", tags=["通报"])
ISSUING = (
    no.BadCode, no.NoSuchLog, no.WrongRole, no.OutsideArea, no.KeyReused, no.NotYetVisible,
    bulletin_no.PeriodNotOver, bulletin_no.AlreadyIssued,
)  # fmt: skip
ABOUT_ONE = (no.NoSuchCase, bulletin_no.NoSuchIssuance)
Nth = Annotated[int | None, Query(ge=1, le=1_000, description="第几次印发，缺省为最近一次")]


class Issuing(Body):
    """印发：何种通报，关于何处，哪一时段。时段起止依考核办法；印发即在此刻，不得补记。"""

    kind: Annotated[BulletinKind, Field(description="日报、周报或月报")]
    scope: Annotated[
        str, Field(pattern=r"^([0-9]{4}|[0-9]{6}|[0-9]{9})$", description="市、区县或街道", examples=["150785"])
    ]
    day: Annotated[Day, Field(description="日报之日，或该周、该月中的一日")]
    by: Annotated[Groups | None, Field(description="如何分组，缺省为下一级")] = None
    reason: Annotated[Line, Field(description="说明")] = ""


class Reissuing(Body):
    """更正重发：reason 必填。"""

    reason: Annotated[Line, Field(description="更正的理由")]


@dataclass(frozen=True)
class IssuedView:
    """一次印发，不含数字；who 为岗位。"""

    bulletin: IssuedBulletin
    scope_name: str
    who: str


@router.post("", status_code=status.HTTP_201_CREATED, responses=responses(*ISSUING))
async def issue_bulletin(order: Issuing, desk: NewDesk) -> Receipt:
    """印发通报：时段结束之后，由督查员印发一次；数字自此不变。"""
    by = None if order.by is None else Dimension(order.by)
    command = desk.command(None, order.reason)
    return desk.tagged(
        await desk.services.bulletins.issue(command, kind=order.kind, scope=order.scope, day=order.day, by=by)
    )


@router.get("", dependencies=[Reached], responses=responses(BadCursor, no.NoSuchLog, no.NotYetVisible))
async def find_bulletins(
    actor: ActorDep, services: ServicesDep, kind: BulletinKind | None = None, scope: Scope | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=200, description="上一页的 next")] = None,
) -> Page[IssuedView]:  # fmt: skip
    """各次印发，新的在前：涉及本人管辖范围的。"""
    after = _mark(cursor) if cursor else None
    found = await services.bulletin_list.issued(actor, kind=kind, scope=scope, after=after, limit=limit + 1)
    registry = services.registry
    shown = [
        IssuedView(one, name_of(registry.division, one.scope), name_of(registry.staff, one.by)) for one in found[:limit]
    ]
    if len(found) <= limit:
        return Page(shown, None)
    last = shown[-1].bulletin
    return Page(shown, packed(last.issued_at.isoformat(), str(last.id), str(last.nth)))


@router.get("/{bulletin}", responses=responses(*ABOUT_ONE))
async def get_bulletin(
    bulletin: UUID, actor: ActorDep, services: ServicesDep, response: Response, nth: Nth = None
) -> BulletinView:
    """一份通报，数字如印发时；更正重发的用 nth 看前几次。"""
    found = await services.bulletins.get(actor, bulletin)
    response.headers["ETag"] = f'"{found.version}"'
    return BulletinView.of(found, issuance_of(found, nth), services.registry)


@router.get(
    "/{bulletin}/difference",
    dependencies=[Reached],
    responses=responses(*ABOUT_ONE, no.WrongRole, no.OutsideArea, no.NoSuchLog, no.NotYetVisible),
)
async def get_difference(
    bulletin: UUID, actor: ActorDep, services: ServicesDep, nth: Nth = None
) -> DifferenceView:  # fmt: skip
    """印发之后变了的数：逐项、逐组，连同计法有变的案件。"""
    found = await services.bulletins.difference(actor, bulletin, nth=nth, now=services.clock())
    return DifferenceView.of(found)


@router.post(
    "/{bulletin}/reissue",
    responses=responses(
        no.NoSuchCase, no.Stale, VersionMissing, no.KeyReused, no.WrongRole, no.OutsideArea, no.ReasonMissing,
        no.NotYetVisible, registry_no.NothingChanged,
    ),
)  # fmt: skip
async def reissue_bulletin(bulletin: UUID, order: Reissuing, desk: ChangeDesk) -> Receipt:
    """更正重发：依现在所知的数再印发一次，并说明理由；先前的仍可查阅。"""
    return desk.tagged(await desk.services.bulletins.reissue(bulletin, desk.command(None, order.reason)))


def _mark(cursor: str) -> IssuedMark:
    at, id, nth = unpacked(cursor, 3)
    try:
        mark = IssuedMark(datetime.fromisoformat(at), UUID(id), int(nth))
    except ValueError:
        raise BadCursor() from None
    if mark.at.tzinfo is None or not 0 < mark.nth < 2**31:
        raise BadCursor()
    return mark
