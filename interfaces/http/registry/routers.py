"""Routers of the reference data, one a resource."""

from interfaces.http.registry import catalogue, divisions, grids, staff, units

ROUTERS = (divisions.router, grids.router, units.router, staff.router, catalogue.router)
