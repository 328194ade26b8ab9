"""The two formats of GeoReport: one tree, written as XML or, by the rule the standard gives, as JSON.

JSON is the XML without its root: a container of one repeated child is an array, with none or one in it too, and what
is empty is null. No namespace and no attribute stands in the XML.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from xml.sax.saxutils import escape


class Format(StrEnum):
    """格式, by the ending of the address."""

    XML = "xml"
    JSON = "json"

    @property
    def media_type(self) -> str:
        """The header, to the letter: some clients compare it."""
        return "text/xml; charset=utf-8" if self is Format.XML else "application/json; charset=utf-8"


@dataclass(frozen=True)
class Each:
    """A container of one repeated child."""

    child: str
    values: Sequence[Node]


Leaf = str | int | float | bool | None
Node = Leaf | Each | Mapping[str, "Node"]
DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to write, escaped or not."""


def written(format: Format, root: str, node: Node) -> bytes:
    """A document whose root element is `root`."""
    if format is Format.JSON:
        return json.dumps(_plain(node), ensure_ascii=False, allow_nan=False).encode(errors="replace")
    return (DECLARATION + "".join(_elements(root, node)) + "\n").encode()


def moment(at: datetime | None) -> str | None:
    """An instant as W3C writes it, in whole seconds of UTC."""
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _plain(node: Node) -> object:
    if isinstance(node, Each):
        return [_plain(one) for one in node.values]
    if isinstance(node, Mapping):
        return {name: _plain(one) for name, one in node.items()}
    return None if node == "" else node


def _elements(name: str, node: Node) -> Iterator[str]:
    if isinstance(node, Each):
        inside = "".join(part for one in node.values for part in _elements(node.child, one))
    elif isinstance(node, Mapping):
        inside = "".join(part for child, one in node.items() for part in _elements(child, one))
    else:
        inside = _text(node)
    yield f"<{name}>{inside}</{name}>" if inside else f"<{name}/>"


def _text(leaf: Leaf) -> str:
    match leaf:
        case None:
            return ""
        case bool():
            return "true" if leaf else "false"
        case float():
            return f"{leaf:.6f}".rstrip("0").rstrip(".")
        case int():
            return str(leaf)
    # A parser would turn a lone carriage return into a line feed.
    return escape(_UNWRITABLE.sub("\ufffd", leaf), {"\r": "&#13;"})
