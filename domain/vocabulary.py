"""Closed lists of the field: kinds, channels, reasons, answers. Codes are stored, labels are read."""

from enum import StrEnum


class RequestKind(StrEnum):
    """诉求类型: the five of 北京市接诉即办工作条例 art. 2, and two that other cities keep."""

    CONSULT = "consult"  #: 咨询
    HELP = "help"  #: 求助
    COMPLAINT = "complaint"  #: 投诉
    REPORT = "report"  #: 举报
    SUGGESTION = "suggestion"  #: 建议
    THANKS = "thanks"  #: 感谢
    OTHER = "other"  #: 其他


class Channel(StrEnum):
    """受理渠道."""

    HOTLINE = "hotline"  #: 热线
    WEB = "web"  #: 网络
    PATROL = "patrol"  #: 网格巡查
    RECEPTION_DAY = "reception_day"  #: 接访日
    DELEGATE = "delegate"  #: 代表委员
    FORUM = "forum"  #: 恳谈会
    VISIT_DIARY = "visit_diary"  #: 民情日记
    COUNTER = "counter"  #: 窗口
    SENSOR = "sensor"  #: 感知设备
    IMPORTED = "imported"  #: 外部导入


class Urgency(StrEnum):
    """紧急程度: the four grades by which 12345 hotlines dispatch and want feedback (DB11/T 2021-2022)."""

    EMERGENCY = "emergency"  #: 突发, 涉及安全稳定和生命财产
    URGENT = "urgent"  #: 紧急, 水电气热和极端天气
    NORMAL = "normal"  #: 一般
    COMPLEX = "complex"  #: 复杂疑难


class Diversion(StrEnum):
    """不予派单的六种分流 (北京市接诉即办工作条例 art. 11)."""

    EMERGENCY = "emergency"  #: 紧急事项, 转紧急服务
    STATUTORY_ROUTE = "statutory_route"  #: 法定途径或信访已受理
    SAME_MATTER = "same_matter"  #: 同一事项无新事实, 告知进展
    CONFIDENTIAL = "confidential"  #: 涉及国家秘密商业秘密个人隐私
    BEYOND_DUTY = "beyond_duty"  #: 超出政府职责, 引导市场社会渠道
    UNLAWFUL = "unlawful"  #: 违反法律或公序良俗


class ReturnReason(StrEnum):
    """退单理由."""

    NOT_OUR_DUTY = "not_our_duty"  #: 非本单位职责
    NOT_OUR_AREA = "not_our_area"  #: 非本单位辖区
    WRONG_CATEGORY = "wrong_category"  #: 事项分类有误
    DUPLICATE = "duplicate"  #: 重复派单
    NEEDS_LEAD = "needs_lead"  #: 需他单位牵头


class Solved(StrEnum):
    """回访: whether the requester says it was solved."""

    SOLVED = "solved"  #: 解决
    PARTLY = "partly"  #: 部分解决
    UNSOLVED = "unsolved"  #: 未解决


class Satisfaction(StrEnum):
    """回访: how content the requester is."""

    SATISFIED = "satisfied"  #: 满意
    BASICALLY = "basically"  #: 基本满意
    DISSATISFIED = "dissatisfied"  #: 不满意
    UNRATED = "unrated"  #: 未评价


class SolvedLevel(StrEnum):
    """解决层级: where an issue was solved."""

    GRID = "grid"  #: 网格
    COMMUNITY = "community"  #: 社区
    STREET = "street"  #: 街道
    DISTRICT = "district"  #: 区县
    CITY = "city"  #: 市


class SupervisionKind(StrEnum):
    """督办类型."""

    OVERDUE = "overdue"  #: 超时督办
    LEADER = "leader"  #: 领导督办
    KEY = "key"  #: 重点督办


class WhistleOccasion(StrEnum):
    """吹哨事由: the three kinds of case in which a street may blow the whistle (北京, 街乡吹哨部门报到)."""

    HARD_PROBLEM = "hard_problem"  #: 群众反映强烈而街道无力解决的难题
    JOINT_ENFORCEMENT = "joint_enforcement"  #: 联合执法
    EMERGENCY = "emergency"  #: 突发应急


class WhistleRemark(StrEnum):
    """报到评语: what the street says of a called unit beside its stars."""

    PROMPT = "prompt"  #: 到场及时
    TARDY = "tardy"  #: 到场迟缓
    COOPERATIVE = "cooperative"  #: 配合主动
    SHIRKING = "shirking"  #: 推诿
    EFFECTIVE = "effective"  #: 处置到位
    INEFFECTIVE = "ineffective"  #: 处置不到位


class GridMove(StrEnum):
    """网格调整: what moves an open case from one grid, or one drawing of it, to another."""

    REDRAW = "redraw"  #: 边界调整
    SPLIT = "split"  #: 拆分
    MERGE = "merge"  #: 合并
    RENUMBER = "renumber"  #: 重编号
    RETIRE = "retire"  #: 撤销


LABELS: dict[StrEnum, str] = {
    RequestKind.CONSULT: "咨询",
    RequestKind.HELP: "求助",
    RequestKind.COMPLAINT: "投诉",
    RequestKind.REPORT: "举报",
    RequestKind.SUGGESTION: "建议",
    RequestKind.THANKS: "感谢",
    RequestKind.OTHER: "其他",
    Channel.HOTLINE: "热线",
    Channel.WEB: "网络",
    Channel.PATROL: "网格巡查",
    Channel.RECEPTION_DAY: "接访日",
    Channel.DELEGATE: "代表委员",
    Channel.FORUM: "恳谈会",
    Channel.VISIT_DIARY: "民情日记",
    Channel.COUNTER: "窗口",
    Channel.SENSOR: "感知设备",
    Channel.IMPORTED: "外部导入",
    Urgency.EMERGENCY: "突发",
    Urgency.URGENT: "紧急",
    Urgency.NORMAL: "一般",
    Urgency.COMPLEX: "复杂疑难",
    Diversion.EMERGENCY: "紧急事项转紧急服务",
    Diversion.STATUTORY_ROUTE: "应由法定途径处理或信访已受理",
    Diversion.SAME_MATTER: "同一事项无新事实，已告知进展",
    Diversion.CONFIDENTIAL: "涉及国家秘密、商业秘密或个人隐私",
    Diversion.BEYOND_DUTY: "超出政府职责，引导至市场或社会渠道",
    Diversion.UNLAWFUL: "违反法律规定或公序良俗",
    ReturnReason.NOT_OUR_DUTY: "非本单位职责",
    ReturnReason.NOT_OUR_AREA: "非本单位辖区",
    ReturnReason.WRONG_CATEGORY: "事项分类有误",
    ReturnReason.DUPLICATE: "重复派单",
    ReturnReason.NEEDS_LEAD: "需他单位牵头",
    Solved.SOLVED: "解决",
    Solved.PARTLY: "部分解决",
    Solved.UNSOLVED: "未解决",
    Satisfaction.SATISFIED: "满意",
    Satisfaction.BASICALLY: "基本满意",
    Satisfaction.DISSATISFIED: "不满意",
    Satisfaction.UNRATED: "未评价",
    SolvedLevel.GRID: "网格",
    SolvedLevel.COMMUNITY: "社区",
    SolvedLevel.STREET: "街道",
    SolvedLevel.DISTRICT: "区县",
    SolvedLevel.CITY: "市",
    SupervisionKind.OVERDUE: "超时督办",
    SupervisionKind.LEADER: "领导督办",
    SupervisionKind.KEY: "重点督办",
    WhistleOccasion.HARD_PROBLEM: "难题",
    WhistleOccasion.JOINT_ENFORCEMENT: "联合执法",
    WhistleOccasion.EMERGENCY: "突发应急",
    WhistleRemark.PROMPT: "到场及时",
    WhistleRemark.TARDY: "到场迟缓",
    WhistleRemark.COOPERATIVE: "配合主动",
    WhistleRemark.SHIRKING: "推诿",
    WhistleRemark.EFFECTIVE: "处置到位",
    WhistleRemark.INEFFECTIVE: "处置不到位",
    GridMove.REDRAW: "边界调整",
    GridMove.SPLIT: "拆分",
    GridMove.MERGE: "合并",
    GridMove.RENUMBER: "重编号",
    GridMove.RETIRE: "撤销",
}
