"""`wangge due`: a line for a line, in the same order, whatever a line holds; calendars are checked first."""

from __future__ import annotations

import io
import json
import os
import threading
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from interfaces.cli import due as command
from interfaces.cli.calendar_file import read_calendars
from interfaces.cli.due_lines import Answers

CALENDAR: dict[str, Any] = {
    "name": "office",
    "time_zone": "Asia/Shanghai",
    "periods": [["08:30", "12:00"], ["14:00", "17:30"]],
    "weekend": [5, 6],
    "holidays": [f"2026-10-{day:02}" for day in range(1, 8)],
    "workdays": ["2026-10-10"],
}
ASKED: dict[str, Any] = {"start": "2026-09-30T16:40:00+08:00", "amount": 2, "unit": "workday", "calendar": "office"}


def saved(folder: Path, calendar: dict[str, Any] | str, name: str = "calendar.json") -> str:
    text = calendar if isinstance(calendar, str) else json.dumps(calendar)
    (folder / name).write_text(text, "utf-8")
    return str(folder / name)


def run(stdin: str | bytes, *files: str) -> Result:
    app = typer.Typer()
    app.command()(command.due)
    return CliRunner().invoke(app, [word for file in files for word in ("--calendar", file)], input=stdin)


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture
def office(tmp_path: Path) -> str:
    return saved(tmp_path, CALENDAR)


def asked(**said: Any) -> str:
    return json.dumps(ASKED | said) + "\n"


def test_a_line_is_answered_with_due_explanation_and_provisional(office: str) -> None:
    result = run(asked(), office)
    [answer] = lines(result)
    assert result.exit_code == 0
    assert set(answer) == {"due", "explanation", "provisional"}
    assert (answer["due"], answer["provisional"]) == ("2026-10-09T16:40:00+08:00", False)
    explanation = answer["explanation"]
    assert explanation["sentence"] == "2个工作日：2026-09-30 16:40起，其间节假日7天不计，2026-10-09 16:40到期。"
    assert explanation["spans"][2] == {
        "from": "2026-10-01T00:00:00+08:00", "to": "2026-10-08T00:00:00+08:00", "counted": False,
        "counted_seconds": 0, "reason": "holiday", "label": "节假日",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("said", "due"),
    [
        ({"unit": "minute", "amount": 90}, "2026-09-30T18:10:00+08:00"),
        ({"unit": "urgent_hour"}, "2026-09-30T18:40:00+08:00"),
        ({"unit": "work_hour"}, "2026-10-08T09:40:00+08:00"),
        ({"unit": "workday", "amount": 3}, "2026-10-10T16:40:00+08:00"),
        ({"unit": "natural_day"}, "2026-10-02T16:40:00+08:00"),
        ({"start": "2026-09-30T08:40:00Z"}, "2026-10-09T16:40:00+08:00"),
        ({"start": "2026-09-30T18:00:00+08:00"}, "2026-10-10T08:30:00+08:00"),
        ({"pauses": [["2026-09-30T17:00:00+08:00", "2026-10-08T09:30:00+08:00"]]}, "2026-10-10T09:10:00+08:00"),
        ({"pauses": []}, "2026-10-09T16:40:00+08:00"),
        ({"extended": 1}, "2026-10-10T16:40:00+08:00"),
        ({"counting": "civil_code"}, "2026-10-09T17:30:00+08:00"),
        ({"pauses": [["2026-10-08T10:00:00+08:00", None]]}, None),
    ],
)
def test_each_unit_pause_extension_and_way_of_counting(office: str, said: dict[str, Any], due: str | None) -> None:
    [answer] = lines(run(asked(**said), office))
    assert answer["due"] == due
    assert answer["provisional"] is (due is None)
    assert answer["explanation"]["spans"][-1]["to"] == due


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("nonsense", "不是有效的 JSON"),
        ("[1]", "应为 JSON 对象"),
        (asked(start="2026-09-30T16:40:00"), "start 须带时区"),
        (asked(start="20260930T164000+0800"), "start 应为时间"),
        (asked(start="2026-09-31T16:40:00+08:00"), "start 不是有效的时间"),
        (asked(start="2026-09-3"), "start 应为时间"),
        (asked(start=1), "start 应为时间"),
        (asked(start="1900-01-01T00:00:00Z"), "须在 1970 年至 2199 年之间"),
        (asked(amount=0), "amount 应为 1 至 2500 的整数，实为 0"),
        (asked(amount=1.5), "amount 应为"),
        (asked(amount=True), "amount 应为"),
        (asked(amount="2"), "amount 应为"),
        (asked(unit="fortnight"), "unit 应为 minute、urgent_hour"),
        (asked(unit=["workday"]), "unit 应为"),
        (asked(calendar="abroad"), "没有名为 abroad 的日历，已有：office"),
        (asked(pauses="x"), "pauses 应为列表"),
        (asked(pauses=[["2026-10-08T10:00:00+08:00"]]), "pauses 第 1 项应为 [起, 止]"),
        (asked(pauses=[["2026-10-08T10:00:00+08:00", "2026-10-08T09:00:00+08:00"]]), "pauses 第 1 项的止早于起"),
        (asked(pauses=[[None, None]]), "pauses 第 1 项的起 应为时间"),
        (asked(pause=[]), "没有此项：pause"),
        (asked(extended=-1), "extended 应为"),
        (asked(amount=2500, extended=2500), "时限连同延期过长"),
        (asked(counting="roman"), "counting 应为 time_of_day、civil_code 之一"),
        (asked(start="2199-12-30T10:00:00Z", amount=2500), "工作时间不足"),
        ('{"amount": 2}', "缺少 start、unit"),
        ('{"start": "\\ud800"}', "JSON"),
    ],
)
def test_a_bad_line_is_told_in_chinese_by_its_number_and_the_others_are_answered(
    office: str, line: str, problem: str
) -> None:
    result = run(asked() + line.rstrip("\n") + "\n\n" + asked(), office)
    first, bad, last = lines(result)
    assert result.exit_code == 1
    assert (first["due"], last["due"]) == ("2026-10-09T16:40:00+08:00",) * 2
    assert bad["line"] == 2
    assert bad["error"].startswith("第 2 行：")
    assert problem in bad["error"]


def test_lines_may_lack_their_newline_end_like_windows_be_blank_and_carry_an_id(office: str) -> None:
    result = run("\r\n" + asked(id="甲").replace("\n", "\r\n") + "   \n" + asked(id=[2]).rstrip("\n"), office)
    assert [answer["id"] for answer in lines(result)] == ["甲", [2]]
    assert result.exit_code == 0


def test_bytes_that_are_no_text_and_a_line_without_end_are_bad_lines(office: str) -> None:
    result = run(b"\xff\xfe\n" + b"x" * (3 << 20) + b"\n" + asked().encode() + b"y" * (2 << 20), office)
    assert [answer.get("line") for answer in lines(result)] == [1, 2, None, 4]
    assert "超过" in lines(result)[1]["error"]
    assert result.exit_code == 1


def test_several_calendars_are_known_by_name_and_only_one_need_not_be_named(office: str, tmp_path: Path) -> None:
    abroad = CALENDAR | {"name": "abroad", "time_zone": "America/New_York", "periods": [["09:00", "24:00"]]}
    other = saved(tmp_path, abroad, "abroad.json")
    [one, two, three] = lines(run(asked() + asked(calendar="abroad") + asked(calendar=None), office, other))
    assert one["due"] == "2026-10-09T16:40:00+08:00"
    assert two["due"] == "2026-10-09T09:00:00-04:00"
    assert "须指明用哪一个" in three["error"]
    assert lines(run(asked(calendar=None), office))[0] == one


@pytest.mark.parametrize(
    ("changes", "provisional"),
    [
        ({}, [False, True]),
        ({"holidays": [], "workdays": []}, [False, False]),
        ({"known_until": "2026-10-31"}, [True, True]),
        ({"holidays": ["2027-02-08"]}, [False, False]),
    ],
)
def test_what_a_file_knows_ends_with_the_year_of_its_last_day_or_when_it_says(
    tmp_path: Path, changes: dict[str, Any], provisional: list[bool]
) -> None:
    december = asked(start="2026-12-30T10:00:00+08:00", amount=1) + asked(start="2026-12-30T10:00:00+08:00")
    natural = asked(start="2026-12-30T10:00:00+08:00", unit="natural_day")
    answers = lines(run(december + natural, saved(tmp_path, CALENDAR | changes)))
    assert [answer["provisional"] for answer in answers] == [*provisional, False]


@pytest.mark.parametrize(
    ("calendar", "problem"),
    [
        ("{", "不是有效的 JSON"),
        ("[]", "应为对象"),
        ({"name": ""}, "name 不得少于 1 个字"),
        ({"time_zone": "Asia/Wangge"}, "没有时区 Asia/Wangge"),
        ({"periods": []}, "periods 不得少于 1 项"),
        ({"periods": [["08:30"]]}, "periods.0 不得少于 2 项"),
        ({"periods": [["8:30", "25:00"]]}, "periods.0.0"),
        ({"periods": [["12:00", "08:00"]]}, "时段 12:00-08:00 的止不晚于起"),
        ({"periods": [["08:00", "12:00"], ["11:00", "13:00"]]}, "时段 08:00-12:00 与 11:00 起的时段重叠"),
        ({"weekend": [0, 1, 2, 3, 4, 5, 6], "workdays": []}, "没有工作时间"),
        ({"weekend": [7]}, "weekend.0 不得大于 6"),
        ({"holidays": ["10-01"]}, "holidays.0 不是有效的日期"),
        ({"holidays": [20261001]}, "holidays.0 不是有效的日期"),
        ({"workdays": ["2026-10-01"]}, "2026-10-01 既列为节假日又列为上班日"),
        ({"holiday": []}, "holiday 没有此项"),
    ],
)
def test_a_calendar_that_makes_no_sense_is_refused_with_file_and_place(
    tmp_path: Path, calendar: dict[str, Any] | str, problem: str
) -> None:
    content = calendar if isinstance(calendar, str) else CALENDAR | calendar
    result = run(asked(), saved(tmp_path, content, "wrong.json"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "wrong.json" in result.stderr
    assert problem in result.stderr


def test_a_missing_file_and_a_name_used_twice_are_refused(office: str, tmp_path: Path) -> None:
    assert "打不开" in run(asked(), str(tmp_path / "none.json")).stderr
    twice = run(asked(), office, saved(tmp_path, CALENDAR, "again.json"))
    assert (twice.exit_code, "日历名称 office 与前面的文件重复" in twice.stderr) == (2, True)


def test_an_answer_comes_before_the_next_question_is_asked(office: str) -> None:
    answers = Answers(read_calendars([Path(office)]))
    asks, asking = os.pipe()
    telling, tells = os.pipe()
    with os.fdopen(asks, "rb") as questions, os.fdopen(tells, "wb") as out, os.fdopen(telling, "rb") as told:
        thread = threading.Thread(target=command.answer_all, args=(answers, questions, out))
        thread.start()
        for _ in range(3):
            os.write(asking, asked().encode())
            assert b"2026-10-09T16:40:00+08:00" in told.readline()
        os.close(asking)
        thread.join(10)
        assert not thread.is_alive()


def test_what_is_read_is_answered_in_pieces_and_not_kept(office: str) -> None:
    answers, written = Answers(read_calendars([Path(office)])), []

    class Out(io.BytesIO):
        def write(self, piece: Any) -> int:
            written.append(len(piece))
            return len(piece)

    assert command.answer_all(answers, io.BytesIO(asked().encode() * 5_000), Out())
    assert len(written) > 5
    assert max(written) < sum(written) / 5
