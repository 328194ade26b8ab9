"""Arguments as real clients send them: empty is absent, lists come with commas or repeated, a plus may be a blank."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from math import isfinite

from interfaces.open311.answers import WrongArgumentsError

Pairs = Sequence[tuple[str, str]]
MOST_LISTED = 1000
_INSTANT = re.compile(
    r"""([0-9]{4}-[0-9]{2}-[0-9]{2}) [Tt] ([0-9]{2}:[0-9]{2}(?::[0-9]{2})?) (?:[.,][0-9]{1,9})?
        ([Zz]|[+\ -][0-9]{2}:?[0-9]{2})""",
    re.VERBOSE,
)
_YEARS = range(1970, 2200)


class Arguments:
    """What was given. What cannot be read is noted, all of it, and `check` tells it together."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._given: dict[str, list[str]] = {}
        for name, value in pairs:
            if value.strip():
                self._given.setdefault(name, []).append(value)
        self.problems: list[str] = []

    def check(self) -> None:
        """Raises `WrongArgumentsError` with everything that was noted."""
        if self.problems:
            raise WrongArgumentsError(self.problems)

    def wrong(self, name: str, why: str) -> None:
        """Note what is wrong with an argument."""
        problem = f"bad-{name.replace('_', '-')}：{name} {why}。"
        if problem not in self.problems:
            self.problems.append(problem)

    def text(self, name: str, most: int = 200) -> str:
        """One text without outer blanks, "" when absent."""
        value = next(iter(self._given.get(name, ())), "").replace("\r\n", "\n").strip()
        if len(value) > most:
            self.wrong(name, f"至多 {most} 个字，所给为 {len(value)} 个")
        if re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", value):
            self.wrong(name, "含有控制字符")
        return value

    def listed(self, name: str) -> list[str]:
        """All values, repeated or with commas between, each once."""
        parts = [part.strip() for value in self._given.get(name, ()) for part in value.split(",")]
        found = list(dict.fromkeys(part for part in parts if part))
        if len(found) > MOST_LISTED:
            self.wrong(name, f"至多 {MOST_LISTED} 项")
        return found

    def number(self, name: str, least: float, most: float) -> float | None:
        """A decimal number."""
        value = self.text(name, 40)
        if not value:
            return None
        read = float(value) if re.fullmatch(r"[+-]?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]{1,3})?", value, re.ASCII) else None
        if read is None or not isfinite(read) or not least <= read <= most:
            self.wrong(name, f"应为 {least:g} 至 {most:g} 的数")
            return None
        return read

    def whole(self, name: str, usual: int, most: int) -> int:
        """A whole number from 1 on."""
        value = self.text(name, 40)
        if not value:
            return usual
        if not re.fullmatch("[0-9]{1,9}", value) or not 1 <= int(value) <= most:
            self.wrong(name, f"应为 1 至 {most} 的整数")
            return usual
        return int(value)

    def instant(self, name: str) -> datetime | None:
        """A W3C instant with its zone, cut to whole seconds."""
        value = self.text(name, 60)
        if not value:
            return None
        match = _INSTANT.fullmatch(value)
        try:
            if match is None or int(value[:4]) not in _YEARS:
                raise ValueError(value)
            # A plus that nobody escaped arrives as a blank.
            zone = match[3].upper().replace(" ", "+").replace("Z", "+00:00")
            return datetime.fromisoformat(f"{match[1]}T{match[2]}{zone}")
        except ValueError:
            self.wrong(name, "应为带时区的时间，如 2026-11-02T09:00:00Z 或 2026-11-02T17:00:00+08:00")
            return None

    def span(self, start: str, end: str, longest: timedelta) -> tuple[datetime | None, datetime | None]:
        """Two instants in order and no further apart than `longest`."""
        since, until = self.instant(start), self.instant(end)
        if since and until:
            if since > until:
                self.wrong(start, f"晚于 {end}")
            elif until - since > longest:
                self.problems.append(f"span-too-long：{start} 至 {end} 不得超过 {longest.days} 天。")
        return since, until
