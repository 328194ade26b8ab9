"""The OpenAPI document: what FastAPI derives from the routes, told as people and generated clients need it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI

from interfaces.http.problems import MEDIA_TYPE, TooLarge, responses

DESCRIPTIONS = {
    "CaseKind": "案件类别：事项或部件；两类编号有重合，故类别是编码的一部分。",
    "Channel": "受理渠道。",
    "Counts": "一组的计数：诉求的回访，到期的网格事件。",
    "Diversion": "不予派单的六种分流。",
    "GridKind": "网格类型。",
    "IssueStage": "网格事件所处环节。",
    "IssueView": "台账中的网格事件；尚未发生的时间为 null；无权知悉者 text 为 null。",
    "Level": "区划级别，自上而下。",
    "Limit": "时限：数值和单位。",
    "LimitUnit": "时限单位；分钟和紧急工作时不分昼夜和节假日。",
    "Rates": "响应率、解决率、满意率出自有效回访，按期办结率出自到期的网格事件；没有数据时为 null。",
    "Receipt": "回执：写入了哪个日志 (log) 的哪个位置 (position)，及写入后的版本。",
    "RequestKind": "诉求类型。",
    "RequestStage": "诉求所处环节。",
    "RequestView": "台账中的诉求；无权知悉者 title 和 text 为 null。",
    "ReturnReason": "退单理由。",
    "Role": "岗位。",
    "Satisfaction": "回访：是否满意。",
    "Solved": "回访：是否解决。",
    "SolvedLevel": "解决层级。",
    "Token": "令牌：在 expires_at 之前以 Authorization: Bearer 发送。",
    "Told": "时间线上的一步，及其出自的事实。",
    "UnitLevel": "单位层级。",
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
            answer["content"] = {MEDIA_TYPE: answer["content"]["application/json"]}
