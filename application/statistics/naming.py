"""What groups are called: the registered name of a key, and the field's word where there is no key."""

from __future__ import annotations

from collections.abc import Callable

from application.duty_report import name_of
from application.registry.registry import Registry
from application.statistics.filter import Dimension, Grouping, mark
from domain.stages import ISSUE_LABELS, REQUEST_LABELS

NOWHERE = {Dimension.STREET: "未落到街道", Dimension.COMMUNITY: "未落到社区", Dimension.GRID: "未落到网格"}
HOLDERS = {
    "grid": "网格", "desk": "派遣受理席", "unit": "主办单位", "check": "待核查", "closing": "待结案",
    "issue": "随网格事件办理", "call_back": "待回访",
}  # fmt: skip
LEVELS = {"grid": "网格", "community": "社区", "street": "街道", "district": "区县", "city": "市"}
CHANNELS = {
    "hotline": "热线", "web": "网络", "patrol": "网格巡查", "reception_day": "接访日", "delegate": "代表委员",
    "forum": "恳谈会", "visit_diary": "民情日记", "counter": "窗口", "sensor": "感知设备", "imported": "外部导入",
}  # fmt: skip
STAGES = {stage.value: label for stage, label in (*REQUEST_LABELS.items(), *ISSUE_LABELS.items())}
WHOLE = "合计"


def namer(registry: Registry, grouping: Grouping, dimension: Dimension | None) -> Callable[[str], str]:
    """How keys of a dimension read."""
    match dimension:
        case None:
            return lambda _key: WHOLE
        case Dimension.PERIOD:
            labels = {mark(one): one.label for one in grouping.buckets}
            return labels.__getitem__
        case Dimension.UNIT:
            return lambda key: name_of(registry.unit, key) if key else "未派遣"
        case Dimension.STREET | Dimension.COMMUNITY:
            return lambda key: name_of(registry.division, key) if key else NOWHERE[dimension]
        case Dimension.GRID:
            return lambda key: name_of(registry.grid, key) if key else NOWHERE[dimension]
        case Dimension.LOG:
            return lambda key: name_of(registry.division, key)
        case Dimension.CATEGORY:
            return lambda key: name_of(registry.case_type, key) if key else "未分类"
        case _:
            words = {
                Dimension.CHANNEL: CHANNELS, Dimension.HOLDER_KIND: HOLDERS, Dimension.LEVEL: LEVELS,
                Dimension.STAGE: STAGES,
            }[dimension]  # fmt: skip
            return lambda key: words.get(key, key)
