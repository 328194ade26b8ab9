"""Sheet 检索表: one laying out of all searched texts as a row of numbered characters, and finding a word in it.

Nothing is looked through from end to end: a word begins at the places kept for its first piece, and what follows
is looked at only there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from application.search import Part, SearchKind
from infrastructure.search.documents import Document, Text, ground
from infrastructure.search.spelling import DIVIDER, Piece, Spelling

Numbers = NDArray[np.int64]
PARTS, KINDS = tuple(Part), tuple(SearchKind)
_LETTER = np.dtype(np.uintc)


@dataclass(frozen=True)
class Found:
    """Where in the row a word begins, how many characters it covers there, and whether only initials stand for some."""

    starts: Numbers
    lengths: Numbers
    abbreviated: NDArray[np.bool_]


class Sheet:
    """Never changed once laid out. What is told of texts and of documents is an array each, in their order."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.documents = documents
        self.numbers: dict[tuple[SearchKind, str], list[int]] = defaultdict(list)
        for number, one in enumerate(documents):
            self.numbers[one.kind, one.entry.code].append(number)
        self._texts = [text for one in documents for text in one.texts]
        self._lay_texts([(number, text) for number, one in enumerate(documents) for text in one.texts])
        self.kind = np.array([KINDS.index(one.kind) for one in documents], dtype=np.int8)
        grounds = [ground(one.place) for one in documents]
        self.low = np.array([low for low, _ in grounds], dtype=np.int64)
        self.high = np.array([high for _, high in grounds], dtype=np.int64)
        self.first = np.array([one.first for one in documents], dtype=np.int32)
        self.last = np.array([one.last for one in documents], dtype=np.int32)
        self.size = np.array([min(len(one.name), 255) for one in documents], dtype=np.int64)

    def find(self, spelling: Spelling, word: str) -> Found:
        """Every place in the row where `word` may be read."""
        # By how much of the word is read: starts, by characters covered and whether abbreviated.
        read: list[dict[tuple[int, bool], list[Numbers]]] = [defaultdict(list) for _ in range(len(word) + 1)]
        for piece in spelling.pieces(word, 0):
            read[piece.length][1, piece.abbreviated].append(self._places_of(piece))
        for place in range(1, len(word)):
            pieces = list(spelling.pieces(word, place)) if read[place] else []
            for (covered, abbreviated), groups in read[place].items():
                starts = _together(groups)
                following = self.row[starts + covered]
                for piece in pieces:
                    kept = starts[piece.mask[following]]
                    if kept.size:
                        read[place + piece.length][covered + 1, abbreviated or piece.abbreviated].append(kept)
        ends = [(_together(groups), *key) for key, groups in read[-1].items()]
        return Found(
            np.concatenate([_NONE, *(starts for starts, _, _ in ends)]),
            np.repeat([covered for _, covered, _ in ends], [starts.size for starts, _, _ in ends]).astype(np.int64),
            np.repeat([short for _, _, short in ends], [starts.size for starts, _, _ in ends]).astype(np.bool_),
        )

    def text_of(self, number: int) -> Text:
        """A text by its number."""
        return self._texts[number]

    def _lay_texts(self, texts: list[tuple[int, Text]]) -> None:
        divider = np.array([DIVIDER], dtype=_LETTER).tobytes()
        self.row = np.frombuffer(divider + b"".join(text.numbers + divider for _, text in texts), dtype=_LETTER)
        self.text_length = np.array([len(text.numbers) // _LETTER.itemsize for _, text in texts], dtype=np.int64)
        self.text_begin = np.array([*accumulate(self.text_length + 1, initial=1)][:-1], dtype=np.int64)
        self.text_document = np.array([number for number, _ in texts], dtype=np.int64)
        self.text_part = np.array([PARTS.index(text.part) for _, text in texts], dtype=np.int8)
        self.text_at = np.repeat(np.arange(-1, len(texts)), [1, *(self.text_length + 1)])
        self._places = np.argsort(self.row, kind="stable")
        self._bounds = np.searchsorted(self.row[self._places], np.arange(int(self.row.max()) + 2))

    def _places_of(self, piece: Piece) -> Numbers:
        """Where the characters stand that a piece may be; those seen since the laying out stand nowhere."""
        bounds, known = self._bounds, len(self._bounds) - 1
        spans = [self._places[bounds[number] : bounds[number + 1]] for number in piece.numbers if number < known]
        return np.concatenate([_NONE, *spans])


_NONE = np.array([], dtype=np.int64)


def _together(groups: list[Numbers]) -> Numbers:
    """Starts reached in several ways, each once."""
    return groups[0] if len(groups) == 1 else np.unique(np.concatenate(groups))
