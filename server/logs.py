"""Logs that say what happened and where, and nothing about whom.

A log line has a constant text and values under the names in KEYS; all else is dropped. Of an error
the kind and the places it passed are kept, not its message, which may quote what people entered.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

import structlog

WHAT = {"event", "level", "time", "logger", "place", "error", "trace", "reason", "version"}
HOW = {"route", "method", "status", "ms", "code", "command", "request", "kind"}
# Ids mean nothing outside the database.
WHICH = {"case", "organisation", "session", "seat", "space", "user", "link", "slot", "worker"}
HOW_MUCH = {"count", "bytes", "packets", "pid", "port"}
KEYS = WHAT | HOW | WHICH | HOW_MUCH
LONGEST = 120
ROOT = Path(__file__).parents[1]

# These write addresses, names or whole messages. Two have a handler of their own unless their level
# is set by name.
SILENT = (
    "aioice",
    "aiohttp.access",
    "aiortc",
    "alembic",
    "engineio",
    "engineio.server",
    "libav",
    "socketio",
    "socketio.server",
    "sqlalchemy",
)


def setup(level: str = "info", form: str = "json", stream: TextIO | None = None) -> None:
    """Send everything that is logged in this process to `stream` (standard error), safely."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        _error,
        _allowed,
    ]
    last: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[_foreign, *shared],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in SILENT:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _foreign(
    _logger: object, _name: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Of what a library logs, keep which and where: its text may quote anything.

    Of what we log in its way, keep the text too, without the values put into it.
    """
    record: logging.LogRecord = event["_record"]
    kept = {key: event[key] for key in ("_record", "_from_structlog", "exc_info") if key in event}
    place = f"{record.module}:{record.lineno}"
    ours = record.name.partition(".")[0] in ("server", "signaling", "recordings")
    text = record.msg if ours else "a library reports"
    return {**kept, "event": text, "logger": record.name, "place": place}


def _error(
    _logger: object, _name: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Replace an exception by its kinds and the places it passed."""
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["error"] = " < ".join(_kinds(error))
        event["trace"] = _places(error.__traceback__)
    return event


def _kinds(error: BaseException) -> list[str]:
    kinds: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(kinds) < 5:
        kinds.append(type(cause).__qualname__)
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return kinds


def _places(trace: TracebackType | None) -> list[str]:
    return [
        f"{_short(frame.filename)}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(trace)[-12:]
    ]


def _short(filename: str) -> str:
    """The path below the project, or from the library's own folder."""
    return filename.rpartition("site-packages/")[2].removeprefix(f"{ROOT}/")


def _allowed(_logger: object, _name: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Drop every value that no one decided to log, and cut what is too long to be an id."""
    kept: dict[str, Any] = {}
    for key, value in event.items():
        if key.startswith("_") or key == "trace":
            kept[key] = value
        elif key in KEYS:
            plain = value is None or isinstance(value, (bool, int, float))
            kept[key] = value if plain else str(value)[:LONGEST]
    return kept
