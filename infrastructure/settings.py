"""What an operator may set: environment variables WANGGE_..., one per field in capitals.

A value that is wrong, or a name that is none of these, stops the program before it does anything: a mistyped
WANGGE_DATABASE_URL must not quietly start another database.
"""

import os
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict
from pydantic import Field, IPvAnyNetwork, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from domain.limit import Limit
from domain.redo_policy import RedoPolicy

_PREFIX = "WANGGE_"
_District = Annotated[str, Field(pattern=r"^[0-9]{6}$")]


class WrongSettings(ValueError):
    """One or more settings are wrong; the text names each, and never shows a value."""


class Settings(BaseSettings):
    """The settings of one process. Made by `load`."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, frozen=True, hide_input_in_errors=True)

    database_url: Annotated[str | None, Field(repr=False)] = None
    """postgresql://...; without it a PostgreSQL of our own runs in the data folder."""
    migration_database_url: Annotated[str | None, Field(repr=False)] = None
    """The same database as the owner of its tables; without it `database_url` migrates as well."""
    data_dir: Path = Path("var")
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8000
    city: Annotated[str, Field(pattern=r"^[0-9]{4}$")] = "1507"
    """Code of the city, four digits; also the name of its log."""
    districts: Annotated[tuple[_District, ...], NoDecode, Field(min_length=1)] = ("150785",)
    """Codes of the districts served, six digits each, with commas between; each has a log."""
    token_minutes: Annotated[int, Field(ge=1, le=24 * 60)] = 30
    secret: SecretStr | None = None
    """What tokens are signed with, 32 bytes or more; without it one is made and kept in the data folder."""
    kek_file: Path | None = None
    """The key-encryption keys that personal data is sealed under; without it `kek.keys` in the data folder."""
    attachment_store: Annotated[str | None, Field(pattern=r"^s3://[^/?#]+(/[^?#]*)?$")] = None
    """Where attachments are kept, e.g. s3://bucket/prefix, with the usual variables AWS_...; without it `attachments`
    in the data folder."""
    retention_days: Annotated[int, Field(ge=0, le=36_500)] = 3 * 365
    """How long what people told is kept after the last event of their case, before it may be erased."""
    duty_list_policy: Literal["refuse", "flag"] = "refuse"
    """职责准入: what happens to an assignment off the unit's list, where neither district nor city has a policy."""
    redo_limit: Annotated[str, Field(pattern=r"^([1-9][0-9]* [a-z_]+)?$")] = ""
    """重办: the limit of a redo, e.g. "3 workday"; empty for the limit the case had before."""
    timer_seconds: Annotated[float, Field(ge=0, le=3600)] = 5
    """How often timers that have come due are looked for; 0: this process fires none."""
    seal_seconds: Annotated[float, Field(ge=0, le=3600)] = 5
    """How often logs are sealed; 0: this process seals none."""
    log_origin: Annotated[str, Field(pattern=r"^[^\s+\x00-\x1f]{1,100}$")] = "wangge"
    """What the names of logs begin with in checkpoints, best a domain name of the city's own: `example.org/150785`."""
    signing_key: Path | None = None
    """The keys that checkpoints are signed with; without it `signing.keys` in the data folder."""
    checkpoint_dir: Path | None = None
    """Where checkpoints are published to, best on another disk; without it `checkpoints` in the data folder."""
    witness_url: Annotated[str | None, Field(pattern=r"^https?://", repr=False)] = None
    """A witness (C2SP tlog-witness) that new checkpoints are shown to."""
    webhook_networks: Annotated[tuple[IPvAnyNetwork, ...], NoDecode] = ()
    """Networks that webhooks may reach beside public addresses, with commas between: `10.20.0.0/16,127.0.0.0/8`."""
    escalate_missed: bool = False
    """超时自动上报: whether a case whose lead misses its limit is passed up one level at that instant."""
    open311_contact: Annotated[str, Field(min_length=1, max_length=500)] = "请拨打 12345 市民服务热线"
    """Whom those who write programs against Open311 may ask; told by discovery."""
    open311_key_service: Annotated[str, Field(min_length=1, max_length=500)] = "接口密钥由本系统的管理员发放"
    """How one gets a key to send requests in; told by discovery."""
    open311_type: Literal["production", "test"] = "production"
    """Whether requests sent in through Open311 are in earnest."""
    calendar_zone: str = "Asia/Shanghai"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @property
    def kek_path(self) -> Path:
        return self.kek_file or self.data_dir / "kek.keys"

    @property
    def signing_key_path(self) -> Path:
        return self.signing_key or self.data_dir / "signing.keys"

    @property
    def checkpoint_path(self) -> Path:
        return self.checkpoint_dir or self.data_dir / "checkpoints"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.calendar_zone)

    @property
    def redo_policy(self) -> RedoPolicy:
        return RedoPolicy(_limit(self.redo_limit), "WANGGE_REDO_LIMIT") if self.redo_limit else RedoPolicy()

    @field_validator("redo_limit")
    @classmethod
    def _is_a_limit(cls, value: str) -> str:
        try:
            if value:
                _limit(value)
        except ValueError:
            raise ValueError("应为数值和单位，如 3 workday") from None
        return value

    @field_validator("database_url", "migration_database_url")
    @classmethod
    def _is_a_url(cls, value: str | None) -> str | None:
        if value is None:
            return value
        try:
            conninfo_to_dict(value)
        except ProgrammingError:  # its text shows the value, password and all
            raise ValueError("不是有效的数据库地址") from None
        if not value.startswith(("postgresql://", "postgres://")):
            raise ValueError("应以 postgresql:// 开头")
        return value

    @field_validator("districts", "webhook_networks", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return [code.strip() for code in value.split(",") if code.strip()] if isinstance(value, str) else value

    @field_validator("secret")
    @classmethod
    def _is_long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value().encode()) < 32:
            raise ValueError("至少 32 字节")
        return value

    @field_validator("calendar_zone")
    @classmethod
    def _is_known(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("不是已知的时区")
        return value

    @field_validator("districts")
    @classmethod
    def _are_of_the_city(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        city = info.data.get("city", "")
        if not all(code.startswith(city) for code in value):
            raise ValueError(f"应为城市 {city} 的区划代码")
        if len(set(value)) != len(value):
            raise ValueError("区划代码不可重复")
        return value


def _limit(text: str) -> Limit:
    amount, unit = text.split(" ")
    return Limit.of(int(amount), unit)


def load(**given: Any) -> Settings:
    """The settings of this process; `given` ones, from a command line, win. Raises `WrongSettings`."""
    known = {_PREFIX + name.upper() for name in Settings.model_fields}
    unknown = sorted(name for name in os.environ if name.startswith(_PREFIX) and name not in known)
    wrong = [f"{name}：没有这个设置" for name in unknown]
    try:
        settings = Settings(**given)
    except ValidationError as error:
        found = [(str(e["loc"][0]).upper(), e["msg"].removeprefix("Value error, ")) for e in error.errors()]
        wrong += [f"{_PREFIX}{name}：{why}" for name, why in found]
    if wrong:
        raise WrongSettings("设置有误：\n" + "\n".join(wrong))
    return settings
