"""Webhook 回调: another system's address that events of cases are pushed to. Who opened that door is on record.

The secret it is signed with is none of the events' business, nor is how deliveries fare.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from eventsourcing.domain import Aggregate

from domain.actor import Act, record, signature
from domain.feed_refusals import BadAddress, WebhookEnded
from domain.registry.entry import administer, entry_id, local_code, wording
from domain.registry.refusals import NothingChanged
from domain.step import Step

_HOST = r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])"
_ADDRESS = re.compile(
    rf"(https|http)://({_HOST})(?::([1-9][0-9]{{0,4}}))?(?:/[A-Za-z0-9._~!$&'()*+,;=:@%/-]{{0,500}})?"
)
_THIS_MACHINE = re.compile(r"localhost|127(?:\.[0-9]{1,3}){3}|\[::1\]")


class Webhook(Aggregate):
    """One address. `starts` are its logs, each with the position after which it is told of."""

    TOPIC = "webhook"
    label = "回调"

    class Event(Step):
        """Base of the events of `Webhook`."""

    class Created(Event, Aggregate.Created):
        """Never recorded; the library wants it named."""

        TOPIC = "webhook.created"

    class Opened(Created):
        """开通. `topics` are topics and families of them; none means all."""

        TOPIC = "webhook.opened"
        code: str
        name: str
        url: str
        starts: dict[str, int]
        topics: list[str]

    class SecretRenewed(Event):
        """换密钥: the one before signs a day longer."""

        TOPIC = "webhook.secret_renewed"

    class Paused(Event):
        """暂停: nothing is delivered until it is resumed, and nothing is lost."""

        TOPIC = "webhook.paused"

        def apply(self, webhook: Webhook) -> None:
            webhook.paused = True

    class Resumed(Event):
        """恢复, also of one that halted because nobody answered."""

        TOPIC = "webhook.resumed"

        def apply(self, webhook: Webhook) -> None:
            webhook.paused = False

    class Ended(Event):
        """终止, for good."""

        TOPIC = "webhook.ended"

        def apply(self, webhook: Webhook) -> None:
            webhook.ended = True

    def __init__(self, *, code: str, name: str, url: str, starts: dict[str, int], topics: list[str]) -> None:
        self.code, self.name, self.url = code, name, url
        self.starts, self.topics = starts, frozenset(topics)
        self.paused = self.ended = False

    @property
    def delivers(self) -> bool:
        """Whether events are to be pushed to it."""
        return not self.paused and not self.ended

    @classmethod
    def open(
        cls, act: Act, *, code: str, name: str, url: str, starts: Mapping[str, int], topics: Collection[str]
    ) -> Webhook:
        """开通. Refuses `BadCode`, `BadText`, `BadAddress`, and `OutsideArea` for a log not wholly theirs."""
        role = administer(act, *starts)
        code = local_code(code, "回调编号")
        return cls._create(
            cls.Opened, id=entry_id(cls.TOPIC, code), timestamp=act.at, **signature(act, role), code=code,
            name=wording(name, "回调名称"), url=hook_address(url), starts=dict(sorted(starts.items())),
            topics=sorted(set(topics)),
        )  # fmt: skip

    def renew_secret(self, act: Act) -> None:
        """换密钥. Refuses `WebhookEnded`."""
        self._change(act, self.SecretRenewed)

    def pause(self, act: Act) -> None:
        """暂停. Refuses `NothingChanged`, `WebhookEnded`."""
        if self.paused:
            raise NothingChanged(kind=self.label, code=self.code)
        self._change(act, self.Paused)

    def resume(self, act: Act) -> None:
        """恢复. Refuses `WebhookEnded`."""
        self._change(act, self.Resumed)

    def end(self, act: Act) -> None:
        """终止. Refuses `WebhookEnded`."""
        self._change(act, self.Ended)

    def _change(self, act: Act, event: type[Event]) -> None:
        role = administer(act, *self.starts)
        if self.ended:
            raise WebhookEnded(code=self.code)
        record(self, event, act, role)


def hook_address(url: str) -> str:
    """`url` as it is. Refuses `BadAddress` for one with a user, a query or a fragment, and for http to elsewhere.

    Events are for ever, so an address has no room for a password or a key.
    """
    found = _ADDRESS.fullmatch(url)
    if found is None:
        raise BadAddress(why="应为 https://主机[:端口][/路径]，不带用户名、查询参数和片段")
    scheme, host, port = found.groups()
    if scheme == "http" and not _THIS_MACHINE.fullmatch(host):
        raise BadAddress(why="http 只可用于本机，其余须用 https")
    if port is not None and int(port) > 65_535:
        raise BadAddress(why="端口应在 1 至 65535 之间")
    return url
