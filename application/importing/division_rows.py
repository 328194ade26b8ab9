"""Rows of a list of divisions as offices keep it: CSV with level, code, name and parent_code.

A file whose lines cannot be trusted is refused as a whole; a line that is wrong by itself is told apart from
the rest. Nothing here knows what is registered.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

from domain.place import Level, division_code, level_of, parent_of
from domain.refusals import Refused
from domain.registry.entry import wording
from domain.registry.refusals import BadFile

COLUMNS = ("level", "code", "name", "parent_code")
MOST_BYTES = 64 * 1024 * 1024
_LEVELS = {str(number): level for number, level in enumerate(Level, start=1)}
_WORKBOOK = b"PK\x03\x04"
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
_MOST_SHOWN = 120


@dataclass(frozen=True)
class DivisionRow:
    """One line that is right by itself."""

    line: int
    code: str
    name: str
    parent: str


@dataclass(frozen=True)
class Rejected:
    """拒收: a line and why it was not taken, in Chinese."""

    line: int
    code: str
    reason: str


def read_rows(content: bytes) -> Iterator[DivisionRow | Rejected]:
    """Each line below the header. Refuses `BadFile`: size, encoding, header, quotes."""
    records = _records(_decoded(content))
    columns = _columns(next(records, (1, []))[1])
    for line, fields in records:
        yield _row(line, fields, columns)


def _decoded(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise BadFile(problem=f"文件超过 {MOST_BYTES >> 20} MB，请分开导入")
    if content.startswith(_WORKBOOK):
        raise BadFile(problem="这是 Excel 工作簿，请另存为“CSV UTF-8（逗号分隔）”后再导入")
    if content.startswith(_WIDE_MARKS):
        raise BadFile(problem="文件编码是 UTF-16，请另存为 UTF-8 后再导入")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadFile(problem="文件编码既不是 UTF-8 也不是 GB18030，请另存为 UTF-8 后再导入")


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each record that is not blank, with the number of its line."""
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for fields in reader:
            # No field of this list has line breaks: a quote that runs on has swallowed lines of the list.
            if reader.line_num > line:
                raise BadFile(problem=f"第 {line} 行的引号直到第 {reader.line_num} 行才闭合，请检查")
            if fields:
                yield line, fields
            line = reader.line_num + 1
    except csv.Error as wrong:
        raise BadFile(problem=f"第 {line} 行的引号不成对或字段过长，请检查这一行") from wrong


def _columns(header: list[str]) -> list[str]:
    columns = [name.strip() for name in header]
    if len(set(columns)) != len(columns) or not set(COLUMNS) <= set(columns):
        found = "，".join(columns)[:_MOST_SHOWN] or "空"
        raise BadFile(problem=f"第 1 行应是表头 {'、'.join(COLUMNS)}，实为：{found}")
    return columns


def _row(line: int, fields: list[str], columns: list[str]) -> DivisionRow | Rejected:
    if len(fields) != len(columns):
        return Rejected(line, "", f"应有 {len(columns)} 列，实有 {len(fields)} 列")
    level, code, name, parent = (fields[columns.index(column)].strip()[:_MOST_SHOWN] for column in COLUMNS)
    try:
        wrong = _wrong(level, division_code(code), wording(name, "区划名称"), parent)
    except Refused as refused:
        wrong = refused.detail()
    return DivisionRow(line, code, name, parent) if wrong is None else Rejected(line, code, wrong)


def _wrong(level: str, code: str, name: str, parent: str) -> str | None:
    if _LEVELS.get(level) is not level_of(code):
        return f"级别“{level}”与 {len(code)} 位代码不符"
    if parent != parent_of(code):
        return f"上级代码应为“{parent_of(code)}”，实为“{parent}”"
    return "名称中有引号，请检查这一行的引号" if '"' in name else None
