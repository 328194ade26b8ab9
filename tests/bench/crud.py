"""The baseline for HTTP: a plain FastAPI route that inserts a row and an audit row in one pipelined transaction.

Run as a server of its own: `python -m tests.bench.crud DATABASE_URL PORT`.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import uvicorn
from fastapi import FastAPI
from psycopg_pool import AsyncConnectionPool
from pydantic import BaseModel

TABLES = """
CREATE TABLE IF NOT EXISTS crud_issue (id uuid PRIMARY KEY, grid text NOT NULL, category text NOT NULL, text text);
CREATE TABLE IF NOT EXISTS crud_audit (id bigserial PRIMARY KEY, issue uuid NOT NULL, what text NOT NULL,
                                       at timestamptz NOT NULL DEFAULT now());
"""


class Report(BaseModel):
    """What is reported."""

    grid: str
    category: str
    text: str


def crud_app(url: str) -> FastAPI:
    """The application."""
    pool = AsyncConnectionPool(url, min_size=8, max_size=16, open=False)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with pool:
            async with pool.connection() as connection:
                await connection.execute(TABLES)
            yield

    app = FastAPI(lifespan=lifespan)

    @app.post("/issues", status_code=201)
    async def report(order: Report) -> dict[str, UUID]:
        issue = uuid4()
        async with pool.connection() as connection, connection.pipeline(), connection.transaction():
            await connection.execute(
                "INSERT INTO crud_issue (id, grid, category, text) VALUES (%s, %s, %s, %s)",
                (issue, order.grid, order.category, order.text),
            )
            await connection.execute("INSERT INTO crud_audit (issue, what) VALUES (%s, 'reported')", (issue,))
        return {"id": issue}

    return app


if __name__ == "__main__":
    uvicorn.run(crud_app(sys.argv[1]), host="127.0.0.1", port=int(sys.argv[2]), log_level="error", access_log=False)
