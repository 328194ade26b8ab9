"""/feed/webhooks: addresses of other systems that events are pushed to, and how deliveries fare."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response, status
from pydantic import BaseModel, Field

from application.feed.webhooks import Delivery, DeliveryState, HookStanding, Signed
from application.ports import Receipt
from domain import feed_refusals as feed_no
from domain import refusals as no
from domain.registry import refusals as registry_no
from domain.registry.webhook import Webhook
from interfaces.http.asking import Page
from interfaces.http.calls import ActorDep, ChangeDesk, NewDesk, ServicesDep
from interfaces.http.cursors import packed, unpacked
from interfaces.http.fields import Line, Order
from interfaces.http.problems import responses
from interfaces.http.registry.entries import CHANGING, REGISTERING, Entries, LocalCode, RangeDep, Seen, change, tagged
from interfaces.http.statuses import BadCursor

router = APIRouter(prefix="/feed/webhooks", tags=["事件回调"])
Code = Annotated[LocalCode, Path(description="回调编号")]
LogId = Annotated[str, Field(pattern=r"^[0-9]{4,6}$", examples=["150785"])]
Topic = Annotated[str, Field(pattern=r"^[a-z_.*]{1,60}$", examples=["issue.assigned"])]
ABOUT_ONE = (no.WrongRole, no.NoSuchEntry)
CHANGED = (*CHANGING, feed_no.WebhookEnded)


class OpeningWebhook(Order):
    """开通回调：此后记下的案件事件推送到 url。"""

    code: Annotated[LocalCode, Field(description="自定的编号")]
    name: Annotated[Line, Field(min_length=1, description="给谁、做什么用", examples=["市大数据平台"])]
    url: Annotated[
        str,
        Field(
            max_length=800, description="https 地址，不带用户名和查询参数", examples=["https://data.example.org/wangge"]
        ),
    ]
    logs: Annotated[list[LogId], Field(min_length=1, max_length=200, description="哪些日志")]
    topics: Annotated[
        list[Topic], Field(default_factory=list, max_length=100, description="事件名或整类 (issue.*)；缺省为全部")
    ]


class SignedView(BaseModel):
    """回执和签名密钥。密钥只在此时给出，请存入接收方的密钥库；遗失时更换。"""

    receipt: Receipt
    secret: Annotated[str, Field(examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])]


class WebhookView(Seen):
    """一个回调。starts 为各日志自哪个位置之后推送；topics 为空则为全部。"""

    url: str
    starts: dict[str, int]
    topics: list[str]
    paused: bool
    ended: bool


class WebhookState(WebhookView):
    """一个回调和它的投递情况：每个日志到了哪里，最近的投递。"""

    standings: list[HookStanding]
    last: list[Delivery]


def _view(webhook: Webhook) -> WebhookView:
    return WebhookView(
        code=webhook.code, name=webhook.name, version=webhook.version, url=webhook.url, starts=webhook.starts,
        topics=sorted(webhook.topics), paused=webhook.paused, ended=webhook.ended,
    )  # fmt: skip


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    responses=responses(*REGISTERING, no.NoSuchLog, feed_no.BadAddress, feed_no.NoSuchTopic),
)
async def open_webhook(order: OpeningWebhook, desk: NewDesk) -> SignedView:
    """开通回调：管理员为一个系统开通，答复中给出签名密钥，仅此一次；带幂等键的重试得到同一密钥。"""
    command = order.at(desk)
    signed = await desk.services.webhooks.open(
        command.act, code=order.code, name=order.name, url=order.url, logs=order.logs, topics=order.topics,
        key=command.key,
    )  # fmt: skip
    return _signed(signed, desk.tagged(signed.receipt))


@router.get("", responses=responses(no.WrongRole))
async def list_webhooks(actor: ActorDep, services: ServicesDep, part: RangeDep) -> Entries[WebhookView]:
    """列出回调：按编号，限本人管辖范围，含已终止的。"""
    return part.of(lambda **wanted: services.webhooks.find(actor, **wanted), _view)


@router.get("/{code}", responses=responses(*ABOUT_ONE))
async def get_webhook(code: Code, actor: ActorDep, services: ServicesDep, response: Response) -> WebhookState:
    """一个回调：连同每个日志的进度和最近的投递。"""
    webhook = services.webhooks.get(actor, code)
    standings = await services.webhooks.standings(webhook)
    last = await services.webhooks.deliveries(webhook)
    return tagged(WebhookState(**_view(webhook).model_dump(), standings=[*standings], last=[*last]), response)


@router.post("/{code}/pause", responses=responses(*CHANGED, registry_no.NothingChanged))
async def pause_webhook(code: Code, order: Order, desk: ChangeDesk) -> Receipt:
    """暂停投递：恢复后自停下之处继续，不丢事件。"""
    return await change(desk.services.webhooks.pause, code, order, desk)


@router.post("/{code}/resume", responses=responses(*CHANGED))
async def resume_webhook(code: Code, order: Order, desk: ChangeDesk) -> Receipt:
    """恢复投递：暂停的，或因接收方长时间不应而停投的；立即再试。"""
    return await change(desk.services.webhooks.resume, code, order, desk)


@router.post("/{code}/renew-secret", responses=responses(*CHANGED))
async def renew_webhook_secret(code: Code, order: Order, desk: ChangeDesk) -> SignedView:
    """更换密钥：新密钥只在此时给出；一天之内新旧两个都签名。"""
    command = order.at(desk)
    use = desk.services.webhooks.renew_secret
    signed = await use(command.act, code=code, version=command.version, key=command.key)
    return _signed(signed, desk.tagged(signed.receipt))


@router.post("/{code}/end", responses=responses(*CHANGED))
async def end_webhook(code: Code, order: Order, desk: ChangeDesk) -> Receipt:
    """终止回调：不可恢复，密钥即行销毁；编号不再使用。"""
    return await change(desk.services.webhooks.end, code, order, desk)


@router.get("/{code}/deliveries", responses=responses(*ABOUT_ONE, BadCursor))
async def list_deliveries(
    code: Code, actor: ActorDep, services: ServicesDep,
    state: Annotated[DeliveryState | None, Query(description="delivered 已送达，parked 搁置，resending 待再投")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=200, description="上一页的 next")] = None,
) -> Page[Delivery]:  # fmt: skip
    """列出投递，最近的在前；已送达的保留 30 天。"""
    webhook = services.webhooks.get(actor, code)
    before = _mark(cursor) if cursor else None
    found = await services.webhooks.deliveries(webhook, state=state, before=before, limit=limit + 1)
    shown = [*found[:limit]]
    if len(found) <= limit:
        return Page(shown, None)
    last = shown[-1]
    return Page(shown, packed(last.last_at.isoformat(), last.log, str(last.position)))


@router.post(
    "/{code}/deliveries/{log}/{position}/resend",
    status_code=status.HTTP_202_ACCEPTED,
    responses=responses(*ABOUT_ONE, no.ImplausibleTime, feed_no.NoSuchDelivery),
)
async def resend_delivery(
    code: Code, log: Annotated[str, Path(pattern=r"^[0-9]{4,6}$")], position: Annotated[int, Path(ge=1, le=10**15)],
    order: Order, desk: NewDesk,
) -> Delivery:  # fmt: skip
    """再投一次：搁置的，或已送达而接收方遗失的；不按次序，随后送出。"""
    command = order.at(desk)
    return await desk.services.webhooks.resend(command.act, code=code, log=log, position=position)


def _signed(signed: Signed, receipt: Receipt) -> SignedView:
    return SignedView(receipt=receipt, secret=signed.secret)


def _mark(cursor: str) -> tuple[datetime, str, int]:
    at, log_id, position = unpacked(cursor, 3)
    try:
        mark = datetime.fromisoformat(at), log_id, int(position)
    except ValueError:
        raise BadCursor() from None
    if mark[0].tzinfo is None or not 0 < mark[2] < 2**63:
        raise BadCursor()
    return mark
