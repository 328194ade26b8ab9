"""按期: limits that fell due in the period, met not later than they were due; what is due soon, what is late still."""

from domain.statistics.number import Number, Shape, Told, Window, Wording, full

_DUE = "届满的时限，已剔除的除外；未到期、暂停中和已撤销的不计"
_INSTANT = "时限届满时间"
_STANDARD = "GB/T 30428.4（按期处置率、按期结案率）"
_CLOCKS = (
    ("dispatch", "派遣", "本系统定义"),
    ("accept", "签收", "北京市接诉即办工作条例"),
    ("contact", "联系", "北京市接诉即办工作条例"),
    ("feedback", "反馈", "DB11/T 2021"),
    ("handle", "处置", _STANDARD),
    ("check", "核查", "GB/T 30428.4（按时核查率）"),
    ("call_back", "回访", "本系统定义"),
    ("close", "办结", _STANDARD),
)


def _in_time(clock: str, verb: str, source: str) -> Number:
    return Number(
        id=f"on_time_{clock}", name=f"按期{verb}率", shape=Shape.SHARE,
        wording=Wording(f"届满前（含届满时刻）已{verb}的", f"时段内{verb}{_DUE}", _INSTANT, source),
        kinds=(f"clock:{clock}",), told=Told.CLOCK, weigh=full("in_time"), window=Window.FALLEN_DUE, exempts=True,
    )  # fmt: skip


OVERDUE_OPEN = Number(
    id="overdue_open", name="超时未办", shape=Shape.COUNT,
    wording=Wording("处置时限在时段内届满而至今未办的，已剔除的除外", "", _INSTANT, "GB/T 30428.4（超时数，未结另计）"),
    kinds=("clock:handle",), told=Told.CLOCK, weigh=full("open"), window=Window.FALLEN_DUE, exempts=True,
)  # fmt: skip
DUE_SOON = Number(
    id="due_soon", name="即将到期", shape=Shape.COUNT,
    wording=Wording("处置时限自所问时刻起若干小时内届满而尚未办的，已剔除的除外", "", f"{_INSTANT}（不看时段）"),
    kinds=("clock:handle",), told=Told.CLOCK, weigh=full("open"), window=Window.AHEAD, exempts=True,
)  # fmt: skip
ON_TIME_CLOSE = _in_time(*_CLOCKS[-1])
CLOCK_NUMBERS = (*(_in_time(*clock) for clock in _CLOCKS[:-1]), ON_TIME_CLOSE, OVERDUE_OPEN, DUE_SOON)
