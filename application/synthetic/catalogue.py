"""立案标准 of the synthetic town: what happens there, how often, when in the year, and which unit it falls to."""

from __future__ import annotations

from dataclasses import dataclass

from domain.limit import Limit, LimitUnit

_URGENT, _HOUR, _DAY, _NATURAL = LimitUnit.URGENT_HOUR, LimitUnit.WORK_HOUR, LimitUnit.WORKDAY, LimitUnit.NATURAL_DAY
EVENLY = (1.0,) * 12
_WINTER = (3.0, 2.5, 1.5, 0.1, 0.05, 0.05, 0.05, 0.05, 0.05, 0.4, 2.0, 3.0)
_SUMMER = (0.4, 0.4, 0.6, 0.8, 1.2, 1.7, 2.2, 1.8, 1.1, 0.8, 0.5, 0.4)


@dataclass(frozen=True)
class Category:
    """One filing condition with its own frequency in each month; `near` ones may also be led by street or community."""

    code: str
    name: str
    heading: str
    department: str
    limit: Limit
    months: tuple[float, ...] = EVENLY
    near: bool = False


def _category(
    code: str, name: str, heading: str, department: str, amount: int, unit: LimitUnit,
    months: tuple[float, ...] = EVENLY, *, near: bool = False,
) -> Category:  # fmt: skip
    return Category(code, name, heading, department, Limit(amount, unit), months, near)


# fmt: off
CATEGORIES = (
    _category("matter-09009", "机动车乱停", "街面秩序", "jj", 4, _HOUR),
    _category("matter-06010", "暴露垃圾", "市容环境", "hw", 1, _DAY, near=True),
    _category("matter-10998", "物业服务（自定义）", "其他", "zj", 7, _NATURAL, near=True),
    _category("matter-06028", "噪声扰民", "市容环境", "cg", 1, _DAY, _SUMMER),
    _category("matter-06036", "乱堆物", "市容环境", "cg", 2, _DAY, near=True),
    _category("matter-10999", "供热不达标（自定义）", "其他", "gs", 24, _URGENT, _WINTER),
    _category("matter-10996", "消费纠纷（自定义）", "其他", "sc", 7, _NATURAL),
    _category("matter-09005", "店外经营", "街面秩序", "cg", 4, _HOUR, near=True),
    _category("matter-10997", "拖欠工资（自定义）", "其他", "rs", 7, _DAY, (2.5, 1.2, *(0.8,) * 9, 1.6)),
    _category("asset-01037", "路灯", "市政公用设施", "zj", 2, _DAY),
    _category("matter-06001", "私搭乱建", "市容环境", "cg", 15, _DAY),
    _category("matter-09001", "游商", "街面秩序", "cg", 4, _HOUR, _SUMMER, near=True),
    _category("matter-07001", "非法小广告", "宣传广告", "cg", 1, _DAY, near=True),
    _category("matter-06013", "道路破损", "市容环境", "zj", 5, _DAY),
    _category("asset-01025", "供水设施", "市政公用设施", "gs", 4, _URGENT),
    _category("matter-08001", "施工扰民", "施工管理", "cg", 1, _DAY, _SUMMER),
    _category("matter-06027", "油烟污染", "市容环境", "cg", 3, _DAY, _SUMMER),
    _category("matter-06017", "绿地脏乱", "市容环境", "yl", 1, _DAY, _SUMMER, near=True),
    _category("asset-03005", "垃圾箱", "市容环卫设施", "hw", 3, _NATURAL),
    _category("matter-06030", "乱排污水", "市容环境", "hb", 2, _DAY),
    _category("matter-10001", "积雪结冰", "其他", "hw", 12, _URGENT, _WINTER, near=True),
    _category("asset-04002", "行道树", "园林绿化设施", "yl", 5, _DAY, _SUMMER),
    _category("matter-08004", "施工扬尘", "施工管理", "zj", 1, _DAY),
    _category("asset-01001", "供水井盖", "市政公用设施", "gs", 2, _URGENT),
    _category("matter-10002", "线缆脱落", "其他", "dl", 2, _URGENT, _SUMMER),
    _category("asset-02014", "信号灯", "交通设施", "jj", 4, _URGENT),
    _category("matter-07003", "违规户外广告", "宣传广告", "cg", 5, _DAY),
    _category("asset-03001", "公厕", "市容环卫设施", "hw", 2, _DAY),
    _category("matter-06038", "饲养家禽", "市容环境", "cg", 3, _DAY, near=True),
    _category("asset-02010", "标志标线", "交通设施", "jj", 5, _DAY),
)
# fmt: on
"""The most frequent first: the n-th comes with a weight of 1/n (Zipf)."""
EDITION = "synthetic.1"


def weights(month: int) -> list[float]:
    """How often each is met in a month, 1 to 12."""
    return [one.months[month - 1] / nth for nth, one in enumerate(CATEGORIES, start=1)]
