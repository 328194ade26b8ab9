"""What pydantic finds wrong, in Chinese and without repeating the value: it may be personal."""

import re
from typing import Any

WORDS = {
    "missing": "缺少此项",
    "extra_forbidden": "没有此项",
    "json_invalid": "不是有效的 JSON",
    "string_type": "应为文本",
    "string_too_short": "不得少于 {min_length} 个字",
    "string_too_long": "不得多于 {max_length} 个字",
    "string_pattern_mismatch": "格式不符",
    "string_unicode": "含有无效字符",
    "too_long": "不得多于 {max_length} 项",
    "too_short": "不得少于 {min_length} 项",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "float_type": "应为数字",
    "float_parsing": "应为数字",
    "finite_number": "应为有限的数",
    "greater_than_equal": "不得小于 {ge}",
    "less_than_equal": "不得大于 {le}",
    "uuid_parsing": "不是有效的编号",
    "uuid_type": "不是有效的编号",
    "enum": "应为 {expected} 之一",
    "literal_error": "应为 {expected} 之一",
    "datetime_parsing": "不是有效的时间，应如 2026-09-30T16:40:00+08:00",
    "datetime_from_date_parsing": "不是有效的时间，应如 2026-09-30T16:40:00+08:00",
    "datetime_type": "不是有效的时间，应如 2026-09-30T16:40:00+08:00",
    "when": "应为日志位置或时刻，如 4200 或 2026-11-02 09:30",
    "timezone_aware": "时间须带时区，如 2026-09-30T16:40:00+08:00",
    "date_parsing": "不是有效的日期，应如 2026-09-30",
    "date_from_datetime_parsing": "不是有效的日期，应如 2026-09-30",
    "list_type": "应为列表",
    "dict_type": "应为对象",
    "model_attributes_type": "应为 JSON 对象，Content-Type 为 application/json",
    "model_type": "应为对象",
    "int_parsing_size": "数字过大",
    "blank": "不得只有空白",
    "control_characters": "含有控制字符",
    "half_coordinates": "经度和纬度须同时给出",
    "half_origin": "来源系统和其中的编号须同时给出",
}
PLACES = {"body": "正文", "query": "查询参数", "path": "地址", "header": "请求头"}
LONGEST_NAME = 64


def problem_of(error: Any) -> dict[str, str]:
    """One finding: where, what (in Chinese) and pydantic's stable type."""
    where, *path = (str(part)[:LONGEST_NAME] for part in error["loc"])
    kind, facts = error["type"], dict(error.get("ctx", {}))
    if "expected" in facts:
        facts["expected"] = "、".join(re.findall(r"'([^']*)'", facts["expected"]))
    problem = WORDS.get(kind, "不符合要求").format_map(facts)
    return {"where": ".".join([PLACES.get(where, where), *path]), "problem": problem, "type": kind}
