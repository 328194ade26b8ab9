"""MessageFile 留言文件: a CSV file, plain or gzip, as one record after the other in constant memory.

A quote nobody closes spoils its own line only: reading goes on with the next line of the file.
"""

from __future__ import annotations

import csv
import zlib
from codecs import getincrementaldecoder
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from gzip import GzipFile
from io import BufferedReader, FileIO, TextIOWrapper
from pathlib import Path
from typing import TextIO

from application.importing.message_faults import Fault
from domain.registry.refusals import BadFile

HEAD_BYTES = 1 << 20
MOST_LINES = 1_000
MOST_CHARACTERS = csv.field_size_limit()
"""A record that runs over more lines or characters has an unclosed quote: residents write 20 000 at most."""

_GZIP, _WORKBOOK, _WIDE_MARKS = b"\x1f\x8b", b"PK\x03\x04", (b"\xff\xfe", b"\xfe\xff")
_BROKEN_READ = (OSError, EOFError, zlib.error, UnicodeError)


@dataclass(frozen=True)
class Record:
    """One record and the number of the line it begins on, from 1. One with a fault has no trustworthy fields."""

    line: int
    fields: list[str] = field(repr=False)
    fault: Fault | None = None


@contextmanager
def open_text(path: Path) -> Iterator[TextIO]:
    """The text of a file in UTF-8 or GB18030; single undecodable bytes come as lone surrogates. Refuses `BadFile`."""
    try:
        raw = BufferedReader(FileIO(path), HEAD_BYTES)
    except OSError as wrong:
        raise BadFile(problem=f"打不开文件 {path}，请核对路径和权限") from wrong
    with raw:
        try:
            packed = raw.peek(len(_GZIP)).startswith(_GZIP)
            plain = BufferedReader(GzipFile(fileobj=raw), HEAD_BYTES) if packed else raw
            encoding = _encoding(plain.peek(HEAD_BYTES))
        except _BROKEN_READ as wrong:
            raise BadFile(problem="文件读不出来，压缩包可能已损坏") from wrong
        with TextIOWrapper(plain, encoding, errors="surrogateescape", newline="") as text:
            yield text


def records(stream: TextIO) -> Iterator[Record]:
    """Every record of `stream` that is not blank, the header too."""
    lines = _Lines(stream)
    while True:
        first, taken = lines.number, list[str]()
        try:
            fields = next(csv.reader(_one_record(lines, taken), strict=True))
        except StopIteration:
            return
        except csv.Error:
            lines.give_back(taken[1:])
            yield Record(first, [taken[0].rstrip("\r\n")], Fault.BROKEN_RECORD)
        except _BROKEN_READ:
            yield Record(first, ["".join(taken)], Fault.CUT_OFF)
            return
        else:
            if fields:
                yield Record(first, fields)


def _encoding(head: bytes) -> str:
    """What the first bytes are written in. Refuses `BadFile`."""
    if not head:
        raise BadFile(problem="文件是空的")
    if head.startswith(_WORKBOOK):
        raise BadFile(problem="这是 Excel 工作簿，请另存为“CSV UTF-8（逗号分隔）”后再导入")
    if head.startswith(_WIDE_MARKS):
        raise BadFile(problem="文件编码是 UTF-16，请另存为 UTF-8 后再导入")
    for encoding in ("utf-8", "gb18030"):
        try:
            getincrementaldecoder(encoding)().decode(head)
        except UnicodeDecodeError:
            continue
        return encoding
    raise BadFile(problem="文件编码既不是 UTF-8 也不是 GB18030，请另存为 UTF-8 后再导入")


class _Lines:
    """Lines of the file, `number` being the next one's; those taken by mistake can be given back."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._returned: deque[str] = deque()
        self.number = 1

    def take(self) -> str:
        """The next line with its end, at most `MOST_CHARACTERS` of it; "" after the last."""
        line = self._returned.popleft() if self._returned else self._read()
        if self.number == 1:
            line = line.removeprefix("\ufeff")
        self.number += bool(line)
        return line

    def give_back(self, lines: Sequence[str]) -> None:
        self._returned.extendleft(reversed(lines))
        self.number -= len(lines)

    def _read(self) -> str:
        line = rest = self._stream.readline(MOST_CHARACTERS)
        while len(rest) == MOST_CHARACTERS and not rest.endswith(("\n", "\r")):
            rest = self._stream.readline(MOST_CHARACTERS)
        return line


def _one_record(lines: _Lines, taken: list[str]) -> Iterator[str]:
    """Lines for the reader, which stops asking when its record is complete; all are kept in `taken`."""
    size = 0
    while len(taken) < MOST_LINES and (line := lines.take()):
        taken.append(line)
        size += len(line)
        if size >= MOST_CHARACTERS:
            raise csv.Error
        yield line
