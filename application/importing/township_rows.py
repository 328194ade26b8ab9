"""Rows of the civil affairs' list of townships: CSV with county_code, county, code12 and name.

A code has 12 digits of which the first 9 are the township's; it becomes a row like any list's.
"""

from __future__ import annotations

from collections.abc import Iterator

from application.importing.division_rows import DivisionRow
from application.importing.headed_rows import MOST_SHOWN, headed_rows
from application.importing.report import Line, Outcome
from domain.place import division_code
from domain.refusals import Refused
from domain.registry.entry import wording

HEADINGS = {name: name for name in ("county_code", "county", "code12", "name")}
_STREET_DIGITS = 9


def read_townships(content: bytes) -> Iterator[DivisionRow | Line]:
    """Each line below the header. Refuses `BadFile`: size, encoding, header, quotes."""
    return headed_rows(content, HEADINGS, HEADINGS, _row)


def _row(line: int, told: dict[str, str]) -> DivisionRow | Line:
    county, _, code, name = (told[column][:MOST_SHOWN] for column in HEADINGS)
    street = code[:_STREET_DIGITS]
    try:
        division_code(code)
        division_code(county)
        wording(name, "区划名称")
    except Refused as refused:
        return Line(line, code, Outcome.REJECTED, refused.detail())
    if len(code) != 12 or not code.endswith("000"):
        return Line(line, code, Outcome.REJECTED, "应为 12 位乡级代码，末 3 位为 000")
    if len(county) != 6 or not street.startswith(county):
        return Line(line, code, Outcome.REJECTED, f"代码不在县级代码“{county}”之下")
    return DivisionRow(line, street, name, county)
