"""`wangge`: the command line. Each command opens the house, calls a use case and tells what happened."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import typer
import uvicorn
import uvloop
from fastapi import FastAPI
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from application.command import deed
from application.demonstration.load import DEMO_STAFF, load_demonstration
from application.limits.default_limits import ship_default_limits
from application.registry.statistics_policies import ship_default_policy
from application.services import Services
from domain.refusals import AlreadyRegistered, Refused
from interfaces.cli import (
    addresses,
    bulletins,
    calendars,
    catalogue,
    dispatch,
    dispatch_editions,
    division_doubts,
    divisions,
    duties,
    duty_lists,
    grids,
    limits,
    messages,
    policies,
    projections,
    rosters,
)
from interfaces.cli.bench import bench
from interfaces.cli.due import due
from interfaces.cli.erase import erase
from interfaces.cli.export import RUNS_ALONE, export, verify
from interfaces.cli.key import key
from interfaces.cli.ledger import ledger
from interfaces.cli.open311_key import open311_key
from interfaces.cli.proof import proof
from interfaces.cli.replay import replay
from interfaces.cli.vault import vault
from interfaces.cli.webhooks import webhooks
from interfaces.cli.what_if import what_if
from interfaces.wiring import OPERATING, House, Settings, cli_actor, configure, load, now, open_house

app = typer.Typer(no_args_is_help=True, add_completion=False, help="网格治理的记录系统")
imports = typer.Typer(no_args_is_help=True, help="导入")
imports.command("divisions")(divisions.divisions)
imports.command("townships")(divisions.townships)
imports.command("division-changes")(divisions.division_changes)
imports.command("addresses")(addresses.addresses)
imports.command("grids")(grids.import_grids)
imports.command("boundaries")(grids.import_boundaries)
imports.command("catalogue")(catalogue.catalogue)
imports.command("calendar")(calendars.calendar)
imports.command("messages")(messages.messages)
imports.command("roster")(rosters.roster)
imports.command("dispatch-rules")(dispatch.dispatch_rules)
imports.command("limit-rules")(limits.limit_rules)
imports.command("duties")(duties.import_duties)
divisions.codes.command("doubts")(division_doubts.doubts)
divisions.codes.command("settle")(division_doubts.settle)
dispatch.dispatch.command("list")(dispatch_editions.list_editions)
dispatch.dispatch.command("draft")(dispatch_editions.draft)
dispatch.dispatch.command("publish")(dispatch_editions.publish)
duties.duties.command("list")(duty_lists.list_duties)
duties.duties.command("admissions")(duty_lists.list_admissions)
app.command()(due)
app.command()(erase)
app.command()(export)
app.command(context_settings=RUNS_ALONE)(verify)
app.command()(ledger)
app.command("what-if")(what_if)
app.command()(bench)
app.add_typer(imports, name="import")
app.add_typer(vault, name="vault")
app.add_typer(divisions.codes, name="divisions")
app.add_typer(projections.projections, name="projections")
app.add_typer(replay, name="replay")
app.add_typer(catalogue.group, name="catalogue")
app.add_typer(calendars.calendars, name="calendars")
app.add_typer(grids.grids, name="grids")
app.add_typer(dispatch.dispatch, name="dispatch")
app.add_typer(key, name="key")
app.add_typer(open311_key, name="open311-key")
app.add_typer(proof, name="proof")
app.add_typer(duties.duties, name="duties")
app.add_typer(policies.policies, name="policies")
app.add_typer(bulletins.bulletin, name="bulletin")
app.add_typer(webhooks, name="webhooks")
console = Console(stderr=True)


def main() -> None:
    """Entry of the console script: what an operator can mend is told in Chinese and ends with 1."""
    try:
        app()
    except Refused as refused:
        problem = f"{refused.title()}：{refused.detail()}"
    except OPERATING as error:
        problem = str(error)
    else:
        return
    console.print(problem, style="red", highlight=False, markup=False, soft_wrap=True)
    raise SystemExit(1)


@app.command()
def serve() -> None:
    """启动服务：HTTP 接口与投影."""
    settings = load()
    configure(settings.log_level)
    uvloop.run(_serve(settings))


@app.command()
def demo(scale: Annotated[float, typer.Option(min=0.01, max=100, help="案件数量的倍数")] = 1.0) -> None:
    """装入示范区（根河市）并启动服务."""
    settings = load(token_minutes=8 * 60)
    configure(settings.log_level)
    uvloop.run(_demo(settings, scale))


@app.command()
def rebuild() -> None:
    """重建全部投影：清空后从事件日志重放."""
    settings = load()
    configure("WARNING")
    asyncio.run(_rebuild(settings))


@app.command()
def token(staff: Annotated[str, typer.Option(help="人员编号")]) -> None:
    """为一名在岗人员签发短期令牌（运维用）."""
    settings = load()
    configure("WARNING")
    typer.echo(asyncio.run(_token(settings, staff)))


async def _serve(settings: Settings) -> None:
    async with open_house(settings, workers=True) as house:
        # A city without limit rules gets the graded ones; whoever keeps them may publish others.
        await ship_default_limits(house.services.desk, deed(cli_actor(settings), now=now()))
        await ship_default_policy(house.services.desk, deed(cli_actor(settings), now=now()))
        await _listen(house)


async def _listen(house: House) -> None:
    @asynccontextmanager
    async def lifespan(application: FastAPI) -> AsyncIterator[None]:
        application.state.services = house.services
        yield

    settings = house.settings
    # Only who serves pays for the routes: they take most of a second to build.
    from interfaces.http.app import create_app
    from interfaces.http.serving import Serving

    config = uvicorn.Config(
        create_app(lifespan), host=settings.host, port=settings.port, log_config=None, access_log=False, loop="none"
    )
    await Serving(config, house.tail.close).serve()


async def _demo(settings: Settings, scale: float) -> None:
    async with open_house(settings, workers=True) as house:
        # Three weeks are told after the event, with the timers of their own time.
        house.timers_may_fire.clear()
        with _progress("装入示范区") as bar:
            task = bar.add_task("", total=None)
            await load_demonstration(
                house.services, now(), scale=scale,
                progress=lambda done, total: bar.update(task, completed=done, total=total),
            )  # fmt: skip
        house.timers_may_fire.set()
        password = await _let_in(house.services)
        console.print(f"页面 http://{settings.host}:{settings.port}/，以下列编号登录，口令（本次启动有效）{password}")
        console.print(f"接口 http://{settings.host}:{settings.port}/api/v1/openapi.json")
        console.print("可用令牌（8 小时有效）：")
        for label, staff in DEMO_STAFF.items():
            signed = await house.services.sign_in.issue(staff)
            console.print(f"  {label} {staff}", highlight=False)
            console.print(f"    {signed.token}", highlight=False, soft_wrap=True)
        await _listen(house)


async def _let_in(services: Services) -> str:
    """A password, made anew at each start, by which the staff of the demonstration sign in to the pages."""
    password = secrets.token_urlsafe(9)
    for staff in DEMO_STAFF.values():
        try:
            await services.sign_in.register(staff, staff, password)
        except AlreadyRegistered:
            await services.sign_in.reset_password(staff, password)
    return password


async def _rebuild(settings: Settings) -> None:
    async with open_house(settings) as house:
        projector, logs = house.projector, house.services.logs.every()
        with _progress("重建投影") as bar:
            tasks = {
                (log.log_id, projection.name): bar.add_task(
                    f"{log.log_id} {projection.name}", total=await log.last_position()
                )
                for log in logs
                for projection in projector.projections
            }
            rebuilt = await projector.rebuild(
                lambda log_id, name, position: bar.update(tasks[log_id, name], completed=position)
            )
        console.print(f"已重放 {sum(one.events for one in rebuilt)} 个事件，已切换到新世代")


async def _token(settings: Settings, staff: str) -> str:
    async with open_house(settings) as house:
        return (await house.services.sign_in.issue(staff)).token


def _progress(label: str) -> Progress:
    return Progress(
        TextColumn(label), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        console=console,
    )  # fmt: skip
