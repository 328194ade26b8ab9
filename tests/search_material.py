"""What to search, by the ten thousand, and what people type: real names where the sample data is, else made up ones."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from application.registry.registry import Entry
from domain.actor import Act, Actor, Role
from domain.place import parent_of
from domain.registry.address import Address
from domain.registry.case_type import CaseType
from domain.registry.division import Division
from domain.registry.staff import Staff
from domain.registry.unit import Unit
from infrastructure.search.readings import readings

DATA = Path(__file__).parents[2] / "shared" / "data"
SINCE = date(2015, 1, 1)
FOUNDER = Act(Actor("founder", frozenset({Role.ADMIN}), "", ("",)), datetime(2015, 1, 1, tzinfo=UTC))
DISTRICT = "150785"
_ROADS = ["光明路", "和平街", "长安街", "重庆路", "行知巷", "绿柳街", "建设路", "解放路", "银杏巷", "新华街"]
_MATTERS = ["绿地脏乱", "暴露垃圾", "道路破损", "行道树倒伏", "路灯不亮", "噪声扰民", "下水堵塞", "乱停车辆"]
_PLACES = ["光明", "和平", "河东", "河西", "长青", "重阳", "友谊", "团结", "兴隆", "胜利", "新华", "向阳", "东山"]


def entries(count: int) -> list[Entry]:
    """So many: a third divisions, a category, a unit and a post where there is one, the rest addresses."""
    divisions = _divisions(count // 3)
    communities = [one for one in divisions if len(one.code) == 12]
    others: list[Entry] = [*divisions, *_categories(), *map(_unit, communities[:500]), *map(_post, communities[:1_000])]
    return [*others, *_addresses(communities, count - len(others))][:count]


def typed(names: Sequence[str], dice: random.Random) -> Iterator[str]:
    """What people type who look for one of `names`, for ever: parts of it, spelt in one way or several."""
    while True:
        name = dice.choice(names)
        begin = dice.choice([0, 0, dice.randrange(len(name))])
        part = name[begin : begin + dice.randint(1, 5)]
        spelling = dice.choice([_itself, _syllable, _syllable, _initial, _mixed])
        typed = "".join(spelling(character, dice) for character in part)
        yield typed[: max(1, len(typed) - dice.choice([0, 0, 1]))]


def _itself(character: str, _: random.Random) -> str:
    return character


def _syllable(character: str, _: random.Random) -> str:
    return (*readings(character), character)[0]


def _initial(character: str, dice: random.Random) -> str:
    return _syllable(character, dice)[0]


def _mixed(character: str, dice: random.Random) -> str:
    return dice.choice([_itself, _syllable, _initial])(character, dice)


def _divisions(most: int) -> list[Division]:
    """Communities of one district, a hundred a street."""
    file = DATA / "cn_divisions_nbs2023_beijing_genhe.csv"
    if file.is_file():
        with file.open(encoding="utf-8", newline="") as opened:
            names = [row["name"] for row in csv.DictReader(opened) if row["level"] == "5"]
    else:
        names = [f"{one}{other}第{number}社区" for number in range(1, 100) for one in _PLACES for other in _PLACES]
    numbers = range(min(most, len(names)))
    return [division(f"{DISTRICT}{number // 100 + 101:03}{number % 100 + 1:03}", names[number]) for number in numbers]


def division(code: str, name: str) -> Division:
    """One division as somebody who may register all would."""
    return Division.register(FOUNDER, code=code, name=name, parent=parent_of(code), source="list", valid_from=SINCE)


def _categories() -> list[CaseType]:
    names: list[str] = []
    for file in sorted(DATA.glob("cn_case_standard_*.csv")):
        with file.open(encoding="utf-8", newline="") as opened:
            names += [row["小类名称"].strip() for row in csv.DictReader(opened) if row["小类名称"].strip()]
    return [
        CaseType.publish(
            FOUNDER, city="1507", code=f"matter-{number:05}", name=name[:50], class_name="市容环境",
            condition="影响市容", closing_condition="恢复", limit_amount=4, limit_unit="work_hour", lead=None,
            edition="2015.1", valid_from=SINCE, valid_until=None,
        )
        for number, name in enumerate(names or _MATTERS, start=1001)
    ]  # fmt: skip


def _unit(community: Division) -> Unit:
    told = {"name": community.name, "level": "community", "place": community.code, "phone": "0470-5220000"}
    return Unit.register(FOUNDER, code=f"U{community.code}", **told)


def _post(community: Division) -> Staff:
    told = {"name": f"{community.name}网格员"[:50], "unit": f"U{community.code}"}
    return Staff.join(FOUNDER, code=f"w{community.code}", roles=["worker"], areas=[community.code], **told)


def _addresses(communities: list[Division], count: int) -> list[Address]:
    return [
        Address.register(
            FOUNDER, code=f"DZ-{number:06}", aliases=[], longitude=116.3, latitude=39.9, valid_from=SINCE,
            name=f"{community.name.removesuffix('居委会')}{_ROADS[number % len(_ROADS)]}{number % 300 + 1}号",
            grid=f"{community.code}001",
        )
        for number in range(max(count, 0))
        for community in [communities[number * 7 % len(communities)]]
    ]  # fmt: skip
