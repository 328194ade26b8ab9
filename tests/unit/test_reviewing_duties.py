"""职责下沉准入, 社区工作准入: a duty comes down when somebody else has reviewed it, with its powers and its funding."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.actor import Act, Role
from domain.refusals import (
    AlreadyRegistered,
    BadCode,
    DutyConflict,
    NoSuchEntry,
    NotValidThen,
    OutsideArea,
    ReasonMissing,
    Refused,
    Stale,
    WrongRole,
    WrongStage,
)
from domain.registry.duty_admission import AdmissionStage
from domain.registry.duty_refusals import (
    AdmissionPending,
    AdmittedAnew,
    DatedBack,
    MixedLevels,
    OwnUnitReviews,
    TooManyUnits,
)
from domain.registry.refusals import BadPeriod, BadText, DutyOnList, NoDutyList
from tests.duty_office import (
    APRIL,
    DAY,
    DUTY,
    HEDONG,
    HEDONG_COMMUNITY,
    HEXI,
    OTHER,
    PARKS,
    admission,
    admitted,
    approve,
    asker,
    city,
    city_review,
    county_review,
    doing,
    reject,
    request,
    revoke,
)
from tests.registry_office import CITY, COUNTY, STREET, TODAY, Office, admin, run

JUNE = date(2026, 6, 30)


def refused(office: Office, kind: type[Refused], deed: Callable[[], Any]) -> Refused:
    """The refusal of a deed that leaves nothing in the log."""
    before = len(office.log.recorded)
    with pytest.raises(kind) as refusal:
        deed()
    assert len(office.log.recorded) == before
    assert refusal.value.detail()
    return refusal.value


# --- 申请 ---------------------------------------------------------------------------------------


def test_a_department_asks_with_basis_powers_and_funding_and_nothing_is_admitted_yet() -> None:
    office = city()
    request(office)
    asked = admission(office)
    assert (asked.stage, asked.asking_unit, asked.units) == (AdmissionStage.REQUESTED, PARKS, (HEDONG, HEXI))
    assert (asked.basis, asked.funding) == ("城市绿化条例第十八条", "每年每街道 3 万元")
    assert admitted(office, HEDONG, APRIL) == [False]


@pytest.mark.parametrize("note", ["basis", "powers", "funding"])
def test_no_duty_is_asked_for_without_its_basis_powers_and_funding(note: str) -> None:
    office, given = city(), dict[str, Any]({note: "  "})
    refused(office, BadText, lambda: request(office, **given))


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"units": []}, TooManyUnits),
        ({"units": [HEDONG, HEDONG]}, TooManyUnits),
        ({"units": [HEDONG, HEDONG_COMMUNITY]}, MixedLevels),
        ({"units": [PARKS]}, NoDutyList),
        ({"units": ["nowhere"]}, NoSuchEntry),
        ({"category": "matter-07003"}, NoSuchEntry),
        ({"category": "06017"}, BadCode),
        ({"since": date(2025, 12, 31)}, NotValidThen),
        ({"until": APRIL - DAY}, BadPeriod),
        ({"act": doing("worker", Role.WORKER, HEDONG, STREET)}, WrongRole),
        ({"act": doing("elsewhere", Role.HANDLER, PARKS, STREET)}, OutsideArea),
    ],
)
def test_a_request_that_cannot_be_is_refused(given: dict[str, Any], kind: type[Refused]) -> None:
    office = city()
    refused(office, kind, lambda: request(office, **given))


def test_what_is_on_a_list_or_pending_for_it_is_not_asked_for_again() -> None:
    office = city()
    request(office, units=[HEXI])
    refusal = refused(office, AdmissionPending, lambda: request(office, code="ZR-2"))
    assert refusal.facts == {"unit": HEXI, "category": DUTY, "code": "ZR-1"}
    request(office, code="ZR-3", category=OTHER)
    approve(office)
    refused(office, DutyOnList, lambda: request(office, code="ZR-4", since=JUNE))
    refused(office, AlreadyRegistered, lambda: request(office, units=[HEDONG]))
    request(office, code="ZR-4", units=[HEDONG])


def test_all_filing_conditions_of_a_class_come_down_together() -> None:
    office = city()
    office.with_case_type(f"{DUTY}-2")
    request(office, category=f"{DUTY}-2")
    assert admission(office).category == DUTY


# --- 审核 ---------------------------------------------------------------------------------------


def test_an_approved_duty_is_on_every_list_from_its_day_on_in_one_save() -> None:
    office = city()
    request(office)
    saves = office.log.saves
    approve(office)
    assert office.log.saves == saves + 1
    for unit in (HEDONG, HEXI):
        assert admitted(office, unit, APRIL - DAY, APRIL, JUNE) == [False, True, True]
    asked = admission(office)
    assert (asked.stage, asked.document, asked.decided_by) == (
        AdmissionStage.APPROVED, "呼政办发〔2026〕7号", "city-reviewer",
    )  # fmt: skip
    admitting = [one.event for one in office.log.recorded if one.event.TOPIC == "unit.duty_admitted"]  # type: ignore[attr-defined]
    assert {event.reason for event in admitting} == {"呼政办发〔2026〕7号"}  # type: ignore[attr-defined]


def test_an_admission_for_a_time_ends_by_itself() -> None:
    office = city()
    request(office, until=JUNE)
    approve(office)
    assert admitted(office, HEXI, JUNE, JUNE + DAY) == [True, False]


def test_an_admission_never_reaches_back_before_it_was_decided() -> None:
    office = city()
    request(office, since=TODAY)
    late = city_review(days=10)
    refused(office, DatedBack, lambda: approve(office, late, since=TODAY))
    approve(office, late)
    assert admitted(office, HEDONG, TODAY + 9 * DAY, TODAY + 10 * DAY) == [False, True]


def test_a_request_that_outlived_itself_is_not_approved() -> None:
    office = city()
    request(office, since=TODAY, until=TODAY + DAY)
    refused(office, BadPeriod, lambda: approve(office, city_review(days=2)))


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (doing("parks-handler", Role.ADMIN, "city-office", CITY), DutyConflict),
        (doing("parks-head", Role.ADMIN, PARKS, CITY), OwnUnitReviews),
        (doing("dispatcher", Role.DISPATCHER, "centre", CITY), WrongRole),
        (county_review(), OutsideArea),
    ],
)
def test_who_asked_their_unit_and_who_covers_too_little_do_not_review(act: Act, kind: type[Refused]) -> None:
    office = city()
    request(office)
    refused(office, kind, lambda: approve(office, act))
    refused(office, kind, lambda: reject(office, act))


def test_review_is_graded_the_city_for_streets_the_county_for_communities() -> None:
    office = city()
    request(office, units=[HEDONG_COMMUNITY])
    street_only = doing("street-reviewer", Role.SUPERVISOR, HEDONG, STREET)
    assert refused(office, OutsideArea, lambda: approve(office, street_only)).facts == {"place": COUNTY}
    approve(office, county_review())
    assert admitted(office, HEDONG_COMMUNITY, APRIL) == [True]


def test_a_rejection_has_its_reason_and_admits_nothing() -> None:
    office = city()
    request(office)
    refused(office, ReasonMissing, lambda: reject(office, city_review()))
    reject(office, city_review(reason="未附经费安排"))
    assert (admission(office).stage, admission(office).decision) == (AdmissionStage.REJECTED, "未附经费安排")
    assert admitted(office, HEDONG, APRIL) == [False]
    refused(office, WrongStage, lambda: approve(office))
    request(office, code="ZR-2")


def test_what_was_admitted_meanwhile_is_not_admitted_twice() -> None:
    office = city()
    request(office)
    run(office.units.admit_duty(admin(), code=HEXI, category=DUTY, since=APRIL))
    refused(office, DutyOnList, lambda: approve(office))
    assert admission(office).stage is AdmissionStage.REQUESTED


def test_a_review_of_what_changed_since_it_was_seen_is_refused() -> None:
    office = city()
    request(office)
    refused(office, Stale, lambda: approve(office, version=2))
    approve(office, version=1)


# --- 取消 ---------------------------------------------------------------------------------------


def test_a_revoked_duty_leaves_every_list_after_its_day() -> None:
    office = city()
    request(office)
    approve(office)
    revoke(office, city_review(days=40, reason="改由园林部门直接承担"), JUNE)
    for unit in (HEDONG, HEXI):
        assert admitted(office, unit, APRIL, JUNE, JUNE + DAY) == [True, True, False]
    assert (admission(office).stage, admission(office).until) == (AdmissionStage.REVOKED, JUNE.isoformat())
    request(office, code="ZR-2", since=JUNE + DAY)


def test_an_admission_for_a_time_is_revoked_only_to_end_earlier() -> None:
    office = city()
    request(office, until=JUNE)
    approve(office)
    act = city_review(days=40, reason="提前收回")
    refused(office, BadPeriod, lambda: revoke(office, act, JUNE))
    revoke(office, act, JUNE - DAY)
    assert admitted(office, HEXI, JUNE - DAY, JUNE) == [True, False]


def test_nothing_is_revoked_for_days_gone_by_nor_without_reason_nor_by_who_may_not_review() -> None:
    office = city()
    request(office)
    refused(office, WrongStage, lambda: revoke(office, city_review(reason="收回"), JUNE))
    approve(office)
    late = city_review(days=60, reason="收回")
    refused(office, DatedBack, lambda: revoke(office, late, TODAY + 59 * DAY))
    refused(office, ReasonMissing, lambda: revoke(office, city_review(days=60), JUNE))
    refused(office, OutsideArea, lambda: revoke(office, county_review(days=60, reason="收回"), JUNE))
    refused(office, WrongRole, lambda: revoke(office, asker(60), JUNE))


def test_a_duty_that_a_list_has_lost_already_is_revoked_where_it_still_is() -> None:
    office = city()
    request(office)
    approve(office)
    run(office.units.revoke_duty(admin(), code=HEDONG, category=DUTY, last_day=APRIL))
    revoke(office, city_review(days=40, reason="收回"), JUNE)
    assert admitted(office, HEDONG, APRIL, APRIL + DAY) == [True, False]
    assert admitted(office, HEXI, JUNE, JUNE + DAY) == [True, False]


def test_an_admission_that_another_follows_is_not_cut_short() -> None:
    office = city()
    request(office, until=JUNE)
    approve(office)
    request(office, code="ZR-2", since=JUNE + DAY)
    approve(office, code="ZR-2")
    refused(office, AdmittedAnew, lambda: revoke(office, city_review(days=40, reason="收回"), JUNE - DAY))


# --- 查询与直接登记 -----------------------------------------------------------------------------


def test_requests_are_found_by_stage_class_unit_and_who_asked() -> None:
    office = city()
    request(office)
    request(office, code="ZR-2", category=OTHER, units=[HEXI])
    approve(office)

    def found(**wanted: Any) -> list[str]:
        return [one.code for one in office.duty_admissions.find(**wanted)]

    assert found() == found(asking_unit=PARKS) == found(unit=HEXI) == ["ZR-1", "ZR-2"]
    assert found(stage=AdmissionStage.APPROVED) == found(unit=HEDONG) == found(category=f"{DUTY}-2") == ["ZR-1"]
    assert found(after="ZR-1") == ["ZR-2"]
    assert found(asking_unit=HEDONG) == []


def test_a_list_is_mended_directly_only_by_who_may_review_it() -> None:
    office = city()
    county = admin(COUNTY, code="county-admin")
    refused(office, OutsideArea, lambda: run(office.units.admit_duty(county, code=HEDONG, category=DUTY, since=APRIL)))
    run(office.units.admit_duty(county, code=HEDONG_COMMUNITY, category=DUTY, since=APRIL))
    run(office.units.admit_duty(admin(), code=HEDONG, category=DUTY, since=APRIL))
    refused(
        office, OutsideArea, lambda: run(office.units.revoke_duty(county, code=HEDONG, category=DUTY, last_day=JUNE))
    )
