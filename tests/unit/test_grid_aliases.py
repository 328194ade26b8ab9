"""外部编号 (一张网): one grid a number at a time in each network; found by it on the day asked."""

from datetime import timedelta

import pytest

from domain.registry.grid_refusals import AliasTaken, NoSuchAlias
from domain.registry.refusals import BadPeriod, BadText, NoLongerKept
from tests.ground import TOMORROW, YESTERDAY, A, B, GroundOffice
from tests.registry_office import TODAY, admin, run

NETWORK = "综治网格"


def give(city: GroundOffice, code: str, number: str, network: str = NETWORK, since: object = TODAY) -> None:
    run(city.aliases.give(admin(), code=code, network=network, number=number, since=since))  # type: ignore[arg-type]


def test_a_grid_is_found_by_what_another_network_calls_it() -> None:
    city = GroundOffice().with_row()
    give(city, A, "HD-1")
    give(city, A, "HD-2")
    give(city, B, "HD-1", network="城管网格")
    assert city.aliases.find(network=NETWORK, number="HD-2", on=TODAY).code == A
    assert city.aliases.find(network="城管网格", number="HD-1", on=TODAY).code == B
    with pytest.raises(NoSuchAlias):
        city.aliases.find(network=NETWORK, number="HD-1", on=YESTERDAY)
    with pytest.raises(NoSuchAlias):
        city.aliases.find(network=NETWORK, number="HD-9", on=TODAY)


def test_a_number_belongs_to_one_grid_at_a_time() -> None:
    city = GroundOffice().with_row()
    give(city, A, "HD-1")
    for code in (A, B):
        with pytest.raises(AliasTaken) as refused:
            give(city, code, "HD-1", since=YESTERDAY)
        assert refused.value.facts["other"] == A
    run(city.aliases.end(admin(), code=A, network=NETWORK, number="HD-1", last_day=TODAY))
    with pytest.raises(AliasTaken):
        give(city, B, "HD-1", since=TODAY)
    give(city, B, "HD-1", since=TOMORROW)
    found = [city.aliases.find(network=NETWORK, number="HD-1", on=day).code for day in (TODAY, TOMORROW)]
    assert found == [A, B]


def test_a_grid_that_ends_gives_its_numbers_up() -> None:
    city = GroundOffice().with_row()
    give(city, A, "HD-1")
    run(city.grids.retire(admin(), code=A, last_day=TODAY))
    give(city, B, "HD-1", since=TOMORROW)
    assert city.aliases.find(network=NETWORK, number="HD-1", on=TOMORROW).code == B


def test_only_a_number_in_use_is_ended_and_not_before_it_began() -> None:
    city = GroundOffice().with_row()
    give(city, A, "HD-1")
    with pytest.raises(NoSuchAlias):
        run(city.aliases.end(admin(), code=A, network=NETWORK, number="HD-2", last_day=TODAY))
    with pytest.raises(BadPeriod):
        run(city.aliases.end(admin(), code=A, network=NETWORK, number="HD-1", last_day=YESTERDAY))
    with pytest.raises(BadText):
        give(city, A, " ")
    run(city.grids.retire(admin(), code=B, last_day=YESTERDAY))
    with pytest.raises(NoLongerKept):
        give(city, B, "HD-3", since=TODAY + timedelta(days=1))
