"""Rows of a message file: from a record to one resident's message, or to what is wrong with it.

Texts stay as they were written, but for line ends. Nothing here knows what was imported before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TextIO

from application.importing.message_columns import DETAILS, Columns, columns_of
from application.importing.message_faults import BadLine, Fault, Rejected, rejected
from application.importing.message_file import Record, open_text, records
from domain.registry.refusals import BadFile
from domain.vocabulary import LABELS, RequestKind

MOST_TEXT, MOST_SHORT, MOST_ID = 20_000, 1_000, 128
"""Characters of a text or reply, of any other field, of an external id."""

_LONG = ("text", "reply")
_OF_REPLY = ("reply", "reply_time")
_KINDS = {word: kind for kind in RequestKind for word in (kind.value, LABELS[kind])}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_UNDECODED = re.compile(r"[\ud800-\udfff]")
_YEARS = range(1900, 2200)
_TIME = re.compile(r"([0-9]{4})([-/])([0-9]{1,2})\2([0-9]{1,2})(?:[ T]+([0-9]{1,2}):([0-9]{1,2})(?::([0-9]{1,2}))?)?")


@dataclass(frozen=True)
class Reply:
    """历史答复: what the other system answered, and when."""

    at: datetime
    text: str = field(repr=False)


@dataclass(frozen=True)
class Message:
    """留言: one line that is right by itself. `reply_fault` says why its reply is not."""

    record: Record
    external_id: str
    at: datetime
    kind: RequestKind | None
    place: str | None
    details: dict[str, str] = field(repr=False)
    reply: Reply | None = None
    reply_fault: BadLine | None = None


@dataclass(frozen=True)
class MessageFile:
    """留言文件, opened: where each field stands, and the records below the header."""

    columns: Columns
    records: Iterator[Record] = field(repr=False)

    def rows(self, zone: tzinfo) -> Iterator[Message | Rejected]:
        """Each line once, in order; its clock hung in `zone`."""
        for record in self.records:
            try:
                yield read_message(record, self.columns, zone)
            except BadLine as wrong:
                yield rejected(record.line, record.fields, wrong)


@contextmanager
def open_messages(source: Path | TextIO, chosen: Mapping[str, str] | None = None) -> Iterator[MessageFile]:
    """A CSV file (plain or gzip), or its text, with `chosen` columns (field to name). Refuses `BadFile`."""
    if isinstance(source, Path):
        with open_text(source) as text:
            yield _file(text, chosen or {})
    else:
        yield _file(source, chosen or {})


def _file(text: TextIO, chosen: Mapping[str, str]) -> MessageFile:
    found = records(text)
    header = next(found, None)
    if header is None:
        raise BadFile(problem="文件是空的")
    if header.fault is not None:
        raise BadFile(problem=f"第 1 行应是表头：{header.fault.label}")
    return MessageFile(columns_of(header.fields, chosen), found)


def read_message(record: Record, columns: Columns, zone: tzinfo) -> Message:
    """The message of a record, its times of day taken in `zone`. Raises `BadLine`."""
    if record.fault is not None:
        raise BadLine(record.fault)
    if len(record.fields) != len(columns.header):
        raise BadLine(Fault.COLUMN_COUNT, f"应有 {len(columns.header)} 列，实有 {len(record.fields)} 列")
    values = {name: _one_line_end(record.fields[index]) for name, index in columns.where.items()}
    _check(values, columns, of_reply=False)
    external_id = values["external_id"].strip()
    if not external_id:
        raise BadLine(Fault.NO_ID)
    if not values.get("title", "").strip() and not values.get("text", "").strip():
        raise BadLine(Fault.NO_WORDS)
    at = _instant(values["time"], columns.name("time"), zone)
    reply, reply_fault = _reply(values, columns, at, zone)
    return Message(
        record,
        external_id,
        at,
        _kind(values.get("kind", "")),
        values.get("place", "").strip() or None,
        {name: values[name] for name in DETAILS if values.get(name, "").strip()},
        reply,
        reply_fault,
    )


def _one_line_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _check(values: dict[str, str], columns: Columns, *, of_reply: bool) -> None:
    for name, value in values.items():
        if (name in _OF_REPLY) is not of_reply:
            continue
        about = f"“{columns.name(name)}”列"
        if _UNDECODED.search(value):
            raise BadLine(Fault.UNDECODABLE, about)
        if _CONTROL.search(value) or (name == "external_id" and not value.strip().isprintable()):
            raise BadLine(Fault.CONTROL_CHARACTERS, about)
        most = MOST_TEXT if name in _LONG else MOST_ID if name == "external_id" else MOST_SHORT
        if len(value) > most:
            raise BadLine(Fault.TOO_LONG, f"{about}有 {len(value)} 字，最多 {most} 字")


def _instant(text: str, column: str, zone: tzinfo) -> datetime:
    """A day without a time of day means its first moment."""
    if (found := _TIME.fullmatch(text.strip())) is None:
        raise BadLine(Fault.BAD_TIME, f"“{column}”列应如 2019/2/28 11:25:05 或 2019-06-08 17:31:20")
    year, month, day, hour, minute, second = (int(part or 0) for part in found.group(1, 3, 4, 5, 6, 7))
    with suppress(ValueError):
        if year in _YEARS:
            return datetime(year, month, day, hour, minute, second, tzinfo=zone)
    raise BadLine(Fault.BAD_TIME, f"“{column}”列的日期或钟点不存在")


def _kind(text: str) -> RequestKind | None:
    if not text.strip():
        return None
    if (kind := _KINDS.get(text.strip())) is None:
        raise BadLine(Fault.UNKNOWN_KIND, f"可用：{'、'.join(LABELS[kind] for kind in RequestKind)}")
    return kind


def _reply(
    values: dict[str, str], columns: Columns, message_at: datetime, zone: tzinfo
) -> tuple[Reply | None, BadLine | None]:
    text = values.get("reply", "")
    if not text.strip():
        return None, None
    try:
        _check(values, columns, of_reply=True)
        if not values["reply_time"].strip():
            raise BadLine(Fault.REPLY_WITHOUT_TIME)
        at = _instant(values["reply_time"], columns.name("reply_time"), zone)
        if at < message_at:
            raise BadLine(Fault.REPLY_BEFORE_MESSAGE)
    except BadLine as wrong:
        return None, wrong
    return Reply(at, text), None
