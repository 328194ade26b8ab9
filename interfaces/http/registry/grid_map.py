"""/grids.geojson, /grids/topology, the public posting, and GeoJSON files coming in: the map as a whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from domain import refusals as no
from domain.registry import refusals as registry_no
from domain.registry.entry import civil_day
from domain.registry.grid import GridKind
from interfaces.http.calls import ActorDep, NewDesk, ServicesDep
from interfaces.http.fields import GridCode
from interfaces.http.problems import responses
from interfaces.http.registry.entries import Day, Within
from interfaces.http.registry.importing import Content, DryRun, ReportView, SkipRejected, body_of, seen

router = APIRouter(tags=["网格"])
GEOJSON = "application/geo+json"
MAP = body_of(GEOJSON)
COLLECTION = {
    "type": "object", "required": ["type", "features"],
    "properties": {"type": {"const": "FeatureCollection"}, "features": {"type": "array", "items": {"type": "object"}}},
}  # fmt: skip
On = Annotated[Day | None, Query(description="哪一天的网格，缺省为今天")]
WithinCommunity = Annotated[
    str, Query(pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})?$", description="在此区划之内，缺省为全市")
]
IMPORTING = (registry_no.BadFile, no.WrongRole, no.Stale, no.KeyReused)


class GeoJson(StreamingResponse):
    """A document written as it is read."""

    media_type = GEOJSON


class _View(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class OverlapView(_View):
    """重叠的一对网格; share 为占较小网格的份额."""

    one: str
    other: str
    area_m2: float
    share: float


class GapView(_View):
    """空隙: 所在社区, 其中一点, 面积, 相邻的网格."""

    community: str
    longitude: float
    latitude: float
    area_m2: float
    neighbours: list[str]


class StrayView(_View):
    """越出所属社区边界的网格; share 为占该网格的份额."""

    code: str
    community: str
    area_m2: float
    share: float


class TopologyView(_View):
    """拓扑检查: 超出容差的重叠、空隙和越界, 各以面积大者在前; 全无时 sound 为真."""

    sound: bool
    overlaps: list[OverlapView]
    gaps: list[GapView]
    strays: list[StrayView]


class PostingView(_View):
    """公示牌. 人员以岗位称; 未配备网格员时 worker 为 null, 没有岗位电话时 worker_phone 为 null."""

    code: str
    name: str
    kind: GridKind
    community: Annotated[str, Field(description="所属社区（村）的名称")]
    area_m2: Annotated[int, Field(description="面积，平方米")]
    worker: str | None
    worker_phone: str | None
    supervision_phone: str


@router.get(
    "/grids.geojson",
    response_class=GeoJson,
    responses={**responses(), 200: {"description": "要素集合", "content": {GEOJSON: {"schema": COLLECTION}}}},
)
async def export_grids(_actor: ActorDep, services: ServicesDep, within: Within = "", on: On = None) -> GeoJson:
    """网格地图: 当日有效的网格, GeoJSON 要素集合, 单位为度, CGCS2000; 可原样导入."""
    day = on or civil_day(services.clock())
    return GeoJson(_document(services.grid_work.questions.features(within=within, on=day)))


@router.get("/grids/topology", responses=responses())
async def check_topology(
    _actor: ActorDep, services: ServicesDep, within: WithinCommunity = "", on: On = None
) -> TopologyView:
    """拓扑检查: 网格之间的重叠和空隙, 越出社区边界的网格."""
    day = on or civil_day(services.clock())
    return TopologyView.model_validate(await services.grid_work.questions.topology(within=within, on=day))


@router.post("/grids/import", responses=responses(*IMPORTING), openapi_extra=MAP)
async def import_grids(
    desk: NewDesk, content: Content, dry_run: DryRun = False, skip_rejected: SkipRejected = False,
    valid_from: Annotated[Day | None, Query(description="自哪一天起，缺省为今天")] = None,
) -> ReportView:  # fmt: skip
    """导入网格: 正文为 GeoJSON 要素集合, 行号即第几个要素; 导入后的整个社区须无重叠、空隙和越界."""
    report = await desk.services.grid_work.importing.run(
        desk.command(None, "").act, content, valid_from=valid_from, dry_run=dry_run, skip_rejected=skip_rejected
    )
    return seen(report)


@router.post("/divisions/boundaries/import", responses=responses(*IMPORTING, registry_no.BadText),
             openapi_extra=MAP)  # fmt: skip
async def import_boundaries(
    desk: NewDesk, content: Content,
    source: Annotated[str, Query(min_length=1, max_length=100, description="界线的出处")],
    dry_run: DryRun = False, skip_rejected: SkipRejected = False,
) -> ReportView:  # fmt: skip
    """导入区划界线: 正文为 GeoJSON 要素集合, 属性 code 为已登记的区划代码."""
    report = await desk.services.grid_work.boundaries.run(
        desk.command(None, "").act, content, source=source, dry_run=dry_run, skip_rejected=skip_rejected
    )
    return seen(report)


@router.get("/grids/{code}/posting", responses=responses(no.NoSuchEntry, no.NotValidThen))
async def get_posting(code: GridCode, services: ServicesDep) -> PostingView:
    """公示牌, 无须登录: 网格名称、面积、网格员岗位和电话、监督电话."""
    posting = services.grid_work.questions.posting(code, civil_day(services.clock()))
    return PostingView.model_validate(posting)


def _document(features: Iterator[dict[str, object]]) -> Iterator[str]:
    yield '{"type":"FeatureCollection","reference_system":"CGCS2000 (EPSG:4490)","features":['
    for nth, feature in enumerate(features):
        yield ("," if nth else "") + json.dumps(feature, ensure_ascii=False, separators=(",", ":"))
    yield "]}"
