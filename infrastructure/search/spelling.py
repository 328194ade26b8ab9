"""Spelling 拼法: which characters a piece of what is typed may stand for.

A character is typed as itself, as a whole syllable, or as the syllable's initial; while typing goes on, the last
one also as any beginning of its syllable.
"""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from infrastructure.search.readings import readings

DIVIDER = 0
"""Stands between texts; nothing that is typed stands for it."""
_LONGEST = 6  # letters of a syllable, as in "zhuang"
_INITIALS = frozenset("abcdefghijklmnopqrstuvwxyz") | {"zh", "ch", "sh"}
Mask = NDArray[np.bool_]
Respelt = Callable[[str], str]


@dataclass(frozen=True)
class Piece:
    """`length` letters of a word stand for any character of `numbers`; `abbreviated` when as an initial only."""

    length: int
    numbers: list[int]
    mask: Mask
    abbreviated: bool


class Spelling:
    """One way to compare syllables, over all characters seen so far."""

    def __init__(self, respelt: Respelt) -> None:
        self._respelt = respelt
        self._whole: dict[str, list[int]] = defaultdict(list)
        self._begun: dict[str, list[int]] = defaultdict(list)
        self._masks: dict[tuple[bool, str], Mask] = {}
        self._count = 1

    def add(self, number: int, character: str) -> None:
        """A character not seen before."""
        spelt = dict.fromkeys(map(self._respelt, [character, *readings(character)]))
        for syllable in spelt:
            self._whole[syllable].append(number)
        for begun in {syllable[:length] for syllable in spelt for length in range(1, len(syllable) + 1)}:
            self._begun[begun].append(number)
        self._count = number + 1
        self._masks.clear()

    def pieces(self, word: str, place: int) -> Iterator[Piece]:
        """What may be read next in `word` from `place` on."""
        for length in range(1, min(_LONGEST, len(word) - place) + 1):
            part = word[place : place + length]
            last = place + length == len(word)
            spelt = self._respelt(part)
            if last and spelt in self._begun:
                yield self._piece(length, self._begun, spelt, abbreviated=False)
            elif spelt in self._whole:
                yield self._piece(length, self._whole, spelt, abbreviated=False)
            if not last and part in _INITIALS and spelt in self._begun:
                yield self._piece(length, self._begun, spelt, abbreviated=True)

    def _piece(self, length: int, found: dict[str, list[int]], spelt: str, *, abbreviated: bool) -> Piece:
        numbers, key = found[spelt], (found is self._begun, spelt)
        if (mask := self._masks.get(key)) is None:
            mask = self._masks[key] = np.zeros(self._count, dtype=np.bool_)
            mask[numbers] = True
        return Piece(length, numbers, mask, abbreviated)


class Alphabet:
    """All characters of the searched texts, numbered from 1, with how they are spelt: strictly and loosely."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self.strict, self.loose = Spelling(str), Spelling(loosened)

    def numbered(self, letters: str) -> bytes:
        """The numbers of `letters`, each an unsigned int of the machine; new ones are given out."""
        return array("I", [self._numbers.get(letter) or self._new(letter) for letter in letters]).tobytes()

    def _new(self, letter: str) -> int:
        number = self._numbers[letter] = len(self._numbers) + 1
        for spelling in (self.strict, self.loose):
            spelling.add(number, letter)
        return number


def loosened(syllable: str) -> str:
    """What many say and type alike, made the same: zh z, ch c, sh s, n l, ang an, eng en, ing in."""
    return re.sub(r"(?<=[aei])ng$", "n", re.sub(r"^n", "l", re.sub(r"^([zcs])h", r"\1", syllable)))
