"""诉求查询: the page of whoever asked. Number and code open it, plain forms do all of it, and no script is needed."""

from __future__ import annotations

import hmac
from contextlib import suppress
from hashlib import sha256
from http import HTTPStatus
from typing import Annotated, Any, Literal, NamedTuple

from fastapi import APIRouter, Form, Path, Request
from starlette.responses import RedirectResponse, Response

from application.attachments import Variant
from application.following.following import Follower, FollowPass
from application.following.self_rating import Answers
from application.following.standing import Followed
from application.services import Services
from domain.follow_refusals import NotFollowed
from domain.refusals import NotYetVisible, Refused
from interfaces.http.calls import ServicesDep
from interfaces.http.fields import Digest
from interfaces.http.follow import LONGEST_COMMENT, address_of, picture
from interfaces.http.problems import answer as problem_of
from interfaces.http.session import PROOF_FIELD, require_same_site
from interfaces.http.statuses import STATUS, NotFromOurPage
from interfaces.web.answers import QUESTIONS, answered
from interfaces.web.rendering import page
from interfaces.web.route import PageRoute

COOKIE = "wangge_follow"


class Notice(NamedTuple):
    """What went wrong, and how to go on."""

    title: str
    detail: str


NO_COOKIE = Notice("浏览器没有保存查询凭证", "请允许本网站使用 Cookie 后再查询，或换一个浏览器。")
OVER = Notice("查询已过期", "距输入查询码已超过一小时。刚才的评价没有提交，请再输入一次查询码后重新填写。")
router = APIRouter(prefix="/follow", route_class=PageRoute, include_in_schema=False)
Number = Annotated[str, Path(max_length=40)]
Typed = Annotated[str, Form(max_length=100)]
Said = Annotated[str, Form(max_length=20)]


@router.get("")
async def ask() -> Response:
    """The form."""
    return _form()


@router.post("")
async def enter(request: Request, services: ServicesDep, number: Typed = "", code: Typed = "") -> Response:
    """Number and code for a pass, and on to the case at an address without a code."""
    require_same_site(request)
    try:
        admitted = await services.following.enter(Follower(number, code, address_of(request)))
    except Refused as no:
        return _form(number, no)
    answer = RedirectResponse(f"/follow/{admitted.number}?entered=1", HTTPStatus.SEE_OTHER)
    _carry(answer, request, admitted)
    return answer


@router.post("/leave")
async def leave(request: Request) -> Response:
    """查询完毕: on a telephone that others use too."""
    require_same_site(request)
    answer = RedirectResponse("/follow", HTTPStatus.SEE_OTHER)
    answer.delete_cookie(COOKIE, path="/follow", httponly=True, samesite="strict")
    return answer


@router.get("/{number}")
async def look(request: Request, number: Number, services: ServicesDep, entered: bool = False) -> Response:
    """The case; to whom has no pass for it, the form with the number filled in.

    `entered`: the pass was given a moment ago, so who comes without it has a browser that keeps none.
    """
    try:
        shown = await services.following.look_with(number, _pass_of(request))
    except NotFollowed:
        return _form(number, notice=NO_COOKIE if entered and not _pass_of(request) else None)
    if entered:  # the address people keep says nothing of how they came
        return RedirectResponse(f"/follow/{shown.number}", HTTPStatus.SEE_OTHER)
    return _case(request, services, shown)


@router.get("/{number}/pictures/{digest}/{variant}")
async def look_closer(
    request: Request, number: Number, digest: Annotated[Digest, Path()], variant: Literal["public", "thumbnail"],
    services: ServicesDep,
) -> Response:  # fmt: skip
    """A picture of what was done."""
    following = services.following
    return picture(await following.picture_with(number, _pass_of(request), digest, Variant(variant)), digest)


@router.post("/{number}/answer")
async def rate(
    request: Request, number: Number, services: ServicesDep, contacted: Said = "", solved: Said = "",
    satisfaction: Said = "", comment: Annotated[str, Form(max_length=20_000)] = "",
    csrf: Annotated[str, Form(alias=PROOF_FIELD, max_length=200)] = "",
) -> Response:  # fmt: skip
    """自评, then back to the case, which says thanks. What is missing is asked for again with the rest kept."""
    if not _pass_of(request):
        return _form(number, notice=OVER)
    if not hmac.compare_digest(csrf.encode(), proof_of(_pass_of(request)).encode()):
        raise NotFromOurPage()
    given = {"contacted": contacted, "solved": solved, "satisfaction": satisfaction, "comment": comment}
    answers = answered(given, longest=LONGEST_COMMENT)
    following = services.following
    try:
        if isinstance(answers, Answers):
            receipt = await following.rate_with(number, _pass_of(request), answers)
            with suppress(NotYetVisible):  # it is kept all the same, and heard once however often it is sent
                await services.reach(receipt.log, receipt.position)
            return RedirectResponse(f"/follow/{number}", HTTPStatus.SEE_OTHER)
        shown = await following.look_with(number, _pass_of(request))
        return _case(request, services, shown, status=422, missing=answers, given=given)
    except NotFollowed:
        return _form(number, notice=OVER)
    except Refused as no:
        shown = await following.look_with(number, _pass_of(request))
        return _case(request, services, shown, status=STATUS[type(no)], refused=no, given=given)


def proof_of(pass_: str) -> str:
    """What the form of a page of ours carries: made of a cookie that no other site can read."""
    return hmac.new(pass_.encode(), b"wangge follow page", sha256).hexdigest()


def _form(number: str = "", refused: Refused | None = None, *, notice: Notice | None = None) -> Response:
    status = STATUS[type(refused)] if refused else HTTPStatus.OK
    told_of = Notice(refused.title(), refused.detail()) if refused else notice
    answer = page("follow.html", status=status, number=number, notice=told_of)
    if refused and "Retry-After" in (told := problem_of(refused).headers):
        answer.headers["Retry-After"] = told["Retry-After"]
    return answer


def _case(
    request: Request, services: Services, shown: Followed, *, status: int = HTTPStatus.OK,
    missing: list[str] | None = None, refused: Refused | None = None, given: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    more: dict[str, Any] = {"missing": missing or [], "refused": refused, "given": given or {}}
    return page(
        "follow_case.html", status=status, case=shown, now=services.clock(), questions=QUESTIONS,
        longest=LONGEST_COMMENT, proof=proof_of(_pass_of(request)), **more,
    )  # fmt: skip


def _pass_of(request: Request) -> str:
    return request.cookies.get(COOKIE, "")


def _carry(answer: Response, request: Request, admitted: FollowPass) -> None:
    answer.set_cookie(
        COOKIE, admitted.value, expires=admitted.until, path="/follow", httponly=True, samesite="strict",
        secure=request.url.scheme == "https",
    )  # fmt: skip
