"""Catalogue 编目 of the demonstration district: classes of GB/T 47678.5 with filing conditions and limits of its own.

Classes from 10999 downwards are local extensions for what people call about.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import chain

from domain.actor import Act
from domain.limit import Limit, LimitUnit
from domain.registry.case_type import CaseKind, CaseType, CaseTypeKey, class_key

EDITION = "2026.1"
_MINUTE, _URGENT, _HOUR, _DAY, _NATURAL = LimitUnit
_EXTENSION = "（自定义）"
_HEADINGS = {
    "asset-01": "市政公用设施",
    "asset-02": "交通设施",
    "asset-03": "市容环卫设施",
    "asset-04": "园林绿化设施",
    "matter-06": "市容环境",
    "matter-07": "宣传广告",
    "matter-08": "施工管理",
    "matter-09": "街面秩序",
    "matter-10": "其他",
}


@dataclass(frozen=True)
class Matter:
    """One filing condition. Without a lead the dispatcher chooses a street or a community that admits it."""

    code: str
    name: str
    lead: str | None
    limit: Limit
    condition: str
    closing: str

    @property
    def in_class(self) -> str:
        """The key of its class."""
        return class_key(self.code)

    @property
    def called(self) -> str:
        """Its name as people say it."""
        return self.name.removesuffix(_EXTENSION)


Row = tuple[int, LimitUnit, str, str]


def _class(code: str, name: str, lead: str | None, *rows: Row) -> list[Matter]:
    kind, digits = code.split("-")
    return [
        Matter(str(CaseTypeKey(CaseKind(kind), digits, number)), name, lead, Limit(amount, unit), condition, closing)
        for number, (amount, unit, condition, closing) in enumerate(rows, start=1)
    ]


# fmt: off
MATTERS = tuple(chain(
    _class("matter-06001", "私搭乱建", "cg",
           (4, _HOUR, "正在搭建、尚未封顶", "停止搭建，材料清离现场"),
           (15, _DAY, "已经建成", "依法拆除，垃圾清运完毕")),
    _class("matter-06010", "暴露垃圾", "hw",
           (4, _HOUR, "露天垃圾不足 1 立方米", "清理干净，无散落"),
           (1, _DAY, "露天垃圾 1 立方米以上", "清运完毕，地面复原")),
    _class("matter-06012", "道路不洁", "hw", (4, _HOUR, "路面有明显泥沙、落叶或污渍", "清扫、冲洗干净")),
    _class("matter-06013", "道路破损", "zj",
           (24, _URGENT, "坑槽影响行车、行人安全", "围挡警示并完成应急修补"),
           (5, _DAY, "一般裂缝、沉陷", "修复平整")),
    _class("matter-06017", "绿地脏乱", "yl", (1, _DAY, "绿地内有垃圾、枯枝", "清理干净，补植到位")),
    _class("matter-06027", "油烟污染", "cg", (3, _DAY, "餐饮油烟直排或净化设施停用", "设施正常运行，排放合格")),
    _class("matter-06028", "噪声扰民", "cg", (90, _MINUTE, "商业或娱乐噪声正在扰民", "噪声停止或降至规定限值")),
    _class("matter-06030", "乱排污水", "hb", (2, _DAY, "污水排入街面、河道", "停止排放，污染清除")),
    _class("matter-06036", "乱堆物", None,
           (4, _HOUR, "堆物堵塞通道、楼道", "移走堆物，通道畅通"),
           (2, _DAY, "堆物影响环境、不堵通道", "清理完毕")),
    _class("matter-06037", "动物尸体", "hw", (4, _URGENT, "公共场所有动物尸体", "收运并消毒")),
    _class("matter-06038", "饲养家禽", None, (3, _DAY, "居民区内违规饲养家禽家畜", "清离并清扫消毒")),
    _class("matter-06042", "垃圾满溢", "hw", (4, _HOUR, "垃圾箱满溢、落地", "清运完毕，箱体归位")),
    _class("matter-07001", "非法小广告", None, (1, _DAY, "墙面、电杆有张贴或喷涂", "清除并恢复原貌")),
    _class("matter-07003", "违规户外广告", "cg",
           (4, _URGENT, "牌体松动、有坠落危险", "拆除或加固"),
           (5, _DAY, "未经许可设置", "拆除或补办手续")),
    _class("matter-08001", "施工扰民", "cg",
           (2, _URGENT, "夜间违规施工", "停止施工"),
           (1, _DAY, "日间施工噪声超标", "采取降噪措施")),
    _class("matter-08004", "施工扬尘", "zj", (1, _DAY, "裸土未苫盖、未洒水降尘", "苫盖到位，降尘设施运行")),
    _class("matter-09001", "游商", "cg", (2, _HOUR, "流动摊贩占道", "劝离，地面干净")),
    _class("matter-09005", "店外经营", "cg", (4, _HOUR, "商户出店摆放", "退回店内经营")),
    _class("matter-09006", "占道经营", "cg", (4, _HOUR, "固定摊点占道", "撤离，道路畅通")),
    _class("matter-09009", "机动车乱停", "jj", (2, _HOUR, "车辆停在禁停路段、盲道", "驶离或依法处理")),
    _class("matter-09012", "占消防通道", "jj", (60, _MINUTE, "消防通道被车辆、物品占用", "通道恢复畅通")),
    _class("matter-09020", "农贸市场秩序", "sc", (3, _DAY, "市场内计量、卫生、摊位秩序问题", "整改到位")),
    _class("matter-10001", "积雪结冰", "hw",
           (12, _URGENT, "主干道、坡道、站台积雪结冰", "清除或撒布防滑材料"),
           (1, _NATURAL, "背街小巷、居民区积雪结冰", "清出通行路面")),
    _class("matter-10002", "线缆脱落", "dl",
           (2, _URGENT, "脱落线缆危及行人、车辆", "排除危险"),
           (3, _DAY, "线缆低垂、无直接危险", "整理加固")),
    _class("matter-10996", "消费纠纷（自定义）", "sc", (7, _NATURAL, "质量、退费、预付卡纠纷", "调解终结或依法立案")),
    _class("matter-10997", "拖欠工资（自定义）", "rs", (7, _DAY, "劳动者反映拖欠工资", "支付到位或导入法定程序")),
    _class("matter-10998", "物业服务（自定义）", "zj", (5, _NATURAL, "电梯、照明、保洁等服务不到位", "整改并告知业主")),
    _class("matter-10999", "供热不达标（自定义）", "gs",
           (12, _URGENT, "停热或室温低于 16 度", "恢复供热并复测"),
           (2, _DAY, "室温在 16 度以上、未达约定", "调节后复测达标")),
    _class("asset-01001", "供水井盖", "gs",
           (2, _URGENT, "缺失、移位", "围挡并补装"),
           (1, _DAY, "破损、异响", "更换或加固")),
    _class("asset-01003", "雨水井盖", "zj", (2, _URGENT, "缺失、移位", "围挡并补装")),
    _class("asset-01025", "供水设施", "gs", (4, _URGENT, "停水、管道冻裂漏水", "恢复供水")),
    _class("asset-01037", "路灯", "zj",
           (24, _URGENT, "整段不亮", "恢复照明"),
           (3, _DAY, "单灯不亮、闪烁", "更换修复")),
    _class("asset-01061", "露天供热管道", "gs", (4, _URGENT, "漏水、漏汽、保温层脱落", "修复并清除积冰")),
    _class("asset-02010", "标志标线", "jj", (5, _DAY, "标志倾斜、标线不清", "扶正、补划")),
    _class("asset-02014", "信号灯", "jj", (4, _URGENT, "不亮、常亮、错相", "恢复正常，期间有人疏导")),
    _class("asset-03001", "公厕", "hw", (2, _DAY, "停用、冻堵、设施损坏", "恢复使用")),
    _class("asset-03005", "垃圾箱", "hw", (3, _NATURAL, "破损、缺失", "修复或更换")),
    _class("asset-04002", "行道树", "yl",
           (4, _URGENT, "倒伏、断枝危及通行", "清除障碍"),
           (5, _DAY, "枯死、遮挡标志", "修剪或更换")),
))
# fmt: on


def case_types(act: Act, since: date) -> list[CaseType]:
    """The catalogue as entries, valid from `since`."""
    return [_published(act, since, matter) for matter in MATTERS]


def _published(act: Act, since: date, matter: Matter) -> CaseType:
    return CaseType.publish(
        act, city="1507", code=matter.code, name=matter.name, class_name=_HEADINGS[matter.in_class[:-3]],
        condition=matter.condition, closing_condition=matter.closing, limit_amount=matter.limit.amount,
        limit_unit=matter.limit.unit.value, lead=matter.lead, edition=EDITION, valid_from=since,
    )  # fmt: skip
