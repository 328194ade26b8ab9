"""The OpenAPI document: what FastAPI derives from the routes, told as people and generated clients need it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI

from interfaces.http.problems import MEDIA_TYPE, TooLarge, responses


class Described(FastAPI):
    """FastAPI with Chinese summaries, `If-Match` required where it is, and problems under their own media type."""

    def openapi(self) -> dict[str, Any]:
        """The document, made once."""
        if self.openapi_schema is None:
            for operation in _operations(super().openapi()):
                # A docstring begins with what the step is called; the route's English name is no summary.
                operation["summary"] = re.split(r"[：:。.；;，,]", operation["description"], maxsplit=1)[0]
                for parameter in operation.get("parameters", ()):
                    if parameter["name"] == "if-match":
                        # Optional to FastAPI alone, so that its absence is answered with 428.
                        parameter |= {"required": True, "schema": parameter["schema"]["anyOf"][0]}
                if "requestBody" in operation:
                    too_large = responses(TooLarge)[413]
                    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
                    operation["responses"]["413"] = {"description": too_large["description"], "content": content}
                for status, answer in operation["responses"].items():
                    if status >= "400":
                        answer["content"] = {MEDIA_TYPE: answer["content"]["application/json"]}
        return self.openapi_schema or {}


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in document["paths"].values():
        yield from path.values()
