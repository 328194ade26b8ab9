"""AddressMap 地址图: which addresses are near a point. Implements `application.registry.addresses.Surroundings`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import hypot
from threading import Lock

import shapely
from eventsourcing.domain import DomainEvent
from shapely import Point, STRtree

from application.registry.addresses import Near
from application.registry.registry import Entry
from domain.place import coordinates
from domain.registry.address import Address
from infrastructure.registry.surveying import metres_in_a_degree


class AddressMap:
    """All addresses as points. Laid out again when asked after a change, as the grids are."""

    def __init__(self) -> None:
        self._addresses: dict[str, Address] = {}
        self._sheet: tuple[list[Address], STRtree] | None = None
        self._drawing = Lock()

    def learn(self, entry: Entry, event: DomainEvent) -> None:
        """Mark an address whose point is new."""
        if isinstance(entry, Address) and isinstance(event, Address.Registered | Address.Relocated):
            with self._drawing:
                self._addresses[entry.code] = entry
                self._sheet = None

    def near(
        self, longitude: float | None, latitude: float | None, *, on: date, within_m: float, limit: int
    ) -> Sequence[Near]:
        east, north = coordinates(longitude, latitude)
        addresses, tree = self._drawn()
        east_m, north_m = metres_in_a_degree(north)
        wide, high = within_m / east_m, within_m / north_m
        around = tree.query(shapely.box(east - wide, north - high, east + wide, north + high))
        found = [
            Near(one, hypot((one.longitude - east) * east_m, (one.latitude - north) * north_m))
            for one in (addresses[index] for index in around)
            if one.in_force(on)
        ]
        within = [near for near in found if near.metres <= within_m]
        return sorted(within, key=lambda near: (near.metres, near.address.code))[:limit]

    def _drawn(self) -> tuple[list[Address], STRtree]:
        with self._drawing:
            if self._sheet is None:
                addresses = list(self._addresses.values())
                self._sheet = addresses, STRtree([Point(one.longitude, one.latitude) for one in addresses])
            return self._sheet
