"""How a public request is shown: the elements of GeoReport, every one, in its order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from application.open311.public_cases import PublicCase
from application.open311.redaction import published
from application.registry.addresses import Surroundings
from application.registry.registry import Registry
from domain.refusals import Refused
from domain.registry.address import Address
from domain.registry.case_type_key import class_key
from domain.registry.entry import civil_day
from interfaces.open311.calls import ROOT, Call
from interfaces.open311.formats import Each, Node, moment

MOST_WORDS = 4_000
SAME_SPOT_M = 1.0


def media_of(call: Call) -> str:
    """Where pictures are, as the caller reaches this server."""
    return str(call.request.url.replace(path=f"{ROOT}/media/", query=""))


@dataclass(frozen=True)
class Showing:
    """What is needed to show requests on a day."""

    registry: Registry
    surroundings: Surroundings
    day: date
    media: str
    """What the address of a picture begins with."""
    extended: bool

    @classmethod
    def of(cls, call: Call) -> Showing:
        services, extended = call.services, call.arguments.text("extensions").lower() == "true"
        return cls(services.registry, services.surroundings, civil_day(services.clock()), media_of(call), extended)

    def case(self, one: PublicCase) -> Node:
        """One request. No name, telephone or e-mail of anybody is ever among it."""
        address = self._address(one)
        pictures = [f"{self.media}{one.id}/{digest}.jpg" for digest in one.pictures]
        return {
            "service_request_id": str(one.id),
            "status": "closed" if one.closed else "open",
            "status_notes": one.notes,
            "service_name": self._service_name(one.category),
            "service_code": class_key(one.category),
            "description": published(one.text)[:MOST_WORDS] if one.own and one.text else None,
            "agency_responsible": self._unit_name(one.lead),
            "service_notice": None,
            "requested_datetime": moment(one.received_at),
            "updated_datetime": moment(one.updated_at),
            "expected_datetime": moment(one.due),
            "address": address.name if address else self._place_name(one.place if one.own else one.place[:12]),
            "address_id": address.code if address else None,
            "zipcode": None,
            "lat": one.latitude,
            "long": one.longitude,
            "media_url": pictures[0] if pictures else None,
        } | ({"media_urls": Each("media_url", pictures)} if self.extended else {})

    def _address(self, one: PublicCase) -> Address | None:
        """The registered address whose very point it is. What somebody typed is not shown: it may be their home."""
        if not one.own or one.longitude is None:
            return None
        near = self.surroundings.near(one.longitude, one.latitude, on=self.day, within_m=SAME_SPOT_M, limit=1)
        return near[0].address if near else None

    def _place_name(self, place: str) -> str:
        """Street, community and grid by name, as far as they are known."""
        names = []
        for digits in (6, 9, 12, 15):
            if len(place) >= digits:
                try:
                    code = place[:digits]
                    names.append((self.registry.grid if digits == 15 else self.registry.division)(code).name)
                except Refused:  # no longer registered
                    continue
        return "".join(names) or place

    def _service_name(self, category: str) -> str:
        try:
            return self.registry.case_type(category).on(self.day).content.name
        except Refused:
            return category

    def _unit_name(self, code: str) -> str | None:
        try:
            return self.registry.unit(code).name if code else None
        except Refused:
            return code
