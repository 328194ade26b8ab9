"""Frames that the words of the classes are put into, reasons, and talks that need no issue."""

from __future__ import annotations

from domain.vocabulary import Channel, Diversion, RequestKind

FOUND = {
    Channel.PATROL: ("巡查发现，{where}{seen}。", "{where}：{seen}，已拍照。", "入户走访途中发现，{where}{seen}。"),
    Channel.SENSOR: ("感知设备报警，视频复核：{where}{seen}。",),
}
CALL = "反映人称：{where}{seen}，{since}，{wish}。"
SINCE = ("已有三天", "从昨天晚上开始", "近一周一直如此", "今天早上发现", "反复出现")
WISH = (
    "希望尽快处理",
    "影响出行，请核实",
    "此前反映过没有结果，请协调",
    "家里有老人孩子，请尽快来看",
    "请告知处理结果",
)
REPLY = "您好，您反映的“{name}”已由{unit}办理：{done}。如仍有问题，请再拨打12345。"

CONTEXT = {
    "void": ("现场核实无此情况", "与已结案件为同一照片，误报", "网格员误触提交"),
    "consult": ("两家单位职责交叉，先行会商", "管线权属不清，需要现场会商"),
    "concluded": ("现场会商认定由该单位牵头，其余单位协助", "按权属确定主办单位"),
    "return": ("现场核实不在本单位养护范围", "该路段已移交，请改派", "应由权属单位先行处置"),
    "granted": ("权属图显示确非其养护范围", "经复核同意改派"),
    "refused": ("编目规定由该单位主办，请继续办理", "权属清楚，理由不成立"),
    "failed": ("现场复查仍有残留", "照片与现场不符，问题仍在", "修复处再次损坏"),
    "redo": ("反映人表示问题没有解决", "反映人对结果不满意"),
    "detach": ("电话核实为另一处问题，解除关联",),
    "merge": ("同一处同一问题，并案办理",),
    "unmerge": ("现场核实为相邻两处，应分别办理",),
    "exempt": ("暴雪橙色预警期间无法作业", "反映事项已进入诉讼程序", "诉求不合理，已书面说明"),
    "exempt_granted": ("材料齐全，予以剔除",),
    "exempt_refused": ("预警期不覆盖全部超时，不予剔除",),
    "handed_over": ("经办人调整岗位，由同事继续办理", "经办人外出培训，交同事办理"),
    "extend": ("备件须从外地调运，申请延期", "需开挖后确定管线位置，申请延期"),
    "extension_refused": ("备件已到货，不予延期", "可先行处置，不予延期"),
    "suspend": ("冻土期不能开挖，待开春施工", "产权单位改造工程未完，暂不能处置"),
    "suspended": ("情况属实，同意挂账",),
    "suspension_refused": ("有替代办法可先处置，不予挂账",),
    "resumed": ("条件已具备，提前恢复办理",),
    "supervise": ("群众反映强烈，请报告进展", "重点时段事项，请说明办理安排"),
    "appeal": ("红色预警期间停工，造成超时", "等待产权单位授权，造成超时"),
    "appeal_refused": ("停工期不覆盖全部超时，申诉不成立",),
    "beyond_grid": ("涉及沿街商户，网格内协调不动", "权属不清，需要上级协调"),
    "beyond_community": ("需执法单位到场，社区无执法权", "多家单位推诿，社区协调不动"),
    "sent_down": ("已明确管护单位，由社区跟进", "协调会已定方案，回社区落实"),
    "whistle": ("路面塌陷并有漏水，需多家单位到场", "占道经营反复，需联合执法", "断枝压线，需紧急处置"),
    "mistaken_whistle": ("地点核实有误，此哨撤回",),
    "rated_low": ("电话催促后才到", "到场后未参与处置"),
    "unjustified": ("街道自有养护力量可以处置，不必吹哨",),
    "late": ("配件到货晚，超时办结", "连续降雪，作业延后"),
}
"""Reasons people give, by what for."""

CONSULTED = (
    (RequestKind.CONSULT, "咨询今年供热缴费截止日期和网上缴费方式。", "已告知缴费期限、网点和网上缴费入口。"),
    (RequestKind.CONSULT, "咨询城乡居民医保异地就医备案怎么办理。", "已说明备案渠道和所需材料。"),
    (RequestKind.CONSULT, "咨询老年人公交卡办理地点。", "已告知办理窗口、时间和所需证件。"),
    (RequestKind.CONSULT, "询问火车站至好里堡的公交末班车时间。", "已告知冬季运行时刻。"),
    (RequestKind.CONSULT, "咨询失业金申领条件。", "已说明申领条件和网上申领步骤。"),
    (RequestKind.CONSULT, "询问居住证明由哪里开具。", "已告知按清单由派出所或社区分别办理。"),
    (RequestKind.CONSULT, "询问停电检修安排。", "已告知检修时段和片区。"),
    (RequestKind.CONSULT, "咨询个体工商户年报怎么填。", "已告知填报入口和期限。"),
    (RequestKind.SUGGESTION, "建议在广场增设避风候车亭。", "已记录建议并转有关单位研究，感谢您的建议。"),
    (RequestKind.SUGGESTION, "建议冰雪节期间延长公交运营时间。", "已记录建议，将在活动方案中研究。"),
    (RequestKind.THANKS, "感谢社区帮助清理门前积雪。", "已向社区转达，感谢您的肯定。"),
    (RequestKind.OTHER, "误拨电话。", "已确认无诉求。"),
)
"""What is answered at once: kind, what was asked, the answer."""

DIVERTED = {
    Diversion.EMERGENCY: ("邻居家厨房冒浓烟。", "已三方通话转接119，请立即离开并等候救援。"),
    Diversion.STATUTORY_ROUTE: ("对法院判决的赔偿数额不服。", "该事项应通过上诉或申诉等法定途径解决，已告知办法。"),
    Diversion.SAME_MATTER: ("再次反映楼道灯问题，无新情况。", "该事项正在办理，已告知您办理进展和时限。"),
    Diversion.CONFIDENTIAL: ("要求查询他人的婚姻登记信息。", "该信息涉及个人隐私，不能提供，已说明依据。"),
    Diversion.BEYOND_DUTY: ("要求帮助协商二手手机的转让价格。", "属于市场交易事项，建议双方协商或向平台申请调解。"),
    Diversion.UNLAWFUL: ("要求帮忙删除对其不利的处罚记录。", "该要求不符合法律规定，已耐心解释劝导。"),
}

THANKS = ("感谢热线和社区这段时间的帮助。", "感谢您的肯定，我们会继续努力。")
