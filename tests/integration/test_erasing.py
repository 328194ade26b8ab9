"""Erasing: refused, restricted, or done to the end wherever it is stopped; the log stays as it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from application.ports import PersonalDetails
from application.privacy.erasing import Erasing, Sweep
from domain.actor import Act
from domain.erasure import Erasure, ErasureStage
from domain.privacy_refusals import AlreadyErased, Forgotten, HeldAlready, NotHeld, NothingToErase
from domain.refusals import OutsideArea, WrongRole
from domain.resident_request import ResidentRequest
from infrastructure.privacy.forgetting import PostgresForgetting
from tests.projecting import ask
from tests.sealed_cases import AUDITOR, KEPT, KEY, NOON, RECEIVER, REPLY, WORDS, Office, in_office
from tests.town import DISTRICT

ACT = Act(AUDITOR, NOON + timedelta(days=1), "本人申请")
NEVER, FOR_A_YEAR = timedelta(0), timedelta(days=365)
LEAVES = "SELECT position, leaf_hash FROM event WHERE topic NOT LIKE 'erasure.%%' ORDER BY position"
STEPS = ("destroy_key", "clean", "sweep", "drop_words")


class Killed(BaseException):
    """What a test does to the eraser."""


class Mortal:
    """A `Forgetting` that is killed before or after one of its steps, once."""

    def __init__(self, forgetting: PostgresForgetting, step: str, when: str) -> None:
        self._forgetting, self._step, self._when = forgetting, step, when

    def _dies(self, step: str, when: str) -> None:
        if (step, when) == (self._step, self._when):
            self._step = ""
            raise Killed

    async def restrict(self, log_id: str, subject: UUID) -> None:
        await self._forgetting.restrict(log_id, subject)

    async def destroy_key(self, log_id: str, subject: UUID) -> str:
        self._dies("destroy_key", "before")
        done = await self._forgetting.destroy_key(log_id, subject)
        self._dies("destroy_key", "after")
        return done

    async def clean(self, log_id: str, subject: UUID, case: UUID) -> Mapping[str, int]:
        self._dies("clean", "before")
        done = await self._forgetting.clean(log_id, subject, case)
        self._dies("clean", "after")
        return done

    async def sweep(self, log_id: str, subject: UUID) -> Sweep:
        self._dies("sweep", "before")
        done = await self._forgetting.sweep(log_id, subject)
        self._dies("sweep", "after")
        return done

    async def drop_words(self, log_id: str, subject: UUID) -> None:
        self._dies("drop_words", "before")
        await self._forgetting.drop_words(log_id, subject)
        self._dies("drop_words", "after")

    async def begun(self, log_id: str) -> Sequence[UUID]:
        return await self._forgetting.begun(log_id)


def erasing(house: Office, folder: Path, retention: timedelta = NEVER) -> Erasing:
    return Erasing(house.logs, PostgresForgetting(house.vault, folder), retention)


def require_forgotten(url: str, request: ResidentRequest) -> None:
    """Neither words nor a key nor a tag are left, and the sweep's own copy is gone."""
    assert [row[1:] for row in ask(url, KEPT, request.subject)] == [(None, None)] * (len(WORDS) + 1)
    assert ask(url, KEY, request.subject)[0][1] is None
    assert ask(url, "SELECT count(*) FROM vault.leaving_words") == [(0,)]
    assert ask(url, "SELECT count(*) FROM personal_detail WHERE tag IS NOT NULL AND subject = %s", request.subject) == [
        (0,)
    ]


def test_the_people_of_a_case_are_forgotten_and_nobody_else(database_url: str, kek_file: Path, tmp_path: Path) -> None:
    async def story(house: Office) -> None:
        request, other = await house.answer(await house.receive()), await house.receive()
        before = ask(database_url, LEAVES)
        done = await erasing(house, tmp_path).erase(ACT, request.id)
        assert done.stage is ErasureStage.CERTIFIED
        assert len(done.key_digest) == 64
        assert done.looked_at["public.event"] >= 5
        require_forgotten(database_url, request)
        assert ask(database_url, KEY, other.subject)[0][1] is not None
        assert ask(database_url, LEAVES) == before
        with pytest.raises(Forgotten):
            await house.log.seal(PersonalDetails(request.subject, {"reply_3": "好"}))
        with pytest.raises(AlreadyErased):
            await erasing(house, tmp_path).erase(ACT, request.id)
        assert await house.log.load(ResidentRequest, request.id) == request

    in_office(database_url, kek_file, story)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_one_that_is_killed_goes_on_to_the_same_end(
    step: str, when: str, database_url: str, kek_file: Path, tmp_path: Path
) -> None:
    async def story(house: Office) -> None:
        request = await house.answer(await house.receive())
        mortal = Erasing(house.logs, Mortal(PostgresForgetting(house.vault, tmp_path), step, when), NEVER)
        with pytest.raises(Killed):
            await mortal.erase(ACT, request.id)
        assert await erasing(house, tmp_path).resume(ACT) == 1
        done = await erasing(house, tmp_path).find(ACT, request.id)
        assert done.stage is ErasureStage.CERTIFIED
        assert done.remains == {}
        require_forgotten(database_url, request)
        assert await erasing(house, tmp_path).resume(ACT) == 0

    in_office(database_url, kek_file, story)
    topics = ask(database_url, "SELECT topic FROM event WHERE topic LIKE 'erasure.%%' ORDER BY position")
    steps = ("opened", "asked", "key_destroyed", "cleaned", "verified", "certified")
    assert topics == [(f"erasure.{step}",) for step in steps]


def test_words_that_stand_elsewhere_are_found_and_not_certified_away(
    database_url: str, kek_file: Path, tmp_path: Path
) -> None:
    async def story(house: Office) -> Erasure:
        request = await house.answer(await house.receive())
        (tmp_path / "export.csv").write_bytes(b"x" * (1 << 20) + f",{WORDS['phone']}\n".encode())
        with psycopg.connect(database_url) as connection:
            connection.execute("INSERT INTO account VALUES ('staff', %s, 'hash', false, now())", (WORDS["phone"],))
        keen = erasing(house, tmp_path)
        found = await keen.erase(ACT, request.id)
        assert (found.stage, found.remains) == (ErasureStage.REMAINS, {"public.account": 1, "files": 1})
        (tmp_path / "export.csv").unlink()
        with psycopg.connect(database_url) as connection:
            connection.execute("DELETE FROM account")
        done = await keen.erase(ACT, request.id)
        require_forgotten(database_url, request)
        return done

    assert in_office(database_url, kek_file, story).stage is ErasureStage.CERTIFIED


def test_an_open_case_and_one_on_hold_are_refused_and_keep_their_words(
    database_url: str, kek_file: Path, tmp_path: Path
) -> None:
    async def story(house: Office) -> None:
        keen, request = erasing(house, tmp_path), await house.receive()
        assert (await keen.erase(ACT, request.id)).stage is ErasureStage.REFUSED
        await house.answer(request)
        await keen.hold(ACT, request.id)
        with pytest.raises(HeldAlready):
            await keen.hold(ACT, request.id)
        assert (await keen.erase(ACT, request.id)).stage is ErasureStage.REFUSED
        assert ask(database_url, KEY, request.subject)[0][1] is not None
        await keen.hold(ACT, request.id, lift=True)
        with pytest.raises(NotHeld):
            await keen.hold(ACT, request.id, lift=True)
        assert (await keen.erase(ACT, request.id)).stage is ErasureStage.CERTIFIED

    in_office(database_url, kek_file, story)


def test_while_the_legal_term_runs_words_are_kept_and_nothing_else_is_done_with_them(
    database_url: str, kek_file: Path, tmp_path: Path
) -> None:
    async def story(house: Office) -> None:
        request = await house.answer(await house.receive())
        keen = erasing(house, tmp_path, FOR_A_YEAR)
        assert (await keen.erase(ACT, request.id)).stage is ErasureStage.RESTRICTED
        with pytest.raises(Forgotten):
            await house.log.seal(PersonalDetails(request.subject, {"reply_3": REPLY}))
        assert ask(database_url, KEY, request.subject)[0][1] is not None
        later = Act(AUDITOR, NOON + timedelta(days=366), "期限已满")
        assert (await keen.erase(later, request.id)).stage is ErasureStage.CERTIFIED
        require_forgotten(database_url, request)

    in_office(database_url, kek_file, story)


def test_only_who_keeps_the_records_of_the_place_may(database_url: str, kek_file: Path, tmp_path: Path) -> None:
    async def story(house: Office) -> None:
        keen, request = erasing(house, tmp_path), await house.answer(await house.receive())
        elsewhere = Act(type(AUDITOR)("x", AUDITOR.roles, "U", ("150784",)), ACT.at)
        for wrong, no in ((Act(RECEIVER, ACT.at), WrongRole), (elsewhere, OutsideArea)):
            with pytest.raises(no):
                await keen.erase(wrong, request.id)
        with pytest.raises(NothingToErase):
            await keen.find(ACT, request.id)

    in_office(database_url, kek_file, story)
    assert ask(database_url, "SELECT count(*) FROM event WHERE log_id = %s", DISTRICT) == [(2,)]
