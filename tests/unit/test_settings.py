"""Settings: what an operator gets wrong is said at once, by name, without repeating the value."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from domain.limit import Limit
from domain.redo_policy import RedoPolicy
from infrastructure import settings
from infrastructure.settings import WrongSettings


def test_nothing_has_to_be_set() -> None:
    found = settings.load()
    assert (found.database_url, found.data_dir, found.host, found.port) == (
        None,
        Path("var"),
        "127.0.0.1",
        8000,
    )
    assert (found.city, found.districts, found.duty_list_policy) == ("1507", ("150785",), "refuse")
    assert found.zone == ZoneInfo("Asia/Shanghai")


def test_the_environment_sets_and_the_command_line_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WANGGE_PORT", "9000")
    monkeypatch.setenv("WANGGE_DISTRICTS", "150702, 150785")
    assert settings.load().port == 9000
    assert settings.load(port=9001).port == 9001
    assert settings.load().districts == ("150702", "150785")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "99999"),
        ("PORT", "eight"),
        ("CITY", "15070"),
        ("CITY", "１５０７"),
        ("DISTRICTS", "110101"),
        ("DISTRICTS", "15078"),
        ("DISTRICTS", "150785,150785"),
        ("DISTRICTS", ""),
        ("TOKEN_MINUTES", "0"),
        ("SECRET", "too short to be a secret"),
        ("DUTY_LIST_POLICY", "maybe"),
        ("CALENDAR_ZONE", "Asia/Nowhere"),
        ("LOG_LEVEL", "LOUD"),
        ("DATABASE_URL", "host=db.example password=a-secret-word"),
        ("DATABASE_URL", "postgresql://u:a-secret-word@db.example/w?no_such=1"),
        ("LOG_ORIGIN", "two words"),
        ("SEAL_SECONDS", "-1"),
        ("WITNESS_URL", "witness.example"),
        ("DATABSE_URL", "postgresql://u:a-secret-word@db.example/w"),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"WANGGE_{name}", value)
    with pytest.raises(WrongSettings, match=rf"WANGGE_{name}：") as refused:
        settings.load()
    assert "secret-word" not in str(refused.value)


def test_every_wrong_setting_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WANGGE_PORT", "0")
    monkeypatch.setenv("WANGGE_CITY", "x")
    monkeypatch.setenv("WANGGE_CTIY", "1507")
    with pytest.raises(WrongSettings, match=r"(?s)WANGGE_CTIY.*WANGGE_PORT.*WANGGE_CITY"):
        settings.load()


def test_settings_that_are_printed_keep_their_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WANGGE_DATABASE_URL", "postgresql://u:a-secret-word@db.example/w")
    monkeypatch.setenv("WANGGE_SECRET", "a-secret-word" * 3)
    assert "secret-word" not in repr(settings.load())


def test_a_redo_has_the_limit_it_had_unless_one_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.load().redo_policy == RedoPolicy()
    monkeypatch.setenv("WANGGE_REDO_LIMIT", "3 workday")
    assert settings.load().redo_policy == RedoPolicy(Limit.of(3, "workday"), "WANGGE_REDO_LIMIT")


@pytest.mark.parametrize("value", ["3", "3 fortnight", "0 workday", "99999 workday", "three workday", "3  workday"])
def test_a_limit_of_a_redo_that_is_none_is_said(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("WANGGE_REDO_LIMIT", value)
    with pytest.raises(WrongSettings, match="WANGGE_REDO_LIMIT"):
        settings.load()
