"""Charts 图: specifications for Vega-Lite, written with Altair. The page draws them and shows a table beside.

Altair takes a second to import, so it waits until the first chart is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from interfaces.web.board.held import Stage, Step

HOLDERS_SCHEME = ["#2d7491", "#c98a2b", "#5b8f5a", "#8a6fa8", "#b8574c", "#6f8a94", "#9c8f5f"]
_STEP = 22


def stages_chart(stages: Sequence[Stage]) -> dict[str, Any]:
    """Days held by stage, stacked by who held; every bar carries the address of its cases."""
    import altair as alt

    rows = [
        {"stage": stage.name, "holder": part.name, "days": round(part.days, 2), "words": part.cell.words,
         "cases": part.cell.cases}
        for stage in stages for part in stage.parts
    ]  # fmt: skip
    chart = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_bar(cursor="pointer", height=14)
        .encode(
            y=alt.Y("stage:N", sort=[stage.name for stage in stages], title=None),
            x=alt.X("days:Q", title="占用，天", stack=True, axis=alt.Axis(format=",.0f", tickCount=5)),
            color=alt.Color("holder:N", title="占有方", scale=alt.Scale(range=HOLDERS_SCHEME)),
            description="words:N",
        )
        .properties(width="container", height=alt.Step(_STEP))
    )
    return _spec(chart)


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
    return spec
