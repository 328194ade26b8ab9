"""/addresses: addresses 地名地址. Register, rename, relocate, withdraw, import; look up, by code or near a point."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Response, status
from pydantic import BaseModel, Field, Strict

from application.command import deed
from application.importing.addresses import ImportingAddresses
from application.ports import Receipt
from domain import refusals as no
from domain.registry import refusals as registry_no
from domain.registry.address import MOST_ALIASES, Address
from domain.registry.entry import civil_day
from interfaces.http.calls import ActorDep, ChangeDesk, NewDesk, ServicesDep
from interfaces.http.fields import Latitude, Line, Longitude, Order
from interfaces.http.problems import responses
from interfaces.http.registry.entries import (
    CHANGING,
    REGISTERING,
    Day,
    Ending,
    Entries,
    LocalCode,
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
from interfaces.http.registry.importing import CSV, Content, DryRun, ReportView, SkipRejected, seen

router = APIRouter(prefix="/addresses", tags=["地址"])
Name = Annotated[Line, Field(description="地址名称", examples=["河东街道光明路12号"])]
Aliases = Annotated[
    list[Line], Field(default_factory=list, max_length=MOST_ALIASES, description="别名", examples=[["光明小学"]])
]
East = Annotated[Longitude, Strict()]
North = Annotated[Latitude, Strict()]
NEAR_M = 200.0


class AddressView(Seen):
    """地址. grid 为登记或重新落位之日该点所在的网格; 经纬度为 CGCS2000, 单位为度."""

    aliases: list[str]
    longitude: float
    latitude: float
    grid: str
    valid_from: date
    valid_until: date | None


class NearView(BaseModel):
    """附近的一个地址."""

    metres: Annotated[float, Field(description="距所问之点的距离，单位为米")]
    address: AddressView


class Near(BaseModel):
    """附近的地址, 近的在前."""

    items: list[NearView]


class RegisteringAddress(Order):
    """登记. 所在网格由经纬度得出."""

    code: LocalCode
    name: Name
    aliases: Aliases
    longitude: East
    latitude: North
    valid_from: Since
    valid_until: Until = None


class RenamingAddress(Order):
    """更名: 此后恰为所列名称和别名."""

    name: Name
    aliases: Aliases


class RelocatingAddress(Order):
    """重新落位. 网格边界调整后, 以原经纬度提交即可落入现在的网格."""

    longitude: East
    latitude: North


LOCATING = (no.Nowhere, no.BadCoordinates)


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    responses=responses(*REGISTERING, *LOCATING, registry_no.BadAliases, registry_no.BadPeriod),
)
async def register_address(order: RegisteringAddress, desk: NewDesk) -> Receipt:
    """登记地址."""
    return await register(desk.services.addresses.register, order, desk, **facts(order))


@router.get("", responses=responses())
async def find_addresses(
    _actor: ActorDep, services: ServicesDep, asked: RangeDep, within: Within = "", valid_on: ValidOn = None
) -> Entries[AddressView]:
    """查询地址."""

    def keep(address: Address) -> bool:
        return address.grid.startswith(within) and (valid_on is None or address.in_force(valid_on))

    return asked.of(partial(services.registry.entries, Address, keep), AddressView.model_validate)


@router.get("/locate", responses=responses(no.BadCoordinates))
async def locate_addresses(
    _actor: ActorDep, services: ServicesDep, longitude: Longitude | None = None, latitude: Latitude | None = None,
    within_metres: Annotated[float, Query(ge=1, le=5_000, description="多远之内，单位为米")] = NEAR_M,
    limit: Annotated[int, Query(ge=1, le=50)] = 5,
    valid_on: Annotated[Day | None, Query(description="哪一天有效的，缺省为今天")] = None,
) -> Near:  # fmt: skip
    """附近: 一点附近的地址, 近的在前; 附近没有登记的地址时为空."""
    day = valid_on or civil_day(services.clock())
    found = services.surroundings.near(longitude, latitude, on=day, within_m=within_metres, limit=limit)
    return Near(
        items=[
            NearView(metres=round(near.metres, 1), address=AddressView.model_validate(near.address)) for near in found
        ]
    )


@router.post(
    "/import",
    responses=responses(registry_no.BadFile, no.WrongRole, no.Stale),
    openapi_extra=CSV,
)
async def import_addresses(
    content: Content, actor: ActorDep, services: ServicesDep, dry_run: DryRun = False,
    skip_rejected: SkipRejected = False,
    valid_from: Annotated[Day | None, Query(description="新登记的地址自哪一天起有效，缺省为今天")] = None,
) -> ReportView:  # fmt: skip
    """导入地址名单: CSV, 列为地址代码、地址名称、别名、经度、纬度, UTF-8 或 GB18030; 可反复导入."""
    act, importing = deed(actor, now=services.clock()), ImportingAddresses(services.desk)
    report = await importing.run(act, content, valid_from=valid_from, dry_run=dry_run, skip_rejected=skip_rejected)
    return seen(report)


@router.get("/{code}", responses=responses(no.NoSuchEntry))
async def get_address(code: LocalCode, _actor: ActorDep, services: ServicesDep, response: Response) -> AddressView:
    """一个地址."""
    return tagged(AddressView.model_validate(services.registry.find(Address, code)), response)


ALTERING = (*CHANGING, registry_no.NothingChanged)


@router.post("/{code}/rename", responses=responses(*ALTERING, registry_no.BadText, registry_no.BadAliases))
async def rename_address(code: LocalCode, order: RenamingAddress, desk: ChangeDesk) -> Receipt:
    """更名."""
    return await change(desk.services.addresses.rename, code, order, desk, name=order.name, aliases=order.aliases)


@router.post("/{code}/relocate", responses=responses(*ALTERING, *LOCATING))
async def relocate_address(code: LocalCode, order: RelocatingAddress, desk: ChangeDesk) -> Receipt:
    """重新落位."""
    said = {"longitude": order.longitude, "latitude": order.latitude}
    return await change(desk.services.addresses.relocate, code, order, desk, **said)


@router.post("/{code}/withdraw", responses=responses(*CHANGING, registry_no.BadPeriod))
async def withdraw_address(code: LocalCode, order: Ending, desk: ChangeDesk) -> Receipt:
    """停用."""
    return await change(desk.services.addresses.withdraw, code, order, desk, last_day=order.last_day)
