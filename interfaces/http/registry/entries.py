"""What the registry's routes share: codes and days of an entry, a page of entries, what any of them may refuse."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from application.ports import Receipt
from application.registry.registry import PAGE, Entry
from domain import refusals as no
from domain.registry import refusals as registry_no
from interfaces.http.calls import Desk
from interfaces.http.fields import Line, Order, Plain
from interfaces.http.statuses import VersionMissing

DivisionCode = Annotated[
    str, Field(pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$", examples=["150785001"])
]
"""区划代码, from province to community."""
LocalCode = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", examples=["U150785-CG"])]
"""A code the city gives out itself: of a unit, of a member of staff."""
Within = Annotated[str, Query(pattern=r"^[0-9]{0,15}$", description="在此区划之内，缺省为全市")]
Phone = Annotated[str, Field(min_length=3, max_length=30, examples=["0470-5223110"])]
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2999, 12, 31), examples=["2026-01-01"])]
Since = Annotated[Day, Field(description="有效期首日")]
Until = Annotated[Day | None, Field(description="有效期末日，含当日；缺省为长期有效")]
ValidOn = Annotated[Day | None, Query(description="只列当日有效的，缺省为全部")]

REGISTERING = (
    no.AlreadyRegistered, no.WrongRole, no.OutsideArea, no.ImplausibleTime, no.KeyReused, no.BadCode, no.Stale,
    registry_no.BadText,
)  # fmt: skip
CHANGING = (
    no.NoSuchEntry, no.Stale, VersionMissing, no.KeyReused, no.WrongRole, no.OutsideArea, no.OutOfOrder,
    no.ImplausibleTime, registry_no.NoLongerKept,
)  # fmt: skip


class Ending(Order):
    """终止."""

    last_day: Annotated[Day, Field(description="末日，含当日")]


class Seen(BaseModel):
    """An entry as people see it, read off the registered aggregate."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    name: str
    version: Annotated[int, Field(description="版本，变更时填入 If-Match")]


SeenT = TypeVar("SeenT", bound=Seen)


@dataclass(frozen=True)
class Entries(Generic[SeenT]):
    """一页登记, 按代码升序. 取下一页时把 next 填入 after, 末页为 null."""

    items: list[SeenT]
    next: str | None


@dataclass(frozen=True)
class Range:
    """Which part of a list: those with `name` in their name, after the code `after`, at most `limit`."""

    name: Annotated[Line, Query(description="名称中的文字")] = ""
    after: Annotated[str, Query(max_length=64, description="上一页的 next"), Plain] = ""
    limit: Annotated[int, Query(ge=1, le=200)] = PAGE

    def of(self, find: Callable[..., Sequence[Entry]], see: Callable[[Any], SeenT], **wanted: object) -> Entries[SeenT]:
        """The page of what `find` lists, asking for one more to learn whether there is a page after."""
        found = find(name=self.name, after=self.after, limit=self.limit + 1, **wanted)
        shown = found[: self.limit]
        return Entries([see(entry) for entry in shown], shown[-1].code if len(found) > self.limit else None)


RangeDep = Annotated[Range, Depends()]


def tagged(entry: SeenT, response: Response) -> SeenT:
    """The entry, with its version as the answer's `ETag`."""
    response.headers["ETag"] = f'"{entry.version}"'
    return entry


def facts(order: Order) -> dict[str, Any]:
    """What an order says about the entry, without when and why."""
    return order.model_dump(exclude={"happened_at", "reason"})


async def register(use: Callable[..., Awaitable[Receipt]], order: Order, desk: Desk, **said: object) -> Receipt:
    """Let the use case put a new entry on record, as the caller said."""
    command = order.at(desk)
    return desk.tagged(await use(command.act, **said, key=command.key))


async def change(
    use: Callable[..., Awaitable[Receipt]], code: str, order: Order, desk: Desk, **said: object
) -> Receipt:
    """Let the use case change the entry `code` in the version its caller saw."""
    command = order.at(desk)
    return desk.tagged(await use(command.act, code=code, **said, version=command.version, key=command.key))
