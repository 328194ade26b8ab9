"""Readings 读音: how a character may be typed: every pinyin syllable it is read as, without tones."""

from __future__ import annotations

import os
from functools import lru_cache

# Single characters are all we ask for, and the dictionary of phrases costs 45 MB.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")

from pypinyin import Style, pinyin

MOST = 6
_DIGITS = dict(zip("〇零一二三四五六七八九", "00123456789", strict=True))
# Syllables that people type with u for the vowel whose dots their keyboard lacks.
_PLAIN_U = {"lve": "lue", "nve": "nue"}


@lru_cache(maxsize=65_536)
def readings(character: str) -> tuple[str, ...]:
    """The syllables of a Chinese character, at most six, the commonest first; a figure is also read as its digit."""
    if character.isascii():
        return ()
    found = [one for one in pinyin(character, style=Style.NORMAL, heteronym=True)[0] if one.isascii() and one.isalpha()]
    typed = [spelt for one in dict.fromkeys(found) for spelt in (one, _PLAIN_U.get(one)) if spelt]
    digit = _DIGITS.get(character)
    return (*typed[:MOST], *((digit,) if digit else ()))
