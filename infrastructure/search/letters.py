"""Letters 字形: a text as search compares it: width, case, tones and punctuation make no difference."""

from __future__ import annotations

from functools import lru_cache
from unicodedata import category, normalize


def letters(text: str) -> tuple[str, list[int]]:
    """What of `text` is compared, and for each letter where in `text` it stands."""
    kept, places = [], []
    for place, character in enumerate(text):
        for letter in _folded(character):
            kept.append(letter)
            places.append(place)
    return "".join(kept), places


def words(typed: str) -> list[str]:
    """The words of a query, each once and as it is compared, without those of punctuation alone."""
    return [word for word in dict.fromkeys(letters(part)[0] for part in normalize("NFKC", typed).split()) if word]


@lru_cache(maxsize=65_536)
def _folded(character: str) -> str:
    """U with two dots becomes v, as people type it; other marks, tones among them, are dropped."""
    apart = normalize("NFKD", character).lower().replace("u\u0308", "v")
    return "".join(letter for letter in apart if letter.isalnum() and category(letter) != "Mn")
