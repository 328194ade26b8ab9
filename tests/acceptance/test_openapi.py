"""The OpenAPI document is valid, readable and kept: whatever a generated client sends, the answer is as declared."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import asynccontextmanager
from copy import deepcopy
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from domain.actor import Act, Role
from interfaces.http.app import create_app
from tests import town
from tests.case_calls import CHINESE, dispatch, receive, report
from tests.served import Served

ENGLISH = re.compile("[a-z]{2,} [a-z]{2,}")
ASKED = {"get": 3, "post": 6}
"""Examples an operation, in each of the ways below."""


@asynccontextmanager
async def _unserved(_app: FastAPI) -> Any:
    yield


DOCUMENT = create_app(_unserved).openapi()


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


OPERATIONS = [pytest.param(*one, id=one[2]["operationId"]) for one in operations()]
ENDLESS = {one["operationId"] for _, _, one in operations() if "text/event-stream" in str(one["responses"].get("200"))}
"""Streams have tests of their own."""
ANSWERS = [one for one in OPERATIONS if one.id not in ENDLESS]
COMMANDS = [pytest.param(*one, id=one[2]["operationId"]) for one in operations() if re.search("_id}/[a-z-]+$", one[1])]
COMMANDS = [one for one in COMMANDS if one.values[0] == "post"]

# --- the document --------------------------------------------------------------------------------


def test_the_document_is_valid_openapi(served: Served) -> None:
    assert DOCUMENT["openapi"].startswith("3.1.")
    schemathesis.openapi.from_dict(DOCUMENT).validate()
    assert served.client("receiver").get("/openapi.json").json() == DOCUMENT


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [operation["operationId"] for _, _, operation in operations()]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[a-z_]+", name) for name in names)


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_every_operation_is_told_in_chinese(method: str, path: str, operation: dict[str, Any]) -> None:
    assert CHINESE.search(operation["summary"])
    assert CHINESE.search(operation["description"])
    assert all(CHINESE.search(tag) for tag in operation["tags"])
    for status, answer in operation["responses"].items():
        assert status < "400" or CHINESE.search(answer["description"]), (method, path, status)


@pytest.mark.parametrize("name", sorted(DOCUMENT["components"]["schemas"]))
def test_every_value_is_told_in_chinese(name: str) -> None:
    schema = DOCUMENT["components"]["schemas"][name]
    told = [schema, *schema.get("properties", {}).values()]
    texts = [one["description"] for one in told if "description" in one]
    assert [text for text in texts if not CHINESE.search(text) or ENGLISH.search(text)] == []


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_refusals_are_declared_as_problems(method: str, path: str, operation: dict[str, Any]) -> None:
    declared = operation["responses"]
    assert {"401", "422", "503"} <= set(declared), (method, path)
    for status, answer in declared.items():
        if status >= "400":
            assert list(answer["content"]) == ["application/problem+json"]


@pytest.mark.parametrize(("method", "path", "operation"), COMMANDS)
def test_a_command_declares_what_it_may_be_refused(method: str, path: str, operation: dict[str, Any]) -> None:
    assert {"403", "404", "409", "412", "413", "428"} <= set(operation["responses"]), (method, path)
    headers = {one["name"]: one.get("required", False) for one in operation["parameters"] if one["in"] == "header"}
    assert headers == {"if-match": True, "idempotency-key": False}


def test_every_example_is_valid() -> None:
    checked = 0
    for schema in _schemas(DOCUMENT):
        for example in schema["examples"]:
            whole = {key: value for key, value in schema.items() if key != "examples"}
            jsonschema_rs.Draft202012Validator(whole | {"components": DOCUMENT["components"]}).validate(example)
            checked += 1
    assert checked > 50


def _schemas(node: Any) -> Iterator[dict[str, Any]]:
    """All schemas of the document that give examples."""
    if isinstance(node, dict):
        if isinstance(node.get("examples"), list):
            yield node
        node = list(node.values())
    if isinstance(node, list):
        for inner in node:
            yield from _schemas(inner)


# --- what is answered ----------------------------------------------------------------------------


def _without_waiting() -> dict[str, Any]:
    """The document without `wait`: a position that will never come costs seconds each time."""
    document = deepcopy(DOCUMENT)
    for methods in document["paths"].values():
        for operation in methods.values():
            operation["parameters"] = [one for one in operation.get("parameters", ()) if one["name"] != "wait"]
    return document


SCHEMA = schemathesis.openapi.from_dict(_without_waiting())


@pytest.fixture(scope="module")
def everybody(served: Served) -> str:
    """Somebody with every role, so that an order is not refused for who gives it."""

    async def join(services: Any) -> None:
        act = Act(town.ADMIN, town.START)
        await services.staff.join(
            act, code="everybody", name="全能岗", unit=town.ROADS, roles=list(Role), areas=[town.CITY]
        )
        await services.sign_in.register("everybody", "everybody", served.passwords["everybody"])

    served.passwords["everybody"] = secrets.token_urlsafe(16)
    served.run(join)
    return str(served.client("everybody").headers["Authorization"])


def ask(examples: int, **strategies: st.SearchStrategy[Any]) -> Callable[[Callable[..., None]], None]:
    """Run a function on the same so many examples each time."""

    def run(test: Callable[..., None]) -> None:
        narrow = settings(
            max_examples=examples, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        narrow(given(**strategies)(test))()

    return run


def judge(case: schemathesis.Case[Any], url: str, token: str, excluded: list[Any]) -> None:
    """Send it and demand: no fault, a declared status and type, a body of that schema, a declared refusal."""
    headers = {"Authorization": token}
    answer = case.call(base_url=url, headers=headers)
    case.validate_response(answer, headers=headers, excluded_checks=excluded)
    if answer.status_code >= 400:
        problem = answer.json()
        code = problem["type"].removeprefix("urn:wangge:problem:")
        declared = case.operation.definition.raw["responses"][str(answer.status_code)]["description"]
        assert f"({code})" in declared, f"{case.operation.label} does not declare {code}"
        assert CHINESE.search(problem["title"])
        assert CHINESE.search(problem["detail"])


@pytest.mark.parametrize(("method", "path", "operation"), ANSWERS)
@pytest.mark.parametrize("mode", schemathesis.GenerationMode)
def test_answers_are_as_declared(
    served: Served, everybody: str, method: str, path: str, operation: dict[str, Any], mode: Any
) -> None:
    # A form cannot say everything: dates in the wrong order, words that are blank, a stale version.
    excluded = [positive_data_acceptance]
    strategy = SCHEMA[path][method].as_strategy(generation_mode=mode)

    @ask(ASKED[method], case=strategy)
    def _(case: schemathesis.Case[Any]) -> None:
        judge(case, served.url, everybody, excluded)


@pytest.mark.parametrize(("method", "path", "operation"), COMMANDS)
def test_commands_to_real_cases_are_answered_as_declared(
    served: Served, everybody: str, method: str, path: str, operation: dict[str, Any]
) -> None:
    strategy = SCHEMA[path][method].as_strategy(generation_mode=schemathesis.GenerationMode.POSITIVE)

    @ask(ASKED[method], case=strategy, assigned=st.booleans())
    def _(case: schemathesis.Case[Any], assigned: bool) -> None:
        request = receive(served)
        issue = dispatch(served, request) if assigned else report(served)
        case.path_parameters = {
            "request_id": request.removeprefix("/requests/"), "issue_id": issue.removeprefix("/issues/"),
            "whistle_id": issue.removeprefix("/issues/"),
        }  # fmt: skip
        version = (4 if "issue_id" in path else 2) if assigned else 1
        case.headers["If-Match"] = f'"{version}"'
        judge(case, served.url, everybody, [positive_data_acceptance, negative_data_rejection])
