"""当时所见 of who acts by no role: a requester saw their own case, and what an event says of them is said in words."""

from __future__ import annotations

from application.audit.sight import sight_of
from domain.actor import Party, Role, acting_as


def test_a_requester_saw_how_their_case_stood_and_no_words() -> None:
    sight = sight_of("requester", "requester", "", {"complained_about": "U-ROADS", "confidential": True})
    assert sight.cases.startswith("本人反映的这一件")
    assert (sight.words, sight.identity) == ("未向任何人显示", "未向任何人显示")


def test_staff_saw_by_their_role() -> None:
    assert sight_of("r", "receiver", "U", {}).cases.startswith("受理员：")


def test_what_an_event_says_of_who_acted_is_a_role_or_a_party() -> None:
    assert {acting_as(one.value) for one in (*Role, *Party)} == {*Role, *Party}
    assert acting_as("requester").label == "反映人"
