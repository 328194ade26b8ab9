"""岗位分离: the service works under a role that may add events and never change one, and owns nothing.

Whoever migrates owns the tables. The role is part of the connection string, so every connection begins in it and
returns to it by RESET.
"""

from __future__ import annotations

import psycopg
import structlog
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from infrastructure import sql

QUERY = sql.load("guards.sql")
APPEND = "wangge_append"
logger = structlog.get_logger(__name__)


def guarded(database_url: str) -> str:
    """The connection string of the service proper. Where nobody could make the role, it goes without, and says so."""
    with psycopg.connect(database_url) as connection:
        row = connection.execute(QUERY["may_become"], {"role": APPEND}).fetchone()
    if not row or not row[0]:
        logger.warning("database_unguarded", role=APPEND)
        return database_url
    return as_role(database_url, APPEND)


def as_role(database_url: str, role: str) -> str:
    """The same database for connections that begin in `role`."""
    return with_options(database_url, f"-c role={role}")


def with_options(database_url: str, options: str) -> str:
    """The same database with options of the server added to those it is named with."""
    said = str(conninfo_to_dict(database_url).get("options") or "")
    return make_conninfo(database_url, options=f"{said} {options}".strip())
