"""POST requests: a report becomes a request of the web channel, once for each `Idempotency-Key`."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace

import structlog
from starlette.responses import Response

from application.command import Command, deed
from application.open311.keys import ApiKey
from application.open311.offered import CONDITION, Offered
from application.open311.promising import promise
from application.open311.redaction import BESIDE
from application.open311.reporting import Report
from application.ports import Receipt, RequestKey
from domain.open311_refusals import BadApiKey
from domain.refusals import NoSuchEntry, NotYetVisible
from domain.registry.address import Address
from domain.registry.entry import civil_day
from interfaces.http.metrics import COMMANDS
from interfaces.open311.answers import WrongArgumentsError, answer
from interfaces.open311.arguments import Arguments
from interfaces.open311.calls import Call
from interfaces.open311.catalogue import choice
from interfaces.open311.formats import Each
from interfaces.open311.forms import Form, form_of

MOST_WORDS, MOST_BESIDE = 4_000, 12_000
NO_LOCATION = "#NOTPINPOINTED#"
"""What some clients send as an address id for want of one."""
SOON_SECONDS = 5.0
logger = structlog.get_logger(__name__)


async def post_request(call: Call) -> Response:
    """受理. The answer waits a moment for the request to be readable, as a client will ask for it at once."""
    form = await form_of(call.request)
    key = await call.open311.keys.admit(form.arguments.text("api_key"))
    structlog.contextvars.bind_contextvars(actor=key.actor.id)
    await _of_its_jurisdiction(call, key, form.arguments)
    report = _report(call, form)
    # Files last: what is wrong with the words is found without keeping anything.
    taken = [await call.open311.reporting.take(key, await file.read()) for file in form.files]
    report = replace(report, attachments=tuple(dict.fromkeys(taken)))
    now = call.services.clock()
    command = Command(deed(key.actor, now=now), key=_retry_key(call, key, form))
    receipt = await call.open311.reporting.receive(key, command, report)
    _told(receipt)
    with suppress(NotYetVisible):
        await call.services.reach(receipt.log, receipt.position, within_seconds=SOON_SECONDS)
    notice = promise(call.services.issues, category=report.category, place=key.area, at=now)
    row = {"service_request_id": str(receipt.id), "service_notice": notice, "account_id": None}
    return answer(call.request, "service_requests", Each("request", [row]))


async def _of_its_jurisdiction(call: Call, key: ApiKey, arguments: Arguments) -> None:
    """Refuses `NoSuchJurisdiction`, and `BadApiKey` for a key of elsewhere."""
    named = arguments.text("jurisdiction_id")
    area = await call.open311.area_of(named)
    if named != key.jurisdiction and not (key.area.startswith(area) or area.startswith(key.area)):
        raise BadApiKey()


def _report(call: Call, form: Form) -> Report:
    """What the form says. Raises `WrongArgumentsError` with all that is wrong with it, refuses `NoSuchService`."""
    arguments, day = form.arguments, civil_day(call.services.clock())
    code = arguments.text("service_code", 40)
    offered = call.open311.services.one(code, day) if code else None
    if offered is None:
        arguments.problems.append("missing-service-code：请给出 service_code。")
    answers = dict(form.answers)
    category = _category(offered, answers, arguments) if offered else ""
    latitude, longitude = arguments.number("lat", -90, 90), arguments.number("long", -180, 180)
    report = Report(
        category=category,
        description=arguments.text("description", MOST_WORDS).replace(BESIDE, "\n"),
        longitude=longitude, latitude=latitude, address_id=_address_id(call, arguments),
        address=arguments.text("address_string", 500), reporter=_reporter(arguments),
        beside=_beside(answers, form, arguments),
    )  # fmt: skip
    half = bool(arguments.text("lat")) != bool(arguments.text("long"))
    if half:
        arguments.problems.append("half-location：lat 和 long 须同时给出。")
    elif not arguments.text("lat") and not report.address_id and not report.address:
        arguments.problems.append("missing-location：请给出 lat 和 long，或 address_string，或 address_id。")
    arguments.check()
    return report


def _category(offered: Offered, answers: dict[str, list[str]], arguments: Arguments) -> str:
    """The filing condition: the only one, or the one that was chosen."""
    if not offered.asks:
        return offered.conditions[0].code
    by_choice = {choice(one.code): one.code for one in offered.conditions}
    chosen = answers.pop(CONDITION, [])
    if not chosen:
        arguments.problems.append(f"missing-attribute：请给出 attribute[{CONDITION}]。")
    elif len(chosen) > 1 or chosen[0] not in by_choice:
        arguments.problems.append(f"bad-attribute：attribute[{CONDITION}] 应为 {'、'.join(by_choice)} 之一。")
    return by_choice.get(chosen[0] if chosen else "", "")


def _address_id(call: Call, arguments: Arguments) -> str:
    named = arguments.text("address_id")
    if not named or named == NO_LOCATION:
        return ""
    try:
        call.services.registry.find(Address, named)
    except NoSuchEntry:
        # Beside another location it is only somebody else's key.
        if not (arguments.text("lat") or arguments.text("address_string")):
            arguments.wrong("address_id", "不是已登记的地址代码")
            return named
        return ""
    return named


def _reporter(arguments: Arguments) -> dict[str, str]:
    """Who reports. Ids of devices and accounts are left where they are: nothing here needs them."""
    first, last = arguments.text("first_name", 100), arguments.text("last_name", 100)
    western = re.search("[A-Za-z]", first + last)
    name = f"{first} {last}".strip() if western else last + first
    return {"name": name, "phone": arguments.text("phone", 40), "email": arguments.text("email", 254)}


def _beside(answers: dict[str, list[str]], form: Form, arguments: Arguments) -> tuple[str, ...]:
    """Answers to questions nobody asked, and links: kept as words, for they may matter to who handles it."""
    lines = [f"{code}：{'、'.join(given)}" for code, given in answers.items()]
    lines += [f"图片链接：{link}" for link in form.links]
    if sum(map(len, lines)) > MOST_BESIDE:
        arguments.problems.append(f"bad-attribute：附加信息合计至多 {MOST_BESIDE} 个字。")
    return tuple(lines)


def _retry_key(call: Call, key: ApiKey, form: Form) -> RequestKey | None:
    given = call.request.headers.get("idempotency-key")
    if given is None:
        return None
    if not re.fullmatch("[!-~]{1,200}", given):
        raise WrongArgumentsError(["bad-idempotency-key：Idempotency-Key 应为 1 至 200 个可见的 ASCII 字符。"])
    return RequestKey(f"{key.actor.id} {given}", form.said)


def _told(receipt: Receipt) -> None:
    route = "/open311/v2/requests"
    logger.info("recorded", log=receipt.log, position=receipt.position, case=str(receipt.id), route=route)
    COMMANDS.labels(route=route).inc()
