"""GridWork 网格业务: all that is done with grids beyond the entry of one, wired together."""

from __future__ import annotations

from dataclasses import dataclass

from application.importing.boundaries import ImportingBoundaries
from application.importing.grids import ImportingGrids
from application.moving_cases import MovingCases, OpenCases
from application.ports import Logs
from application.registry.desk import RegistryDesk
from application.registry.grid_aliases import GridAliases
from application.registry.grid_changes import GridChanges
from application.registry.grid_checks import GroundRules
from application.registry.grid_questions import GridQuestions


@dataclass(frozen=True)
class GridWork:
    """调整, 外部编号, 查询, 导入, 移格."""

    changes: GridChanges
    aliases: GridAliases
    questions: GridQuestions
    importing: ImportingGrids
    boundaries: ImportingBoundaries
    moving: MovingCases

    @classmethod
    def of(cls, desk: RegistryDesk, ground: GroundRules, logs: Logs, open_cases: OpenCases) -> GridWork:
        """On one desk, by one set of ground rules."""
        aliases = GridAliases(desk)
        return cls(
            changes=GridChanges(desk, ground),
            aliases=aliases,
            questions=GridQuestions(desk.registry, ground),
            importing=ImportingGrids(desk, ground, aliases),
            boundaries=ImportingBoundaries(desk, ground.surveyor),
            moving=MovingCases(logs, desk.registry, open_cases),
        )
