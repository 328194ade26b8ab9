"""电话号码: one form for all ways of writing a number, so that it is found however it was taken down."""

from __future__ import annotations

import re

_CHINA = "86"
_MOBILE = re.compile(r"1[0-9]{10}")


def normalised(number: str) -> str:
    """Digits alone, without the country's code and without the zero before an area code.

    "+86 139-1234-5678", "0086 13912345678" and "13912345678" are one number.
    """
    digits = re.sub(r"[^0-9]", "", number)
    digits = digits.removeprefix("00")
    if digits.startswith(_CHINA) and len(digits) > len("13912345678"):
        digits = digits.removeprefix(_CHINA)
    return digits if _MOBILE.fullmatch(digits) else digits.lstrip("0")
