"""/contacts: contact assignments 包联. Which leader holds which community, from when to when."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Response, status
from pydantic import BaseModel, Field

from application.ports import Receipt
from domain import refusals as no
from domain.registry import refusals as registry_no
from domain.registry import staff_refusals as staff_no
from domain.registry.contact_assignment import ContactAssignment
from domain.registry.entry import civil_day
from interfaces.http.calls import ActorDep, ChangeDesk, NewDesk, ServicesDep
from interfaces.http.fields import Order
from interfaces.http.problems import responses
from interfaces.http.registry.entries import (
    CHANGING,
    REGISTERING,
    Day,
    Ending,
    Entries,
    LocalCode,
    RangeDep,
    Seen,
    Since,
    Until,
    Within,
    change,
    register,
    tagged,
)

router = APIRouter(prefix="/contacts", tags=["包联"])
CommunityCode = Annotated[str, Field(pattern=r"^[0-9]{12}$", examples=["150785001001"])]
Leader = Annotated[LocalCode, Field(description="包联领导的人员编号")]
On = Annotated[Day | None, Query(description="哪一天，缺省为今天")]


class Holding(BaseModel):
    """一段包联."""

    leader: str
    since: date
    until: date | None


class ContactView(Seen):
    """一个社区的包联. code、name 为社区的; leader 为当日的包联领导, 没有时为 null; held 为历次."""

    leader: str | None
    held: list[Holding]


class AssigningContact(Order):
    """确定包联."""

    community: Annotated[CommunityCode, Field(description="社区（村）的区划代码")]
    leader: Leader
    since: Since
    until: Until = None


class PassingContactOn(Order):
    """包联调整: 自 since 起由 leader 包联, 原领导至前一日止."""

    leader: Leader
    since: Since
    until: Until = None


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    responses=responses(*REGISTERING, no.NoSuchEntry, no.NotValidThen, staff_no.NotInHand, registry_no.BadPeriod),
)
async def assign_contact(order: AssigningContact, desk: NewDesk) -> Receipt:
    """确定包联: 社区尚无包联登记时; 已有的用包联调整."""
    said = order.model_dump(include={"community", "leader", "since", "until"})
    return await register(desk.services.contacts.assign, order, desk, **said)


@router.get("", responses=responses())
async def find_contacts(
    _actor: ActorDep, services: ServicesDep, asked: RangeDep, within: Within = "",
    leader: Annotated[LocalCode | None, Query(description="当日由此人包联的")] = None, on: On = None,
) -> Entries[ContactView]:  # fmt: skip
    """查询包联, 按社区代码."""
    day = on or civil_day(services.clock())

    def keep(contact: ContactAssignment) -> bool:
        return leader is None or contact.leader(day) == leader

    return asked.of(partial(services.registry.entries, ContactAssignment, keep, begin=within), partial(_seen, day))


@router.get("/{code}", responses=responses(no.NoSuchEntry))
async def get_contact(
    code: CommunityCode, _actor: ActorDep, services: ServicesDep, response: Response, on: On = None
) -> ContactView:
    """一个社区的包联."""
    day = on or civil_day(services.clock())
    return tagged(_seen(day, services.registry.find(ContactAssignment, code)), response)


@router.post(
    "/{code}/pass-on", responses=responses(*CHANGING, staff_no.NotInHand, staff_no.ContactTaken, registry_no.BadPeriod)
)
async def pass_contact_on(code: CommunityCode, order: PassingContactOn, desk: ChangeDesk) -> Receipt:
    """包联调整."""
    said = {"leader": order.leader, "since": order.since, "until": order.until}
    return await change(desk.services.contacts.pass_on, code, order, desk, **said)


@router.post("/{code}/end", responses=responses(*CHANGING, staff_no.NoContact, registry_no.BadPeriod))
async def end_contact(code: CommunityCode, order: Ending, desk: ChangeDesk) -> Receipt:
    """包联终止."""
    return await change(desk.services.contacts.end, code, order, desk, last_day=order.last_day)


def _seen(day: date, contact: ContactAssignment) -> ContactView:
    return ContactView(
        code=contact.code, name=contact.name, version=contact.version, leader=contact.leader(day),
        held=[_holding(*held) for held in contact.held],
    )  # fmt: skip


def _holding(leader: str, first: str, last: str | None) -> Holding:
    until = None if last is None else date.fromisoformat(last)
    return Holding(leader=leader, since=date.fromisoformat(first), until=until)
