"""Registry 登记: what commands consult of the reference data.

The registered aggregates themselves are the entries, for reading only: a command changes its own copy,
loaded from the log.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Protocol, TypeVar
from uuid import UUID

from application.registry.code_book import CodeBook
from domain.actor import Actor, Role
from domain.registry.address import Address
from domain.registry.admission_policy import AdmissionPolicy
from domain.registry.calendar import Calendar
from domain.registry.calendar_use import CalendarUse
from domain.registry.case_type import CaseType
from domain.registry.case_type_key import CaseKind
from domain.registry.catalogue_edition import CatalogueEdition
from domain.registry.contact_assignment import ContactAssignment
from domain.registry.dispatch_rules import DispatchRules
from domain.registry.division import Division
from domain.registry.duty_admission import DutyAdmission
from domain.registry.duty_roster import DutyRoster
from domain.registry.grid import Grid
from domain.registry.limit_rules import LimitRules
from domain.registry.outline import Outline
from domain.registry.staff import Staff
from domain.registry.statistics_policy import StatisticsEdition
from domain.registry.unit import Unit, UnitLevel
from domain.registry.unit_alias import UnitAlias
from domain.registry.webhook import Webhook

Entry = (
    Division | Grid | Unit | Staff | CaseType | DispatchRules | Address | AdmissionPolicy | DutyAdmission
    | DutyRoster | ContactAssignment | CatalogueEdition | UnitAlias | LimitRules | Calendar | CalendarUse
    | StatisticsEdition | Webhook
)  # fmt: skip
EntryT = TypeVar("EntryT", bound=Entry)
KINDS: tuple[type[Entry], ...] = (
    Division, Grid, Unit, Staff, CaseType, DispatchRules, Address, AdmissionPolicy, DutyAdmission,
    DutyRoster, ContactAssignment, CatalogueEdition, UnitAlias, LimitRules, Calendar, CalendarUse, StatisticsEdition,
    Webhook,
)  # fmt: skip
"""All kinds of entries: what the registry folds, and what the city's log may hold besides requests."""
PAGE = 50


class Registry(Protocol):
    """The reference data of the city, folded up to `position` of the city's log.

    Looking up refuses `NoSuchEntry`, and `NotValidThen` when `valid_on` is given and not a valid day.
    Lists come by ascending code after `after`, at most `limit`; `name` is a part of the name; `valid_on`
    leaves out what is not valid then.
    """

    @property
    def position(self) -> int:
        """The last position of the city's log that is folded in."""

    async def refresh(self) -> None:
        """Fold in all that was in the log when this was called."""

    def holds(self, entry: UUID) -> bool:
        """Whether an entry with this stream id is registered."""

    def find(self, kind: type[EntryT], code: str) -> EntryT:
        """An entry of any kind, valid or not."""

    def entries(
        self,
        kind: type[EntryT],
        keep: Callable[[EntryT], bool],
        *,
        begin: str = "",
        name: str = "",
        after: str = "",
        limit: int = PAGE,
    ) -> Sequence[EntryT]:
        """Those of a kind that `keep` says yes to and whose code begins with `begin`."""

    @property
    def code_book(self) -> CodeBook:
        """All codes divisions ever had, by any table."""

    def division(self, code: str, *, valid_on: date | None = None) -> Division:
        """The one the registry means by a code; of a code it does not speak by, whom a table means now."""

    def grid(self, code: str, *, valid_on: date | None = None) -> Grid: ...

    def unit(self, code: str, *, valid_on: date | None = None) -> Unit: ...

    def staff(self, code: str) -> Staff:
        """Also one who has left."""

    def case_type(self, key: str, *, valid_on: date | None = None) -> CaseType: ...

    def actor(self, staff: str, *, on: date | None = None) -> Actor:
        """Who a member of staff is now, with the units they stand in at on a day. Refuses `NotSignedIn`."""

    def helped_by(self, staff: str) -> Sequence[Staff]:
        """Those for whom a member of staff stands in, ever did or is to."""

    def contact_of(self, community: str, on: date) -> Staff | None:
        """包联领导: who holds a community, or the one a grid lies in, on a day; None when nobody does."""

    def locate(self, longitude: float | None, latitude: float | None, *, valid_on: date | None = None) -> Grid:
        """The one grid that holds a point in degrees CGCS2000; on a shared border the lowest code.

        Without `valid_on` among grids with no last day. Refuses `BadCoordinates`, and `Nowhere` with the
        nearest grid when one is near.
        """

    def touching(self, polygon: Outline, *, valid_on: date) -> Sequence[Grid]:
        """Grids on ground of a drawing or bordering on it, as they are drawn that day, by ascending code."""

    def grids_called(self, network: str, number: str) -> Sequence[Grid]:
        """Grids that ever had this number in another network, by ascending code."""

    def divisions(
        self,
        *,
        parent: str | None = None,
        name: str = "",
        valid_on: date | None = None,
        after: str = "",
        limit: int = PAGE,
    ) -> Sequence[Division]:
        """Those directly below `parent`; "" asks for provinces."""

    def grids(
        self,
        *,
        within: str = "",
        name: str = "",
        valid_on: date | None = None,
        after: str = "",
        limit: int = PAGE,
    ) -> Sequence[Grid]:
        """Those whose code begins with `within`, a community's or a wider division's code."""

    def units(
        self,
        *,
        within: str = "",
        level: UnitLevel | None = None,
        name: str = "",
        valid_on: date | None = None,
        after: str = "",
        limit: int = PAGE,
    ) -> Sequence[Unit]:
        """Those whose place begins with `within`."""

    def units_at(self, level: UnitLevel, place: str, *, valid_on: date) -> Sequence[Unit]:
        """Those of a level in exactly this place and valid that day, by ascending code."""

    def staff_members(
        self,
        *,
        unit: str | None = None,
        role: Role | None = None,
        covering: str | None = None,
        name: str = "",
        after: str = "",
        limit: int = PAGE,
    ) -> Sequence[Staff]:
        """Those on duty: of a unit, holding a role, with an area that holds the place `covering`."""

    def case_types(
        self,
        *,
        kind: CaseKind | None = None,
        lead: str | None = None,
        name: str = "",
        valid_on: date | None = None,
        after: str = "",
        limit: int = PAGE,
    ) -> Sequence[CaseType]: ...
