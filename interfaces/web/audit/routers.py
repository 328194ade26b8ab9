"""The routers of the auditor's pages."""

from interfaces.web.audit import entrance, film, past

ROUTERS = (entrance.router, film.router, past.router)
