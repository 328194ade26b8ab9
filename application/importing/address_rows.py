"""Rows of a list of addresses 地名地址: one a line, under Chinese or English headings. Knows nothing registered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from application.importing.headed_rows import MOST_SHOWN, headed_rows
from application.importing.report import Line, Outcome
from domain.place import coordinates
from domain.refusals import Refused
from domain.registry.entry import local_code, wording

HEADINGS = {
    "地址代码": "code", "地址名称": "name", "别名": "aliases", "经度": "longitude", "纬度": "latitude",
}  # fmt: skip
REQUIRED = ("地址代码", "地址名称", "经度", "纬度")
_BETWEEN = re.compile(r"[、;；|]+")


@dataclass(frozen=True, slots=True)
class AddressRow:
    """One line that is right by itself. Degrees are CGCS2000."""

    line: int
    code: str
    name: str
    aliases: tuple[str, ...]
    longitude: float
    latitude: float


def read_addresses(content: bytes) -> Iterator[AddressRow | Line]:
    """Each line below the header: an address, or a rejected line. Refuses `BadFile`: size, encoding, header, quotes."""
    return headed_rows(content, HEADINGS, REQUIRED, _row)


def _row(line: int, told: dict[str, str]) -> AddressRow | Line:
    try:
        east, north = coordinates(*(_degrees(told[name]) for name in ("longitude", "latitude")))
        aliases = tuple(wording(one, "别名") for one in _BETWEEN.split(told.get("aliases", "")) if one.strip())
        code, name = local_code(told["code"], "地址代码"), wording(told["name"], "地址名称")
        return AddressRow(line, code, name, aliases, east, north)
    except Refused as refused:
        return Line(line, told["code"][:MOST_SHOWN], Outcome.REJECTED, refused.detail())
    except ValueError:
        degrees = f"{told['longitude'][:MOST_SHOWN]}，{told['latitude'][:MOST_SHOWN]}"
        return Line(line, told["code"][:MOST_SHOWN], Outcome.REJECTED, f"经纬度应是以度为单位的数，实为：{degrees}")


def _degrees(text: str) -> float | None:
    """Raises `ValueError`. What was left blank is not given."""
    return float(text) if text else None
