"""Address 地址: all that a board shows follows from its address, so a link in a message shows the same thing."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Annotated, Any, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BeforeValidator, Field

from application.statistics.filter import Dimension
from domain.registry.entry import CIVIL_TIME
from domain.statistics.numbers import number_named
from domain.statistics.periods import Cut
from domain.vocabulary import Channel
from interfaces.http.fields import CategoryKey, UnitCode

Compared = Literal["street", "community", "grid", "unit"]
StreetCode = Annotated[str, Field(pattern=r"^[0-9]{9}$")]
Chosen = BeforeValidator(lambda given: given or None)
"""A form sends what nobody chose as an empty text."""


@dataclass(frozen=True)
class Address:
    """What a board is asked: the period named after a day, what of, which number, compared by what, known when.

    `pick` is the place or unit that is chosen in ranking and map, `job` the what-if beside the truth. Without `on`
    the period is today's, or that of `as_of`.
    """

    cut: Cut = Cut.MONTH
    on: date | None = None
    street: str | None = None
    unit: str | None = None
    category: str | None = None
    channel: str | None = None
    number: str = "satisfaction_rate"
    by: Dimension = Dimension.STREET
    sort: str = ""
    pick: str = ""
    as_of: datetime | None = None
    job: UUID | None = None
    whole: str | None = None
    """"yes" for who reads without scripts: every page waits for all of its parts."""

    def with_(self, **changes: Any) -> Address:
        """The same but for `changes`."""
        return replace(self, **changes)

    def query(self, **more: str | int | None) -> str:
        """As the query of an address: what is as usual is left out. `more` are what a part asks besides."""
        said = {one.name: getattr(self, one.name) for one in fields(self) if getattr(self, one.name) != one.default}
        if self.as_of is not None:
            said["as_of"] = local_minute(self.as_of)
        if self.channel is not None:
            said["channel"] = self.channel
        given = {key: str(value) for key, value in (said | more).items() if value is not None}
        return urlencode(given)

    def to(self, path: str = "/board", **changes: Any) -> str:
        """The address of `path`, the same but for `changes`."""
        query = replace(self, **changes).query()
        return f"{path}?{query}" if query else path


def local_minute(at: datetime) -> str:
    """As a field for date and time has it, in the city's time."""
    return at.astimezone(CIVIL_TIME).strftime("%Y-%m-%dT%H:%M:%S")


def _local(at: datetime | None) -> datetime | None:
    """What is typed without an offset is the city's time."""
    return at.replace(tzinfo=CIVIL_TIME) if at is not None and at.tzinfo is None else at


async def _address(
    cut: Annotated[Cut, Query(description="日、周或月")] = Cut.MONTH,
    on: Annotated[date | None, Chosen, Query(description="时段中的一日")] = None,
    street: Annotated[StreetCode | None, Chosen, Query(description="街道")] = None,
    unit: Annotated[UnitCode | None, Chosen, Query(description="主办单位")] = None,
    category: Annotated[CategoryKey | None, Chosen, Query(description="类别")] = None,
    channel: Annotated[Channel | None, Chosen, Query(description="受理渠道")] = None,
    number: Annotated[str, Query(pattern=r"^[a-z][a-z_]{1,39}$", description="指标")] = "satisfaction_rate",
    by: Annotated[Compared, Query(description="排名对象")] = "street",
    sort: Annotated[str, Query(pattern=r"^(-?[a-z][a-z_]{1,39})?$", description="次序")] = "",
    pick: Annotated[str, Query(pattern=r"^[A-Za-z0-9._-]{0,64}$", description="选中的区域或单位")] = "",
    as_of: Annotated[datetime | None, Chosen, Query(description="截至")] = None,
    job: Annotated[UUID | None, Chosen, Query(description="试算")] = None,
    whole: Annotated[Literal["yes"] | None, Chosen, Query(description="等全部内容齐备")] = None,
) -> Address:
    number_named(number)
    return Address(
        cut=cut, on=on, street=street, unit=unit, category=category, channel=channel and channel.value, number=number,
        by=Dimension(by), sort=sort, pick=pick, as_of=_local(as_of), job=job, whole=whole,
    )  # fmt: skip


AddressDep = Annotated[Address, Depends(_address)]
