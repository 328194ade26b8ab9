"""查询码: eight characters that, with the case number, open a request to whoever asked it.

Seven are drawn, the eighth is made of them, so that a slip of the finger is told apart from a guess. 31 is a prime:
the weighted sum finds every single wrong character and every two that changed places.
"""

from __future__ import annotations

import unicodedata

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0, 1, I, L and O: nothing in it is read as something else."""
DRAWN = 7


def follow_code(number: int) -> str:
    """The code of a number drawn at random, or by a keyed digest; only its last 34 bits and a half matter."""
    drawn = ""
    for _ in range(DRAWN):
        number, digit = divmod(number, len(ALPHABET))
        drawn += ALPHABET[digit]
    return drawn + _check(drawn)


def shown(code: str) -> str:
    """In two halves, as people read it out: `7KQ2-MXWP`."""
    return f"{code[:4]}-{code[4:]}"


def typed_code(text: str) -> str | None:
    """The code somebody typed, in whatever case and grouping; None when no code is written so."""
    plain = unicodedata.normalize("NFKC", text).upper()
    code = "".join(sign for sign in plain if not sign.isspace() and unicodedata.category(sign) != "Pd")
    if len(code) != DRAWN + 1 or any(sign not in ALPHABET for sign in code):
        return None
    return code if _check(code[:DRAWN]) == code[DRAWN] else None


def _check(drawn: str) -> str:
    weighed = sum((place + 2) * ALPHABET.index(sign) for place, sign in enumerate(drawn))
    return ALPHABET[weighed % len(ALPHABET)]
