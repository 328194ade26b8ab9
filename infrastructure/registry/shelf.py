"""Shelf 登记册: the entries of one kind by code. One place to look up, one to list."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Generic

from application.registry.registry import EntryT
from domain.refusals import NoSuchEntry

# No code holds a character above this one, so a prefix and this bound all codes that begin with the prefix.
_LAST = "\uffff"


class Shelf(Generic[EntryT]):
    """Entries of `kind`; readable from any thread while one other puts."""

    def __init__(self, kind: type[EntryT]) -> None:
        self._label = kind.label
        self._entries: dict[str, EntryT] = {}
        self._codes: list[str] = []

    def put(self, entry: EntryT) -> None:
        """Add or replace."""
        self._entries[entry.code] = entry

    def get(self, code: str) -> EntryT:
        """Refuses `NoSuchEntry`."""
        entry = self._entries.get(code)
        if entry is None:
            raise NoSuchEntry(kind=self._label, code=code)
        return entry

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
            yield self._entries[code]

    def _sorted(self) -> list[str]:
        # Entries are never taken away, so as many codes are the same codes.
        codes = self._codes
        if len(codes) != len(self._entries):
            codes = self._codes = sorted(self._entries)
        return codes
