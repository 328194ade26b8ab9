"""/work: the page on a worker's or handler's telephone: 待办, 上报, 我的; and the shell that is kept for no signal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from application.search import SearchKind, Wanted
from application.services import Services
from domain.actor import Actor, Role
from domain.registry.entry import civil_day
from domain.vocabulary import LABELS, RequestKind, ReturnReason, SolvedLevel
from interfaces.http.asking import Reached
from interfaces.http.calls import ServicesDep
from interfaces.web import assets
from interfaces.web.rendering import page
from interfaces.web.route import PageRoute
from interfaces.web.visitor import VisitorDep
from interfaces.web.worker.cards import cards_of, place_words, remaining

router = APIRouter(route_class=PageRoute, include_in_schema=False)
REPORTERS = frozenset({Role.WORKER, Role.RECEIVER, Role.DISPATCHER})
RECENTS = 3
MOST_GRIDS = 60
"""Grids to choose from. Who covers more finds theirs by position or address."""


def _modules() -> list[str]:
    return sorted(path.name for path in (Path(assets.FOLDER) / "worker").glob("*.js") if path.name != "sw.js")


CHOICES: dict[str, Any] = {
    "kinds": [(kind.value, LABELS[kind]) for kind in RequestKind],
    "returns": [(reason.value, LABELS[reason]) for reason in ReturnReason],
    "levels": [(level.value, LABELS[level]) for level in SolvedLevel],
    "modules": _modules(),
}


@router.get("/work", dependencies=[Reached])
async def work(visitor: VisitorDep, services: ServicesDep) -> Response:
    """待办 with a clock each, 上报, 我的."""
    actor = visitor.actor
    cards, more = await cards_of(services, actor)
    return page(
        "worker/work.html", visitor=visitor, here="/work", cards=cards, more=more, now=services.clock(),
        remaining=remaining, reports=bool(REPORTERS & actor.roles), recents=_recents(services, actor),
        grids=_grids(services, actor), **CHOICES,
    )  # fmt: skip


@router.get("/work-shell")
async def shell() -> Response:
    """The page without anybody's data, which the telephone keeps and shows when there is no signal."""
    return page("worker/shell.html", **CHOICES)


def _recents(services: Services, actor: Actor) -> list[tuple[str, str]]:
    now = services.clock()
    wanted = Wanted(text="", on=civil_day(now), at=now, kinds=frozenset({SearchKind.CATEGORY}), limit=RECENTS)
    return [(hit.code, hit.name) for hit in services.search.find(actor, wanted)]


def _grids(services: Services, actor: Actor) -> list[tuple[str, str]]:
    """The actor's own grids by name, none where there are too many to choose from."""
    today, registry = civil_day(services.clock()), services.registry
    found: dict[str, None] = {}
    for area in actor.areas:
        grids = registry.grids(within=area, valid_on=today, limit=MOST_GRIDS + 1)
        found |= dict.fromkeys(grid.code for grid in grids)
        if len(found) > MOST_GRIDS:
            return []
    return [(code, place_words(registry, code)) for code in found]
