"""The routers of the auditor's pages."""

from interfaces.web.audit import entrance, exports, film, past, records

ROUTERS = (entrance.router, film.router, past.router, exports.router, records.router)
