"""Registry 登记: what commands consult of the reference data.

The registered aggregates themselves are the entries, for reading only: a command changes its own copy,
loaded from the log.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar
from uuid import UUID

from domain.actor import Actor, Role
from domain.registry.case_type import CaseKind, CaseType
from domain.registry.division import Division
from domain.registry.grid import Grid
from domain.registry.outline import Outline
from domain.registry.staff import Staff
from domain.registry.unit import Unit, UnitLevel

Entry = Division | Grid | Unit | Staff | CaseType
EntryT = TypeVar("EntryT", bound=Entry)
KINDS: tuple[type[Entry], ...] = (Division, Grid, Unit, Staff, CaseType)
"""All kinds of entries: what the registry folds, and what the city's log may hold besides requests."""
PAGE = 50


@dataclass(frozen=True)
class Overlap:
    """How much of the smaller of two grids both cover; `share` is 0 to 1."""

    code: str
    share: float


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

    def division(self, code: str, *, valid_on: date | None = None) -> Division: ...

    def grid(self, code: str, *, valid_on: date | None = None) -> Grid: ...

    def unit(self, code: str, *, valid_on: date | None = None) -> Unit: ...

    def staff(self, code: str) -> Staff:
        """Also one who has left."""

    def case_type(self, key: str, *, valid_on: date | None = None) -> CaseType: ...

    def actor(self, staff: str) -> Actor:
        """Who a member of staff is now. Refuses `NotSignedIn` when unknown or gone."""

    def locate(self, longitude: float | None, latitude: float | None, *, valid_on: date | None = None) -> Grid:
        """The one grid that holds a point in degrees CGCS2000; on a shared border the lowest code.

        Without `valid_on` among grids with no last day. Refuses `BadCoordinates`, and `Nowhere` with the
        nearest grid when one is near.
        """

    def overlaps(self, code: str, polygon: Outline, *, valid_on: date) -> Sequence[Overlap]:
        """Other grids that cover ground of a drawing of grid `code`, the most covered first."""

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
