"""The read models there are. Each is a module of its own; the runner knows them by this list alone."""

from infrastructure.projections.board import Board
from infrastructure.projections.read_model import ReadModel
from infrastructure.projections.telling import VERSIONS, telling
from infrastructure.projections.timeline import Timeline

_tell = telling(VERSIONS)
PROJECTIONS: tuple[ReadModel, ...] = (Board(_tell), Timeline(_tell))
