"""指标目录: every number there is, by its stable id. Refuses `NoSuchNumber`."""

from domain.statistics.clock_numbers import CLOCK_NUMBERS
from domain.statistics.flow_numbers import FLOW_NUMBERS
from domain.statistics.number import Number
from domain.statistics.refusals import NoSuchNumber
from domain.statistics.time_numbers import TIME_NUMBERS
from domain.statistics.voice_numbers import VOICE_NUMBERS

NUMBERS: dict[str, Number] = {
    number.id: number for number in (*VOICE_NUMBERS, *CLOCK_NUMBERS, *FLOW_NUMBERS, *TIME_NUMBERS)
}


def number_named(name: str) -> Number:
    """Refuses `NoSuchNumber`."""
    if name not in NUMBERS:
        raise NoSuchNumber(number=name)
    return NUMBERS[name]
