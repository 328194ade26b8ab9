"""案件号: what people read, say and type in place of a case's id: its log, and its place in that log."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_FORM = re.compile("([0-9]{4}|[0-9]{6})-([0-9]{1,12})")


@dataclass(frozen=True)
class CaseNumber:
    """`150785-2585`. `number` is the position of the case's first event, so it is dense and no secret."""

    log_id: str
    number: int

    def __str__(self) -> str:
        return f"{self.log_id}-{self.number}"

    @classmethod
    def typed(cls, text: str) -> CaseNumber | None:
        """What somebody typed, with full-width digits, odd dashes or blanks; None when it is no case number."""
        plain = "".join(_plain(sign) for sign in unicodedata.normalize("NFKC", text) if not sign.isspace())
        found = _FORM.fullmatch(plain)
        return cls(found[1], int(found[2])) if found else None


def _plain(sign: str) -> str:
    return "-" if unicodedata.category(sign) == "Pd" else sign
