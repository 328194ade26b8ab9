"""/audit/exports: the shelf of exports: ask for one, watch it grow, see what the verifier said, take it away."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi import Path as InPath
from starlette.responses import FileResponse, RedirectResponse, Response

from application.audit.exports import FINISHED, MOST_KEPT, Wanted
from application.command import deed
from application.services import Services
from domain.refusals import NoSuchCase, Refused
from interfaces.cli import verifier
from interfaces.http.calls import ServicesDep
from interfaces.http.session import PROOF_FIELD, session_of
from interfaces.http.statuses import STATUS
from interfaces.web import telling
from interfaces.web.audit.asking import FACE, AuditorDep, LogId
from interfaces.web.audit.past import logs_of
from interfaces.web.audit.saying import Saying
from interfaces.web.rendering import fragment, page
from interfaces.web.route import PageRoute
from interfaces.web.visitor import Visitor

router = APIRouter(prefix="/audit", route_class=PageRoute, include_in_schema=False)
VERIFIER = Path(verifier.__file__)
ExportId = Annotated[str, InPath(pattern=r"^[0-9a-f]{8,64}$")]
Proof = Annotated[str, Form(alias=PROOF_FIELD, max_length=200)]
Position = Annotated[str, Form(pattern=r"^\s*([1-9][0-9]{0,14})?\s*$")]


@router.get("/exports")
async def shelf(
    visitor: AuditorDep, services: ServicesDep, case: UUID | None = None, log: LogId | None = None,
    part: Annotated[bool, Query()] = False,
) -> Response:  # fmt: skip
    """The shelf; `part` gives it without the page around."""
    return await _shown(visitor, services, {"case": case or "", "log": log or ""}, part=part)


@router.post("/exports")
async def ask(
    request: Request, visitor: AuditorDep, services: ServicesDep,
    log: Annotated[str, Form(pattern=r"^[0-9]{4,6}$")], csrf: Proof = "",
    scope: Annotated[Literal["log", "part", "case"], Form()] = "log", first: Position = "", last: Position = "",
    case: Annotated[str, Form(max_length=60)] = "", reason: Annotated[str, Form(max_length=200)] = "",
    key: Annotated[str, Form(pattern=r"^[0-9a-f]{16}$")] = "",
) -> Response:  # fmt: skip
    """Ask for an export; asking twice with one form asks once. A refusal is told on the form."""
    session_of(request).require_proof(csrf)
    typed = {"log": log, "scope": scope, "first": first, "last": last, "case": case, "reason": reason}
    try:
        wanted = Wanted(log, case=_case(case)) if scope == "case" else Wanted(log)
        if scope == "part":
            wanted = Wanted(log, first=int(first or 1), last=int(last) if last.strip() else None)
        act = deed(visitor.actor, now=services.clock(), reason=reason.strip())
        await services.audit.exports.ask(act, wanted, key or secrets.token_hex(8))
    except Refused as no:
        return await _shown(visitor, services, typed, refused=no)
    return RedirectResponse(f"{FACE}/exports", HTTPStatus.SEE_OTHER)


@router.get("/exports/{export_id}/file")
async def take_away(export_id: ExportId, visitor: AuditorDep, services: ServicesDep) -> Response:
    """The bundle as one file."""
    file = await services.audit.exports.file(visitor.actor, export_id)
    export = await services.audit.exports.find(visitor.actor, export_id)
    return FileResponse(file, media_type="application/zip", filename=f"wangge-{export.log}-{export.id[:8]}.zip")


@router.post("/exports/{export_id}/remove")
async def remove(
    export_id: ExportId, request: Request, visitor: AuditorDep, services: ServicesDep, csrf: Proof = ""
) -> Response:
    """Take an export off the shelf."""
    session_of(request).require_proof(csrf)
    await services.audit.exports.remove(visitor.actor, export_id)
    return RedirectResponse(f"{FACE}/exports", HTTPStatus.SEE_OTHER)


@router.get("/verifier.py")
async def verifier_file(_visitor: AuditorDep) -> Response:
    """The file that verifies alone. Better taken from elsewhere: this one is handed out by whom it doubts."""
    return FileResponse(VERIFIER, media_type="text/x-python", filename="verifier.py")


async def _shown(
    visitor: Visitor, services: Services, typed: Mapping[str, object], *, refused: Refused | None = None,
    part: bool = False,
) -> Response:  # fmt: skip
    exports = await services.audit.exports.shelf(visitor.actor)
    form = {
        "log": "",
        "scope": "case" if typed.get("case") else "log",
        "first": "",
        "last": "",
        "case": "",
        "reason": "",
    }
    shown = {
        "visitor": visitor, "here": FACE, "exports": exports, "logs": logs_of(visitor, services),
        "typed": {**form, **typed}, "refused": refused, "key": secrets.token_hex(8), "now": services.clock(),
        "busy": any(one.state not in FINISHED for one in exports), "say": Saying(services.registry).say,
        "keys": {one.log: services.audit.exports.keys(one.log) for one in exports}, "most": MOST_KEPT,
        "finished": FINISHED, "bytes": telling.size,
    }  # fmt: skip
    if part:
        return fragment("audit/shelf.html", **shown)
    return page("audit/exports.html", status=STATUS[type(refused)] if refused else HTTPStatus.OK, **shown)


def _case(text: str) -> UUID:
    try:
        return UUID(text.strip())
    except ValueError:
        raise NoSuchCase(case=text.strip()) from None
