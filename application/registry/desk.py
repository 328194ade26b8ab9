"""RegistryDesk 登记台: how any entry is put on record: key, version, one save, a fresh view."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from application.ports import Log, Receipt, RequestKey
from application.registry.registry import Entry, EntryT, Registry
from domain.refusals import AlreadyRegistered, NoSuchEntry, Stale
from domain.registry.entry import entry_id


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
        if not self.registry.holds(entry_id(kind.TOPIC, code)):
            raise NoSuchEntry(kind=kind.label, code=code)
        entry = await self._log.load(kind, entry_id(kind.TOPIC, code))
        # Asked when all is loaded: who finds the entry as the order's first go left it, finds that go's key too.
        if (first := await self._log.first_answer(key)) is not None:
            return first
        if version is not None and version != entry.version:
            raise Stale(expected=version, actual=entry.version)
        command(entry)
        receipt = await self.record([entry], key)
        await self.registry.refresh()
        return receipt

    async def record(self, entries: Sequence[Entry], key: RequestKey | None = None) -> Receipt:
        """Record what several entries have decided, all or nothing, leaving the registry as it is."""
        return await self._log.save(*entries, key=key)

    def _require_new(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            if self.registry.holds(entry.id):
                raise AlreadyRegistered(kind=entry.label, code=entry.code)
