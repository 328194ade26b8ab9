"""Catalogue 编目 of the demonstration district: classes of GB/T 47678.5 with filing conditions and limits of its own.

It comes in two editions, the second announced for a later day, with a limit that nobody has decided yet. Classes
from 10999 downwards are local extensions for what people call about.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

from domain.actor import Act
from domain.limit import Limit, LimitUnit
from domain.registry.case_type import CaseType
from domain.registry.case_type_key import CaseKind, CaseTypeKey, class_key
from domain.registry.catalogue_edition import CatalogueEdition
from domain.registry.filing_condition import FilingCondition
from domain.registry.publishing import publish

CITY = "1507"
EDITION, NEXT_EDITION = "2026.1", "2026.2"
NEXT_AFTER = timedelta(days=120)
"""How long after the first edition the second comes into force: after all that the demonstration tells."""
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


def editions(act: Act, since: date) -> list[CatalogueEdition | CaseType]:
    """立案标准: the edition valid from `since`, and a second one announced for later, with all their conditions."""
    first = _drafted(act, EDITION, "立案标准（2026年第一版）", since)
    first.put(act, city=CITY, conditions=[_condition(matter) for matter in MATTERS])
    entries = publish(act, city=CITY, edition=first, editions=[], case_types=[])
    known = [entry for entry in entries if isinstance(entry, CaseType)]
    second = _drafted(act, NEXT_EDITION, "立案标准（2026年第二版）", since + NEXT_AFTER)
    second.put(act, city=CITY, conditions=[*_kept(), *_NEW])
    later = publish(act, city=CITY, edition=second, editions=[first], case_types=known)
    listed = {entry.id for entry in entries}
    return [*entries, *(entry for entry in later if entry.id not in listed)]


def _drafted(act: Act, code: str, name: str, since: date) -> CatalogueEdition:
    source = "示范区依 GB/T 47678.5 编订"
    return CatalogueEdition.draft(act, city=CITY, code=code, name=name, source=source, effective_from=since)


def _condition(matter: Matter) -> FilingCondition:
    return FilingCondition(
        matter.code, matter.name, _HEADINGS[matter.in_class[:-3]], matter.condition, matter.closing, matter.limit,
        lead=matter.lead,
    )  # fmt: skip


def _kept() -> list[FilingCondition]:
    """What the second edition takes over, with the limits it shortens."""
    kept = [_condition(matter) for matter in MATTERS if matter.code not in _DROPPED]
    return [content.decided(_SHORTER.get(content.code, content.limit)) for content in kept if content.limit]


_DROPPED = {"matter-06038"}
_SHORTER = {
    "matter-06042": Limit(2, _HOUR),
    "matter-06028": Limit(60, _MINUTE),
    "asset-01037-2": Limit(2, _DAY),
}
_NEW = [
    FilingCondition(
        "matter-06017-2", "绿地脏乱", "市容环境", "绿地缺株、苗木枯死", "补植到位", None, "种植季节15工作日", lead="yl",
        lead_text="园林绿化部门、各绿化养护单位", supervisor_text="城市管理部门",
    ),
    FilingCondition(
        "matter-10995", "共享单车乱停（自定义）", "其他", "共享单车堆放影响通行", "摆放整齐", Limit(2, _HOUR),
        lead="cg", lead_text="城市管理部门、运营企业", supervisor_text="城市管理部门",
    ),
]  # fmt: skip
