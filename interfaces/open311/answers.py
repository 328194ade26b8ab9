"""Answers of Open311: documents and errors in the format that was asked for, with the headers of the standard.

Errors are 404 for what does not exist, 403 for a key, 400 for all else; beside these HTTP's own: 405 for a method, 413
and 429 for too much of anything, 500 and 503 for faults of ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from domain.open311_refusals import BadApiKey, NoSuchJurisdiction, NoSuchService
from domain.refusals import Refused
from interfaces.http.statuses import STATUS
from interfaces.open311.formats import Each, Format, Node, written

EVERYBODY = {"Access-Control-Allow-Origin": "*"}
LATER = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
HTTPS_OWN = (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, *LATER)


class NothingHereError(Exception):
    """The address, or what it names, does not exist."""


class WrongArgumentsError(Exception):
    """What was sent cannot be taken: one problem each, beginning with a stable code."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = list(problems)


def format_of(path: str) -> Format | None:
    """The format an address asks for by its ending."""
    ending = path.rpartition(".")[2]
    return Format(ending) if ending in list(Format) else None


def answer(request: Request, root: str, node: Node) -> Response:
    """A document in the format that the address asks for."""
    format = format_of(request.scope["path"]) or Format.XML
    headers = EVERYBODY if request.method in ("GET", "HEAD") else {}
    return Response(written(format, root, node), headers={"Content-Type": format.media_type, **headers})


def errors(
    path: str, status: HTTPStatus, problems: Sequence[str], headers: Mapping[str, str] | None = None
) -> Response:
    """The errors document; an address without a known ending is answered in XML, which every client reads."""
    format = format_of(path) or Format.XML
    rows: list[Node] = [{"code": int(status), "description": problem} for problem in problems]
    told = {"Content-Type": format.media_type, **EVERYBODY, **(headers or {})}
    return Response(written(format, "errors", Each("error", rows)), status, headers=told)


def refusal(path: str, refused: Refused) -> Response:
    """What a rule said no to."""
    status = _status(refused)
    headers = {"Retry-After": str(refused.facts.get("seconds", 1))} if status in LATER else {}
    return errors(path, status, [f"{refused.code()}：{refused.title()}。{refused.detail()}"], headers)


def _status(refused: Refused) -> HTTPStatus:
    # A place outside the key's area is an argument that will not do; 403 is for keys and 404 for what was named.
    if isinstance(refused, BadApiKey | NoSuchService | NoSuchJurisdiction) or STATUS[type(refused)] in HTTPS_OWN:
        return STATUS[type(refused)]
    return HTTPStatus.BAD_REQUEST


def fault(path: str) -> Response:
    """A fault of ours, and nothing about it."""
    told = "fault：系统内部错误。已记入日志，请稍后再试；如仍失败，请把请求编号 (X-Request-ID) 告知管理员。"
    return errors(path, HTTPStatus.INTERNAL_SERVER_ERROR, [told])
