"""/board/what-if 假如: ask for a what-if from the board, follow it, call it off, see which cases would go otherwise."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from application.command import deed
from interfaces.http.calls import ServicesDep
from interfaces.http.fields import UnitCode
from interfaces.http.session import PROOF_FIELD, session_of
from interfaces.web.board.address import Chosen
from interfaces.web.board.routes import GlanceDep
from interfaces.web.board.supposing import changed_cases, question
from interfaces.web.rendering import fragment, page
from interfaces.web.route import PageRoute
from interfaces.web.visitor import VisitorDep

router = APIRouter(prefix="/board/what-if", route_class=PageRoute, include_in_schema=False)
Proof = Annotated[str, Form(alias=PROOF_FIELD, max_length=200)]
Weight = Annotated[float, Form(ge=0, le=1, allow_inf_nan=False)]
Code = Annotated[UnitCode | None, Chosen, Form()]


@router.post("")
async def suppose(
    request: Request, look: GlanceDep, services: ServicesDep, basically_satisfied: Weight, partly_solved: Weight,
    csrf: Proof = "", limits: Code = None, calendar: Code = None,
) -> Response:  # fmt: skip
    """提出试算, and back to the board with it beside the truth."""
    session_of(request).require_proof(csrf)
    asked = question(
        look, limits=limits or "", calendar=calendar or "", basically=basically_satisfied, partly=partly_solved
    )  # fmt: skip
    job = await services.what_ifs.ask(deed(look.actor, now=services.clock()), asked)
    return RedirectResponse(f"{look.at.to(job=job.id)}#supposing", HTTPStatus.SEE_OTHER)


@router.post("/cancel")
async def call_off(request: Request, look: GlanceDep, services: ServicesDep, csrf: Proof = "") -> Response:
    """撤销试算. What is over is left as it is."""
    session_of(request).require_proof(csrf)
    if look.at.job is not None:
        await services.what_ifs.cancel(deed(look.actor, now=services.clock()), look.at.job)
    return RedirectResponse(look.at.to(job=None), HTTPStatus.SEE_OTHER)


@router.get("/cases")
async def changed(
    look: GlanceDep, visitor: VisitorDep, late: Annotated[bool, Query(description="会超时的")] = True,
    after: Annotated[int, Query(ge=0, le=10**9)] = 0, bare: Annotated[bool, Query(description="只要内容")] = False,
) -> Response:  # fmt: skip
    """The cases that would go otherwise."""
    rows, following = await changed_cases(look, late=late, after=after)
    more = None
    if following is not None:
        more = f"/board/what-if/cases?{look.at.query(late=str(late).lower(), after=following)}"
    shown: dict[str, Any] = {"look": look, "at": look.at, "rows": rows, "late": late, "next": more}
    if bare:
        return fragment("board/changed.html", **shown)
    return page("board/changed_page.html", visitor=visitor, here="/board", **shown)
