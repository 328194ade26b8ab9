"""/follow: whoever asked follows their request without signing in. The code comes in a header: addresses are logged."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Request, Response
from pydantic import Field

from application.attachments import Content
from application.following.following import Follower
from application.following.self_rating import Answers
from application.following.standing import Followed
from domain import attachment_refusals as attachment_no
from domain import clock_refusals as clock_no
from domain import follow_refusals as follow_no
from domain import privacy_refusals as privacy_no
from domain import refusals as no
from domain.vocabulary import Satisfaction, Solved
from interfaces.http.calls import ServicesDep
from interfaces.http.fields import Body, Digest, Plain, Yes
from interfaces.http.problems import responses

router = APIRouter(prefix="/follow", tags=["办理进度"])
GUARDED = (follow_no.NotFollowed, follow_no.TooManyGuesses)
LONGEST_COMMENT = 500
JPEG = {
    "description": "照片",
    "content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}},
}


async def _follower(
    request: Request,
    number: Annotated[str, Path(max_length=40, description="案件号", examples=["150785-2585"])],
    follow_code: Annotated[str, Header(max_length=40, description="查询码", examples=["7KQ2-MXWP"])],
) -> Follower:
    return Follower(number, follow_code, address_of(request))


FollowerDep = Annotated[Follower, Depends(_follower)]


def address_of(request: Request) -> str:
    """The network address asked from, as the server or the proxy it trusts tells it."""
    return request.client.host if request.client else ""


class Rating(Body):
    """自评：反映人对三个问题的答复，可附一句话。"""

    contacted: Annotated[Yes, Field(description="承办单位是否联系过")]
    solved: Annotated[Solved, Field(description="是否解决")]
    satisfaction: Annotated[Satisfaction, Field(description="是否满意")]
    comment: Annotated[str, Field(max_length=LONGEST_COMMENT, description="想说的话，密封保存"), Plain] = ""

    def answers(self) -> Answers:
        """As the use case takes them."""
        return Answers(self.contacted, self.solved, self.satisfaction, self.comment.strip())


@router.get("/{number}", responses=responses(*GUARDED))
async def follow_request(follower: FollowerDep, services: ServicesDep) -> Followed:
    """查询办理进度：凭案件号和查询码，无须登录。编号不对和查询码不对，答复相同。"""
    return await services.following.look(follower)


@router.get(
    "/{number}/pictures/{digest}",
    response_class=Response,
    responses={200: JPEG, **responses(*GUARDED, attachment_no.NoSuchAttachment)},
)  # fmt: skip
async def get_followed_picture(
    follower: FollowerDep, digest: Annotated[Digest, Path()], services: ServicesDep
) -> Response:
    """处置照片：重新绘制，不含拍摄地点等信息。只有办理单位所附的。"""
    return picture(await services.following.picture(follower, digest), digest)


def picture(found: Content, digest: str) -> Response:
    """A picture, kept by the browser for a while and taken for nothing else."""
    headers = {
        "Cache-Control": "private, max-age=600",
        "Content-Disposition": f'inline; filename="{digest[:16]}.jpeg"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(found.content, media_type=found.media_type, headers=headers)


ANSWERING = (
    no.NoDeadline, no.LimitStillRunning, no.WrongStage, no.Stale, clock_no.Suspended, follow_no.AlreadyHeard,
    privacy_no.Forgotten, no.NotYetVisible,
)  # fmt: skip


@router.post("/{number}/answer", responses=responses(*GUARDED, *ANSWERING))
async def rate_request(rating: Rating, follower: FollowerDep, services: ServicesDep) -> Followed:
    """自评：办理时限届满后答复三个问题，计入三率。同样的答复可放心重试，每轮只计一次。"""
    receipt = await services.following.rate(follower, rating.answers())
    await services.reach(receipt.log, receipt.position)
    return await services.following.look(follower)
