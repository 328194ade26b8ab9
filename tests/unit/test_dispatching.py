"""派遣: the answer names rule, edition and inputs; without a rule the catalogue's lead, the street's, then nobody's."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from application.dispatch.dispatching import Dispatching
from application.dispatch.routing import Routing
from application.registry.dispatch_rules import RuleEditions
from application.registry.relations import UnitRelations
from application.timeline import tell
from application.views import TimelineStep
from domain.grid_issue import GridIssue
from domain.lead_basis import LeadBasis
from domain.refusals import NoSuchEntry
from domain.registry.dispatch_rule import DispatchRule
from domain.registry.dispatch_rules import DispatchRules
from domain.registry.rule_refusals import RulesTie, RulesUnsound
from infrastructure.calendars import chinese_office_calendar
from infrastructure.event_mapper import Encoded, EventMapper
from tests.registry_office import COMMUNITY, COUNTY, GRID, STREET, TODAY, Office, admin, run
from tests.stored.golden import EVENTS

KEY, OTHER, LED = "matter-06017", "matter-06010", "matter-06028"
WORKING = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
NIGHT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
CALENDAR = chinese_office_calendar()
DAY = timedelta(days=1)
E1 = "dispatch-2026.1"


def rule(number: str, lead: str, **said: Any) -> DispatchRule:
    return DispatchRule.checked(number=number, lead=lead, **said)


@pytest.fixture
def city() -> Office:
    office = Office().with_divisions().with_case_type(KEY).with_case_type(OTHER)
    office.with_unit("yl", "department", COUNTY).with_unit("cg", "department", COUNTY)
    office.with_unit("gov", "district", COUNTY).with_unit("hedong").with_unit("xi", "community", COMMUNITY)
    return office.with_case_type(LED, lead="cg")


def publish(city: Office, *rules: DispatchRule, code: str = E1, valid_from: date = TODAY) -> None:
    editions = RuleEditions(city.desk)
    run(editions.draft(admin(), code=code, name=code))
    run(editions.lay(admin(), code=code, rules=rules))
    run(editions.publish(admin(), code=code, valid_from=valid_from))


def route(city: Office, category: str = KEY, at: datetime = WORKING, place: str = GRID, **said: Any) -> Routing:
    return Dispatching(city.view, CALENDAR).route(
        category=category, place=place, channel=said.pop("channel", "patrol"), at=at, **said
    )


def test_the_answer_names_rule_edition_and_all_inputs(city: Office) -> None:
    publish(
        city,
        rule("1", "yl", category="matter-06017", copies=["@district", "@street"], assists=["cg"], name="绿地"),
        rule("2", "@street", category="matter-06", place=STREET),
        rule("3", "gov", category="asset"),
    )
    answer = route(city)
    assert (answer.edition, answer.rule, answer.rule_name, answer.basis) == (E1, "1", "绿地", LeadBasis.RULE)
    assert (answer.lead, answer.copies, answer.assists) == ("yl", ("gov", "hedong"), ("cg",))
    assert answer.reason == "依派遣规则 dispatch-2026.1 第 1 条"
    assert [(other.rule, other.why) for other in answer.runners_up] == [("2", "事项不及第 1 条")]
    inputs = answer.inputs
    assert (inputs.category, inputs.place, inputs.channel, inputs.at) == (KEY, GRID, "patrol", WORKING)
    assert (inputs.day, inputs.working) == (TODAY, True)
    assert (inputs.calendar, inputs.calendar_version) == (CALENDAR.name, CALENDAR.version)


def test_time_decides_by_the_calendar(city: Office) -> None:
    publish(city, rule("day", "yl"), rule("night", "cg", hours="outside"))
    assert [route(city, at=at).lead for at in (WORKING, NIGHT)] == ["yl", "cg"]


def test_a_relation_finds_the_unit_of_the_place(city: Office) -> None:
    publish(city, rule("1", "@community", copies=["@street", "@district"]))
    answer = route(city)
    assert (answer.lead, answer.copies) == ("xi", ("hedong", "gov"))
    assert answer.off_list == ("xi",)


def test_a_rule_without_a_valid_lead_is_passed_over_and_said_so(city: Office) -> None:
    publish(
        city, rule("1", "yl", category="matter-06017", copies=["cg"]), rule("2", "@street", copies=["cg", "@district"])
    )
    run(city.units.close(admin(), code="yl", last_day=TODAY))
    tomorrow = route(city, at=WORKING + DAY)
    assert (tomorrow.rule, tomorrow.lead) == ("2", "hedong")
    (passed_over,) = tomorrow.runners_up
    assert passed_over.rule == "1"
    assert "yl" in passed_over.why
    assert route(city).rule == "1"


def test_a_copy_that_cannot_be_found_is_left_out_and_said_so(city: Office) -> None:
    publish(city, rule("1", "yl", copies=["@community", "@street"]))
    answer = route(city, place="150785001002001")
    assert (answer.lead, answer.copies) == ("yl", ("hedong",))
    assert answer.left_out == ("属地社区（村） 150785001002 在 2026-03-02 没有登记单位",)


def test_those_who_read_all_the_lead_leads_are_told_apart(city: Office) -> None:
    publish(city, rule("1", "yl", copies=["gov"]))
    for to in ("gov", "cg"):
        run(UnitRelations(city.desk).set_copy(admin(), code="yl", to=to, since=TODAY))
    answer = route(city)
    assert (answer.copies, answer.standing) == (("gov",), ("cg",))


def test_what_leads_is_neither_copied_nor_assisting(city: Office) -> None:
    publish(city, rule("1", "hedong", copies=["@street", "gov"], assists=["@district"]))
    answer = route(city)
    assert (answer.lead, answer.copies, answer.assists) == ("hedong", ("gov",), ())
    assert answer.joined(["yl", "hedong"], ["gov"]) == (("yl",), ("gov",))


def test_without_a_rule_it_falls_to_the_catalogues_lead(city: Office) -> None:
    assert (route(city, LED).basis, route(city, LED).lead) == (LeadBasis.CATALOGUE, "cg")
    assert route(city, LED).edition == ""
    publish(city, rule("1", "yl", category="asset"))
    answer = route(city, LED)
    assert (answer.edition, answer.rule, answer.lead) == (E1, "", "cg")
    assert answer.reason == "派遣规则 dispatch-2026.1 没有适用的规则；依编目 2026-1 的默认主办单位"


def test_then_to_the_street_it_lies_in_and_each_is_named_as_the_reason(city: Office) -> None:
    answer = route(city)
    assert (answer.basis, answer.lead, answer.rule) == (LeadBasis.PLACE, "hedong", "")
    assert answer.reason == "没有施行中的派遣规则，编目没有默认主办单位；依属地，由所在街道（乡镇）主办"


def test_and_without_one_street_unit_to_nobody(city: Office) -> None:
    elsewhere = route(city, place="150785002001001")
    assert (elsewhere.basis, elsewhere.lead) == (LeadBasis.NOBODY, None)
    city.with_unit("second")
    both = route(city)
    assert both.lead is None
    assert "hedong、second" in both.reason


def test_the_edition_in_force_is_the_one_begun_last(city: Office) -> None:
    publish(city, rule("1", "yl"))
    publish(city, rule("1", "cg"), code="dispatch-2026.2", valid_from=TODAY + DAY)
    run(RuleEditions(city.desk).draft(admin(), code="dispatch-2026.3", name="草案", based_on=E1))
    assert [route(city, at=at).edition for at in (WORKING - DAY, WORKING, WORKING + DAY)] == ["", E1, "dispatch-2026.2"]
    draft = city.view.find(DispatchRules, "dispatch-2026.3")
    assert route(city, edition=draft, at=WORKING + DAY).lead == "yl"


def test_an_unknown_category_is_refused(city: Office) -> None:
    with pytest.raises(NoSuchEntry):
        route(city, "matter-09999")


def test_what_rules_speak_of_is_registered_and_valid_when_they_are_published(city: Office) -> None:
    run(city.units.close(admin(), code="cg", last_day=TODAY + DAY))
    with pytest.raises(RulesUnsound) as refusal:
        publish(
            city, rule("1", "nobody", category="matter-09"), rule("2", "cg", place="150785009"),
            rule("3", "yl", copies=["@district"], category="matter-06017-1", place=STREET),
            rule("4", "yl", category="matter-06017-2"), valid_from=TODAY + 2 * DAY,
        )  # fmt: skip
    told = refusal.value.detail()
    assert refusal.value.facts["count"] == 5
    assert [number in told for number in ("第 1 条", "第 2 条", "第 3 条", "第 4 条")] == [True, True, False, True]
    assert city.view.find(DispatchRules, E1).valid_from is None


def test_a_tie_keeps_the_draft_a_draft(city: Office) -> None:
    with pytest.raises(RulesTie):
        publish(city, rule("1", "yl"), rule("2", "cg"))
    assert city.view.find(DispatchRules, E1).valid_from is None


# --- what the assignment keeps ------------------------------------------------------------------


@pytest.mark.parametrize("version", [1, 2])
def test_an_assignment_of_an_earlier_release_does_not_say_what_named_its_lead(version: int) -> None:
    row = json.loads((EVENTS / f"issue.assigned.v{version}.json").read_text(encoding="utf-8"))
    encoded = Encoded(row["topic"], row["schema_version"], json.dumps(row["state"]).encode())
    event: Any = EventMapper((GridIssue,)).decode(encoded, UUID(row["originator_id"]), row["originator_version"])
    assert (event.basis, event.rules, event.rule) == ("", "", "")


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({}, "主办：yl，"),
        ({"basis": ""}, "主办：yl，"),
        ({"basis": "person", "rules": "", "rule": ""}, "主办：yl，"),
        ({"basis": "rule", "rules": E1, "rule": "12"}, "主办：yl（依派遣规则 dispatch-2026.1 第 12 条），"),
        ({"basis": "catalogue", "rules": "", "rule": ""}, "主办：yl（依编目），"),
        ({"basis": "place", "rules": "", "rule": ""}, "主办：yl（依属地），"),
    ],
)
def test_the_timeline_says_by_which_rule(facts: dict[str, str], told: str) -> None:
    assigned = {"nth": 1, "lead": "yl", "limit_amount": 4, "limit_unit": "work_hour", "due": WORKING.isoformat()}
    step = TimelineStep(
        position=1, version=3, topic="issue.assigned", happened_at=WORKING, recorded_at=WORKING, by="d",
        role="dispatcher", of_unit="rx", reason="", facts=assigned | facts,
    )  # fmt: skip
    assert told in tell(step, Office().view).what
