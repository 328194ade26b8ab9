"""What the running service tells its operator: JSON lines on standard error, and figures for Prometheus.

A line is a fixed event name with ids, codes and numbers beside it, never a value that a person gave. Keys
known to be personal are dropped, objects are shown by their type, and an exception by its type and place,
since its text may quote what somebody wrote. The log is not the audit trail.
"""

import logging
import sys
from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import date
from enum import Enum
from pathlib import Path
from traceback import walk_tb
from typing import Any, TextIO
from uuid import UUID

import orjson
import structlog
from prometheus_client import Gauge
from structlog.typing import EventDict, Processor, WrappedLogger

LOG_POSITION = Gauge("wangge_log_position", "Position of the last event of a log", ["log"])
PROJECTION_LAG = Gauge(
    "wangge_projection_lag_events", "Events of a log that a projection has not seen", ["log", "projection"]
)

# fmt: off
PERSONAL = frozenset({
    "address", "authorization", "body", "complainant", "content", "cookie", "description", "detail",
    "details", "email", "id_card", "key", "login", "mobile", "name", "note", "opinion", "password",
    "phone", "reason", "reply", "requester", "secret", "sql", "text", "title", "token", "value",
})
# fmt: on
_PERSONAL_ENDS = tuple(f"_{word}" for word in PERSONAL)
_FRAMES = 20  # the innermost of each exception
_PLAIN = (str, int, float, bool, UUID, date, Path, type(None))


def configure(level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send what structlog and the standard library log, from `level` up, to `stream` as JSON lines.

    Covers uvicorn and yoyo too; start uvicorn with `log_config=None`. Its access log is off: it prints
    addresses and query strings, and requests are counted and logged by their route.
    """
    stream = stream or sys.stderr
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    after: list[Processor] = [describe_exception, drop_personal, structlog.processors.JSONRenderer(_json)]
    threshold = logging.getLevelNamesMapping()[level]
    structlog.configure(
        processors=[*before, *after],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.WriteLoggerFactory(file=stream),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*before, structlog.stdlib.add_logger_name, _first_line],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *after],
        )
    )
    # Debugging lines of libraries may hold anything.
    logging.basicConfig(handlers=[handler], level=max(threshold, logging.INFO), force=True)
    logging.captureWarnings(capture=True)
    logging.getLogger("uvicorn.access").disabled = True
    logging.getLogger("yoyo").setLevel(logging.WARNING)  # it tells every step of every migration


def drop_personal(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """Take personal keys out of a line, however deep, and reduce objects to their type."""
    return {key: _plain(value) for key, value in line.items() if not is_personal(key)}


def is_personal(key: str) -> bool:
    """Whether `key`, or its end, names something that people tell about themselves or keep secret."""
    return f"_{key.lower()}".endswith(_PERSONAL_ENDS)


def describe_exception(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """Replace `exc_info` by the types of the exception and its causes, SQL states, and the places passed."""
    info = line.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    error = info[1] if isinstance(info, tuple) else info
    return {**line, "exception": list(_chain(error))} if isinstance(error, BaseException) else line


def _chain(error: BaseException | None) -> Iterator[dict[str, Any]]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        passed = [(frame.f_code, line) for frame, line in walk_tb(error.__traceback__)]
        places = [f"{code.co_filename}:{line} {code.co_qualname}" for code, line in passed[-_FRAMES:]]
        link = {"type": type(error).__qualname__, "at": places}
        state = getattr(error, "sqlstate", None)
        yield {**link, "sqlstate": state} if state else link
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _first_line(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """Other people's messages quote exceptions and objects from the second line on."""
    return {**line, "event": str(line["event"]).partition("\n")[0]}


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items() if not is_personal(str(key))}
    if isinstance(value, Sequence | Set):
        return [_plain(inner) for inner in value]
    return type(value).__qualname__


def _json(line: object, **_: object) -> str:
    return orjson.dumps(line, default=str).decode()
