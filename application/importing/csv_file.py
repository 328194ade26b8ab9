"""CSV files as offices keep them: their text, whatever the encoding, and their records with the number of the line.

A file whose lines cannot be trusted is refused as a whole. Nothing here knows what a record means.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO

from domain.registry.refusals import BadFile

MOST_BYTES = 64 * 1024 * 1024
_WORKBOOK = b"PK\x03\x04"
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")


def decoded(content: bytes) -> str:
    """The text, in UTF-8 or GB18030. Refuses `BadFile`: too large, a workbook, another encoding."""
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


def records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each record that is not blank, with the number of its line. Refuses `BadFile`, also for a break in a field."""
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for fields in reader:
            # No field of these lists has line breaks: a quote that runs on has swallowed lines of the list.
            if reader.line_num > line:
                raise BadFile(problem=f"第 {line} 行的引号直到第 {reader.line_num} 行才闭合，请检查")
            if fields:
                yield line, fields
            line = reader.line_num + 1
    except csv.Error as wrong:
        raise BadFile(problem=f"第 {line} 行的引号不成对或字段过长，请检查这一行") from wrong
