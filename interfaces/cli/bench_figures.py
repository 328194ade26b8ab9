"""What `wangge bench` measured, as a document for programs and as tables for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

import typer

from application.synthetic.measuring import Pace
from domain.statistics.numbers import NUMBERS
from interfaces.cli.telling import say_json, say_table

BAR_MS = 100.0
PAGE_BAR_MS = 200.0
GROWTH_BAR = 1.3
_MIB = 1024 * 1024


@dataclass
class Measured:
    """Seconds, milliseconds and bytes of one run; None where a step was not taken."""

    cases: int
    seed: int
    events: int = 0
    made_seconds: float | None = None
    projected_events: int | None = None
    projected_seconds: float | None = None
    rebuilt_seconds: float | None = None
    same_after_rebuild: bool | None = None
    quarter: Pace | None = None
    quarter_in_all: Pace | None = None
    numbers: Mapping[str, Pace] = field(default_factory=dict)
    all: Pace | None = None
    pages: Mapping[str, Pace] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)

    @property
    def growth(self) -> float | None:
        """How much longer the same questions take once three quarters more have been added."""
        if self.quarter is None or self.quarter_in_all is None:
            return None
        return self.quarter_in_all.p50 / self.quarter.p50


def say(measured: Measured, as_json: bool) -> None:
    """Everything, and whether the bars of the statistics hold."""
    if as_json:
        say_json({**asdict(measured), "growth": measured.growth, "holds": holds(measured)})
        return
    say_table(("项目", "数值"), _whole(measured))
    say_table(
        ("指标", "名称", "次数", "p50 毫秒", "p95 毫秒"),
        [
            (number, NUMBERS[number].name, pace.n, f"{pace.p50:.1f}", f"{pace.p95:.1f}")
            for number, pace in measured.numbers.items()
        ],
    )
    if measured.pages:
        rows = [(name, one.n, f"{one.p50:.1f}", f"{one.p95:.1f}") for name, one in measured.pages.items()]
        say_table(("页面", "次数", "p50 毫秒", "p95 毫秒"), rows)
    say_table(("表", "MiB"), [(name, f"{size / _MIB:,.1f}") for name, size in measured.sizes.items()])
    for name, kept in holds(measured).items():
        typer.echo(f"{name}：{'达到' if kept else '未达到'}")


def holds(measured: Measured) -> dict[str, bool]:
    """The bars that were measured."""
    found = {}
    if measured.all is not None:
        found[f"全部指标 p95 不超过 {BAR_MS:g} 毫秒"] = measured.all.p95 <= BAR_MS
    if measured.growth is not None:
        found[f"所问时段以外的历史增至四倍，用时不超过 {GROWTH_BAR:g} 倍"] = measured.growth <= GROWTH_BAR
    if measured.same_after_rebuild is not None:
        found["重建后各数不变"] = measured.same_after_rebuild
    if measured.pages:
        found[f"各页面 p95 不超过 {PAGE_BAR_MS:g} 毫秒"] = all(
            one.p95 <= PAGE_BAR_MS for one in measured.pages.values()
        )
    return found


def _whole(measured: Measured) -> list[tuple[str, str]]:
    rows = [("案件", f"{measured.cases:,}"), ("种子", str(measured.seed)), ("事件", f"{measured.events:,}")]
    for name, count, seconds in (
        ("生成", measured.events, measured.made_seconds),
        ("投影（全部读模型）", measured.projected_events, measured.projected_seconds),
        ("重建", measured.projected_events, measured.rebuilt_seconds),
    ):
        if seconds is not None and count:
            rows.append((name, f"{seconds:,.1f} 秒，每秒 {count / seconds:,.0f} 个事件"))
    for name, pace in (("全部指标", measured.all), ("一季度，只有一季度", measured.quarter),
                       ("一季度，已有全年", measured.quarter_in_all)):  # fmt: skip
        if pace is not None:
            rows.append((f"{name} p50 / p95", f"{pace.p50:.1f} / {pace.p95:.1f} 毫秒（{pace.n} 次）"))
    if measured.growth is not None:
        rows.append(("历史四倍时的用时之比", f"{measured.growth:.2f}"))
    rows.append(("占用磁盘", f"{sum(measured.sizes.values()) / _MIB:,.0f} MiB"))
    return rows
