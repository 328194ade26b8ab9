"""Faults 拒收理由: why a line of a message file, or the reply on it, is not taken. Codes are public and stable."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from domain.refusals import Refused


class Fault(StrEnum):
    """What can be wrong with a line before any rule of the field is asked."""

    BROKEN_RECORD = "broken-record"
    CUT_OFF = "cut-off"
    COLUMN_COUNT = "column-count"
    NO_ID = "no-id"
    NO_WORDS = "no-words"
    BAD_TIME = "unreadable-time"
    TOO_LONG = "too-long"
    CONTROL_CHARACTERS = "control-characters"
    UNDECODABLE = "undecodable"
    UNKNOWN_KIND = "unknown-kind"
    REPLY_BEFORE_MESSAGE = "reply-before-message"
    REPLY_WITHOUT_TIME = "reply-without-time"
    UNDER_WAY = "under-way"

    @property
    def label(self) -> str:
        """The words people read."""
        return FAULT_LABELS[self]


FAULT_LABELS = {
    Fault.BROKEN_RECORD: "引号不配对或记录过长",
    Fault.CUT_OFF: "文件在此中断，其后的内容未读",
    Fault.COLUMN_COUNT: "列数与表头不符",
    Fault.NO_ID: "缺少编号",
    Fault.NO_WORDS: "标题和正文都是空的",
    Fault.BAD_TIME: "时间无法识别",
    Fault.TOO_LONG: "文字过长",
    Fault.CONTROL_CHARACTERS: "含有控制字符",
    Fault.UNDECODABLE: "含有无法解码的字节",
    Fault.UNKNOWN_KIND: "诉求类型无法识别",
    Fault.REPLY_BEFORE_MESSAGE: "答复时间早于留言时间",
    Fault.REPLY_WITHOUT_TIME: "有答复而没有答复时间",
    Fault.UNDER_WAY: "诉求已在本系统办理，不能补历史答复",
}


class BadLine(Exception):
    """A line, or the reply on it, that is wrong by itself. `detail` quotes nothing a resident wrote."""

    def __init__(self, fault: Fault, detail: str = "") -> None:
        super().__init__(fault.value)
        self.fault, self.detail = fault, detail


@dataclass(frozen=True)
class Rejected:
    """拒收: the line it begins on, why, and its fields as they came. `reply_only`: the message itself was taken."""

    line: int
    code: str
    title: str
    detail: str = field(repr=False)
    fields: list[str] = field(repr=False)
    reply_only: bool = False

    @property
    def reason(self) -> str:
        """What is wrong, for whoever mends the line."""
        about = "答复未导入，" if self.reply_only else ""
        return about + "：".join(part for part in (self.title, self.detail) if part)


def rejected(line: int, fields: list[str], why: BadLine | Refused, *, reply_only: bool = False) -> Rejected:
    """The line rejected for what was raised."""
    if isinstance(why, BadLine):
        return Rejected(line, why.fault.value, why.fault.label, why.detail, fields, reply_only)
    return Rejected(line, why.code(), why.title(), why.detail(), fields, reply_only)
