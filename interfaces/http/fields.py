"""Fields that bodies and queries share: bounded, without control characters, in the field's words."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    model_validator,
)
from pydantic_core import PydanticCustomError

from application.command import Command
from interfaces.http.calls import Desk


def _without_control_characters(text: str) -> str:
    if any(unicodedata.category(sign) == "Cc" and sign not in "\n\r\t" for sign in text):
        raise PydanticCustomError("control_characters", "含有控制字符")
    return text


def _not_blank(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("blank", "不得只有空白")
    return text


def _written_out(time: object) -> object:
    """A bare number would pass for seconds or milliseconds, by its size."""
    if isinstance(time, str) and re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]", time):
        return time
    raise PydanticCustomError("datetime_type", "不是有效的时间")


Plain = AfterValidator(_without_control_characters)
Words = Annotated[
    str,
    Field(min_length=1, max_length=20_000, json_schema_extra={"pattern": r"\S"}),
    AfterValidator(_not_blank),
    Plain,
]
"""What somebody wrote."""
Line = Annotated[str, Field(max_length=200), Plain]
"""A short text on one subject."""
Yes = Annotated[bool, Strict()]
"""A JSON boolean; "no" and 0 are no answers."""
Instant = Annotated[AwareDatetime, BeforeValidator(_written_out)]
"""RFC 3339, with its offset."""
Place = Annotated[str, Field(pattern=r"^[0-9]{2,15}$", examples=["150785001001001"])]
GridCode = Annotated[str, Field(pattern=r"^[0-9]{15}$", examples=["150785001001001"])]
UnitCode = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", examples=["U150785-CG"])]
CategoryKey = Annotated[str, Field(pattern=r"^(matter|asset)-[0-9]{5}(-[0-9]{1,2})?$", examples=["matter-06010"])]
Longitude = Annotated[
    float, Field(ge=-180, le=180, allow_inf_nan=False, description="经度，CGCS2000", examples=[121.52])
]
Latitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False, description="纬度，CGCS2000", examples=[50.78])]
Evidence = Annotated[list[Line], Field(max_length=20, description="证据：附件摘要或编号")]


Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="附件摘要：内容的 SHA-256，小写十六进制")]
Attached = Annotated[list[Digest], Field(max_length=20, description="附件，先以 POST /api/v1/attachments 上传")]


class Body(BaseModel):
    """请求正文，不得有未列出的项。"""

    model_config = ConfigDict(extra="forbid")


class Order(Body):
    """对一个案件的办理：何时发生（缺省为现在），为何。"""

    happened_at: Annotated[
        Instant | None,
        Field(description="发生时间，缺省为现在", examples=["2026-09-30T16:40:00+08:00"]),
    ] = None
    reason: Annotated[Line, Field(description="理由")] = ""

    def at(self, desk: Desk) -> Command:
        """The order as a command of the caller. Refuses `ImplausibleTime`."""
        return desk.command(self.happened_at, self.reason)


class Located(Order):
    """可给出一个点；经度和纬度须同时给出。"""

    longitude: Annotated[Longitude, Strict()] | None = None
    latitude: Annotated[Latitude, Strict()] | None = None

    @model_validator(mode="after")
    def _whole_point(self) -> Located:
        if (self.longitude is None) != (self.latitude is None):
            raise PydanticCustomError("half_coordinates", "经度和纬度须同时给出")
        return self
