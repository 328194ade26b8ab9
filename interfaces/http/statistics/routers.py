"""The routers of the statistics, in the order in which they are tried."""

from interfaces.http.statistics import bulletins, ledgers, numbers, public, rankings, rates, what_if

ROUTERS = (
    rates.router,
    rankings.router,
    bulletins.router,
    ledgers.router,
    what_if.router,
    numbers.router,
    public.router,
)
