"""/dispatch: whom a case falls to 派遣. A preview that assigns nothing, and a set of rules tried on past cases."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from application.command import EARLIEST, deed
from application.dispatch.trial import During, Mark
from application.whereabouts import grid_at
from domain import refusals as no
from domain.refusals import ImplausibleTime
from domain.registry.dispatch_rules import DispatchRules
from domain.registry.entry import civil_day
from domain.vocabulary import Channel
from interfaces.http.asking import Reached
from interfaces.http.calls import ActorDep, ServicesDep
from interfaces.http.dispatch_answers import RoutingView, TrialView
from interfaces.http.fields import Body, CategoryKey, GridCode, Instant, Latitude, Longitude
from interfaces.http.problems import responses
from interfaces.http.registry.entries import LocalCode
from interfaces.http.statuses import BadCursor, BadPeriodAsked

router = APIRouter(prefix="/dispatch", tags=["派遣规则"])
LATEST = datetime.fromisoformat("2100-01-01T00:00:00+00:00")
Edition = Annotated[LocalCode | None, Field(description="用哪一版本，草案亦可；缺省为届时施行的")]


class Asking(Body):
    """假设的案件: 网格由编码或坐标给出; at 缺省为现在."""

    category: CategoryKey
    grid: GridCode | None = None
    longitude: Longitude | None = None
    latitude: Latitude | None = None
    channel: Annotated[Channel, Field(description="受理渠道")] = Channel.PATROL
    at: Annotated[Instant | None, Field(description="派遣的时刻，缺省为现在")] = None
    edition: Edition = None


ASKING = (no.NoSuchEntry, no.NotValidThen, no.BadCode, no.BadCoordinates, no.Nowhere, no.ImplausibleTime)


@router.post("/preview", responses=responses(*ASKING))
async def preview_dispatch(asked: Asking, _actor: ActorDep, services: ServicesDep) -> RoutingView:
    """预览派遣: 只答复, 不派遣."""
    at = asked.at or services.clock()
    if not EARLIEST <= at <= LATEST:
        raise ImplausibleTime(at=at, earliest=EARLIEST, latest=LATEST)
    registry = services.registry
    grid = grid_at(
        registry, grid=asked.grid, longitude=asked.longitude, latitude=asked.latitude, on=civil_day(at)
    )  # fmt: skip
    edition = registry.find(DispatchRules, asked.edition) if asked.edition else None
    routing = services.issues.dispatching.route(
        category=asked.category, place=grid, channel=asked.channel.value, at=at, edition=edition
    )
    return RoutingView.model_validate(routing)


@router.get(
    "/trial",
    dependencies=[Reached],
    responses=responses(no.NoSuchEntry, no.WrongRole, no.NoSuchLog, no.NotYetVisible, BadCursor, BadPeriodAsked),
)
async def try_dispatch_rules(
    edition: Annotated[LocalCode, Query(description="所试的版本，草案亦可")],
    actor: ActorDep,
    services: ServicesDep,
    since: Annotated[Instant | None, Query(description="自此刻起派遣的案件")] = None,
    until: Annotated[Instant | None, Query(description="到此刻之前派遣的案件")] = None,
    cursor: Annotated[str | None, Query(max_length=40, description="上一页的 next")] = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="本页试多少个案件")] = 500,
) -> TrialView:
    """试派: 以一个版本的规则重派以往的案件, 列出每一处差异, 什么都不写."""
    if since and until and since >= until:
        raise BadPeriodAsked(start=since.isoformat(), end=until.isoformat())
    rules = services.registry.find(DispatchRules, edition)
    act, begin = deed(actor, now=services.clock()), _mark(cursor)
    return TrialView.of(await services.dispatch_trial.page(act, rules, During(since, until), begin=begin, limit=limit))


def _mark(cursor: str | None) -> Mark | None:
    if cursor is None:
        return None
    match = re.fullmatch("([0-9]{4,6}):([0-9]{1,15})", cursor)
    if match is None:
        raise BadCursor()
    return match[1], int(match[2])
