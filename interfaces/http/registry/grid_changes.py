"""/grids: several grids changed at once 网格调整. Redraw neighbours together, split, merge, renumber; and aliases."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field

from application.ports import Receipt
from domain import refusals as no
from domain.registry import grid_refusals as grid_no
from domain.registry import refusals as registry_no
from domain.registry.entry import civil_day
from domain.registry.grid import GridKind
from domain.registry.grid_succession import MOST_GRIDS, Successor
from interfaces.http.calls import ActorDep, ChangeDesk, NewDesk, ServicesDep
from interfaces.http.fields import Body, GridCode, Line, Order
from interfaces.http.problems import responses
from interfaces.http.registry.entries import CHANGING, Day, Ending, Phone, change, tagged
from interfaces.http.registry.grids import GROUND, GridView, Name, Polygon

router = APIRouter(prefix="/grids", tags=["网格"])
Network = Annotated[Line, Field(min_length=1, max_length=50, description="外部网络名称", examples=["综治网格"])]
Number = Annotated[Line, Field(min_length=1, max_length=64, description="在该网络的编号", examples=["HD-017"])]
SeenVersion = Annotated[int, Field(ge=1, le=999_999_999, description="所见版本")]
CHANGES = (
    no.NoSuchEntry, no.Stale, no.KeyReused, no.WrongRole, no.OutsideArea, no.OutOfOrder, no.ImplausibleTime,
    no.BadPolygon, registry_no.NoLongerKept, registry_no.BadPeriod, grid_no.BadSuccession, *GROUND,
)  # fmt: skip
SUCCEEDING = (
    no.NotValidThen, no.AlreadyRegistered, grid_no.GroundNotKept, registry_no.BadText, registry_no.BadPhone,
    registry_no.NotAGridWorker, grid_no.AliasTaken,
)  # fmt: skip


class Redrawn(Body):
    """一个网格的新边界."""

    code: GridCode
    version: SeenVersion
    geometry: Polygon


class RedrawingGrids(Order):
    """相邻网格一并调整边界: 一方让出的由另一方承接, 全部生效或全不生效."""

    grids: Annotated[list[Redrawn], Field(min_length=1, max_length=MOST_GRIDS)]
    first_day: Annotated[Day | None, Field(description="新边界自哪一天起有效，缺省为今天")] = None


class NewGrid(Body):
    """新网格. 编码不得与原网格相同."""

    code: GridCode
    name: Name
    kind: Annotated[GridKind, Field(description="网格类型")] = GridKind.GENERAL
    geometry: Polygon
    supervision_phone: Annotated[Phone, Field(description="公示的监督电话")]

    def successor(self) -> Successor:
        return Successor(self.code, self.name, self.geometry.coordinates, self.supervision_phone, self.kind.value)


class SplittingGrid(Ending):
    """拆分: 原网格至 last_day 止, 新网格自次日起, 合起来须与原网格同一范围."""

    into: Annotated[list[NewGrid], Field(min_length=2, max_length=MOST_GRIDS)]


class SeenGrid(Body):
    """一个网格及所见版本."""

    code: GridCode
    version: SeenVersion


class MergingGrids(Ending):
    """合并: 原网格至 last_day 止, 新网格自次日起, 须与原网格合起来的范围相同."""

    grids: Annotated[list[SeenGrid], Field(min_length=2, max_length=MOST_GRIDS)]
    into: NewGrid


class RenumberingGrid(Ending):
    """重编号: 范围、名称、电话、网格员不变, 新编码自次日起."""

    new_code: GridCode


class GivingAlias(Order):
    """外部编号: 其他网络对本网格的编号."""

    network: Network
    number: Number
    since: Annotated[Day, Field(description="自哪一天起")]


class EndingAlias(Ending):
    """外部编号停用."""

    network: Network
    number: Number


@router.post("/redraw", responses=responses(*CHANGES, registry_no.NothingChanged))
async def redraw_grids(order: RedrawingGrids, desk: NewDesk) -> Receipt:
    """一并调整相邻网格的边界."""
    command = order.at(desk)
    drawings = {one.code: one.geometry.coordinates for one in order.grids}
    if len(drawings) != len(order.grids):
        raise grid_no.BadSuccession(problem="同一网格列了两次")
    receipt = await desk.services.grid_work.changes.redraw(
        command.act, drawings=drawings, first_day=order.first_day, key=command.key,
        versions={one.code: one.version for one in order.grids},
    )  # fmt: skip
    return desk.tagged(receipt)


@router.post("/merge", responses=responses(*CHANGES, *SUCCEEDING))
async def merge_grids(order: MergingGrids, desk: NewDesk) -> Receipt:
    """合并网格. 未结案件随后移入新网格, 已结的和此前的统计仍属原网格."""
    command = order.at(desk)
    versions: dict[str, int | None] = {one.code: one.version for one in order.grids}
    if len(versions) != len(order.grids):
        raise grid_no.BadSuccession(problem="同一网格列了两次")
    receipt = await desk.services.grid_work.changes.merge(
        command.act, versions=versions, into=order.into.successor(), last_day=order.last_day, key=command.key
    )
    return desk.tagged(receipt)


@router.post("/{code}/split", responses=responses(*CHANGING, *CHANGES, *SUCCEEDING))
async def split_grid(code: GridCode, order: SplittingGrid, desk: ChangeDesk) -> Receipt:
    """拆分网格. 未结案件随后移入新网格, 已结的和此前的统计仍属原网格."""
    said = {"into": [one.successor() for one in order.into], "last_day": order.last_day}
    return await change(desk.services.grid_work.changes.split, code, order, desk, **said)


@router.post("/{code}/renumber", responses=responses(*CHANGING, *CHANGES, *SUCCEEDING))
async def renumber_grid(code: GridCode, order: RenumberingGrid, desk: ChangeDesk) -> Receipt:
    """重编号. 新编码的前 12 位须是当时有效的社区 (村)."""
    said = {"new_code": order.new_code, "last_day": order.last_day}
    return await change(desk.services.grid_work.changes.renumber, code, order, desk, **said)


@router.get("/by-alias", responses=responses(grid_no.NoSuchAlias))
async def find_grid_by_alias(
    _actor: ActorDep, services: ServicesDep, response: Response,
    network: Annotated[str, Query(min_length=1, max_length=50, description="外部网络名称")],
    number: Annotated[str, Query(min_length=1, max_length=64, description="在该网络的编号")],
    valid_on: Annotated[Day | None, Query(description="哪一天，缺省为今天")] = None,
) -> GridView:  # fmt: skip
    """外部编号当日所指的网格."""
    day: date = valid_on or civil_day(services.clock())
    grid = services.grid_work.aliases.find(network=network, number=number, on=day)
    return tagged(GridView.model_validate(grid), response)


@router.post("/{code}/give-alias", responses=responses(*CHANGING, grid_no.AliasTaken, registry_no.BadText))
async def give_grid_alias(code: GridCode, order: GivingAlias, desk: ChangeDesk) -> Receipt:
    """登记外部编号. 同一网络的同一编号同一时期只属于一个网格."""
    said = {"network": order.network, "number": order.number, "since": order.since}
    return await change(desk.services.grid_work.aliases.give, code, order, desk, **said)


@router.post("/{code}/end-alias", responses=responses(*CHANGING, grid_no.NoSuchAlias, registry_no.BadPeriod))
async def end_grid_alias(code: GridCode, order: EndingAlias, desk: ChangeDesk) -> Receipt:
    """停用外部编号."""
    said = {"network": order.network, "number": order.number, "last_day": order.last_day}
    return await change(desk.services.grid_work.aliases.end, code, order, desk, **said)
