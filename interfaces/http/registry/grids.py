"""/grids: grids 网格. Define, redraw, name and post, assign their worker, retire; look up, by code or by a point."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response, status
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from application.ports import Receipt
from domain import refusals as no
from domain.registry import grid_refusals as grid_no
from domain.registry import refusals as registry_no
from domain.registry.entry import civil_day
from domain.registry.grid import GridKind
from domain.registry.outline import MAX_POINTS, MAX_RINGS
from interfaces.http.calls import ActorDep, ChangeDesk, NewDesk, ServicesDep
from interfaces.http.fields import Body, GridCode, Latitude, Line, Longitude, Order
from interfaces.http.problems import responses
from interfaces.http.registry.entries import (
    CHANGING,
    REGISTERING,
    Day,
    Ending,
    Entries,
    LocalCode,
    Phone,
    RangeDep,
    Seen,
    Since,
    Until,
    ValidOn,
    Within,
    change,
    facts,
    register,
    tagged,
)

router = APIRouter(prefix="/grids", tags=["网格"])
Degrees = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Point = Annotated[list[Degrees], Field(min_length=2, max_length=2, description="经度、纬度")]
Name = Annotated[Line, Field(description="网格名称", examples=["河东社区第一网格"])]
GROUND = (registry_no.GridsOverlap, grid_no.GridsGap, grid_no.OutsideCommunity)
Ring = Annotated[list[Point], Field(min_length=4, max_length=MAX_POINTS, description="闭合的环，末点同首点")]
SQUARE = [[[121.50, 50.78], [121.51, 50.78], [121.51, 50.79], [121.50, 50.79], [121.50, 50.78]]]


class Polygon(Body):
    """GeoJSON 多边形 (RFC 7946), 单位为度, CGCS2000. 先外环后内洞, 合计不超过 5000 点."""

    type: Literal["Polygon"]
    coordinates: Annotated[list[Ring], Field(min_length=1, max_length=MAX_RINGS, examples=[SQUARE])]


def _geometry(rings: object) -> object:
    return {"type": "Polygon", "coordinates": rings}


class AliasView(BaseModel):
    """外部编号: 其他网络自 since 起对本网格的编号; 仍在用时 last_day 为 null."""

    model_config = ConfigDict(from_attributes=True)

    network: str
    number: str
    since: date
    last_day: date | None


class GridView(Seen):
    """网格. edition 为边界的版次, geometry 为最新一版; 未配备网格员时 worker 为 null.

    由拆分、合并、重编号形成的, predecessors 为原网格; 因此终止的, successors 为后继网格.
    """

    kind: GridKind
    community: str
    edition: int
    worker: str | None
    supervision_phone: str
    geometry: Annotated[Polygon, Field(validation_alias="polygon"), BeforeValidator(_geometry)]
    aliases: list[AliasView]
    predecessors: list[str]
    successors: list[str]
    valid_from: date
    valid_until: date | None


class DefiningGrid(Order):
    """划定. 所属社区 (村) 由代码得出, 须已登记."""

    code: GridCode
    name: Name
    kind: Annotated[GridKind, Field(description="网格类型")] = GridKind.GENERAL
    geometry: Polygon
    supervision_phone: Annotated[Phone, Field(description="公示的监督电话")]
    valid_from: Since
    valid_until: Until = None


class RedrawingGrid(Order):
    """边界调整, 版次加一."""

    geometry: Polygon
    first_day: Annotated[Day | None, Field(description="新边界自哪一天起有效，缺省为今天")] = None


class RenamingGrid(Order):
    """更名."""

    name: Name


class ReclassifyingGrid(Order):
    """类型调整."""

    kind: Annotated[GridKind, Field(description="网格类型")]


class SettingSupervisionPhone(Order):
    """监督电话变更."""

    phone: Annotated[Phone, Field(description="公示的监督电话")]


class AssigningWorker(Order):
    """配备网格员, null 为撤下."""

    worker: Annotated[LocalCode | None, Field(description="在岗网格员的人员编号")]


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    responses=responses(
        *REGISTERING, no.NoSuchEntry, no.NotValidThen, no.BadPolygon, *GROUND, registry_no.BadPhone,
        registry_no.BadPeriod,
    ),
)  # fmt: skip
async def define_grid(order: DefiningGrid, desk: NewDesk) -> Receipt:
    """划定网格."""
    said = facts(order) | {"polygon": order.geometry.coordinates}
    del said["geometry"]
    return await register(desk.services.grids.define, order, desk, **said)


@router.get("", responses=responses())
async def find_grids(
    _actor: ActorDep, services: ServicesDep, asked: RangeDep, within: Within = "", valid_on: ValidOn = None
) -> Entries[GridView]:
    """查询网格."""
    return asked.of(services.registry.grids, GridView.model_validate, within=within, valid_on=valid_on)


@router.get("/locate", responses=responses(no.Nowhere, no.BadCoordinates))
async def locate_grid(
    _actor: ActorDep, services: ServicesDep, response: Response,
    longitude: Longitude | None = None, latitude: Latitude | None = None,
    valid_on: Annotated[Day | None, Query(description="哪一天的网格，缺省为今天")] = None,
) -> GridView:  # fmt: skip
    """定位: 一点所在的网格; 恰在共同边界上时取代码较小者."""
    day = valid_on or civil_day(services.clock())
    return tagged(GridView.model_validate(services.registry.locate(longitude, latitude, valid_on=day)), response)


@router.get("/{code}", responses=responses(no.NoSuchEntry))
async def get_grid(code: GridCode, _actor: ActorDep, services: ServicesDep, response: Response) -> GridView:
    """一个网格."""
    return tagged(GridView.model_validate(services.registry.grid(code)), response)


@router.post(
    "/{code}/redraw",
    responses=responses(*CHANGING, no.BadPolygon, *GROUND, registry_no.NothingChanged, registry_no.BadPeriod),
)
async def redraw_grid(code: GridCode, order: RedrawingGrid, desk: ChangeDesk) -> Receipt:
    """边界调整. 让出的地块须有其他网格承接, 相邻网格一并调整时用 redraw; 未结案件随后移格."""
    said = {"polygon": order.geometry.coordinates, "first_day": order.first_day}
    return await change(desk.services.grids.redraw, code, order, desk, **said)


@router.post("/{code}/rename", responses=responses(*CHANGING, registry_no.NothingChanged, registry_no.BadText))
async def rename_grid(code: GridCode, order: RenamingGrid, desk: ChangeDesk) -> Receipt:
    """更名."""
    return await change(desk.services.grids.rename, code, order, desk, name=order.name)


@router.post("/{code}/reclassify", responses=responses(*CHANGING, registry_no.NothingChanged))
async def reclassify_grid(code: GridCode, order: ReclassifyingGrid, desk: ChangeDesk) -> Receipt:
    """类型调整."""
    return await change(desk.services.grids.reclassify, code, order, desk, kind=order.kind)


@router.post(
    "/{code}/set-supervision-phone", responses=responses(*CHANGING, registry_no.NothingChanged, registry_no.BadPhone)
)
async def set_supervision_phone(code: GridCode, order: SettingSupervisionPhone, desk: ChangeDesk) -> Receipt:
    """监督电话变更, 公示随之更新."""
    return await change(desk.services.grids.set_supervision_phone, code, order, desk, phone=order.phone)


@router.post(
    "/{code}/assign-worker",
    responses=responses(*CHANGING, registry_no.NotAGridWorker, registry_no.NothingChanged),
)
async def assign_grid_worker(code: GridCode, order: AssigningWorker, desk: ChangeDesk) -> Receipt:
    """配备网格员."""
    return await change(desk.services.grids.assign_worker, code, order, desk, worker=order.worker)


@router.post("/{code}/retire", responses=responses(*CHANGING, registry_no.BadPeriod))
async def retire_grid(code: GridCode, order: Ending, desk: ChangeDesk) -> Receipt:
    """撤销."""
    return await change(desk.services.grids.retire, code, order, desk, last_day=order.last_day)
