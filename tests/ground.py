"""Ground for tests: drawings told in metres from one corner, and a city that does all there is to grids."""

from __future__ import annotations

import json
from collections.abc import Coroutine
from datetime import date, timedelta
from typing import Any, Self

from application.importing.boundaries import ImportingBoundaries
from application.importing.grids import ImportingGrids
from application.registry.grid_aliases import GridAliases
from application.registry.grid_changes import GridChanges
from application.registry.grid_questions import GridQuestions
from domain.registry.grid_succession import Successor
from infrastructure.registry.surveying import ShapelySurveyor, metres_in_a_degree
from tests.registry_office import COMMUNITY, PHONE, TODAY, Office, admin, run

WEST, SOUTH = 121.5, 50.7
EAST_M, NORTH_M = metres_in_a_degree(SOUTH)
SURVEYOR = ShapelySurveyor()
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
A, B, C, D = (f"{COMMUNITY}{number:03}" for number in (1, 2, 3, 4))
Drawing = list[list[list[float]]]


def place(east: float, north: float) -> list[float]:
    """A point so many metres from the corner, in degrees."""
    return [WEST + east / EAST_M, SOUTH + north / NORTH_M]


def rect(west: float, south: float, east: float, north: float) -> Drawing:
    """A rectangle in metres from the corner."""
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return [[place(*corner) for corner in corners]]


def successor(code: str, polygon: Drawing, **facts: str) -> Successor:
    told = {"name": f"网格{code[-3:]}", "supervision_phone": PHONE} | facts
    return Successor(code=code, polygon=polygon, **told)


def feature(code: str, polygon: Drawing, **properties: Any) -> dict[str, Any]:
    """A GeoJSON feature of a grid."""
    told = {"code": code, "name": f"网格{code[-3:]}", "supervision_phone": PHONE} | properties
    return {"type": "Feature", "properties": told, "geometry": {"type": "Polygon", "coordinates": polygon}}


def collection(*features: dict[str, Any], **more: Any) -> bytes:
    """A GeoJSON file."""
    return json.dumps({"type": "FeatureCollection", "features": features} | more, ensure_ascii=False).encode()


class GroundOffice(Office):
    """One community, its outline if wanted, and grids of a hundred metres beside each other: A, B, C."""

    def __init__(self) -> None:
        super().__init__()
        self.changes = GridChanges(self.desk, self.ground)
        self.aliases = GridAliases(self.desk)
        self.questions = GridQuestions(self.view, self.ground)
        self.importing_grids = ImportingGrids(self.desk, self.ground, self.aliases)
        self.boundaries = ImportingBoundaries(self.desk, SURVEYOR)
        self.with_divisions()

    def with_row(self, count: int = 3) -> Self:
        """Grids 001 to `count` from west to east."""
        for nth in range(count):
            self.with_grid(f"{COMMUNITY}{nth + 1:03}", rect(100 * nth, 0, 100 * nth + 100, 100))
        return self

    def with_outline(self, polygon: Drawing, code: str = COMMUNITY) -> Self:
        """The ground of a division."""
        assert run(self.boundaries.run(admin(), collection(feature(code, polygon)), source="test")).taken
        return self

    def import_grids(self, content: bytes, **how: Any) -> Any:
        return run(self.importing_grids.run(admin(), content, **how))

    def at(self, east: float, north: float, day: date | None = TODAY) -> str:
        """The grid in which a point lies."""
        longitude, latitude = place(east, north)
        return self.view.locate(longitude, latitude, valid_on=day).code

    def drawn(self, code: str, day: date = TODAY) -> Drawing:
        return self.view.grid(code).drawn_on(day).polygon


def all_that_happens_to_ground(office: Office) -> list[Coroutine[object, object, object]]:
    """Every event of a grid that `Grids` alone does not record, and an outline, in a community of its own."""
    community = "150785001009"
    one, two, three, four, five = (f"{community}{number:03}" for number in range(1, 6))
    changes, aliases = GridChanges(office.desk, office.ground), GridAliases(office.desk)
    halves = [successor(three, rect(-200, 0, -150, 100)), successor(four, rect(-150, 0, -100, 100))]
    whole = rect(-200, 0, -100, 100)
    outline = collection(feature(community, whole))
    told = {"code": one, "name": "一", "kind": "综合", "polygon": whole, "supervision_phone": PHONE}
    called: dict[str, Any] = {"code": one, "network": "综治网格", "number": "1"}
    return [
        office.divisions.register(admin(), code=community, name="社区", source="test", valid_from=YESTERDAY),
        ImportingBoundaries(office.desk, SURVEYOR).run(admin(), outline, source="test"),
        office.grids.define(admin(), valid_from=YESTERDAY, **told),  # type: ignore[arg-type]
        office.grids.rename(admin(), code=one, name="第一网格"),
        office.grids.reclassify(admin(), code=one, kind="专属"),
        office.grids.set_supervision_phone(admin(), code=one, phone="0470-5223119"),
        aliases.give(admin(), since=YESTERDAY, **called),
        aliases.end(admin(), last_day=TODAY, **called),
        changes.renumber(admin(), code=one, new_code=two, last_day=YESTERDAY),
        changes.split(admin(), code=two, into=halves, last_day=TODAY),
        changes.merge(admin(), versions={three: 1, four: 1}, into=successor(five, whole), last_day=TOMORROW),
    ]
