"""`wangge divisions doubts` and `settle`: what lists left in doubt 存疑 about divisions, until a person decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from application.ports import Receipt
from application.registry.code_book import CodeBook
from domain.actor import Act
from domain.registry.division import Division
from domain.registry.division_refusals import NoSuchDoubt
from domain.registry.succession import Doubt, Verdict
from interfaces.cli.house import in_house
from interfaces.cli.options import AsJson, Reason
from interfaces.cli.telling import say_json, say_receipt
from interfaces.wiring import House

Doubted = tuple[Division, Doubt]


def doubts(
    within: Annotated[str, typer.Option(help="只列代码以此开头的区划的；不填则为全部")] = "",
    year: Annotated[int | None, typer.Option(min=1949, max=2999, help="只列这一年的")] = None,
    as_json: AsJson = False,
) -> None:
    """存疑: 名单和变更表中有待人判定的, 按年份. 了结用 wangge divisions settle."""

    async def ask(house: House, act: Act) -> list[tuple[Doubted, Division | None]]:
        book = house.services.registry.code_book
        return [
            ((place, doubt), book.division(doubt.supposed) if doubt.supposed else None)
            for place, doubt in book.doubts()
            if place.code.startswith(within) and year in {None, doubt.year}
        ]

    found = in_house(ask)
    if as_json:
        say_json([
            {"division": _place(place), "doubt": asdict(doubt), "supposed": supposed and _place(supposed)}
            for (place, doubt), supposed in found
        ])  # fmt: skip
        return
    for (place, doubt), supposed in found:
        typer.echo(doubt.row)
        typer.echo(f"  区划 {_named(place)}；似指 {_named(supposed) if supposed else '不明'}")
        typer.echo(f"  {doubt.why}")
    typer.echo(f"存疑 {len(found)} 项")


def settle(
    row: Annotated[str, typer.Argument(help="哪一项，照 wangge divisions doubts 所列的首行", show_default=False)],
    verdict: Annotated[Verdict, typer.Option(help="confirmed 为似指的区划属实，dismissed 为不取")],
    division: Annotated[str, typer.Option(help="区划的代码或 id；不止一个区划有此项时必填")] = "",
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """存疑了结: 属实的即记承接, 或认作同一区划. 返回码: 0 已了结, 1 未了结."""

    async def use(house: House, act: Act) -> Receipt:
        place = _the_one(house.services.registry.code_book, row, division)
        return await house.services.division_moves.settle(act, division=place.id, row=row, verdict=verdict)

    # As in importing: who runs the program may speak of places outside the city, where lists came from.
    receipt = in_house(use, everywhere=True, reason=reason)
    say_receipt("属实，已了结" if verdict is Verdict.CONFIRMED else "不取，已了结", receipt, as_json)


def _the_one(book: CodeBook, row: str, division: str) -> Division:
    """The place whose doubt is meant. Refuses `NoSuchDoubt`."""
    found = [
        place for place, doubt in book.doubts() if doubt.row == row and division in {"", place.code, str(place.id)}
    ]
    if not found:
        raise NoSuchDoubt(division=division or "各区划", row=row)
    if len(found) > 1:
        raise typer.BadParameter(f"不止一个区划有此项：{_listed(found)}", param_hint="--division")
    return found[0]


def _listed(places: Sequence[Division]) -> str:
    return "、".join(f"{_named(place)} {place.id}" for place in places)


def _named(place: Division) -> str:
    return f"{place.name} {place.code}"


def _place(place: Division) -> dict[str, object]:
    told = {"id": place.id, "code": place.code, "name": place.name, "level": place.level.value}
    return told | {"valid_from": place.valid_from, "valid_until": place.valid_until}
