"""What a card says and offers: the clock in words, the deeds of a role at a stage, a place by name."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from application.clock_views import ClockView
from domain.actor import Actor, Role
from interfaces.web.worker.cards import asked_of, deeds_of, remaining

NINE = datetime(2026, 11, 2, 1, tzinfo=UTC)
CLOCK = ClockView(
    name="lead", label="办理时限", state="running", state_label="计时中", colour="green", colour_label="绿",
    limit="2天", start=NINE, due=NINE, provisional=False, late=False,
    used_seconds=0, left_seconds=0, total_seconds=0, used_text="",
    left_text="", percent=0,
)  # fmt: skip
WORKER = Actor("w", frozenset({Role.WORKER}), "U-STREET", ("150785",))
HANDLER = Actor("h", frozenset({Role.HANDLER}), "U-ROADS", ("150785",))


@pytest.mark.parametrize(
    ("seconds", "text", "said"),
    [
        (3 * 3600, "工作时间3小时", "还剩 3 工作时"),
        (3 * 3600 + 20 * 60, "工作时间3小时20分", "还剩 3 工作时 20 分"),
        (40 * 60, "工作时间40分", "还剩 40 分"),
        (30, "工作时间不足1分", "还剩 不足 1 分"),
        (-2 * 3600, "超 工作时间2小时", "已超 2 工作时"),
        (50 * 3600, "2天2小时", "还剩 2天2小时"),
        (-3600, "超 1小时", "已超 1小时"),
    ],
)
def test_a_clock_says_what_is_left(seconds: int, text: str, said: str) -> None:
    assert remaining(replace(CLOCK, left_seconds=seconds, left_text=text, late=seconds < 0)) == said


@pytest.mark.parametrize(
    ("actor", "stage", "lead", "deeds"),
    [
        (WORKER, "reported", "", ("solve",)),
        (WORKER, "assigned", "U-STREET", ()),
        (HANDLER, "reported", "", ()),
        (HANDLER, "assigned", "U-ROADS", ("accept", "ask-return", "resolve")),
        (HANDLER, "accepted", "U-ROADS", ("resolve", "ask-return")),
        (HANDLER, "accepted", "U-WATER", ()),
        (HANDLER, "resolved", "U-ROADS", ()),
    ],
)
def test_a_role_is_offered_what_it_may_do(actor: Actor, stage: str, lead: str, deeds: tuple[str, ...]) -> None:
    assert deeds_of(actor, stage, lead) == deeds


def test_who_leads_answers_the_requester_and_nobody_else_does() -> None:
    assert asked_of(HANDLER, "attached", "U-ROADS") == ("contact", "feed-back")
    assert asked_of(HANDLER, "fed_back", "U-ROADS") == ()
    assert asked_of(HANDLER, "attached", "U-WATER") == ()
    assert asked_of(WORKER, "attached", "U-STREET") == ()
