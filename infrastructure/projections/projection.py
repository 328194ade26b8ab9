"""The read models there are. Each is a module of its own; the runner knows them by this list alone."""

from domain.case_clocks import CalendarOf
from infrastructure.calendars import chinese_office_calendar
from infrastructure.projections.board import Board
from infrastructure.projections.facts import Facts
from infrastructure.projections.read_model import ReadModel
from infrastructure.projections.telling import VERSIONS, telling
from infrastructure.projections.timeline import Timeline


def read_models(calendar_of: CalendarOf) -> tuple[ReadModel, ...]:
    """All of them; the board asks `calendar_of` when timers are to fire."""
    tell = telling(VERSIONS)
    return Board(tell, calendar_of), Timeline(tell), Facts(tell)


PROJECTIONS = read_models(lambda _name: chinese_office_calendar())
"""Those of a city without calendars of its own."""
