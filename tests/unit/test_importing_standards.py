"""立案标准导入: the published tables as they are, each row landing or listed with its reason, as often as they come."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from application.importing.report import ImportReport
from application.importing.standards import EditionAsked, ImportingStandards
from domain.actor import Act, Actor, Role
from domain.limit import Limit, LimitUnit
from domain.refusals import Stale, WrongRole
from domain.registry.case_type_key import CaseKind
from domain.registry.catalogue_refusals import EditionDated
from domain.registry.refusals import BadFile
from tests.editions_office import APRIL, FELLED, HOURS, JULY, condition, draft
from tests.registry_office import NINE, TODAY, Office, admin, run

HEADER = "大类代码,大类名称,小类代码,小类名称,处置单位,主管部门,立案条件,结案条件,处置时限\n"
FELLING = "06,市容环境,22,非法伐树,园林中心、执法队,城管局,未经审批砍伐,制止,1紧急工作时制止\n"
MORE = ",,,,,,致使树木受损,恢复,3天\n"
NEXT = ",,29,露天烧烤,所属街办,,占道烧烤,清理,2紧急工作时\n"
STANDARD = HEADER + FELLING + MORE + NEXT


def take(office: Office, content: str | bytes, act: Act | None = None, **options: Any) -> ImportReport:
    raw = content.encode() if isinstance(content, str) else content
    told: dict[str, Any] = {"kind": CaseKind.MATTER, "edition": EditionAsked("1", APRIL)} | options
    return run(ImportingStandards(office.desk, office.editions).run(act or admin(), raw, **told))


def counts(report: ImportReport) -> dict[str, int]:
    assert sum(report.counts.values()) == len(report.lines)
    return {outcome: count for outcome, count in report.counts.items() if count}


def notes(report: ImportReport) -> dict[int, str]:
    return {line.number: line.note for line in report.lines if line.note}


# --- the tables as cities publish them ----------------------------------------------------------


def test_both_standards_are_accounted_for_row_by_row_and_the_second_time_change_nothing(shared_data: Path) -> None:
    office = Office()
    matters = (shared_data / "cn_case_standard_events.csv").read_bytes()
    assets = (shared_data / "cn_case_standard_components.csv").read_bytes()
    trial = take(office, matters, dry_run=True)
    assert (trial.position, office.log.recorded) == (None, [])
    first, second = take(office, matters), take(office, assets, kind=CaseKind.ASSET)
    assert first.lines == trial.lines
    assert [line.number for line in first.lines] == list(range(2, 149))
    assert [line.number for line in second.lines] == list(range(2, 281))
    assert counts(first) == {"added": 107, "pending": 37, "left_out": 3}
    assert counts(second) == {"added": 278, "pending": 1}
    assert len(office.editions.conditions("1")) == 144 + 279
    recorded = len(office.log.recorded)
    assert counts(take(office, matters)) == {"unchanged": 144, "left_out": 3}
    assert counts(take(office, assets, kind=CaseKind.ASSET)) == {"unchanged": 279}
    assert len(office.log.recorded) == recorded


def test_what_the_published_tables_leave_open_waits_for_a_person(shared_data: Path) -> None:
    office = Office()
    take(office, (shared_data / "cn_case_standard_events.csv").read_bytes())
    take(office, (shared_data / "cn_case_standard_components.csv").read_bytes(), kind=CaseKind.ASSET)
    open_ones = office.editions.undecided(TODAY)
    assert Counter(one.content.limit_text for one in open_ones) == {
        "4小时": 17, "2小时": 15, "2紧急工作日": 3, "1紧急工作日": 1, "1紧急工作时制止": 1, "种植季节15工作日": 1,
    }  # fmt: skip
    assert all(one.content.limit is None and one.content.reading.proposal for one in open_ones)
    plain = [one.limit.unit for one in office.editions.conditions("1") if one.limit]
    assert Counter(plain) == {
        LimitUnit.NATURAL_DAY: 86, LimitUnit.URGENT_HOUR: 40, LimitUnit.WORKDAY: 233, LimitUnit.WORK_HOUR: 26,
    }  # fmt: skip


def test_the_published_tables_become_the_catalogue_in_one_save(shared_data: Path) -> None:
    office = Office()
    take(office, (shared_data / "cn_case_standard_components.csv").read_bytes(), kind=CaseKind.ASSET)
    saves = office.log.saves
    run(office.editions.publish(admin(), code="1"))
    assert office.log.saves == saves + 1
    lid = office.view.case_type("asset-01001-4", valid_on=APRIL).on(APRIL).content
    assert (lid.name, lid.limit) == ("上水井盖", Limit(5, LimitUnit.WORKDAY))
    assert lid.lead_names == ["运城市城市节约用水中心", "各产权单位"]
    assert len(lid.supervisor_names) == 3
    assert "第二十三条" in lid.legal_clauses
    assert "\n" in lid.collection_rules
    assert counts(
        take(office, (shared_data / "cn_case_standard_components.csv").read_bytes(), kind=CaseKind.ASSET)
    ) == {"unchanged": 279}  # fmt: skip


# --- rows ---------------------------------------------------------------------------------------


def test_cells_merged_downwards_are_those_above_them() -> None:
    office = Office()
    assert counts(take(office, STANDARD)) == {"added": 2, "pending": 1}
    first, second, third = office.editions.conditions("1")
    assert [one.code for one in (first, second, third)] == ["matter-06022", "matter-06022-2", "matter-06029"]
    assert second.lead_names == first.lead_names == ["园林中心", "执法队"]
    assert (second.name, second.class_name, second.supervisor_text) == ("非法伐树", "市容环境", "城管局")
    assert (third.class_name, third.lead_text, third.supervisor_text) == ("市容环境", "所属街办", "")


def test_line_breaks_in_cells_belong_to_them() -> None:
    office = Office()
    content = HEADER + '06,"市容环境\n",22,非法伐树,"园林中心\n执法队",,"砍伐\n或破坏",制止,"1紧急工作时\n"\n'
    assert counts(take(office, content)) == {"added": 1}
    (one,) = office.editions.conditions("1")
    assert (one.class_name, one.condition, one.lead_names) == ("市容环境", "砍伐\n或破坏", ["园林中心", "执法队"])
    assert one.limit == Limit(1, LimitUnit.URGENT_HOUR)


def test_a_row_of_names_only_is_left_out_with_its_reason_and_takes_no_number() -> None:
    office = Office()
    report = take(office, HEADER + FELLING + ",,,,,,,,\n" + MORE)
    assert counts(report) == {"added": 1, "pending": 1, "left_out": 1}
    assert "只有名目" in notes(report)[3]
    assert [one.code for one in office.editions.conditions("1")] == ["matter-06022", "matter-06022-2"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",,,,,,,制止,3天\n", "没有立案条件"),
        (",,,,,,砍伐,制止\n", "应有 9 列，实有 8 列"),
        (",,xx,违法建设,,,在建,拆除,3天\n", "大类代码应为 2 位数字"),
        (",,123456,违法建设,,,在建,拆除,3天\n", "大类代码应为 2 位数字"),
        (",,30,,,,在建,拆除,3天\n", "没有大类名称或小类名称"),
        ("07,宣传广告,,,,,在建,拆除,3天\n", "没有小类代码"),
        (",,22,另一小类,,,在建,拆除,3天\n", "在第 2 行叫“非法伐树”"),
        (f",,30,违法建设,,,{'长' * 2001},拆除,3天\n", "立案条件应为"),
        (",,30,违法建设,,,看不见\u200b,拆除,3天\n", "立案条件应为"),
    ],
)
def test_a_wrong_row_is_rejected_with_its_reason_and_the_file_not_taken(row: str, reason: str) -> None:
    office = Office()
    report = take(office, STANDARD + row)
    assert counts(report) == {"added": 2, "pending": 1, "rejected": 1}
    assert reason in notes(report)[5]
    assert (report.taken, office.log.recorded) == (False, [])
    assert take(office, STANDARD + row, skip_rejected=True).taken
    assert len(office.editions.conditions("1")) == 3


def test_nobody_can_tell_the_class_of_rows_below_a_broken_one() -> None:
    report = take(Office(), HEADER + FELLING + ",,23,病虫害\n" + MORE + NEXT)
    assert counts(report) == {"added": 1, "pending": 1, "rejected": 2}
    assert "第 3 行" in notes(report)[4]


def test_more_conditions_than_a_key_can_number_are_rejected() -> None:
    rows = "".join(f",,,,,,条件{number},恢复,3天\n" for number in range(99))
    report = take(Office(), HEADER + FELLING + rows)
    assert counts(report) == {"added": 98, "pending": 1, "rejected": 1}
    assert "至多 99" in notes(report)[101]


def test_a_heading_that_is_called_otherwise_further_down_is_taken_as_printed_and_said_so() -> None:
    office = Office()
    report = take(office, STANDARD + "06,市容,30,乱排污水,,,直排,整改,2天\n")
    assert counts(report) == {"added": 3, "pending": 1}
    assert "前文叫“市容环境”" in notes(report)[5]
    assert office.editions.conditions("1")[-1].class_name == "市容"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "实为：空"),
        ("level,code\n1,2\n", "多出：level、code"),
        (HEADER.replace("处置时限", "时限"), "多出：时限"),
        (HEADER.replace("主管部门", "责任主体") + FELLING, "应是表头"),
        (STANDARD + '07,"宣传', "引号不成对"),
    ],
)
def test_a_file_that_is_no_standard_is_refused_whole(content: str, problem: str) -> None:
    with pytest.raises(BadFile) as refused:
        take(Office(), content)
    assert problem in refused.value.detail()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_files_as_offices_save_them_are_taken(encoding: str) -> None:
    office = Office()
    assert counts(take(office, STANDARD.replace("\n", "\r\n").encode(encoding))) == {"added": 2, "pending": 1}


# --- editions -----------------------------------------------------------------------------------


def test_a_draft_is_made_by_the_first_file_and_needs_its_day() -> None:
    office = Office()
    with pytest.raises(BadFile):
        take(office, STANDARD, edition=EditionAsked("1"))
    take(office, STANDARD)
    assert counts(take(office, STANDARD, edition=EditionAsked("1"))) == {"unchanged": 3}
    with pytest.raises(EditionDated):
        take(office, STANDARD, edition=EditionAsked("1", JULY))


def test_classes_the_file_lists_are_as_in_the_file_and_others_of_the_draft_stay() -> None:
    office = Office()
    draft(office, "1", APRIL, [condition("matter-06022-3"), condition("matter-07001")])
    take(office, STANDARD)
    assert [one.code for one in office.editions.conditions("1")] == [
        "matter-06022", "matter-06022-2", "matter-06029", "matter-07001",
    ]  # fmt: skip
    changed = take(office, STANDARD.replace("3天", "5天"))
    assert counts(changed) == {"changed": 1, "unchanged": 2}


def test_a_published_edition_is_compared_and_not_changed() -> None:
    office = Office()
    take(office, STANDARD)
    run(office.editions.publish(admin(), code="1"))
    assert counts(take(office, STANDARD)) == {"unchanged": 3}
    report = take(office, STANDARD.replace("3天", "5天"))
    assert counts(report) == {"unchanged": 2, "rejected": 1}
    assert "已不在起草中" in notes(report)[3]
    assert not report.taken


def test_what_a_person_decided_holds_for_the_same_words_of_the_same_condition() -> None:
    office = Office()
    take(office, STANDARD)
    run(office.editions.publish(admin(), code="1"))
    run(office.catalogue.decide_limit(admin(), code=FELLED, edition="1", limit_amount=4, limit_unit="work_hour"))
    assert counts(take(office, STANDARD)) == {"unchanged": 3}
    report = take(office, STANDARD, edition=EditionAsked("2", JULY))
    assert counts(report) == {"added": 3}
    assert "沿用人工的决定：4个工作时" in notes(report)[2]
    assert office.editions.conditions("2")[0].limit == HOURS
    other_words = STANDARD.replace("未经审批砍伐", "未经批准砍伐")
    assert counts(take(office, other_words, edition=EditionAsked("3", JULY)))["pending"] == 1


def test_a_draft_changed_meanwhile_is_not_overwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office()
    take(office, STANDARD)
    other = Office(office.log)
    run(other.view.refresh())
    slow = office.desk.record

    async def overtaken(*told: Any) -> Any:
        await other.editions.strike(admin(), code="1", condition="matter-06029")
        return await slow(*told)

    monkeypatch.setattr(office.desk, "record", overtaken)
    with pytest.raises(Stale):
        take(office, STANDARD.replace("3天", "5天"))


def test_only_an_administrator_imports() -> None:
    actor = Actor(id="d1", roles=frozenset({Role.DISPATCHER}), unit="u", areas=("",))
    with pytest.raises(WrongRole):
        take(Office(), STANDARD, Act(actor=actor, at=NINE))
