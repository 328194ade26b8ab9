"""可办: what is offered is what the case would take, why not is told in its words, and trying leaves it as it was."""

from __future__ import annotations

from contextlib import asynccontextmanager
from copy import deepcopy
from typing import Any

import pytest
from fastapi import FastAPI

from application.trying import issue_trials, request_trials
from application.trying.issue_trials import Around
from application.trying.possible import possible
from domain.actor import Actor
from domain.grid_issue import GridIssue
from domain.refusals import DutyConflict, LimitStillRunning
from domain.resident_request import ResidentRequest
from domain.stages import IssueStage, RequestStage
from interfaces.http.app import create_app
from interfaces.web.case.orders import OF_ISSUES, OF_REQUESTS, Order, offered
from tests.cases import DUE, ISSUE_AT, REQUEST_AT, TERMS
from tests.spec import (
    DAY,
    DISPATCHER,
    HANDLER,
    HOUR,
    ISSUE,
    NINE,
    ONE_OF_EACH,
    REQUEST,
    SUPERVISOR,
    VERIFIER,
    WATER_HANDLER,
    WORKER,
    act,
    doing_all,
    past,
)

AROUND = Around(TERMS, TERMS)
LATER = NINE + 2 * HOUR
S, R = IssueStage, RequestStage


def issue_at(stage: IssueStage) -> GridIssue:
    issue: GridIssue = past(*ISSUE_AT[stage], id=ISSUE)
    return issue


def may(actor: Actor, stage: IssueStage) -> list[str]:
    found = possible(issue_at(stage), act(actor, LATER, "试"), AROUND, issue_trials.TRIALS)
    return [one.command for one in found if one.refused is None]


@pytest.mark.parametrize(
    ("actor", "stage", "commands"),
    [
        (WORKER, S.REPORTED, ["solve-on-spot", "escalate"]),
        (HANDLER, S.ASSIGNED, ["accept", "ask-return", "escalate", "ask-exemption"]),
        (HANDLER, S.ACCEPTED,
         ["resolve", "ask-return", "ask-extension", "ask-suspension", "escalate", "ask-exemption"]),
        (WATER_HANDLER, S.ACCEPTED, ["ask-exemption"]),
        (DISPATCHER, S.RETURN_ASKED,
         ["grant-return", "refuse-return", "order-supervision", "escalate", "merge", "ask-exemption"]),
        (VERIFIER, S.RESOLVED, ["check"]),
        (SUPERVISOR, S.SUSPENDED, ["resume", "order-supervision"]),
        (DISPATCHER, S.MERGED, ["unmerge", "ask-exemption"]),
        (DISPATCHER, S.VOIDED, ["ask-exemption"]),
    ],
)  # fmt: skip
def test_what_may_be_done_is_what_the_case_would_take(actor: Actor, stage: IssueStage, commands: list[str]) -> None:
    assert may(actor, stage) == commands


def test_who_handled_is_told_why_they_may_not_judge() -> None:
    everybody = doing_all("handler", "roads")
    found = possible(issue_at(S.RESOLVED), act(everybody, LATER, "试"), AROUND, issue_trials.TRIALS)
    (check,) = [one for one in found if one.command == "check"]
    assert isinstance(check.refused, DutyConflict)
    (order,) = offered([check], OF_ISSUES)
    assert order.refused == "您已参与本案的“办理”，不能再做“核查”，请换人办理。"


@pytest.mark.parametrize("stage", list(IssueStage))
def test_trying_leaves_an_issue_as_it_was(stage: IssueStage) -> None:
    issue = issue_at(stage)
    before = deepcopy(vars(issue))
    for actor in (*ONE_OF_EACH, doing_all("all", "roads")):
        list(possible(issue, act(actor, LATER, "试"), AROUND, issue_trials.TRIALS))
    assert vars(issue) == before
    assert not issue.pending_events


def test_a_requester_is_called_back_when_the_limit_has_ended() -> None:
    request: ResidentRequest = past(*REQUEST_AT[R.FED_BACK], id=REQUEST)
    issue = issue_at(S.CLOSED)
    early = request_trials.tried(request, act(VERIFIER, DUE - HOUR), issue)
    assert isinstance(next(one for one in early if one.command == "call-back").refused, LimitStillRunning)
    then = request_trials.tried(request, act(VERIFIER, DUE + DAY), issue)
    assert [one.command for one in then if one.refused is None] == ["call-back"]
    then_handler = request_trials.tried(request, act(HANDLER, DUE + DAY, "试"), issue)
    assert [one.command for one in then_handler] == ["ask-exemption"]
    assert not request.pending_events


# --- the forms are those of the API -----------------------------------------------------------------


@asynccontextmanager
async def _unserved(_app: FastAPI) -> Any:
    yield


DOCUMENT = create_app(_unserved).openapi()


def body_of(path: str, command: str) -> dict[str, Any]:
    asked = DOCUMENT["paths"][f"{path}/{command}"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    model: dict[str, Any] = DOCUMENT["components"]["schemas"][asked["$ref"].rpartition("/")[2]]
    return model


@pytest.mark.parametrize(
    ("path", "order"),
    [("/api/v1/issues/{issue_id}", order) for order in OF_ISSUES.values()]
    + [("/api/v1/requests/{request_id}", order) for order in OF_REQUESTS.values()],
)
def test_a_form_asks_what_the_command_takes(path: str, order: Order) -> None:
    model = body_of(path, order.command)
    asked = {field.name for field in order.fields}
    assert asked <= set(model["properties"])
    assert set(model.get("required", [])) <= {field.name for field in order.fields if field.required}


def test_every_command_that_is_tried_has_a_form() -> None:
    assert set(issue_trials.TRIALS) == set(OF_ISSUES)
    assert set(request_trials.TRIALS) == set(OF_REQUESTS)


def test_every_command_of_the_api_is_tried_or_left_to_other_pages() -> None:
    elsewhere = {"move", "blow-whistle", "whistles"}
    of_issues = {path.rpartition("/")[2] for path, methods in DOCUMENT["paths"].items()
                 if path.startswith("/api/v1/issues/{issue_id}/") and "post" in methods}  # fmt: skip
    assert of_issues - elsewhere == set(OF_ISSUES)
    of_requests = {path.rpartition("/")[2] for path, methods in DOCUMENT["paths"].items()
                   if path.startswith("/api/v1/requests/{request_id}/") and "post" in methods}  # fmt: skip
    assert of_requests - elsewhere == set(OF_REQUESTS)
