"""RegistryDesk 登记台: how any entry is put on record: key, version, one save, a fresh view."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar
from uuid import UUID

from application.ports import Log, Receipt, RequestKey
from application.registry.registry import Entry, EntryT, Registry
from domain.refusals import AlreadyRegistered, NoSuchEntry, Stale

OtherT = TypeVar("OtherT", bound=Entry)


class RegistryDesk:
    """Writes entries to the city's log. `registry` answers what rules ask about other entries."""

    def __init__(self, log: Log, registry: Registry) -> None:
        self._log = log
        self.registry = registry

    @property
    def city(self) -> str:
        """The code of the city whose reference data this is."""
        return self._log.log_id

    async def register(self, make: Callable[[], Entry], key: RequestKey | None) -> Receipt:
        """Record the entry that `make` creates. Refuses `AlreadyRegistered`, `KeyReused`."""
        if (first := await self._log.first_answer(key)) is not None:
            return first
        await self.registry.refresh()
        return await self.register_many([make()], key)

    async def register_many(self, entries: Sequence[Entry], key: RequestKey | None = None) -> Receipt:
        """Record several new entries or none, and refresh the registry. Refuses `AlreadyRegistered`."""
        self._require_new(entries)
        try:
            receipt = await self.record(entries, key)
        except Stale:
            await self.registry.refresh()
            self._require_new(entries)
            raise
        await self.registry.refresh()
        return receipt

    async def change(
        self,
        kind: type[EntryT],
        code: str,
        command: Callable[[EntryT], None],
        *,
        version: int | None,
        key: RequestKey | None,
    ) -> Receipt:
        """Load an entry, let `command` decide, record. Refuses `NoSuchEntry`, `Stale`, `KeyReused`."""
        await self.registry.refresh()
        entry = await self._load(kind, code)
        return await self._settle([entry], lambda: command(entry), version, key)

    async def change_with(
        self,
        kind: type[EntryT],
        code: str,
        beside: type[OtherT],
        named: Callable[[EntryT], Sequence[str]],
        command: Callable[[EntryT, Sequence[OtherT]], None],
        *,
        version: int | None,
        key: RequestKey | None,
    ) -> Receipt:
        """As `change`, with the entries `beside` it that it has `named`: all are recorded in one save or none."""
        await self.registry.refresh()
        entry = await self._load(kind, code)
        others = [await self._load(beside, other) for other in named(entry)]
        return await self._settle([entry, *others], lambda: command(entry, others), version, key)

    async def change_several(
        self,
        kind: type[EntryT],
        seen: Mapping[str, int | None],
        decide: Callable[[Sequence[EntryT]], Sequence[Entry]],
        *,
        key: RequestKey | None,
    ) -> Receipt:
        """Load the entries `seen`, each in the version its caller saw, and record what `decide` returns, new ones too.

        All or nothing; the receipt is of the first returned. Refuses as `change` and `register` do.
        """
        await self.registry.refresh()
        loaded = [await self._load(kind, code) for code in seen]
        if (first := await self._log.first_answer(key)) is not None:
            return first
        for entry, version in zip(loaded, seen.values(), strict=True):
            if version is not None and version != entry.version:
                raise Stale(expected=version, actual=entry.version)
        work = decide(loaded)
        self._require_new([entry for entry in work if len(entry.pending_events) == entry.version])
        receipt = await self.record(work, key)
        await self.registry.refresh()
        return receipt

    async def change_streams(
        self,
        kind: type[EntryT],
        ids: Sequence[UUID],
        decide: Callable[[Sequence[EntryT]], None],
        *,
        version: int | None = None,
        key: RequestKey | None,
    ) -> Receipt:
        """As `change`, of entries by their streams, all or nothing; `version` and receipt are of the first."""
        await self.registry.refresh()
        for id in ids:
            if not self.registry.holds(id):
                raise NoSuchEntry(kind=kind.label, code=id)
        loaded = [await self._log.load(kind, id) for id in ids]
        return await self._settle(loaded, lambda: decide(loaded), version, key)

    async def record(self, entries: Sequence[Entry], key: RequestKey | None = None) -> Receipt:
        """Record what several entries have decided, all or nothing, leaving the registry as it is."""
        return await self._log.save(*entries, key=key)

    async def _load(self, kind: type[EntryT], code: str) -> EntryT:
        return await self._log.load(kind, self.registry.find(kind, code).id)

    async def _settle(
        self, entries: Sequence[Entry], decide: Callable[[], None], version: int | None, key: RequestKey | None
    ) -> Receipt:
        # Asked when all is loaded: who finds the entry as the order's first go left it, finds that go's key too.
        if (first := await self._log.first_answer(key)) is not None:
            return first
        if version is not None and version != entries[0].version:
            raise Stale(expected=version, actual=entries[0].version)
        decide()
        receipt = await self.record(entries, key)
        await self.registry.refresh()
        return receipt

    def _require_new(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            if self.registry.holds(entry.id):
                raise AlreadyRegistered(kind=entry.label, code=entry.code)
