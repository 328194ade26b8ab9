"""登录: sign in with a form, stay signed in while a page is open, sign out; who one is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from domain.refusals import Refused
from domain.sign_in_refusals import BadCredentials, TooManyAttempts
from interfaces.http.calls import ServicesDep
from interfaces.http.session import COOKIE, PROOF_FIELD, begin, end, go_on, proven_token, require_same_site, session_of
from interfaces.http.statuses import STATUS
from interfaces.web.rendering import page
from interfaces.web.route import PageRoute
from interfaces.web.visitor import VisitorDep, home_of

router = APIRouter(route_class=PageRoute, include_in_schema=False)
sessions = APIRouter(include_in_schema=False)
"""Asked by scripts, so refusals stay problems."""


@dataclass(frozen=True)
class SignedIn:
    """Who is signed in, the proof that changes need, and what time it is here."""

    staff: str
    name: str
    proof: str
    now: datetime


Next = Annotated[str, Form(alias="next", max_length=2000)]


@router.get("/")
async def entrance(visitor: VisitorDep) -> Response:
    """To the visitor's own work."""
    return RedirectResponse(home_of(visitor.actor), HTTPStatus.SEE_OTHER)


@router.get("/login")
async def login_page(next: str = "") -> Response:
    """The form."""
    return page("login.html", next=next, refused=None, login="")


@router.post("/login")
async def login(
    request: Request, services: ServicesDep, login: Annotated[str, Form(max_length=100)],
    password: Annotated[str, Form(max_length=500)], next: Next = "",
) -> Response:  # fmt: skip
    """登录. A wrong password is told on the form, with the login kept."""
    require_same_site(request)
    try:
        token = await services.sign_in.sign_in(login, password)
    except (BadCredentials, TooManyAttempts) as no:
        return _form_again(no, login, next)
    actor = await services.sign_in.who(token.token)
    answer = RedirectResponse(_within(next) or home_of(actor), HTTPStatus.SEE_OTHER)
    begin(answer, request, token, services.clock())
    return answer


@router.post("/logout")
async def logout(request: Request, csrf: Annotated[str, Form(alias=PROOF_FIELD, max_length=200)] = "") -> Response:
    """退出. Only by a button of ours: nobody else may throw people out."""
    if request.cookies.get(COOKIE):
        session_of(request).require_proof(csrf)
    answer = RedirectResponse("/login", HTTPStatus.SEE_OTHER)
    end(answer)
    return answer


@router.get("/me")
async def me(visitor: VisitorDep) -> Response:
    """我的: who one is, in which roles, and the pages of one's work."""
    return page("me.html", visitor=visitor)


@sessions.get("/session")
async def signed_in(visitor: VisitorDep, services: ServicesDep) -> SignedIn:
    """Who is signed in here, for a page that was kept while there was no signal and knows nobody."""
    return SignedIn(visitor.actor.id, visitor.name, visitor.proof, services.clock())


@sessions.post("/session")
async def stay(request: Request, services: ServicesDep) -> Response:
    """续期, asked now and then by a page that stays open."""
    answer = Response(status_code=HTTPStatus.NO_CONTENT)
    go_on(answer, request, await services.sign_in.renew(proven_token(request)), services.clock())
    return answer


def _form_again(no: Refused, login: str, next: str) -> Response:
    return page("login.html", status=STATUS[type(no)], next=next, refused=no, login=login)


def _within(address: str) -> str:
    """`address` if it is a path of ours, else nothing: signing in leads nobody to a stranger."""
    parts = urlsplit(address)
    own = not parts.scheme and not parts.netloc and address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if own else ""
