"""Rows of a standard 立案标准 as cities publish it: cells merged downwards, line breaks in fields, units in one cell.

A row that continues a class has its cells of class and units empty and takes those above. Rows are numbered as a
spreadsheet numbers them, the header being 1. Nothing here knows what is registered.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from io import StringIO

from application.importing.csv_file import decoded
from application.importing.headed_rows import columns_of
from application.importing.report import Line, Outcome
from domain.registry.refusals import BadFile

_NEEDED = {
    "大类代码": "heading_code",
    "大类名称": "heading",
    "小类代码": "class_code",
    "小类名称": "name",
    "立案条件": "condition",
    "结案条件": "closing_condition",
    "处置时限": "limit_text",
}
_MAY_BE = {
    "处置单位": "lead_text",
    "责任主体": "lead_text",
    "主管部门": "supervisor_text",
    "监管主体": "supervisor_text",
    "法律法规依据": "legal_basis",
    "法律法规具体条款": "legal_clauses",
    "采集要求": "collection_rules",
}
_OF_CLASS = ("lead_text", "supervisor_text", "legal_basis", "legal_clauses", "collection_rules")
Cells = Mapping[str, str]


@dataclass(frozen=True)
class StandardClass:
    """小类 of a standard, or why it cannot be told which. `digits` are five: two of the 大类, three of the 小类.

    `remark` is what a reader of the report may want to know of its first row.
    """

    digits: str
    heading: str
    name: str
    shared: Cells
    wrong: str = ""
    remark: str = ""


@dataclass(frozen=True)
class StandardRow:
    """One filing condition of one class, as printed; `of_class` has what its merged cells say."""

    number: int
    of_class: StandardClass
    condition: str
    closing_condition: str
    limit_text: str


def read_standard(content: bytes) -> Iterator[StandardRow | Line]:
    """Each row below the header: a condition, or a line left out or rejected. Refuses `BadFile`."""
    rows = _records(decoded(content))
    columns = columns_of(next(rows, (1, []))[1], _NEEDED | _MAY_BE, _NEEDED, others=False)
    known = _Classes()
    for number, fields in rows:
        if len(fields) != len(columns):
            known.lose(f"第 {number} 行应有 {len(columns)} 列，实有 {len(fields)} 列")
            yield _rejected(number, "", known.current.wrong)
        else:
            yield _row(number, dict(zip(columns, (field.strip() for field in fields), strict=True)), known)


def _row(number: int, cells: Cells, known: _Classes) -> StandardRow | Line:
    of_class = known.take(number, cells)
    if of_class.wrong:
        return _rejected(number, of_class.digits, of_class.wrong)
    said = [cells[name] for name in ("condition", "closing_condition", "limit_text")]
    if not any(said):
        return Line(number, of_class.digits, Outcome.LEFT_OUT, f"“{of_class.name}”只有名目，没有立案条件和时限")
    if not said[0]:
        return _rejected(number, of_class.digits, "没有立案条件")
    return StandardRow(number, of_class, *said)


def _rejected(number: int, code: str, why: str) -> Line:
    return Line(number, code, Outcome.REJECTED, why)


class _Classes:
    """Which class a row belongs to, from the cells merged down to it."""

    def __init__(self) -> None:
        self.current = StandardClass("", "", "", {}, "前面没有小类")
        self._heading = ("", "")
        self._headings: dict[str, str] = {}
        self._names: dict[str, tuple[str, int]] = {}

    def lose(self, why: str) -> None:
        """Nobody can tell the class of the rows that follow, until one names it."""
        self.current = StandardClass("", "", "", {}, why)

    def take(self, number: int, cells: Cells) -> StandardClass:
        """The class of a row, which is the current one from now on."""
        if cells["class_code"]:
            self.current = self._begun(number, cells)
        elif cells["heading_code"] or cells["heading"] or cells["name"]:
            self.lose(f"第 {number} 行有大类或小类名称，没有小类代码")
        else:
            given = {name: cells[name] for name in _OF_CLASS if cells.get(name)}
            self.current = replace(self.current, shared={**self.current.shared, **given}, remark="")
        return self.current

    def _begun(self, number: int, cells: Cells) -> StandardClass:
        if cells["heading_code"] or cells["heading"]:
            self._heading = (_digits(cells["heading_code"], 2), cells["heading"])
        code, heading = self._heading
        small = _digits(cells["class_code"], 3)
        shared = {name: cells.get(name, "") for name in _OF_CLASS}
        begun = StandardClass(code + small if code and small else "", heading, cells["name"], shared)
        usual = self._headings.setdefault(code, heading)
        remark = "" if usual == heading else f"大类 {code} 前文叫“{usual}”，此处叫“{heading}”，照录"
        return replace(begun, wrong=self._wrong(number, begun, code, small), remark=remark)

    def _wrong(self, number: int, begun: StandardClass, heading_code: str, small: str) -> str:
        if not heading_code or not small:
            return "大类代码应为 2 位数字，小类代码应为 2 至 3 位数字"
        if not begun.heading or not begun.name:
            return "没有大类名称或小类名称"
        known, line = self._names.setdefault(begun.digits, (begun.name, number))
        return "" if known == begun.name else f"小类 {begun.digits} 在第 {line} 行叫“{known}”，此处叫“{begun.name}”"


def _digits(text: str, length: int) -> str:
    """A code with the zeros before it that standards of 2 + 2 digits lack and spreadsheets drop; "" for no code."""
    return text.zfill(length) if re.fullmatch(rf"[0-9]{{1,{length}}}", text) and int(text) else ""


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that has cells, with its number."""
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    number = 0
    try:
        for number, fields in enumerate(reader, start=1):
            if fields:
                yield number, fields
    except csv.Error as wrong:
        raise BadFile(problem=f"第 {number + 1} 行的引号不成对或字段过长，请检查这一行") from wrong
