"""人员: who joins where with which roles, and that nobody widens their own powers."""

import pytest

from domain.actor import Actor, Role
from domain.refusals import BadCode, NoSuchEntry, OutsideArea
from domain.registry.refusals import BadAreas, BadChoice, NoLongerKept, NothingChanged, SelfGrant
from domain.sign_in_refusals import NotSignedIn
from tests.registry_office import CITY, COMMUNITY, COUNTY, STREET, Office, admin, run


def office() -> Office:
    return Office().with_divisions().with_unit("hedong").with_staff("w1", "hedong", "worker", "receiver")


def test_a_member_acts_with_the_roles_unit_and_areas_of_the_registry() -> None:
    roles = frozenset({Role.WORKER, Role.RECEIVER})
    assert office().view.actor("w1") == Actor(id="w1", roles=roles, unit="hedong", areas=(COMMUNITY,))


def test_who_is_unknown_or_gone_is_nobody_signed_in() -> None:
    city = office()
    run(city.leaving.leave(admin(), code="w1"))
    for code in ("w1", "w2"):
        with pytest.raises(NotSignedIn):
            city.view.actor(code)
    assert city.view.staff("w1").left_on == "2026-03-02"
    with pytest.raises(NoLongerKept):
        run(city.staff.grant_roles(admin(), code="w1", roles=["admin"]))


def test_roles_are_from_then_on_exactly_those_granted() -> None:
    city = office()
    run(city.staff.grant_roles(admin(), code="w1", roles=["verifier"]))
    assert city.view.actor("w1").roles == {Role.VERIFIER}
    with pytest.raises(NothingChanged):
        run(city.staff.grant_roles(admin(), code="w1", roles=["verifier", "verifier"]))
    with pytest.raises(BadChoice):
        run(city.staff.grant_roles(admin(), code="w1", roles=["mayor"]))


def test_nobody_changes_their_own_powers() -> None:
    city = office().with_staff("a1", "hedong", "admin", area=STREET)
    own = admin(STREET, code="a1")
    for asked in (
        city.staff.grant_roles(own, code="a1", roles=["admin", "auditor"]),
        city.staff.assign_areas(own, code="a1", areas=[STREET, COMMUNITY]),
        city.staff.move(own, code="a1", unit="hedong"),
        city.leaving.leave(own, code="a1"),
        city.staff.join(own, code="a1", name="街道管理员", unit="hedong", roles=["admin"], areas=[STREET]),
    ):
        with pytest.raises(SelfGrant):
            run(asked)


def test_areas_lie_within_those_of_who_assigns_them() -> None:
    city = office()
    run(city.staff.assign_areas(admin(STREET), code="w1", areas=[STREET]))
    assert city.view.actor("w1").areas == (STREET,)
    for areas in ([COUNTY], [STREET, CITY]):
        with pytest.raises(OutsideArea):
            run(city.staff.assign_areas(admin(STREET), code="w1", areas=areas))
    with pytest.raises(OutsideArea):
        run(city.staff.grant_roles(admin(COMMUNITY), code="w1", roles=["admin"]))


@pytest.mark.parametrize(
    ("areas", "refusal"),
    [
        ([], BadAreas),
        ([""], BadCode),
        (["150785002"], NoSuchEntry),
        ([COMMUNITY + "009"], NoSuchEntry),
        ([COMMUNITY] * 201, BadAreas),
    ],
)
def test_areas_are_registered_places(areas: list[str], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        run(office().staff.assign_areas(admin(), code="w1", areas=areas))


def test_a_member_moves_to_a_registered_unit() -> None:
    city = office().with_unit("xiaiguo", "community", COMMUNITY)
    run(city.staff.move(admin(), code="w1", unit="xiaiguo"))
    assert city.view.actor("w1").unit == "xiaiguo"
    with pytest.raises(NoSuchEntry):
        run(city.staff.move(admin(), code="w1", unit="nowhere"))
    with pytest.raises(NothingChanged):
        run(city.staff.move(admin(), code="w1", unit="xiaiguo"))


def test_who_joins_an_unknown_unit_is_refused() -> None:
    with pytest.raises(NoSuchEntry):
        office().with_staff("w2", "nowhere", "worker")
