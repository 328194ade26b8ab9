"""用时与在办: how long steps took, who held cases for how long, how many were open when."""

from domain.statistics.number import Number, Shape, Wording


def _spread(id_: str, name: str, kind: str, words: tuple[str, str], case_kind: str = "") -> Number:
    return Number(
        id=id_, name=name, shape=Shape.SPREAD, kinds=(kind,), case_kind=case_kind,
        wording=Wording("用时（自然秒）的中位数、九成位数和分布", *words, "GB/T 30428.4（平均用时，按环节）"),
    )  # fmt: skip


TIME_HELD = Number(
    id="time_held", name="占用时长", shape=Shape.HELD,
    wording=Wording(
        "各占有方在时段内持有案件的自然秒数，每一秒只属于一个占有方", "时段内的占有段数", "占有段与时段重叠的部分"
    ),
)  # fmt: skip
BACKLOG = Number(
    id="backlog", name="在办量", shape=Shape.BACKLOG,
    wording=Wording("有人占有（尚未办结、作废、并案、答复或分流）的案件", "", "各周期末（不晚于所问时刻）"),
)  # fmt: skip
TIME_NUMBERS = (
    _spread("file_time", "立案用时", "filed", ("立案的网格事件，自上报起", "立案时间")),
    _spread("dispatch_time", "派遣用时", "assigned", ("首次派遣，自立案起", "派遣时间")),
    _spread("accept_time", "签收用时", "accepted", ("签收，自派遣起", "签收时间")),
    _spread("handle_time", "处置用时", "resolved", ("办理反馈，自上报起", "办理反馈时间")),
    _spread("close_time", "结案用时", "closed", ("结案的网格事件，自上报起", "结案时间"), "issue"),
    _spread("request_time", "诉求办结用时", "closed", ("办结的诉求，自受理起", "办结时间"), "request"),
    TIME_HELD,
    BACKLOG,
)
