"""Whether the process lives, whether it can serve, and its figures."""

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from interfaces.http.calls import ServicesDep

router = APIRouter(tags=["运行"], include_in_schema=False)


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
async def readyz(services: ServicesDep, response: Response) -> dict[str, dict[str, int]]:
    """Every log can be read and its boards answer; otherwise busy, 503. Gives the lag of each.

    A log that is not what was sealed is named with its first bad position, and served all the same.
    """
    lags = {}
    for log in services.logs.every():
        newest = await log.last_position()
        lags[log.log_id] = max(newest - await services.boards.position(log.log_id), 0)
    standing = await services.proving.standing()
    broken = {one.log: one.breach_position for one in standing if one.breach_position is not None}
    return {"lag": lags, "broken": broken} if broken else {"lag": lags}


@router.get("/metrics")
async def metrics() -> Response:
    """Figures for Prometheus."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
