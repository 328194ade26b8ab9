"""脱敏: what of somebody's own words the public reads. Numbers people are known by, and e-mail addresses, are masked.

It masks too much rather than too little: a long number is a telephone, an identity card or an account until proven
otherwise. Names are beyond a rule; who sends words through Open311 sends them to be published.
"""

from __future__ import annotations

import re

MASKED = "【已隐去】"
BESIDE = "\n\n【附加信息】\n"
"""What stands between the words people wrote to be published and what their client added for the staff."""

_EMAIL = r"[A-Za-z0-9_.+-]{1,64}\s?[@＠]\s?[A-Za-z0-9-]{1,63}(?:\s?[.．]\s?[A-Za-z0-9-]{1,63}){1,5}"
_SPACED = r"\d(?:[\s.·\-—－_()（）]{0,2}\d){9,}[Xx]?"
"""Ten digits or more, however they are spaced: mobiles, identity cards, bank cards, area code and number."""
_PLAIN = r"\d{7,9}"
_NUMBERED = re.compile(f"{_EMAIL}|{_SPACED}|{_PLAIN}")


def published(text: str) -> str:
    """The part that was written to be published, with what tells who somebody is masked."""
    return _NUMBERED.sub(MASKED, text.partition(BESIDE)[0]).strip()
