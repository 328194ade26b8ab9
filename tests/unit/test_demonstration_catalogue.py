"""The demonstration district's catalogue: two editions, the first in force, the second announced."""

from datetime import UTC, date, datetime

from application.demonstration import catalogue
from domain.actor import Act, Actor, Role
from domain.registry.case_type import CaseType
from domain.registry.catalogue_edition import CatalogueEdition, Standing
from domain.registry.edition_difference import difference

SINCE = date(2026, 3, 2)
ACT = Act(Actor("demonstration", frozenset({Role.ADMIN}), "", ("1507",)), datetime(2026, 3, 2, 1, tzinfo=UTC))


def test_the_first_edition_holds_all_the_stories_need_and_the_second_is_announced() -> None:
    entries = catalogue.editions(ACT, SINCE)
    editions = {one.code: one for one in entries if isinstance(one, CatalogueEdition)}
    types = {one.code: one for one in entries if isinstance(one, CaseType)}
    assert len(entries) == len({one.id for one in entries}) == len(editions) + len(types)
    assert [editions[code].standing(SINCE) for code in ("2026.1", "2026.2")] == [Standing.IN_FORCE, Standing.ANNOUNCED]
    for matter in catalogue.MATTERS:
        said = types[matter.code].on(SINCE)
        assert (said.edition, said.content.limit, said.content.lead) == ("2026.1", matter.limit, matter.lead)
    later = editions["2026.2"].effective
    assert difference(editions["2026.2"], types.values()).counts == {
        "added": 2, "changed": 3, "withdrawn": 1, "unchanged": len(catalogue.MATTERS) - 4,
    }  # fmt: skip
    assert [one.code for one in types.values() if one.undecided] == ["matter-06017-2"]
    assert not types["matter-06038"].in_force(later)
