"""/board 督查看板: how are we, where is it bad, what will be bad tomorrow, why. Every figure opens into its cases."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from starlette.responses import JSONResponse, Response

from application.statistics.filter import Dimension
from application.statistics.ledger import LedgerForm
from domain.refusals import WrongRole
from domain.registry.entry import civil_day
from domain.statistics.number import Part
from domain.statistics.periods import Bucket
from interfaces.http.asking import Reached
from interfaces.http.calls import ServicesDep
from interfaces.http.statistics.asking import GroupName
from interfaces.web.board import charts
from interfaces.web.board.address import AddressDep, Chosen, local_minute
from interfaces.web.board.choices import area_name, choices, ledgers
from interfaces.web.board.download import download
from interfaces.web.board.drawer import Group, drawer
from interfaces.web.board.due import due
from interfaces.web.board.glance import READERS, Glance, glance
from interfaces.web.board.ground import ground
from interfaces.web.board.held import held
from interfaces.web.board.ranking import ranking
from interfaces.web.board.strip import strip
from interfaces.web.board.supposing import supposing
from interfaces.web.rendering import fragment, page
from interfaces.web.route import PageRoute
from interfaces.web.visitor import VisitorDep

router = APIRouter(prefix="/board", route_class=PageRoute, include_in_schema=False, dependencies=[Reached])
PATIENCE_SECONDS = 0.1
"""How long a page waits for its parts. What is not there by then comes after, by script or by a link."""
PARTS: Mapping[str, Callable[[Glance], Awaitable[Any]]] = {
    "strip": strip, "supposing": supposing, "ranking": ranking, "ground": ground, "due": due, "held": held,
}  # fmt: skip
PartName = Literal["strip", "supposing", "ranking", "ground", "due", "held"]


async def _glance(at: AddressDep, visitor: VisitorDep, services: ServicesDep) -> Glance:
    if not visitor.actor.roles & READERS:
        raise WrongRole(needed=[role.label for role in sorted(READERS)])
    return await glance(services, visitor.actor, at, services.clock())


GlanceDep = Annotated[Glance, Depends(_glance)]


@router.get("")
async def board(look: GlanceDep, visitor: VisitorDep) -> Response:
    """The board."""
    parts = await _in_time(look, None if look.at.whole else PATIENCE_SECONDS)
    return page(
        "board/board.html", visitor=visitor, here="/board", look=look, at=look.at, parts=parts,
        choices=choices(look), area=area_name(look), ledgers=ledgers(look), periods=_neighbours(look),
        as_of=local_minute(look.at.as_of) if look.at.as_of else "",
        now=look.services.clock(), proof=visitor.proof,
    )  # fmt: skip


@router.get("/parts/{name}")
async def part(name: PartName, look: GlanceDep, visitor: VisitorDep) -> Response:
    """One part of the board, to be put in its place."""
    return fragment(f"board/{name}.html", look=look, at=look.at, proof=visitor.proof, shown=await PARTS[name](look))


@router.get("/charts/{name}")
async def chart(name: Literal["stages", "steps"], look: GlanceDep) -> Response:
    """What a chart draws. Altair is slow to import, and so is imported off the loop."""
    shown = await held(look)
    if name == "stages":
        spec = await asyncio.to_thread(charts.stages_chart, shown.stages)
    else:
        spec = await asyncio.to_thread(charts.steps_chart, shown.steps)
    return JSONResponse(spec, headers={"Cache-Control": "no-store"})


async def _group(
    by: Annotated[GroupName | None, Chosen, Query(alias="in", description="分组")] = None,
    key: Annotated[str | None, Query(max_length=64)] = None,
    then: Annotated[GroupName | None, Chosen, Query(description="第二分组")] = None,
    then_key: Annotated[str | None, Query(max_length=64)] = None,
) -> Group:
    return Group(by and Dimension(by), key if by else None, then and Dimension(then), then_key if then else None)


GroupDep = Annotated[Group, Depends(_group)]
PartAsked = Annotated[Part, Query(alias="part", description="分子、分母或剔除")]


@router.get("/cases.{form}")
async def case_file(form: LedgerForm, look: GlanceDep, group: GroupDep, of: PartAsked = Part.NUMERATOR) -> Response:
    """All cases behind one figure, as a file."""
    return await download(look, of, group, form)


@router.get("/cases")
async def cases(
    look: GlanceDep, visitor: VisitorDep, group: GroupDep, of: PartAsked = Part.NUMERATOR,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
    bare: Annotated[bool, Query(description="只要内容")] = False,
) -> Response:  # fmt: skip
    """The cases behind one figure: a page of their own, or what fills a drawer."""
    shown = await drawer(look, of, group, cursor)
    if bare:
        return fragment("board/drawer.html", look=look, at=look.at, shown=shown)
    return page("board/cases.html", visitor=visitor, here="/board", look=look, at=look.at, shown=shown)


async def _in_time(look: Glance, seconds: float | None) -> dict[str, Any]:
    """The parts that are there within `seconds`, None for the others: their questions go on for who asks next."""
    making = {name: asyncio.ensure_future(make(look)) for name, make in PARTS.items()}
    try:
        await asyncio.wait(making.values(), timeout=seconds)
        return {name: one.result() if one.done() else None for name, one in making.items()}
    finally:
        for one in making.values():
            one.cancel()


def _neighbours(look: Glance) -> dict[str, str]:
    """The addresses of the period before and, unless it lies ahead, of the one after."""
    after = look.policy.periods(look.at.cut).containing(look.period.end)
    found = {"before": look.at.to(on=_last_day(look.before))}
    if after.start < look.now:
        found["after"] = look.at.to(on=_last_day(after))
    return found


def _last_day(period: Bucket) -> date:
    """The day a period is found again by."""
    return civil_day(period.end - datetime.resolution)
