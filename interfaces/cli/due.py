"""`wangge due`: when limits are due and why, a line of JSON for a line of JSON. Opens no database."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from rich.console import Console

from interfaces.cli.calendar_file import BadCalendarFile, read_calendars
from interfaces.cli.due_lines import Answers, BadLine, refusal

LONGEST_LINE = 1 << 20
READ_AT_ONCE = 1 << 16
WITH_BAD_LINES, NO_CALENDAR = 1, 2
TOO_LONG = b"\n"
"""Stands for a line that is longer than can be taken: no line holds its newline."""
console = Console(stderr=True)


def due(
    calendar: Annotated[list[Path], typer.Option(help="工作日历文件（JSON），可给多个", show_default=False)],
) -> None:
    """推算到期时间: 从标准输入逐行读 JSON, 逐行答以 JSON, 次序不变; 空行略过.

    每行如 {"start": "2026-09-30T16:40:00+08:00", "amount": 2, "unit": "workday", "calendar": "名称",
    "pauses": [["起", "止"]]}. unit 为 minute 分钟, urgent_hour 紧急工作时, work_hour 工作时, workday 工作日,
    natural_day 自然日. 只有一个日历时 calendar 可省; 暂停尚未结束的止为 null.
    另可有: extended 延期的数量, 单位同 unit; counting 为 civil_code 时按民法典计日 (首日不计入, 末日逢休息日顺延,
    当日停止办公时届满), 缺省为 time_of_day; id 原样答回.

    答 due 到期时间, explanation 说明 (sentence 一句话, spans 各段起止、是否计入、原因), provisional 是否暂定.
    暂停尚未结束的 due 为 null. 有误的行答 line 行号和 error 原因, 其余照常.

    日历文件如 {"name": "名称", "time_zone": "Asia/Shanghai", "periods": [["08:30","12:00"],["14:00","17:30"]],
    "weekend": [5,6], "holidays": ["2026-10-01"], "workdays": ["2026-10-10"]}; 星期一为 0, workdays 为调休上班日.
    工作日和工作时到期在 known_until 之后的为暂定; 缺省为 holidays 和 workdays 所及的最后一年的年底, 二者皆空的视为
    不设节假日, 从不暂定.

    返回码: 0 全部答出, 1 有误的行, 2 日历文件有误.
    """
    try:
        answers = Answers(read_calendars(calendar))
    except BadCalendarFile as wrong:
        console.print(str(wrong), style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(NO_CALENDAR) from None
    if not answer_all(answers, sys.stdin.buffer, sys.stdout.buffer):
        raise typer.Exit(WITH_BAD_LINES)


def answer_all(answers: Answers, questions: BinaryIO, out: BinaryIO) -> bool:
    """Answer what comes as it comes, and tell whether there was no bad line."""
    number, good = 0, True
    for lines in _arriving(questions):
        said = []
        for line in lines:
            number += 1
            if (line.isspace() or not line) and line != TOO_LONG:
                continue
            try:
                if line == TOO_LONG:
                    raise BadLine(f"超过 {LONGEST_LINE} 字节")
                said.append(answers.answer(line))
            except BadLine as bad:
                said.append(refusal(number, str(bad)))
                good = False
        if said:
            out.write(b"\n".join(said) + b"\n")
            out.flush()
    return good


def _arriving(questions: BinaryIO) -> Iterator[list[bytes]]:
    """The lines of what can be read at once: somebody may wait for an answer before asking on."""
    rest, skipping = b"", False
    while chunk := questions.read1(READ_AT_ONCE):  # type: ignore[attr-defined]  # of every buffered reader
        *lines, rest = (rest + chunk).split(b"\n")
        if skipping and lines:
            lines[0], skipping = TOO_LONG, False
        if len(rest) > LONGEST_LINE or skipping:
            rest, skipping = b"", True
        yield lines
    if rest or skipping:
        yield [TOO_LONG if skipping else rest]
