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
    """Every log can be read and its boards answer; otherwise busy, 503. Gives the lag of each."""
    lags = {}
    for log in services.logs.every():
        newest = await log.last_position()
        lags[log.log_id] = max(newest - await services.boards.position(log.log_id), 0)
    return {"lag": lags}


@router.get("/metrics")
async def metrics() -> Response:
    """Figures for Prometheus."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
