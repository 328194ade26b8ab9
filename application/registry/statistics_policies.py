"""Use cases of statistics policy 考核办法: draft an edition, revise it, publish it; ship the default one."""

from __future__ import annotations

from datetime import date

from application.ports import Receipt, RequestKey
from application.registry.desk import RegistryDesk
from domain.actor import Act
from domain.refusals import AlreadyRegistered, Stale
from domain.registry.entry import civil_day
from domain.registry.statistics_policy import StatisticsEdition
from domain.statistics.policy import StatisticsPolicy

DEFAULT = StatisticsPolicy()
"""In force where a city has published none, and for periods before its first."""
NAME = "三率考核办法"
SOURCE = "一个区的考核工具的算法：响应 10%、解决 50%、满意 40%，基本满意计 0.9；市级权重未见正式文本"


class StatisticsEditions:
    """考核办法登记, for the whole city."""

    def __init__(self, desk: RegistryDesk) -> None:
        self._desk = desk

    async def draft(
        self, act: Act, *, code: str, name: str, policy: StatisticsPolicy, source: str = "",
        key: RequestKey | None = None,
    ) -> Receipt:  # fmt: skip
        """拟订. Refuses `AlreadyRegistered`, also for the code of the default edition."""

        def make() -> StatisticsEdition:
            edition = StatisticsEdition.draft(
                act, city=self._desk.city, code=code, name=name, policy=policy, source=source
            )
            # Periods before the first edition name the default one by it.
            if code == DEFAULT.edition:
                raise AlreadyRegistered(kind=StatisticsEdition.label, code=code)
            return edition

        return await self._desk.register(make, key)

    async def revise(
        self, act: Act, *, code: str, policy: StatisticsPolicy, version: int | None = None,
        key: RequestKey | None = None,
    ) -> Receipt:  # fmt: skip
        """修改 a draft."""

        def command(edition: StatisticsEdition) -> None:
            edition.revise(act, city=self._desk.city, policy=policy)

        return await self._desk.change(StatisticsEdition, code, command, version=version, key=key)

    async def publish(
        self, act: Act, *, code: str, valid_from: date, version: int | None = None, key: RequestKey | None = None
    ) -> Receipt:
        """发布."""

        def command(edition: StatisticsEdition) -> None:
            edition.publish(act, city=self._desk.city, valid_from=valid_from)

        return await self._desk.change(StatisticsEdition, code, command, version=version, key=key)


async def ship_default_policy(desk: RegistryDesk, act: Act) -> bool:
    """Publish the default edition from today unless the city has published one. Whether it was published now.

    Refuses `WrongRole`, `OutsideArea`.
    """
    await desk.registry.refresh()
    known = desk.registry.entries(StatisticsEdition, lambda edition: edition.published_at is not None, limit=1)
    edition = StatisticsEdition.draft(
        act, city=desk.city, code=DEFAULT.edition, name=NAME, policy=DEFAULT, source=SOURCE
    )  # fmt: skip
    if known:
        return False
    edition.publish(act, city=desk.city, valid_from=civil_day(act.at))
    try:
        await desk.register_many([edition])
    except (AlreadyRegistered, Stale):
        # Another process that starts in the same moment has.
        return False
    return True
