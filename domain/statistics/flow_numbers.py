"""件数与比率 of what happened in the period: each fact by its own instant, so a share of two kinds may exceed one."""

from dataclasses import replace

from domain.statistics.number import Number, Shape, Told, Wording, full
from domain.vocabulary import Channel, SolvedLevel

_STANDARD = "GB/T 30428.4 评价指标通行算法"
_OWN_INSTANT = "分子、分母各按其发生时间"


def _count(id_: str, name: str, kind: str, counted: str, instant: str, case_kind: str = "") -> Number:
    return Number(
        id=id_, name=name, shape=Shape.COUNT, wording=Wording(counted, "", instant),
        kinds=(kind,), case_kind=case_kind, weigh=full(kind),
    )  # fmt: skip


RECEIVED = _count("received", "受理量", "received", "受理的诉求", "受理时间")
CLOSED = _count("closed", "结案量", "closed", "结案的网格事件；结案后重办的，该次结案不再计入", "结案时间", "issue")
COUNTS = (
    RECEIVED,
    _count("reported", "上报量", "reported", "上报的网格事件，含由诉求转来的", "上报时间"),
    CLOSED,
    _count("closed_requests", "诉求办结量", "closed", "办结的诉求", "办结时间", "request"),
    _count("answered", "直接答复量", "answered", "受理时直接答复的诉求", "答复时间"),
    _count("diverted", "分流量", "diverted", "不予派单而分流的诉求", "分流时间"),
    _count("returned", "退单量", "returned", "准予退单的次数", "准予退单的时间"),
    _count("escalated", "上报上级量", "escalated", "上报上级的次数", "上报上级的时间"),
    _count("suspended", "挂账量", "suspended", "挂账的次数", "挂账时间"),
    _count("extended", "延期量", "extended", "准予延期的次数", "准予延期的时间"),
    _count("exempted", "剔除量", "exempted", "准予剔除的案件", "准予剔除的时间"),
    _count("voided", "作废量", "voided", "作废的网格事件", "作废时间"),
    _count("merged", "并案量", "merged", "并入他案的网格事件", "并案时间"),
)


def _share(id_: str, name: str, part: str, whole: str, words: tuple[str, str], source: str = _STANDARD) -> Number:
    """A share of facts of one kind over facts of another."""
    return Number(
        id=id_, name=name, shape=Shape.SHARE, wording=Wording(*words, _OWN_INSTANT, source),
        kinds=(part, whole), case_kind="issue", weigh=full(part), base=(whole,),
    )  # fmt: skip


REPORTED_OF_ALL = Number(
    id="found_in_grid", name="网格发现率", shape=Shape.SHARE,
    wording=Wording("由网格巡查上报的", "上报的网格事件", "上报时间"),
    kinds=("reported",), told=Told.CHANNEL, weigh=full(Channel.PATROL.value),
)  # fmt: skip
SOLVED_IN_GRID = Number(
    id="solved_in_grid", name="自办率", shape=Shape.SHARE,
    wording=Wording("在网格解决的", "结案的网格事件", "结案时间", "网格化管理通行算法（自行处置）"),
    kinds=("closed",), case_kind="issue", told=Told.VALUE, weigh=full(SolvedLevel.GRID.value),
)  # fmt: skip
SHARES = (
    REPORTED_OF_ALL,
    SOLVED_IN_GRID,
    replace(
        SOLVED_IN_GRID, id="solved_in_community", name="社区内办结率",
        weigh=full(SolvedLevel.GRID.value, SolvedLevel.COMMUNITY.value),
        wording=Wording("在网格或社区解决的", "结案的网格事件", "结案时间", "小事不出网格、大事不出社区"),
    ),
    replace(
        REPORTED_OF_ALL, id="before_complaint", name="未诉先办率", told=Told.VALUE, weigh=full("patrol_first"),
        wording=Wording("巡查先发现、上报时尚无人诉求的", "上报的网格事件", "上报时间", "接诉即办条例（主动治理）"),
    ),
    _share("filing_rate", "立案率", "filed", "reported", ("立案的", "上报的网格事件")),
    _share("return_rate", "退单率", "returned", "assigned", ("准予退单的次数", "派遣的次数")),
    Number(
        id="ping_pong", name="重派退单单位率", shape=Shape.SHARE,
        wording=Wording("派回曾经退单的单位的", "派遣的次数", "派遣时间"),
        kinds=("assigned",), told=Told.VALUE, weigh=full("again"),
    ),
    _share("rework_rate", "返工率", "rework", "resolved", ("核查后返工的次数", "办理反馈的次数")),
    _share("redo_rate", "重办率", "redo", "resolved", ("回访后重办的次数", "办理反馈的次数"), "不满意重办（地方条例）"),
    Number(
        id="check_pass_rate", name="核查通过率", shape=Shape.SHARE,
        wording=Wording("核查通过的", "核查的次数", "核查时间", _STANDARD),
        kinds=("checked",), told=Told.VALUE, weigh=full("passed"),
    ),
    replace(
        _share("repeat_rate", "重复诉求率", "repeat", "received", ("所关联网格事件此前已有他人诉求的", "受理的诉求")),
        case_kind="request", wording=Wording("所关联的网格事件此前已有诉求的", "受理的诉求", "受理时间"),
    ),
)  # fmt: skip
FLOW_NUMBERS = (*COUNTS, *SHARES)
