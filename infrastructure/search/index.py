"""SearchIndex 检索: implements `application.search.Search` on all that the registry view folds in."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from uuid import UUID

import numpy as np
from eventsourcing.domain import DomainEvent
from numpy.typing import NDArray

from application.registry.registry import Entry
from application.search import Hit, SearchKind, Wanted
from domain.actor import Actor
from infrastructure.search.documents import Document, documents, ground
from infrastructure.search.hits import detail_of, matched
from infrastructure.search.letters import words
from infrastructure.search.ranking import best_matches, every_word, first, quality
from infrastructure.search.recent_use import RecentUse
from infrastructure.search.sheet import KINDS, Numbers, Sheet
from infrastructure.search.spelling import Alphabet

_UNUSED = 4_095
_GRID, _ADDRESS, _CATEGORY = map(KINDS.index, (SearchKind.GRID, SearchKind.ADDRESS, SearchKind.CATEGORY))
_ON_THE_GROUND = np.array([one in (SearchKind.GRID, SearchKind.DIVISION, SearchKind.ADDRESS) for one in KINDS])


class SearchIndex:
    """Told of every entry; laid out again when asked after a change, so a batch of changes costs one laying out."""

    def __init__(self, recent: RecentUse) -> None:
        self._recent = recent
        self._alphabet = Alphabet()
        self._documents: dict[UUID, tuple[Document, ...]] = {}
        self._names: dict[tuple[SearchKind, str], str] = {}
        self._sheet: Sheet | None = None
        self._changing = Lock()

    def learn(self, entry: Entry, event: DomainEvent) -> None:
        """Take the entry as it is now."""
        with self._changing:
            found = documents(entry, self._alphabet.numbered)
            if self._documents.get(entry.id, ()) != found:
                self._documents[entry.id] = found
                self._names |= {(one.kind, one.entry.code): one.name for one in found}
                self._sheet = None

    async def refresh(self) -> None:
        await self._recent.refresh()

    def find(self, actor: Actor, wanted: Wanted) -> Sequence[Hit]:
        sheet, asked = self._laid_out(), words(wanted.text)
        if wanted.text.strip() and not asked:
            return []
        rank = self._rank(sheet, actor, wanted, everywhere=bool(asked))
        if not asked:
            return self._shown(sheet, wanted, rank, [], _allowed(sheet, np.flatnonzero(rank < _UNUSED), actor, wanted))
        # What people confuse by ear is looked for only when nothing is spelt as they typed it.
        for spelling in (self._alphabet.strict, self._alphabet.loose):
            bests = [best_matches(sheet, word, sheet.find(spelling, word)) for word in asked]
            candidates = _allowed(sheet, np.flatnonzero(every_word(sheet, bests)), actor, wanted)
            if candidates.size:
                return self._shown(sheet, wanted, rank, bests, candidates)
        return []

    def _shown(
        self, sheet: Sheet, wanted: Wanted, rank: Numbers, bests: list[Numbers], candidates: Numbers
    ) -> Sequence[Hit]:
        how = quality([best[candidates] for best in bests]) if bests else np.zeros_like(candidates)
        numbers = first(how, rank[candidates], sheet.size[candidates], candidates, wanted.limit)
        return [self._hit(sheet, int(number), [int(best[number]) for best in bests]) for number in numbers]

    def _hit(self, sheet: Sheet, number: int, bests: list[int]) -> Hit:
        found = sheet.documents[number]
        matches = tuple(match for best in bests if (match := matched(sheet, best)) is not None)
        detail = detail_of(found, lambda kind, code: self._names.get((kind, code), ""))
        return Hit(found.kind, found.entry.code, found.name, detail, found.place, matches)

    def _laid_out(self) -> Sheet:
        with self._changing:
            if self._sheet is None:
                self._sheet = Sheet([one for found in self._documents.values() for one in found])
            return self._sheet

    def _rank(self, sheet: Sheet, actor: Actor, wanted: Wanted, *, everywhere: bool) -> Numbers:
        """How lately each document was used, 0 the latest. With `everywhere` an address counts as its grid does."""
        rank = np.full(len(sheet.documents), _UNUSED)
        used = self._recent.ranked(actor, wanted.at)
        numbers = [(number, place) for place, one in enumerate(used) for number in sheet.numbers.get(one, ())]
        for number, place in reversed(numbers):
            rank[number] = place
        grids = sorted((int(sheet.low[number]), place) for number, place in numbers if sheet.kind[number] == _GRID)
        if grids and everywhere:
            lows, places = np.array(grids).T
            at = np.minimum(np.searchsorted(lows, sheet.low), len(lows) - 1)
            there = (sheet.kind == _ADDRESS) & (lows[at] == sheet.low)
            rank[there] = places[at][there]
        return rank


def _allowed(sheet: Sheet, candidates: Numbers, actor: Actor, wanted: Wanted) -> Numbers:
    """Those of the kinds asked for, valid on the day, within the place asked for and the actor's reach."""
    kind, low, high = sheet.kind[candidates], sheet.low[candidates], sheet.high[candidates]
    kinds = np.array([one in wanted.kinds for one in KINDS])
    day = wanted.on.toordinal()
    valid = (sheet.first[candidates] <= day) & (day <= sheet.last[candidates])
    beginning, end = ground(wanted.within)
    inside = ((beginning <= low) & (high <= end)) | (kind == _CATEGORY)
    reached = _share_ground(actor.areas, low, high) | ~_ON_THE_GROUND[kind]
    return np.asarray(candidates[kinds[kind] & valid & inside & reached])


def _share_ground(areas: Sequence[str], low: Numbers, high: Numbers) -> NDArray[np.bool_]:
    """Whether each span shares ground with one of the areas. Codes nest, so the widest of them stand apart."""
    widest = [area for area in areas if not any(area != other and area.startswith(other) for other in areas)]
    if not widest:
        return np.zeros_like(low, dtype=np.bool_)
    begins, ends = np.array(sorted(ground(area) for area in widest)).T
    next_one = np.searchsorted(ends, low, side="right")
    return np.asarray(begins[np.minimum(next_one, len(begins) - 1)] < np.where(next_one < len(begins), high, -1))
