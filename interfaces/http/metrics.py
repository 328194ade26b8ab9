"""What the HTTP face counts, for Prometheus."""

from prometheus_client import Counter, Histogram
from starlette.types import Scope

COMMANDS = Counter("wangge_commands_total", "Writes recorded, by route.", ["route"])
SECONDS = Histogram(
    "wangge_http_request_seconds",
    "Time to answer, by method, route and status.",
    ["method", "route", "status"],
)


def route_of(scope: Scope) -> str:
    """The whole path template of the route that served a request, "unknown" when none did."""
    # FastAPI includes a router by reference: the route knows its own path, its inclusion knows the prefixes.
    included = scope.get("fastapi", {}).get("effective_route_context")
    return getattr(included or scope.get("route"), "path", "unknown")
