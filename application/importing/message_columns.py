"""Columns 列: which column of a message file holds what, by its header, and by what the importer says."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.registry.refusals import BadFile

FIELDS = (
    "external_id", "time", "title", "text", "name", "account", "phone", "address",
    "likes", "dislikes", "reply", "reply_time", "kind", "place",
)  # fmt: skip
DETAILS = ("title", "text", "name", "account", "phone", "address", "likes", "dislikes")
"""Fields kept with the person, never in an event."""

FAMILIAR = {
    "留言编号": "external_id",
    "留言用户": "account",
    "留言主题": "title",
    "留言时间": "time",
    "留言详情": "text",
    "反对数": "dislikes",
    "点赞数": "likes",
    "答复意见": "reply",
    "答复时间": "reply_time",
}
_MOST_SHOWN = 200


@dataclass(frozen=True)
class Columns:
    """The header, and the index of the column that holds each field."""

    header: tuple[str, ...]
    where: dict[str, int]

    @property
    def ignored(self) -> list[str]:
        """Columns nobody reads."""
        used = set(self.where.values())
        return [name for index, name in enumerate(self.header) if index not in used]

    def name(self, field: str) -> str:
        """What the file calls the column of a field."""
        return self.header[self.where[field]]


def columns_of(header: Sequence[str], chosen: Mapping[str, str]) -> Columns:
    """Columns by `chosen` (field to name), the rest by familiar names. Refuses `BadFile`: unknown, twice, missing."""
    names = [name.strip() for name in header]
    if unknown := sorted(set(chosen) - set(FIELDS)):
        raise BadFile(problem=f"没有“{'、'.join(unknown)}”这样的字段，可用：{'、'.join(FIELDS)}")
    familiar = {
        field: name
        for name, field in FAMILIAR.items()
        if name in names and field not in chosen and name not in chosen.values()
    }
    columns = Columns(tuple(names), {field: _index(names, name) for field, name in (familiar | dict(chosen)).items()})
    missing = [field for field in ("external_id", "time") if field not in columns.where]
    missing += [] if {"title", "text"} & set(columns.where) else ["text"]
    missing += ["reply_time"] if "reply" in columns.where and "reply_time" not in columns.where else []
    if missing:
        raise BadFile(problem=f"认不出这些字段的列：{'、'.join(missing)}；表头是：{_shown(names)}")
    return columns


def read_mapping(path: Path) -> dict[str, str]:
    """Field to column name from a TOML file, or JSON by its suffix. Refuses `BadFile`."""
    try:
        text = path.read_text("utf-8-sig")
        found = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
    except (OSError, ValueError) as wrong:
        raise BadFile(problem=f"列映射文件 {path} 读不出来，应为 TOML 或 JSON") from wrong
    if not isinstance(found, dict) or not all(isinstance(name, str) for name in found.values()):
        raise BadFile(problem=f"列映射文件 {path} 应是“字段 = 列名”的表")
    return found


def _index(names: list[str], name: str) -> int:
    if names.count(name) != 1:
        problem = "不在表头中" if name not in names else "在表头中不止一列"
        raise BadFile(problem=f"列“{name}”{problem}；表头是：{_shown(names)}")
    return names.index(name)


def _shown(names: list[str]) -> str:
    return "，".join(names)[:_MOST_SHOWN]
