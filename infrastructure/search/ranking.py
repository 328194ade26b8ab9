"""Ranking 排序: how well a word matches each document, and which documents come first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from application.search import Part, SearchKind
from infrastructure.search.sheet import KINDS, PARTS, Found, Numbers, Sheet

EXACT, PREFIX, INITIALS, INSIDE, INSIDE_BY_INITIALS, AROUND = range(6)
"""How a word matches, best first: all of a text, its beginning, its initials, within it; or only the place around."""
UNMATCHED = np.iinfo(np.int64).max
_AROUND = np.int64(AROUND << 40)
_CLASS, _CODE = PARTS.index(Part.CLASS), PARTS.index(Part.CODE)
_CATEGORY, _DIVISION = KINDS.index(SearchKind.CATEGORY), KINDS.index(SearchKind.DIVISION)


def best_matches(sheet: Sheet, word: str, found: Found) -> Numbers:
    """The best match of each document: how (above bit 40), where in the row (above 8), how long; or UNMATCHED."""
    text = sheet.text_at[found.starts]
    begins = found.starts == sheet.text_begin[text]
    whole = begins & (found.lengths == sheet.text_length[text])
    how = np.where(begins, np.where(found.abbreviated, INITIALS, np.where(whole, EXACT, PREFIX)), INSIDE)
    how = np.where(~begins & found.abbreviated, INSIDE_BY_INITIALS, how)
    part = sheet.text_part[text]
    how = np.where(part == _CLASS, np.maximum(how, INSIDE), how)
    # Letters are meant as pinyin; the ones in codes, "matter" or "handler", would answer to many a syllable.
    meant = whole | (part != _CODE) if word.isalpha() else np.ones_like(whole)
    best = np.full(len(sheet.documents), UNMATCHED)
    key = ((how << 40) | (found.starts << 8) | np.minimum(found.lengths, 255))[meant]
    np.minimum.at(best, sheet.text_document[text[meant]], key)
    return best


def every_word(sheet: Sheet, bests: Sequence[Numbers]) -> NDArray[np.bool_]:
    """The documents that all words match, each itself or, some of several words, by a division around it.

    Marks the latter in `bests`.
    """
    itself = np.stack([best != UNMATCHED for best in bests])
    if len(bests) == 1:
        return np.asarray(bests[0] != UNMATCHED)
    somewhere = sheet.kind != _CATEGORY
    for best, own in zip(bests, itself, strict=True):
        named = (sheet.kind == _DIVISION) & (best < (INITIALS << 40))
        best[_lies_in(sheet, named) & somewhere & ~own] = _AROUND
    all_found: NDArray[np.bool_] = np.all([best != UNMATCHED for best in bests], axis=0)
    return itself.any(axis=0) & all_found


def quality(bests: Sequence[Numbers]) -> Numbers:
    """How well all words together match, the lowest best."""
    how: Numbers = np.sum([best >> 40 for best in bests], axis=0)
    return how


def first(quality: Numbers, rank: Numbers, size: Numbers, documents: Numbers, limit: int) -> Numbers:
    """At most `limit` of `documents`: the best matched, then the latest used, then of the shortest name."""
    key: Numbers = (((quality << 12 | rank) << 8 | size) << 24) | documents
    if key.size > limit:
        key = np.partition(key, limit)[:limit]
    return np.sort(key) & 0xFFFFFF


def _lies_in(sheet: Sheet, divisions: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The documents whose place lies in one of these divisions."""
    order = np.argsort(sheet.low[divisions])
    lows, highs = sheet.low[divisions][order], np.maximum.accumulate(sheet.high[divisions][order])
    if not lows.size:
        return np.zeros(len(sheet.documents), dtype=np.bool_)
    at = np.searchsorted(lows, sheet.low, side="right") - 1
    return (at >= 0) & (sheet.high <= highs[at])
