"""Keeping accounts 账号管理: an administrator's to open, reset, stop and restore; a password is its owner's."""

from __future__ import annotations

from application.registry.registry import Registry
from application.sign_in import SignIn
from domain.actor import Act, Actor, Role
from domain.registry.refusals import SelfGrant


class KeepingAccounts:
    """What an administrator may do about the accounts of staff in their area, and never about their own."""

    def __init__(self, sign_in: SignIn, registry: Registry) -> None:
        self._sign_in, self._registry = sign_in, registry

    async def open(self, act: Act, *, staff: str, login: str, password: str) -> None:
        """开通. Refuses `WrongRole`, `OutsideArea`, `SelfGrant`, and what `SignIn.register` does."""
        self._administer(act, staff)
        await self._sign_in.register(staff, login, password)

    async def reset(self, act: Act, *, staff: str, password: str) -> None:
        """重置口令. Refuses as `open`, and what `SignIn.reset_password` does."""
        self._administer(act, staff)
        await self._sign_in.reset_password(staff, password)

    async def stop(self, act: Act, *, staff: str) -> None:
        """停用; all tokens end. Refuses as `open`."""
        self._administer(act, staff)
        await self._sign_in.disable(staff)

    async def restore(self, act: Act, *, staff: str) -> None:
        """恢复. Refuses as `open`."""
        self._administer(act, staff)
        await self._sign_in.enable(staff)

    async def change_own_password(self, actor: Actor, *, current: str, password: str) -> None:
        """修改本人口令; all tokens end. Refuses what `SignIn.change_password` does."""
        await self._sign_in.change_password(actor.id, current, password)

    def _administer(self, act: Act, staff: str) -> None:
        act.as_one_of(Role.ADMIN)
        member = self._registry.staff(staff)
        act.within(self._registry.unit(member.unit).place)
        if staff == act.actor.id:
            raise SelfGrant(staff=staff)
