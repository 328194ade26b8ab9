"""The OpenAPI document: what FastAPI derives from the routes, told as people and generated clients need it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI

from interfaces.http.problems import MEDIA_TYPE, responses
from interfaces.http.statuses import TooLarge

DESCRIPTIONS = {
    "BoardThen": "台账当时的一页，新的在前；next 为下一页的起点，没有更多时为 null。",
    "CaseThen": "一个案件当时的样子；position 为其最后一步的位置，previous 和 next 为前后各一步，没有的为 null。",
    "Change": "一项内容前后的值。",
    "Difference": "一个案件在两个位置之间的变化，和其间的每一步。",
    "AttemptGroup": "合计的清单外派遣；未分组的项为空文本，month 为北京时间的月份。",
    "AttemptView": "一次清单外派遣：被拒绝的，或标记后照派的；edition 为所依准入办法的版本，可为空。",
    "Better": "指标以高者为先，或以低者为先。",
    "CaseKind": "案件类别：事项或部件；两类编号有重合，故类别是编码的一部分。",
    "ChangeKind": "差异：新增、变更、停用。",
    "Channel": "受理渠道。",
    "ConditionChange": "一个立案条件的差异：新增、逐项变更或停用。",
    "Counting": "日的计算方式：按时刻，或按民法典计日（首日不计入，末日逢休息日顺延，当日停止办公时届满）。",
    "Counts": "一组的计数：诉求的回访，到期的网格事件。",
    "Cut": "周期：日、周或月，起止依考核办法。",
    "Dimension": "分组：派出单位、承接单位、小类、月份。",
    "Diversion": "不予派单的六种分流。",
    "FieldChange": "一项内容的原文和改后；没有内容的为空文本。",
    "Answering": "三个问题现在能否答复；since 为可答复的时间，尚不能确定的为 null；why 为不能答复的原因。",
    "Followed": "办理进度，没有经办人姓名和反映内容；late 为已超过时限尚未办完；said 为本轮的答复，没有的为 null。",
    "FollowTicket": "查询凭据：案件号和查询码。",
    "GridKind": "网格类型。",
    "Measure": "处置措施，及其时间和照片（摘要，见 /follow/{number}/pictures）。",
    "NearIssue": "附近相似案件：metres 为距离，similarity 为文字相近程度（0 至 1），不能比较的为 null。",
    "ProgressStep": "进度的一步：已完成、进行中、尚未到；at 为完成时间，不详的为 null。",
    "Said": "对三个问题的答复，由工作人员回访所记或反映人自评。",
    "IssueStage": "网格事件所处环节。",
    "ClockView": "一个时限的钟。时长是计入的时间：工作时和工作日按工作时间，其余按经过的时间；left 超时后为负。",
    "ExplainedClock": "一个时限的钟，附到期时间的由来。",
    "IssuedBulletin": "一次印发，不含数字：nth 为 1 是首次，之后是更正重发；by 为岗位编号。",
    "IssueView": "台账中的网格事件；尚未发生的时间为 null；无权知悉者 text 为 null。",
    "Level": "区划级别，自上而下。",
    "Limit": "时限：数值和单位。",
    "LimitSource": "时限由何而定：时限规则、编目，或没有规定。",
    "LimitStage": "时限环节：派遣、签收、联系、处置、反馈、核查、回访，及全案。",
    "LimitUnit": "时限单位；分钟和紧急工作时不分昼夜和节假日。",
    "NamedUnit": "标准中的单位称谓、对应的单位（没有人指定的为 null），及现行条件提到它的次数。",
    "Ranked": "名次中的一组：没有数据的 rank 为 null；before 为上期名次，moved 为上升的名次，无从比较时为 null。",
    "Rates": "响应率、解决率、满意率出自有效回访，按期办结率出自到期的网格事件；没有数据时为 null。",
    "ReadingView": "一次阅览记录：way 为经办案页面、列表或电话检索；fields 为字段名，不含内容。",
    "Envelope": "一个事件的信封（CloudEvents 1.0）：id 为“日志:位置”；data 不含个人言语。",
    "FeedPage": "事件流的一页，升序；next 为下一页的 after，at_head 为是否已到日志末尾。",
    "Delivery": "一次投递：status 为接收方最后的答复，没有答复的为 null；failure 为缘由，已送达的为空。",
    "HookStanding": "回调在一个日志中的进度：position 之后的首个事件为正在投递的；halted 为已停投。",
    "ErasureStage": "遗忘所处的步骤。",
    "Receipt": "回执：写入了哪个日志 (log) 的哪个位置 (position)，写入后的版本，及其叶哈希 (leaf_hash)，请留存备核。",
    "RequestKind": "诉求类型。",
    "RequestStage": "诉求所处环节。",
    "RequestView": "台账中的诉求；无权知悉者 title 和 text 为 null。",
    "ReturnReason": "退单理由。",
    "Reviewer": "由哪一级审核：市、区县，或街道（乡镇）；管辖范围须包含整个该级区划。",
    "Role": "岗位。",
    "Satisfaction": "回访：是否满意。",
    "Solved": "回访：是否解决。",
    "SolvedLevel": "解决层级。",
    "Standing": "版次状态：起草中、已作废、待生效、现行、已被取代。",
    "Token": "令牌：在 expires_at 之前以 Authorization: Bearer 发送。",
    "Told": "时间线上的一步，及其出自的事实。",
    "TrialCase": "按此版次会有不同的案件；时限待定、尚未派遣的相应各项为 null；listed 为假时新版不再列此条件。",
    "TrialCounts": "时段内立案、属此版次类别的案件计数；late_ 各项只计有不同的案件。",
    "UnitLevel": "单位层级。",
    "Urgency": "紧急程度：突发、紧急、一般、复杂疑难。",
    "Arrival": "一个单位的报到时间，是否迟到。",
    "UnitRating": "街道对一个单位的评分、评语和说明。",
    "WhistleOccasion": "吹哨事由：难题、联合执法、突发应急。",
    "WhistleRemark": "评语：及时、迟缓、主动、推诿、到位、不到位。",
    "WhistleStage": "吹哨所处状态：哨响待报到、已销哨、已撤哨。",
    "WhistleVerdict": "一个单位认为此哨是否应当，及说明。",
    "WhistleView": "一次吹哨：报到和评价按单位列出；awaited 为还有下一步要做的被召集单位。",
    "WorkItem": "待办：等待某人下一步的案件。",
}
"""For values that routes only pass on: their docstrings are for who reads the code."""


class Described(FastAPI):
    """FastAPI with Chinese summaries, `If-Match` required where it is, and problems under their own media type."""

    def openapi(self) -> dict[str, Any]:
        """The document, made once."""
        if self.openapi_schema is None:
            document = super().openapi()
            for operation in _operations(document):
                _describe(operation)
            for name in DESCRIPTIONS.keys() & document["components"]["schemas"].keys():
                document["components"]["schemas"][name]["description"] = DESCRIPTIONS[name]
        return self.openapi_schema or {}


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in document["paths"].values():
        yield from path.values()


def _describe(operation: dict[str, Any]) -> None:
    # A docstring begins with what the step is called; the route's English name is no summary.
    operation["summary"] = re.split(r"[：:。.；;，,]", operation["description"], maxsplit=1)[0]
    for parameter in operation.get("parameters", ()):
        if parameter["name"] == "if-match":
            # Optional to FastAPI alone, so that its absence is answered with 428.
            parameter |= {"required": True, "schema": parameter["schema"]["anyOf"][0]}
    if "requestBody" in operation:
        content = {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        operation["responses"]["413"] = {"description": responses(TooLarge)[413]["description"], "content": content}
    for status, answer in operation["responses"].items():
        if status >= "400":
            (model,) = answer["content"].values()
            answer["content"] = {MEDIA_TYPE: model}
