"""A small city to search in, by what people type: entries of every kind, and who asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from application.registry.addresses import Addresses
from application.search import Hit, SearchKind, Wanted
from domain.actor import Actor, Role
from infrastructure.registry.address_map import AddressMap
from infrastructure.registry.view import RegistryView
from infrastructure.search.index import SearchIndex
from infrastructure.search.recent_use import RecentUse
from tests.fakes import MemoryLog
from tests.registry_office import CITY, COMMUNITY, COUNTY, FIRST, NINE, STREET, TODAY, Office, admin, run, square

OTHER_STREET, OTHER_COMMUNITY = "150785002", "150785002002"
NAMES = {
    CITY: "呼伦贝尔市", COUNTY: "根河市", STREET: "河东街道", OTHER_STREET: "河西街道", COMMUNITY: "光明居委会",
    OTHER_COMMUNITY: "重庆路社区",
}  # fmt: skip
CATEGORIES = {
    "matter-06017": "绿地脏乱", "matter-06010": "暴露垃圾", "matter-06028": "道路破损", "asset-03002": "行道树",
    "asset-01037": "路灯",
}  # fmt: skip
DISPATCHER = Actor("dispatcher-1", frozenset({Role.DISPATCHER}), "zhzx", (COUNTY,))


class SearchOffice(Office):
    """The registry with a search index on it, and the log of a district whose cases tell what was used."""

    def __init__(self) -> None:
        super().__init__()
        self.district = MemoryLog(COUNTY)
        self.search, self.surroundings = SearchIndex(RecentUse([self.log, self.district])), AddressMap()
        self.searched = RegistryView(self.log, self.search, self.surroundings)
        self.addresses = Addresses(self.desk)

    def furnished(self) -> SearchOffice:
        """With divisions, two grids, units, staff, categories and addresses."""
        for code, name in NAMES.items():
            run(self.divisions.register(admin(), code=code, name=name, source="test", valid_from=FIRST))
        self.with_grid(COMMUNITY + "001", square(121.50, 50.7)).with_grid(OTHER_COMMUNITY + "001", square(121.52, 50.7))
        self.with_unit("zhzx", "district", COUNTY).with_unit("hedong").with_staff("w1", "hedong", "worker")
        for code, name in CATEGORIES.items():
            self.publish(code, name)
        return self.at("DZ-1", "河东街道长安街12号", 121.505).at("DZ-2", "河西街道绿柳巷3号", 121.525, "重庆小学")

    def publish(self, code: str, name: str) -> None:
        facts = {"condition": "绿地内有垃圾、杂物", "closing_condition": "清理干净", "class_name": "市容环境"}
        limit = {"limit_amount": 4, "limit_unit": "work_hour", "edition": "2026-1"}
        run(self.catalogue.publish(admin(), code=code, name=name, valid_from=FIRST, **facts, **limit))  # type: ignore[arg-type]

    def at(self, code: str, name: str, longitude: float, *aliases: str) -> SearchOffice:
        """With an address in the row of grids."""
        told = {"longitude": longitude, "latitude": 50.705, "valid_from": FIRST}
        run(self.addresses.register(admin(), code=code, name=name, aliases=aliases, **told))  # type: ignore[arg-type]
        return self

    def find(
        self, text: str, *kinds: SearchKind, actor: Actor = DISPATCHER, on: date = TODAY, within: str = "",
        limit: int = 20,
    ) -> Sequence[Hit]:  # fmt: skip
        """What the actor is shown."""
        run(self.searched.refresh())
        run(self.search.refresh())
        asked = frozenset(kinds or SearchKind)
        return self.search.find(actor, Wanted(text, on, NINE, asked, within, limit))

    def named(self, text: str, *kinds: SearchKind, **asked: object) -> list[str]:
        """The names of the hits, in their order."""
        return [hit.name for hit in self.find(text, *kinds, **asked)]  # type: ignore[arg-type]
