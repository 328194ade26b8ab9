"""Shelf 登记册: the entries of one kind by code. One place to look up, one to list."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice
from typing import Generic
from uuid import UUID

from application.registry.registry import Entry, EntryT
from domain.refusals import NoSuchEntry
from domain.registry.division import Division

# No code holds a character above this one, so a prefix and this bound all codes that begin with the prefix.
_LAST = "\uffff"


class Shelf(Generic[EntryT]):
    """Entries of `kind`; readable from any thread while one other puts."""

    def __init__(self, kind: type[EntryT]) -> None:
        self._label = kind.label
        self._held: dict[str, tuple[EntryT, ...]] = {}
        self._code_of: dict[UUID, str] = {}
        self._codes: list[str] = []
        self._stale = False

    def put(self, entry: EntryT) -> None:
        """Add, replace, or move to its new code. Of several with one code the first in `_precedence` is meant."""
        before = self._code_of.get(entry.id)
        if before is not None and before != entry.code:
            self._take_away(before, entry)
        self._code_of[entry.id] = entry.code
        if isinstance(entry, Division) and entry.keeper:
            self._take_away(entry.code, entry)
            return
        others = [other for other in self._held.get(entry.code, ()) if other.id != entry.id]
        self._held[entry.code] = tuple(sorted([entry, *others], key=_precedence)) if others else (entry,)
        self._stale = self._stale or before != entry.code

    def get(self, code: str) -> EntryT:
        """Refuses `NoSuchEntry`."""
        held = self._held.get(code)
        if held is None:
            raise NoSuchEntry(kind=self._label, code=code)
        return held[0]

    def page(
        self, keep: Callable[[EntryT], bool], *, name: str, after: str, limit: int, begin: str = ""
    ) -> list[EntryT]:
        """By ascending code after `after`: code begins with `begin`, name holds `name`, `keep` says yes."""
        found = (entry for entry in self._following(begin, after) if name in entry.name and keep(entry))
        return list(islice(found, limit))

    def _following(self, begin: str, after: str) -> Iterator[EntryT]:
        codes = self._sorted()
        first = max(bisect_left(codes, begin), bisect_right(codes, after))
        last = bisect_left(codes, begin + _LAST)
        for code in codes[first:last]:
            yield from self._held.get(code, ())[:1]

    def _sorted(self) -> list[str]:
        if self._stale:
            self._stale = False  # first: what is put meanwhile makes it stale again
            self._codes = sorted(self._held)
        return self._codes

    def _take_away(self, code: str, entry: EntryT) -> None:
        others = tuple(other for other in self._held.get(code, ()) if other.id != entry.id)
        if others:
            self._held[code] = others
        else:
            self._held.pop(code, None)
        self._stale = True


def _precedence(entry: Entry) -> tuple[bool, bool, int]:
    """What is in force before what ended, later before earlier; who stands back comes last."""
    if not isinstance(entry, Division):
        return False, False, 0
    first = date.fromisoformat(entry.valid_from).toordinal()
    return entry.behind != "", entry.valid_until is not None, -first
