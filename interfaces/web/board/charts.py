"""Charts 图: specifications for Vega-Lite, written with Altair. The page draws them and shows a table beside.

Altair takes a second to import, so it waits until the first chart is asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from interfaces.web.board.held import Stage, Step

TINTS = ["#a9cbd9", "#e3c88f", "#b5d3b1", "#cdbcdc", "#e6b8b0"]
"""Of stages side by side; light enough for dark letters in both schemes."""
_LETTERS = "#1c211d"
_STEP = 24
_NAMED_FROM = 0.09
"""The least share of the longest bar that has room for a name."""


def stages_chart(stages: Sequence[Stage]) -> dict[str, Any]:
    """Days held by holder, stacked by stage; every piece carries the address of its cases."""
    import altair as alt

    rows = _pieces(stages)
    whole = {holder: sum(one["days"] for one in rows if one["holder"] == holder) for holder in _holders(stages)}
    for row in rows:
        row["label"] = row["stage"] if row["days"] >= max(whole.values()) * _NAMED_FROM else ""
    days = alt.X("days:Q", title="占用，天", stack="zero", axis=alt.Axis(format=",.0f", tickCount=5))
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y("holder:N", sort=list(whole), title=None), order="nth:O", description="words:N"
    )
    bars = base.mark_bar(cursor="pointer").encode(
        x=days, color=alt.Color("nth:O", scale=alt.Scale(range=TINTS), legend=None)
    )
    names = base.mark_text(fontSize=11, color=_LETTERS, cursor="pointer").encode(
        x=alt.X("days:Q", stack="zero", bandPosition=0.5), detail="nth:O", text="label:N"
    )
    return _spec(alt.layer(bars, names).properties(width="container", height=alt.Step(_STEP)))


def _holders(stages: Sequence[Stage]) -> list[str]:
    """In the order in which a case meets them."""
    return list(dict.fromkeys(part.name for stage in stages for part in stage.parts))


def _pieces(stages: Sequence[Stage]) -> list[dict[str, Any]]:
    """Each stage of each holder; `nth` of that holder's, for a tint that its neighbours have not."""
    met: Counter[str] = Counter()
    rows = []
    for stage in stages:
        for part in stage.parts:
            rows.append({
                "stage": stage.name, "holder": part.name, "days": round(part.days, 2),
                "nth": met[part.name] % len(TINTS),
                "words": f"{part.name}，{stage.name}：{part.cell.words}", "cases": part.cell.cases,
            })  # fmt: skip
            met[part.name] += 1
    return rows


def steps_chart(steps: Sequence[Step]) -> dict[str, Any]:
    """Median and ninth decile of each step, in days, on one line each."""
    import altair as alt

    rows = [
        {"step": step.name, "median": step.median_days, "p90": step.p90_days, "cases": step.cell.cases}
        for step in steps if step.median_days is not None
    ]  # fmt: skip
    chart = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y("step:N", sort=[step.name for step in steps], title=None)
    )
    days = alt.Axis(format=",.1f", tickCount=5)
    layers = alt.layer(
        chart.mark_rule(strokeWidth=2).encode(x=alt.X("median:Q", title="天", axis=days), x2="p90:Q"),
        chart.mark_point(filled=True, size=70, cursor="pointer", shape="circle").encode(x="median:Q"),
        chart.mark_point(filled=True, size=70, cursor="pointer", shape="diamond").encode(x="p90:Q"),
    ).properties(width="container", height=alt.Step(_STEP))
    return _spec(layers)


def _spec(chart: Any) -> dict[str, Any]:
    """Without Altair's own look: colours and type are the page's. No address of a schema goes out."""
    spec: dict[str, Any] = chart.to_dict(validate=False)
    for name in ("$schema", "config"):
        spec.pop(name, None)
    return spec | {"autosize": {"type": "fit-x", "contains": "padding"}}
