"""What fields of events and columns of cases are called on the auditor's pages. What has no name here keeps its own."""

_SHARED = {
    "stage": "环节", "number": "编号", "version": "版本", "position": "位置", "kind": "类型", "channel": "渠道",
    "urgency": "紧急程度", "category": "事项", "grid": "网格", "grid_edition": "网格版次", "place": "地点",
    "longitude": "经度", "latitude": "纬度", "lead": "主办单位", "copies": "抄送单位", "assists": "协办单位",
    "handler": "承办人", "round": "轮次", "voices": "诉求数", "exempt": "已剔除", "exemption_asked": "已申请剔除",
    "confidential": "要求保密", "complained_about": "被投诉对象", "source": "来源系统", "external_id": "外部编号",
    "changed_at": "最近变动", "caller": "吹哨方", "occasion": "事由", "called": "被召集单位", "due": "办理到期",
    "case_due": "案件到期", "clock_start": "计时起点", "limit_amount": "时限数量", "limit_unit": "时限单位",
    "calendar": "工作日历", "calendar_version": "日历版本", "provisional": "暂定", "level": "层级", "measure": "措施",
    "off_list": "清单外派遣", "issue": "网格事件", "request": "诉求", "evidence": "证据", "late": "迟到",
    "absent": "未到", "overdue": "是否超时",
}  # fmt: skip
_OF_EVENTS = {
    "timestamp": "发生时间", "originator_topic": "案件种类", "by": "行为人", "role": "岗位", "of_unit": "所在单位",
    "reason": "理由", "subject": "当事人代号", "sealed": "已封存的内容", "nth": "第几次", "edition": "版次",
    "code": "原因代码", "until": "至何时", "again": "曾派给同一单位", "added": "增加数量",
    "case_added": "案件增加数量", "into": "并入", "unit": "单位", "units": "单位", "back_to": "回到",
    "rules": "规则版本", "rule": "规则条目", "cause": "原因", "clock": "哪个钟", "percent": "已用份额",
    "reached_at": "到达时间", "reached": "是否联系上", "valid": "是否有效", "contacted": "是否联系过",
    "solved": "是否解决", "satisfaction": "满意度", "runs_from": "恢复计时", "spared": "顺延", "handled_by": "承办人",
    "return_granted_by": "准退人", "calendar_version_before": "原日历版本", "due_before": "原办理到期",
    "case_due_before": "原案件到期", "case_provisional": "案件到期暂定", "basis": "派遣依据", "from_place": "原地点",
    "from_grid": "原网格", "from_edition": "原版次", "from_staff": "移交人", "to_staff": "接手人",
    "from_level": "原层级", "from_unit": "原单位", "to_unit": "接手单位", "leader": "包联领导", "automatic": "自动",
    "clocks": "环节时限", "order_kind": "督办种类", "start": "起点", "answer": "答复", "answered": "已答复",
    "passed": "是否通过", "justified": "哨是否得当", "stars": "评分", "remarks": "评语", "arrived_at": "报到时间",
    "proposed_lead": "建议主办", "off_list_units": "清单外单位", "place_id": "地点编号", "place_version": "地点版本",
}  # fmt: skip
_OF_CASES = {
    "reported_by": "上报人", "reported_at": "上报时间", "received_by": "受理人", "received_at": "受理时间",
    "filed_at": "立案时间", "assigned_at": "派遣时间", "accepted_at": "签收时间", "resolved_at": "办理反馈时间",
    "checked_at": "核查时间", "closed_at": "结案时间", "solved_level": "解决层级", "assignments": "派遣次数",
    "returns": "退单次数", "ping_pong": "往返派遣", "merged_into": "并入", "counted_grid": "统计归属网格",
    "counted_place": "统计归属地点", "case_calendar": "案件日历", "case_calendar_version": "案件日历版本",
    "coordinator": "统筹单位", "contact": "包联领导", "passed_up": "经过层级", "escalations": "上报次数",
    "escalated_at": "上报上级时间", "missed_due": "已错过的到期", "missed_by": "错过到期的单位",
    "missed_grid": "错过到期时网格", "stopped_at": "停钟时间", "suspended_until": "挂账至", "suspensions": "挂账次数",
    "suspension_asked": "已申请挂账", "extensions": "延期次数", "extension_asked": "延期申请", "appeal": "超时申诉",
    "supervised": "督办次数", "supervision_due": "督办答复到期", "supervisions": "督办", "dispatch_due": "派遣到期",
    "accept_due": "签收到期", "contact_due": "联系到期", "feedback_due": "反馈到期", "check_due": "核查到期",
    "call_back_due": "回访到期", "handled_in": "办理于", "diversion": "分流原因", "contacted_at": "联系时间",
    "fed_back_at": "反馈时间", "called_back_at": "回访时间", "call_back_valid": "回访有效",
    "said_contacted": "称联系过", "said_solved": "称解决情况", "said_satisfaction": "称满意度",
    "limit_ended": "时限届满", "about": "所为何事", "blown_by": "吹哨人", "blown_at": "吹哨时间",
    "awaited": "待其办理", "caller_awaited": "待吹哨方", "arrivals": "报到", "ratings": "街道评部门",
    "verdicts": "部门评哨", "ended_at": "销哨时间",
}  # fmt: skip
FIELDS = {**_SHARED, **_OF_EVENTS}
COLUMNS = {**_SHARED, **_OF_CASES}
SEALED = {
    "text": "原文",
    "title": "标题",
    "name": "姓名",
    "phone": "电话",
    "address": "住址",
    "account": "账号",
    "id_number": "证件号",
    "comment": "自评时所说",
}
"""What people told, by the name of the field: never shown here, only that it is sealed."""
