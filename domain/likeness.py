"""文字相近: how much two texts have in common, by pairs of neighbouring characters.

Chinese is written without blanks, so pairs of characters stand for words, without a dictionary that has to be kept.
"""

from __future__ import annotations

import unicodedata
from itertools import pairwise

LONGEST = 1_000
"""What a text is about stands at its beginning; more is not compared."""


def likeness(one: str, other: str) -> float:
    """From 0, no pair in common, to 1, all (Jaccard). Blanks, signs, case and width make no difference."""
    left, right = _pairs(one), _pairs(other)
    return len(left & right) / len(left | right) if left and right else 0.0


def _pairs(text: str) -> frozenset[str]:
    plain = [sign for sign in unicodedata.normalize("NFKC", text[:LONGEST]).casefold() if sign.isalnum()]
    return frozenset(a + b for a, b in pairwise(plain)) or frozenset(plain)
