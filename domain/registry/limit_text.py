"""处置时限 as standards print it: read where it says one thing only, otherwise kept as text with a proposal.

Plain is a number and one of the five units; 天 is a natural day (reference table of units, 运城). 小时 may be an
urgent hour or a work hour, and 紧急工作日 is none of the five: a person decides, here or never.
"""

import re
from dataclasses import dataclass
from unicodedata import normalize

from domain.limit import Limit, LimitUnit

MOST_TEXT = 100
_PLAIN = {
    "紧急工作时": LimitUnit.URGENT_HOUR,
    "工作时": LimitUnit.WORK_HOUR,
    "工作日": LimitUnit.WORKDAY,
    "自然日": LimitUnit.NATURAL_DAY,
    "天": LimitUnit.NATURAL_DAY,
    "分钟": LimitUnit.MINUTE,
}
_PROPOSED = {
    "紧急工作日": (LimitUnit.NATURAL_DAY, "“紧急工作日”不是可用的时限单位，通常按自然日"),
    "紧急工作小时": (LimitUnit.URGENT_HOUR, "“紧急工作小时”不是可用的时限单位，通常即紧急工作时"),
    "工作小时": (LimitUnit.WORK_HOUR, "“工作小时”不是可用的时限单位，通常即工作时"),
    "小时": (LimitUnit.WORK_HOUR, "“小时”可能指工作时，也可能指紧急工作时"),
}
_UNITS = "|".join(sorted({*_PLAIN, *_PROPOSED}, key=len, reverse=True))
# Not the end of a range ("2-3") nor of a fraction ("1.5").
_AMOUNT = re.compile(rf"(?<![0-9.~\-—至])([0-9]{{1,7}})个?({_UNITS})")


@dataclass(frozen=True)
class LimitReading:
    """What a printed limit says: `limit` where it is plain, else why a person must decide, and a proposal or None."""

    text: str
    limit: Limit | None = None
    proposal: Limit | None = None
    why: str = ""


def read_limit(text: str) -> LimitReading:
    """Read one cell. Outer blanks, line breaks and full-width digits are no part of what it says."""
    text = text.strip()
    bare = re.sub(r"\s", "", normalize("NFKC", text))
    if not bare:
        return LimitReading("", why="没有写处置时限")
    found = _AMOUNT.findall(bare)
    if len(found) != 1:
        return LimitReading(text, why="文字中有多个时限" if found else "认不出是多长的时限")
    amount, unit = found[0]
    known, doubt = (_PLAIN[unit], "") if unit in _PLAIN else _PROPOSED[unit]
    limit = _limit(int(amount), known)
    if limit is None:
        return LimitReading(text, why="超出时限可用的范围")
    if doubt:
        return LimitReading(text, proposal=limit, why=doubt)
    if not _AMOUNT.fullmatch(bare):
        return LimitReading(text, proposal=limit, why="除时限外还有别的文字")
    return LimitReading(text, limit=limit)


def _limit(amount: int, unit: LimitUnit) -> Limit | None:
    try:
        return Limit(amount, unit)
    except ValueError:
        return None
