"""留言导入: line by line into requests, as often as the file comes, whatever is wrong with some of its lines."""

import asyncio
from collections.abc import Sequence
from copy import deepcopy
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO, cast
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from eventsourcing.domain import Aggregate

from application.importing.message_rows import open_messages
from application.importing.message_saving import ImportOrder
from application.importing.messages import AT_ONCE
from application.ports import Receipt, RequestKey
from application.privacy.sealed import SealedDetails
from domain.actor import Act, Actor, Role
from domain.case_id import log_of
from domain.refusals import BadCode, Busy, NoSuchEntry, NoSuchLog, OutsideArea, Refused, WrongRole
from domain.resident_request import ResidentRequest
from domain.stages import RequestStage
from domain.vocabulary import RequestKind
from tests.message_office import (
    CITY,
    DISTRICT,
    HEADER,
    NOW,
    OPERATOR,
    OTHER_DISTRICT,
    SOURCE,
    KeepingLog,
    MessageOffice,
    Told,
    line,
)

CHINA = ZoneInfo("Asia/Shanghai")
REPLIED = line(reply="已修复", reply_time="2019/3/2 9:49:14")
RECEIVER = Actor(id="receiver", roles=frozenset({Role.RECEIVER}), unit="office", areas=(CITY,))


# --- the real files -----------------------------------------------------------------------------


def test_the_messages_of_2019_come_in_whole_and_the_second_time_change_nothing(shared_data: Path) -> None:
    office, file = MessageOffice(), shared_data / "cn_messages_2019.csv.gz"
    first = office.take(file)
    assert first.counts == (2109, 0, 0)
    assert first.result.changed
    with office.nothing_changes():
        second = office.take(file)
    assert second.counts == (0, 2109, 0)
    assert not second.result.changed


def test_the_replied_messages_come_in_with_their_replies_and_the_second_time_change_nothing(shared_data: Path) -> None:
    office, file = MessageOffice(), shared_data / "cn_replies.csv.gz"
    first = office.take(file)
    assert (first.counts, first.replies) == ((1425, 0, 0), (1425, 0, 0))
    assert {request.stage for request in office.requests_held()} == {RequestStage.FED_BACK}
    with office.nothing_changes():
        second = office.take(file)
    assert (second.counts, second.replies) == ((0, 1425, 0), (0, 1425, 0))


# --- one message --------------------------------------------------------------------------------


def test_a_message_becomes_a_request_at_the_time_it_was_written() -> None:
    office = MessageOffice()
    office.take(HEADER + line(360114), place=DISTRICT + "001", kind=RequestKind.COMPLAINT)
    (request,) = office.requests_held()
    told = (request.kind, request.channel, request.place, request.source, request.stage)
    assert told == ("complaint", "imported", DISTRICT + "001", SOURCE, RequestStage.RECEIVED)
    assert request.created_on == datetime(2019, 2, 28, 11, 25, 5, tzinfo=CHINA)
    assert log_of(request.id) == DISTRICT
    assert office.details() == [{"account": "A001", "title": "路灯", "text": "路灯不亮"}]


def test_nothing_a_resident_wrote_enters_an_event() -> None:
    office = MessageOffice()
    office.take(HEADER + line(text="我的电话见后", reply="已联系您", reply_time="2019/3/2"))
    facts = " ".join(str(vars(recorded.event)) for recorded in office.log.recorded)
    assert [word for word in ("A001", "路灯", "电话", "联系") if word in facts] == []


def test_a_reply_is_carried_over_at_its_own_time() -> None:
    office = MessageOffice()
    assert office.take(HEADER + REPLIED).replies == (1, 0, 0)
    (request,) = office.requests_held()
    assert (request.stage, request.modified_on) == (
        RequestStage.FED_BACK,
        datetime(2019, 3, 2, 9, 49, 14, tzinfo=CHINA),
    )
    assert office.details()[0]["reply_2"] == "已修复"


def test_a_message_goes_where_its_line_says() -> None:
    office = MessageOffice()
    content = f"编号,时间,内容,所在\n1,2019-02-28,路灯不亮,{OTHER_DISTRICT}\n2,2019-02-28,路灯不亮,\n"
    chosen = {"external_id": "编号", "time": "时间", "text": "内容", "place": "所在"}
    assert office.take(content, chosen=chosen).counts == (2, 0, 0)
    assert [log_id for log_id, log in office.logs.logs.items() if log.saves] == [DISTRICT, OTHER_DISTRICT]


def test_without_a_place_messages_go_to_the_importers_area() -> None:
    office = MessageOffice()
    office.take(HEADER + line(), place=None)
    assert office.logs.logs[CITY].saves == 1


# --- as often as the file comes -----------------------------------------------------------------


def test_of_lines_with_one_id_the_first_counts() -> None:
    told = [line(1, "先来"), line(2), line(1, "后到"), line(3), line(1, "更晚")]
    office = MessageOffice()
    assert office.take(HEADER + "".join(told)).counts == (3, 2, 0)
    assert [kept["text"] for kept in office.details()] == ["先来", "路灯不亮", "路灯不亮"]


def test_the_same_id_of_another_source_is_another_message() -> None:
    office = MessageOffice()
    office.take(HEADER + line())
    assert office.take(HEADER + line(), source="hotline-2019").counts == (1, 0, 0)


def test_a_message_sent_to_another_place_the_second_time_is_still_the_same() -> None:
    office = MessageOffice()
    office.take(HEADER + line(), place=DISTRICT)
    later = office.take(HEADER + REPLIED, place=OTHER_DISTRICT)
    assert (later.counts, later.replies) == ((0, 1, 0), (1, 0, 0))
    assert office.take(HEADER + REPLIED, place=None, dry_run=True).counts == (0, 1, 0)


def test_of_two_runs_at_once_each_message_is_received_by_one() -> None:
    class Racing(KeepingLog):
        """Another run receives each message between our looking and our writing."""

        async def save(self, *aggregates: Aggregate, **options: Any) -> Receipt:
            if aggregates[0].version == 1:
                await super().save(deepcopy(aggregates[0]))
            return await super().save(*aggregates, **options)

    office = MessageOffice(Racing)
    assert office.take(HEADER + REPLIED).counts == (0, 1, 0)
    assert len(office.requests_held()) == 1


def test_replies_that_come_later_are_added_to_messages_that_were_there() -> None:
    office = MessageOffice()
    office.take(HEADER + line(1) + line(2))
    later = office.take(HEADER + REPLIED + line(2))
    assert (later.counts, later.replies) == ((0, 2, 0), (1, 0, 0))
    assert later.result.changed


def test_a_reply_that_is_there_is_left_alone() -> None:
    office = MessageOffice()
    office.take(HEADER + REPLIED)
    with office.nothing_changes():
        assert office.take(HEADER + REPLIED.replace("已修复", "改口")).replies == (0, 1, 0)


def test_a_reply_to_a_request_being_handled_here_is_rejected_and_said_so() -> None:
    office = MessageOffice()
    office.take(HEADER + line())
    (request,) = office.requests_held()
    receiver = Act(Actor("receiver", frozenset({Role.RECEIVER}), "office", (DISTRICT,)), NOW)
    request.attach(receiver, issue=request.id)
    asyncio.run(office.log.save(request))
    told = office.take(HEADER + REPLIED)
    assert (told.counts, told.replies) == ((0, 1, 0), (0, 0, 1))
    assert told.rejected[0].reason == "答复未导入，诉求已在本系统办理，不能补历史答复：环节：已关联"


class Torn(Exception):
    pass


class Tearing(KeepingLog):
    """Takes a few saves and then fails."""

    left = 5

    async def save(
        self, *aggregates: Aggregate, key: RequestKey | None = None, details: Sequence[SealedDetails] = ()
    ) -> Receipt:
        self.left -= 1
        if self.left < 0:
            raise Torn
        return await super().save(*aggregates, key=key, details=details)


def test_a_run_that_was_torn_off_leaves_whole_messages_and_is_finished_by_the_next() -> None:
    office = MessageOffice(Tearing)
    content = HEADER + "".join(line(number, reply="好", reply_time="2019/3/2") for number in range(20))
    with pytest.raises(Torn):
        office.take(content)
    assert len(office.log.recorded) == 5
    assert len(office.details()) == len(office.requests_held())
    office.log.left = 100  # type: ignore[attr-defined]
    told = office.take(content)
    assert (sum(told.counts), sum(told.replies)) == (20, 20)
    assert [request.stage for request in office.requests_held()] == [RequestStage.FED_BACK] * 20


def test_a_reply_written_by_another_run_in_between_is_left_alone() -> None:
    class Racing(KeepingLog):
        """Another run answers each request between our reading and our writing."""

        async def save(self, *aggregates: Aggregate, **options: Any) -> Receipt:
            if aggregates[0].version == 2 and self.saves == 1:
                other = await self.load(ResidentRequest, aggregates[0].id)
                other.carry_over_reply(Act(OPERATOR, NOW))
                await super().save(other)
            return await super().save(*aggregates, **options)

    office = MessageOffice(Racing)
    assert office.take(HEADER + REPLIED).replies == (0, 1, 0)


# --- what is wrong with a line ------------------------------------------------------------------


def test_bad_lines_are_told_in_order_and_the_rest_goes_on() -> None:
    lines = [
        line(1),
        line(2, time="不知何时"),
        line(""),
        "4,A001\n",
        line(5, time="1999/12/31"),
        line(6, time="2027/1/1"),
        line(7, text="长" * 20_001),
        line(8, text="\x07"),
        line(9),
    ]
    told = MessageOffice().take(HEADER + "".join(lines))
    assert told.counts == (2, 0, 7)
    assert list(told.codes.items()) == [
        (3, "unreadable-time"),
        (4, "no-id"),
        (5, "column-count"),
        (6, "implausible-time"),
        (7, "implausible-time"),
        (8, "too-long"),
        (9, "control-characters"),
    ]
    assert told.rejected[2].fields == ["4", "A001"]
    assert told.result.reasons["implausible-time", "时间不合情理"] == 2
    assert told.progress == [(done, None) for done in range(1, 10)]


@pytest.mark.parametrize(
    ("reply_time", "code"),
    [
        ("2019/2/28 11:25:04", "reply-before-message"),
        ("", "reply-without-time"),
        ("昨天", "unreadable-time"),
        ("2027/1/1", "implausible-time"),
    ],
)
def test_a_bad_reply_is_rejected_and_its_message_kept(reply_time: str, code: str) -> None:
    office = MessageOffice()
    told = office.take(HEADER + line(reply="已修复", reply_time=reply_time))
    assert (told.counts, told.replies, told.codes) == ((1, 0, 0), (0, 0, 1), {2: code})
    assert told.rejected[0].reply_only
    assert "reply_2" not in office.details()[0]


def test_a_reply_at_the_very_moment_of_its_message_is_carried_over() -> None:
    told = MessageOffice().take(HEADER + line(reply="已修复", reply_time="2019/2/28 11:25:05"))
    assert told.replies == (1, 0, 0)


def test_a_place_on_a_line_that_is_not_the_importers_is_rejected() -> None:
    content = "编号,时间,内容,所在\n1,2019-02-28,路灯不亮,110101\n2,2019-02-28,路灯不亮,河东\n"
    chosen = {"external_id": "编号", "time": "时间", "text": "内容", "place": "所在"}
    assert MessageOffice().take(content, chosen=chosen).codes == {2: "no-such-entry", 3: "bad-code"}


# --- what no line is to blame for ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "refusal"),
    [
        ({"place": "110101"}, NoSuchEntry),
        ({"place": "河东"}, BadCode),
        ({"place": CITY + "99"}, NoSuchLog),
        ({"place": OTHER_DISTRICT, "actor": Actor("a", frozenset({Role.ADMIN}), "", (DISTRICT,))}, OutsideArea),
        ({"actor": RECEIVER}, WrongRole),
        ({"source": ""}, BadCode),
    ],
)
def test_what_is_wrong_with_every_line_is_refused_before_the_first(
    options: dict[str, Any], refusal: type[Refused]
) -> None:
    office, told = MessageOffice(), Told()
    with pytest.raises(refusal):
        office.take(HEADER + line(), told=told, **options)
    assert (office.saves, told.progress) == (0, [])


def test_an_overloaded_log_stops_the_import_and_blames_no_line() -> None:
    class Overloaded(KeepingLog):
        async def save(self, *aggregates: Aggregate, **options: Any) -> Receipt:
            raise Busy(seconds=1)

    told = Told()
    with pytest.raises(Busy):
        MessageOffice(Overloaded).take(HEADER + line(), told=told)
    assert told.rejected == []


# --- dry run ------------------------------------------------------------------------------------


def test_a_dry_run_tells_what_a_run_would_do_and_writes_nothing() -> None:
    office = MessageOffice()
    office.take(HEADER + line(1) + line(2, reply="已修复", reply_time="2019/3/2"))
    later = "".join(
        [
            REPLIED,  # there, its reply is not
            line(2, reply="已修复", reply_time="2019/3/2"),  # both there
            line(3, reply="已修复", reply_time="2019/3/2"),
            line(3, reply="再答", reply_time="2019/3/3"),
            line(4, reply="已修复", reply_time="2018/3/2"),
            line(5, time="2027/1/1"),
            "断行\n",
        ]
    )
    with office.nothing_changes():
        rehearsed = office.take(HEADER + later, dry_run=True)
    told = office.take(HEADER + later)
    assert rehearsed == told
    assert (told.counts, told.replies) == ((2, 3, 2), (2, 2, 1))


def test_a_long_dry_run_forgets_what_it_rehearsed_and_still_knows_repeats() -> None:
    office = MessageOffice()
    lines = [line(number, reply="好", reply_time="2019/3/2") for number in range(300)]
    with office.nothing_changes():
        told = office.take(HEADER + "".join(lines + lines[:10]), dry_run=True)
    assert (told.counts, told.replies) == ((300, 10, 0), (300, 10, 0))


# --- many at once -------------------------------------------------------------------------------


def test_lines_are_saved_several_at_once_and_told_in_order() -> None:
    class Slow(KeepingLog):
        """The first of the lines under way takes longest."""

        most = now = 0

        async def save(
            self, *aggregates: Aggregate, key: RequestKey | None = None, details: Sequence[SealedDetails] = ()
        ) -> Receipt:
            self.now += 1
            self.most = max(self.most, self.now)
            await asyncio.sleep(0.005 if self.saves % AT_ONCE == 0 else 0)
            self.now -= 1
            return await super().save(*aggregates, key=key, details=details)

    office = MessageOffice(Slow)
    lines = [line(number, reply="好", reply_time="2018/1/1" if number % 3 else "2020/1/1") for number in range(60)]
    told = office.take(HEADER + "".join(lines))
    assert office.log.most == AT_ONCE  # type: ignore[attr-defined]
    assert list(told.codes) == sorted(told.codes)
    assert (told.counts, told.replies) == ((60, 0, 0), (20, 0, 40))


def test_the_file_is_read_no_faster_than_it_is_saved() -> None:
    class Endless:
        """Lines without end; remembers how many were asked for."""

        asked = 0

        def readline(self, size: int) -> str:
            self.asked += 1
            return HEADER if self.asked == 1 else line(uuid4())

    class Enough(Exception):
        pass

    def stop(done: int, total: int | None) -> None:
        if done == 100:
            raise Enough

    office, endless = MessageOffice(), Endless()
    with open_messages(cast(TextIO, endless)) as file, pytest.raises(Enough):
        asyncio.run(office.importing.run(file, ImportOrder(OPERATOR, SOURCE, DISTRICT), progress=stop))
    assert endless.asked <= 100 + AT_ONCE + 1
