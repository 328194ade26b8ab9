"""受理 of what comes through Open311: from a location as the sender knows it to a request of the web channel."""

from __future__ import annotations

from dataclasses import dataclass, field

from application.attachments import Attachments
from application.command import Command
from application.open311.keys import ApiKey
from application.open311.redaction import BESIDE
from application.ports import Receipt
from application.registry.registry import Registry
from application.requests import Requests
from application.search import MOST_LETTERS, Search, SearchKind, Wanted
from domain.registry.address import Address
from domain.registry.entry import civil_day
from domain.vocabulary import Channel, RequestKind

MOST_NAMED = 5
"""Addresses that hold what was typed and are looked at: were there more, none could be meant."""


@dataclass(frozen=True)
class Report:
    """What somebody sent in. `category` is a filing condition; `beside` are lines their client added.

    Of point, `address_id` and `address` at least one is given; `address` is free text.
    """

    category: str
    description: str = ""
    longitude: float | None = None
    latitude: float | None = None
    address_id: str = ""
    address: str = ""
    reporter: dict[str, str] = field(default_factory=dict, repr=False)
    beside: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()

    @property
    def details(self) -> dict[str, str]:
        """What is sealed of it: words and who asks."""
        text = self.description + (BESIDE + "\n".join(self.beside) if self.beside else "")
        words = {"text": text, "address": self.address} | self.reporter
        return {name: value for name, value in words.items() if value}


class Reporting:
    """Reports become requests."""

    def __init__(self, requests: Requests, registry: Registry, search: Search, attachments: Attachments) -> None:
        self._requests, self._registry, self._search = requests, registry, search
        self._attachments = attachments

    async def take(self, key: ApiKey, content: bytes) -> str:
        """上传: the digest of a file for a report to name. Refuses what `Attachments.take` does."""
        return (await self._attachments.take(key.actor, content)).digest

    async def receive(self, key: ApiKey, command: Command, report: Report) -> Receipt:
        """受理, in the area of the key. Refuses what `Requests.receive` does, and `NoSuchEntry` for an address id."""
        longitude, latitude = self._point(key, command, report)
        return await self._requests.receive(
            command, details=report.details, kind=RequestKind.HELP, channel=Channel.WEB, category=report.category,
            attachments=report.attachments, longitude=longitude, latitude=latitude,
            place=None if longitude is not None else key.area,
        )  # fmt: skip

    def _point(self, key: ApiKey, command: Command, report: Report) -> tuple[float | None, float | None]:
        if report.longitude is not None:
            return report.longitude, report.latitude
        if report.address_id:
            address: Address | None = self._registry.find(Address, report.address_id)
        else:
            address = self._named(key, command, report.address)
        return (address.longitude, address.latitude) if address else (None, None)

    def _named(self, key: ApiKey, command: Command, text: str) -> Address | None:
        """The one registered address that is meant; None where none or several could be: a guess misleads people."""
        typed, day = text.strip(), civil_day(command.act.at)
        if not 2 <= len(typed) <= MOST_LETTERS:
            return None
        wanted = Wanted(typed, day, command.act.at, frozenset({SearchKind.ADDRESS}), key.area, MOST_NAMED)
        hits = self._search.find(key.actor, wanted)
        found = [self._registry.find(Address, hit.code) for hit in hits]
        exact = [one for one in found if typed in (one.name, *one.aliases)]
        holding = [one for one in found if any(typed in name for name in (one.name, *one.aliases))]
        meant = exact or (holding if len(hits) < MOST_NAMED else [])
        return meant[0] if len(meant) == 1 else None
