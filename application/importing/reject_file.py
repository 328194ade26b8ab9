"""RejectFile 拒收清单: lines that were not taken, as a CSV that can be mended and imported itself.

Its columns are the line, the reason and the file's own; the importer ignores the first two.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from application.importing.message_faults import Rejected
from domain.registry.refusals import BadFile

FIRST_COLUMNS = ("拒收行号", "拒收原因")


class RejectFile:
    """Created with the first rejected line, each on disk before the next; never overwrites.

    For its owner's eyes only: the fields are what residents wrote. Refuses `BadFile`.
    """

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self.path = path
        self._header = [name for name in header if name not in FIRST_COLUMNS]
        self._kept = [index for index, name in enumerate(header) if name not in FIRST_COLUMNS]
        self._width = len(header)
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, wrong: BaseException | None, at: TracebackType | None) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, rejected: Rejected) -> None:
        """One more line."""
        if self._file is None:
            self._file = self._create()
            csv.writer(self._file).writerow([*FIRST_COLUMNS, *self._header])
        fields = rejected.fields
        if len(fields) == self._width:
            fields = [fields[index] for index in self._kept]
        csv.writer(self._file).writerow([rejected.line, rejected.reason, *fields])
        self._file.flush()

    def _create(self) -> TextIO:
        def private(name: str, flags: int) -> int:
            return os.open(name, flags, mode=0o600)

        # The mark at the start lets spreadsheet programs see UTF-8; bytes nobody could decode are spelled out.
        try:
            return open(self.path, "x", encoding="utf-8-sig", errors="backslashreplace", newline="", opener=private)
        except OSError as wrong:
            raise BadFile(problem=f"拒收清单 {self.path} 已存在或不能建立，请换一个位置") from wrong
