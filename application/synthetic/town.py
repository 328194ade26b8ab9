"""The synthetic town 合成城市: four districts under a code nobody has, their grids, units and staff.

The same whatever the seed, so that bases of several seeds can be compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from random import Random

from domain.actor import Actor, Role
from domain.place import parent_of

CITY = "9901"
SIZES = {"990101": (8, 0.4), "990102": (6, 0.3), "990103": (4, 0.2), "990104": (3, 0.1)}
"""Of each district the number of streets and its share of all cases."""
DISTRICTS = tuple(SIZES)
COMMUNITIES_EACH, GRIDS_EACH = 4, 4
DEPARTMENTS = {
    "cg": "城市管理综合执法局", "zj": "住房和城乡建设局", "hw": "环境卫生服务中心", "yl": "园林绿化服务中心",
    "gs": "供水供热公司", "dl": "供电公司", "sc": "市场监督管理局", "jj": "公安局交通管理大队", "hb": "生态环境局",
    "rs": "人力资源和社会保障局",
}  # fmt: skip
DESK_POSTS = {Role.RECEIVER: 8, Role.DISPATCHER: 5, Role.VERIFIER: 6, Role.SUPERVISOR: 2}
HANDLERS_EACH = 3
_GIVEN = "synthetic town"


@dataclass(frozen=True)
class UnitTraits:
    """How a unit works. `pace` is the share of a limit it uses in the median case, `spread` the sigma of its logarithm.

    `gives_back` and `botches` are the shares of cases it wants to return and of resolutions that fail their check.
    """

    pace: float
    spread: float
    gives_back: float
    botches: float


@dataclass(frozen=True)
class Post:
    """One member of staff: a post, never a person."""

    actor: Actor
    name: str


@dataclass(frozen=True)
class District:
    """One district as cases meet it."""

    code: str
    streets: tuple[str, ...]
    communities: tuple[str, ...]
    grids: tuple[str, ...]
    busyness: tuple[float, ...]
    units: dict[str, UnitTraits]
    posts: dict[str, Post] = field(repr=False)

    def department(self, key: str) -> str:
        """The code of its unit for a kind of work."""
        return unit_code(self.code, key)

    def desk(self, role: Role, chance: Random) -> Actor:
        """Somebody of the district's centre in this role."""
        return self.posts[f"{role}-{self.code}-{chance.randrange(DESK_POSTS[role]) + 1}"].actor

    def handler(self, unit: str, number: int) -> Actor:
        """One of those who handle for a unit, by number from 0."""
        return self.posts[f"handler-{unit}-{number % HANDLERS_EACH + 1}"].actor

    def worker(self, grid: str) -> Actor:
        return self.posts[f"worker-{grid}"].actor


def unit_code(district: str, key: str) -> str:
    """The code of a district's own unit."""
    return f"{district}-{key}"


def level_of_unit(unit: str) -> str:
    """district, street or community, as the code tells."""
    return "district" if "-" in unit else "street" if len(unit) == 9 else "community"


@cache
def district(code: str) -> District:
    """A district of the town. Raises KeyError for another."""
    chance = Random(f"{_GIVEN} {code}")  # noqa: S311 - makes a town up, guards nothing
    streets = tuple(f"{code}{nth:03}" for nth in range(1, SIZES[code][0] + 1))
    communities = tuple(f"{one}{nth:03}" for one in streets for nth in range(1, COMMUNITIES_EACH + 1))
    grids = tuple(f"{one}{nth:03}" for one in communities for nth in range(1, GRIDS_EACH + 1))
    departments = [unit_code(code, key) for key in DEPARTMENTS]
    units = {unit: _traits(chance) for unit in (*departments, *streets, *communities)}
    busyness = tuple(chance.lognormvariate(0, 0.8) for _ in grids)
    posts = {post.actor.id: post for post in _posts(code, list(units), grids)}
    return District(code, streets, communities, grids, busyness, units, posts)


def _traits(chance: Random) -> UnitTraits:
    """From the best, who is hardly ever late, to the worst, who is in every third case."""
    bad = chance.betavariate(1.3, 2.6)
    return UnitTraits(0.25 + 0.6 * bad, 0.5 + 0.3 * bad, 0.01 + 0.12 * bad, 0.02 + 0.16 * bad)


def _posts(code: str, units: list[str], grids: tuple[str, ...]) -> Iterator[Post]:
    for grid in grids:
        yield _post(f"worker-{grid}", Role.WORKER, parent_of(grid), grid)
    for unit in units:
        for number in range(1, HANDLERS_EACH + 1):
            yield _post(f"handler-{unit}-{number}", Role.HANDLER, unit, code if "-" in unit else unit)
    for role, count in DESK_POSTS.items():
        for number in range(1, count + 1):
            yield _post(f"{role}-{code}-{number}", role, unit_code(code, "zx"), code)


def _post(staff: str, role: Role, unit: str, area: str) -> Post:
    return Post(Actor(staff, frozenset({role}), unit, (area,)), f"{role.label}岗")


def point_in(grid: str) -> tuple[float, float]:
    """The south-west corner of a grid's square: a lattice of hundredths of a degree."""
    district_nth, street, community, cell = int(grid[4:6]), int(grid[6:9]), int(grid[9:12]), int(grid[12:])
    return (
        round(100.0 + district_nth + 0.01 * ((community - 1) * GRIDS_EACH + cell), 6),
        round(30.0 + 0.01 * street, 6),
    )


SINCE = date(2024, 7, 1)
"""The registry of the town is valid from then on."""
