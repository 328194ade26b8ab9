"""岗位, 范围, 环节: every command has its roles, the actor's area and its stages; all else is refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import pytest

from domain.actor import Act, Actor, Role
from domain.case_rules import require_stage
from domain.exempting import ask_exemption, decide_exemption
from domain.extending import ask_extension
from domain.grid_issue import GridIssue
from domain.handing_over import hand_over_issue, hand_over_request
from domain.merging import merge, unmerge
from domain.refusals import OutOfOrder, OutsideArea, WrongRole, WrongStage
from domain.resident_request import ResidentRequest
from domain.stages import IssueStage, RequestStage
from domain.supervising import order_supervision
from domain.suspending import ask_suspension
from domain.vocabulary import Diversion, ReturnReason, SupervisionKind
from tests.cases import CATEGORY, DUE, ISSUE_AT, REPORTED, REQUEST_AT, TERMS, absorbed, attached_request
from tests.spec import (
    DAY,
    DISPATCHER,
    GRID,
    HOUR,
    ISSUE,
    NEXT_DISTRICT,
    NINE,
    ONE_OF_EACH,
    OTHER_ISSUE,
    REQUEST,
    ROADS,
    Fact,
    act,
    given,
    past,
    staff,
)

S, R = IssueStage, RequestStage
DISPATCH, HANDLE, RECEIVE = Role.DISPATCHER, Role.HANDLER, Role.RECEIVER
VERIFY, WORK, ADMINISTER = Role.VERIFIER, Role.WORKER, Role.ADMIN
OPEN = (
    S.REPORTED, S.FILED, S.CONSULTING, S.ASSIGNED, S.ACCEPTED, S.SUSPENDED, S.RETURN_ASKED, S.RETURNED, S.RESOLVED,
    S.FAILED, S.CHECKED, S.SOLVED,
)  # fmt: skip
LED = (S.ASSIGNED, S.ACCEPTED, S.RETURN_ASKED, S.SUSPENDED, S.RESOLVED, S.FAILED, S.CHECKED)


def into() -> GridIssue:
    issue = past(REPORTED, absorbed(ISSUE), id=OTHER_ISSUE)
    assert isinstance(issue, GridIssue)
    return issue


@dataclass(frozen=True)
class Command:
    """What is asked of a case, by whom it may be asked, and where the case must stand."""

    decide: Callable[[Any, Act], object]
    roles: Sequence[Role]
    stages: Sequence[IssueStage] | Sequence[RequestStage]

    def by(self, actor: Actor) -> Callable[[Any], object]:
        return lambda case: self.decide(case, act(actor, at=DUE, reason="情况属实"))


ISSUE_COMMANDS = {
    "void": Command(lambda i, a: i.void(a), (RECEIVE, DISPATCH), (S.REPORTED,)),
    "file": Command(
        lambda i, a: i.file(a, category=CATEGORY, edition="2026.1"), (RECEIVE, DISPATCH), (S.REPORTED,)
    ),
    "solve_on_spot": Command(lambda i, a: i.solve_on_spot(a, measure="劝离"), (WORK,), (S.REPORTED,)),
    "open_consultation": Command(lambda i, a: i.open_consultation(a, units=[ROADS]), (DISPATCH,), (S.FILED,)),
    "conclude_consultation": Command(
        lambda i, a: i.conclude_consultation(a, proposed_lead=ROADS), (DISPATCH,), (S.CONSULTING,)
    ),
    "assign": Command(lambda i, a: i.assign(a, lead=ROADS, terms=TERMS), (DISPATCH,), (S.FILED, S.RETURNED)),
    "accept": Command(lambda i, a: i.accept(a), (HANDLE,), (S.ASSIGNED,)),
    "ask_return": Command(
        lambda i, a: i.ask_return(a, code=ReturnReason.NOT_OUR_DUTY), (HANDLE,), (S.ASSIGNED, S.ACCEPTED)
    ),
    "grant_return": Command(lambda i, a: i.grant_return(a), (DISPATCH,), (S.RETURN_ASKED,)),
    "refuse_return": Command(lambda i, a: i.refuse_return(a, terms=TERMS), (DISPATCH,), (S.RETURN_ASKED,)),
    "hand_over": Command(
        lambda i, a: hand_over_issue(a, issue=i, giver=i.handler, taker="second", taker_unit=i.lead),
        (ADMINISTER, DISPATCH), (S.ACCEPTED, S.SUSPENDED, S.RETURN_ASKED),
    ),
    "resolve": Command(lambda i, a: i.resolve(a, measure="修复"), (HANDLE,), (S.ACCEPTED,)),
    "check": Command(lambda i, a: i.check(a, passed=True), (VERIFY,), (S.RESOLVED, S.SOLVED)),
    "order_rework": Command(lambda i, a: i.order_rework(a, terms=TERMS), (VERIFY, DISPATCH), (S.FAILED,)),
    "close": Command(lambda i, a: i.close(a), (RECEIVE, VERIFY, DISPATCH), (S.CHECKED, S.SOLVED)),
    "order_redo": Command(
        lambda i, a: i.order_redo(a, request=REQUEST, terms=TERMS), (VERIFY, DISPATCH, RECEIVE),
        (S.RESOLVED, S.FAILED, S.CHECKED, S.CLOSED, S.SOLVED),
    ),
    "attach_request": Command(lambda i, a: i.attach_request(a, request=REQUEST), (RECEIVE, DISPATCH, WORK), OPEN),
    "detach_request": Command(
        lambda i, a: i.detach_request(a, request=REQUEST), (RECEIVE, DISPATCH), (*OPEN, S.MERGED)
    ),
    "merge": Command(lambda i, a: merge(a, issue=i, into=past(REPORTED, id=OTHER_ISSUE)), (DISPATCH,), OPEN),
    "ask_extension": Command(lambda i, a: ask_extension(a, issue=i), (HANDLE,), (S.ACCEPTED,)),
    "ask_suspension": Command(
        lambda i, a: ask_suspension(a, issue=i, until=DUE + 30 * DAY), (HANDLE,), (S.ACCEPTED,)
    ),
    "order_supervision": Command(
        lambda i, a: order_supervision(a, issue=i, kind=SupervisionKind.KEY, limit=TERMS.limit, terms=TERMS),
        (Role.SUPERVISOR, DISPATCH), LED,
    ),
    "unmerge": Command(lambda i, a: unmerge(a, issue=i, into=into()), (DISPATCH,), (S.MERGED,)),
}  # fmt: skip
REQUEST_COMMANDS = {
    "answer": Command(lambda r, a: r.answer(a), (RECEIVE,), (R.RECEIVED,)),
    "divert": Command(lambda r, a: r.divert(a, code=Diversion.EMERGENCY), (RECEIVE, DISPATCH), (R.RECEIVED,)),
    "detach": Command(lambda r, a: r.detach(a, issue=ISSUE), (RECEIVE, DISPATCH), (R.ATTACHED, R.CONTACTED)),
    "contact": Command(lambda r, a: r.contact(a, reached=True, lead=ROADS), (HANDLE,), (R.ATTACHED, R.CONTACTED)),
    "feed_back": Command(lambda r, a: r.feed_back(a, lead=ROADS), (HANDLE,), (R.ATTACHED, R.CONTACTED)),
    "hand_over": Command(
        lambda r, a: hand_over_request(a, request=r, giver="handler", taker="second", taker_unit=ROADS, lead=ROADS),
        (ADMINISTER, DISPATCH), (R.ATTACHED, R.CONTACTED),
    ),
    "carry_over_reply": Command(lambda r, a: r.carry_over_reply(a), (ADMINISTER,), (R.RECEIVED,)),
    "call_back": Command(
        lambda r, a: r.call_back(a, due=DUE, handlers=(), valid=False), (VERIFY, RECEIVE),
        (R.ATTACHED, R.CONTACTED, R.FED_BACK),
    ),
    "close": Command(lambda r, a: r.close(a), (VERIFY, RECEIVE, DISPATCH), (R.CALLED_BACK,)),
}  # fmt: skip
# What has stages, but refuses there for a reason that has a test of its own.
ATTACH = Command(lambda r, a: r.attach(a, issue=ISSUE), (RECEIVE, DISPATCH, WORK), (R.RECEIVED,))
ORDER_REDO = Command(lambda r, a: r.order_redo(a), (VERIFY, DISPATCH, RECEIVE), ())
ASK_EXEMPTION = Command(lambda c, a: ask_exemption(a, case=c), (HANDLE, DISPATCH, RECEIVE), ())
DECIDE_EXEMPTION = Command(lambda c, a: decide_exemption(a, case=c, granted=True), (Role.SUPERVISOR,), ())

ALL = {
    **{f"issue.{name}": command for name, command in ISSUE_COMMANDS.items()},
    **{f"request.{name}": command for name, command in REQUEST_COMMANDS.items()},
    "request.attach": ATTACH,
    "request.order_redo": ORDER_REDO,
    "issue.ask_exemption": ASK_EXEMPTION,
    "request.ask_exemption": ASK_EXEMPTION,
    "issue.decide_exemption": DECIDE_EXEMPTION,
    "request.decide_exemption": DECIDE_EXEMPTION,
}
STAGED = {name: command for name, command in ALL.items() if command.stages}


def somebody(role: Role) -> Actor:
    return staff("somebody", role, unit=ROADS)


def history(name: str, stage: Any = None) -> tuple[Fact, ...]:
    if name.startswith("request."):
        return REQUEST_AT[stage or R.RECEIVED]
    first, *rest = ISSUE_AT[stage or S.REPORTED]
    return (first, attached_request(), *rest) if name == "issue.detach_request" else (first, *rest)


@pytest.mark.parametrize("stage", IssueStage)
def test_every_stage_of_an_issue_is_reached_by_its_history(stage: IssueStage) -> None:
    assert past(*ISSUE_AT[stage], id=ISSUE).stage is stage


@pytest.mark.parametrize("stage", RequestStage)
def test_every_stage_of_a_request_is_reached_by_its_history(stage: RequestStage) -> None:
    assert past(*REQUEST_AT[stage], id=REQUEST).stage is stage


@pytest.mark.parametrize(
    ("name", "role", "stage"),
    [(name, role, stage) for name, one in STAGED.items() for role in one.roles for stage in one.stages],
)
def test_each_of_its_roles_may_give_a_command_at_each_of_its_stages(
    name: str, role: Role, stage: IssueStage | RequestStage
) -> None:
    case = past(*history(name, stage), id=ISSUE)
    ALL[name].by(somebody(role))(case)
    (event,) = case.pending_events
    assert (event.by, event.role, event.of_unit, event.timestamp) == ("somebody", role.value, ROADS, DUE)


@pytest.mark.parametrize(
    ("name", "actor"),
    [(name, one) for name, command in ALL.items() for one in ONE_OF_EACH if one.roles.isdisjoint(command.roles)],
)
def test_no_other_role_may_give_a_command(name: str, actor: Actor) -> None:
    refusal = given(*history(name)).when(ALL[name].by(actor)).then_refused(WrongRole)
    assert refusal.facts["needed"] == [role.label for role in ALL[name].roles]


@pytest.mark.parametrize(("name", "role"), [(name, one.roles[0]) for name, one in ALL.items()])
def test_a_case_outside_the_actors_area_is_not_theirs_to_touch(name: str, role: Role) -> None:
    stranger = replace(somebody(role), areas=(NEXT_DISTRICT, "150785002"))
    refusal = given(*history(name)).when(ALL[name].by(stranger)).then_refused(OutsideArea)
    assert refusal.facts == {"place": GRID}


@pytest.mark.parametrize(
    ("name", "stage"),
    [(f"issue.{name}", stage) for name, one in ISSUE_COMMANDS.items() for stage in S if stage not in one.stages]
    + [(f"request.{name}", stage) for name, one in REQUEST_COMMANDS.items() for stage in R if stage not in one.stages],
)
def test_a_command_is_refused_at_every_other_stage(name: str, stage: IssueStage | RequestStage) -> None:
    command = ALL[name]
    refusal = given(*history(name, stage)).when(command.by(somebody(command.roles[0]))).then_refused(WrongStage)
    assert refusal.facts["actual"] == stage.label
    assert {one.label for one in command.stages} <= set(cast("list[str]", refusal.facts["expected"]))


@pytest.mark.parametrize(
    ("name", "stage"), [(name, one.stages[-1]) for name, one in STAGED.items() if name != "request.call_back"]
)
def test_nothing_happens_before_the_last_thing_that_happened(name: str, stage: Any) -> None:
    facts = history(name, stage)
    early = act(somebody(ALL[name].roles[0]), at=facts[-1].at - HOUR / 60, reason="情况属实")
    refusal = given(*facts).when(lambda case: ALL[name].decide(case, early)).then_refused(OutOfOrder)
    assert refusal.facts == {"at": early.at, "last": facts[-1].at}


def test_an_actor_with_several_roles_acts_in_the_one_that_fits() -> None:
    issue = past(*ISSUE_AT[S.FAILED], id=ISSUE)
    issue.order_redo(act(staff("both", Role.WORKER, Role.DISPATCHER), at=DUE), request=REQUEST, terms=TERMS)
    assert issue.pending_events[0].role == "dispatcher"


@pytest.mark.parametrize("areas", [("150785",), ("1507",), ("15078500100",), (GRID,), ("150784", GRID[:12])])
def test_an_area_covers_every_place_whose_code_begins_with_it(areas: tuple[str, ...]) -> None:
    assert replace(DISPATCHER, areas=areas).covers(GRID)


@pytest.mark.parametrize("areas", [(), ("150784",), (GRID + "01",), ("150785002", "150785001002")])
def test_no_area_covers_a_place_beside_or_above_it(areas: tuple[str, ...]) -> None:
    assert not replace(DISPATCHER, areas=areas).covers(GRID)


def test_stages_of_both_charts_are_compared_within_their_own() -> None:
    require_stage(R.CLOSED, (R.CLOSED,))
    with pytest.raises(WrongStage):
        require_stage(R.CLOSED, (R.RECEIVED,))


def test_a_deed_carries_who_when_and_why() -> None:
    issue = past(*ISSUE_AT[S.REPORTED], id=ISSUE)
    issue.void(act(DISPATCHER, at=NINE + HOUR, reason="重复上报"))
    (event,) = issue.pending_events
    assert (event.by, event.role, event.of_unit, event.reason, event.timestamp) == (
        "dispatcher", "dispatcher", "office", "重复上报", NINE + HOUR,
    )  # fmt: skip


def test_every_command_of_both_aggregates_is_in_these_tables() -> None:
    commands = {
        f"{kind}.{name}"
        for kind, aggregate in (("issue", GridIssue), ("request", ResidentRequest))
        for name, value in vars(aggregate).items()
        if callable(value) and not isinstance(value, type) and not name.startswith("_")
    }
    tools = {"issue.gate", "issue.set_clock", "issue.stop_clock", "request.gate"}
    of_no_role = {"request.rate_oneself"}
    assert commands - tools - of_no_role == set(ALL) - {
        "issue.merge", "issue.unmerge", "issue.ask_exemption", "issue.decide_exemption",
        "request.ask_exemption", "request.decide_exemption", "issue.hand_over", "request.hand_over",
        "issue.ask_extension", "issue.ask_suspension", "issue.order_supervision",
    }  # fmt: skip
