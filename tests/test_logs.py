from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import socketio
import structlog

from server import logs

NAME = "王小明"
TOKEN = "k3mX9-secret-token"


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    """What is logged during a test; afterwards logging is as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in logs.SILENT}
    stream = io.StringIO()
    logs.setup("info", "json", stream)
    yield stream
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


def lines(out: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_line_has_its_text_and_the_values_that_are_allowed(out: io.StringIO) -> None:
    structlog.get_logger().info("seat admitted", seat="0192", ms=12, name=NAME, token=TOKEN)
    [line] = lines(out)
    assert line.pop("time")
    assert line == {"event": "seat admitted", "level": "info", "seat": "0192", "ms": 12}


def test_an_error_is_told_by_kind_and_place_without_its_words(out: io.StringIO) -> None:
    try:
        try:
            dict[str, str]()[NAME]
        except KeyError as wrong:
            raise ValueError(TOKEN) from wrong
    except ValueError:
        structlog.get_logger().exception("handler failed", code="unknown")
    [line] = lines(out)
    assert line["error"] == "ValueError < KeyError"
    assert line["trace"][-1].startswith("tests/test_logs.py:")
    assert line["code"] == "unknown"
    assert NAME not in out.getvalue()
    assert TOKEN not in out.getvalue()


def test_what_a_library_logs_is_told_by_where(out: io.StringIO) -> None:
    try:
        raise OSError(NAME)
    except OSError:
        logging.getLogger("asyncio").exception("task of %s failed: %s", NAME, TOKEN)
    [line] = lines(out)
    assert line["event"] == "a library reports"
    assert (line["logger"], line["level"], line["error"]) == ("asyncio", "error", "OSError")
    assert line["place"].startswith("test_logs:")
    assert NAME not in out.getvalue()
    assert TOKEN not in out.getvalue()


def test_our_own_plain_logger_keeps_its_text_without_the_values(out: io.StringIO) -> None:
    logging.getLogger("signaling.media.worker").warning("link of %s is gone", NAME)
    [line] = lines(out)
    assert line["event"] == "link of %s is gone"
    assert NAME not in out.getvalue()


@pytest.mark.parametrize(
    "name", ["socketio.server", "engineio.server", "aiohttp.access", "aioice.ice"]
)
def test_libraries_that_write_messages_are_silent(out: io.StringIO, name: str) -> None:
    logging.getLogger(name).error(TOKEN)
    assert out.getvalue() == ""


def test_the_socket_server_does_not_bring_its_own_handler(out: io.StringIO) -> None:
    for name in ("socketio.server", "engineio.server"):
        logging.getLogger(name).handlers.clear()  # of servers other tests made without our logs
    server = socketio.AsyncServer(async_mode="aiohttp")
    for logger in (server.logger, server.eio.logger):
        logger.error(TOKEN)
        assert logger.handlers == []
    assert out.getvalue() == ""


def test_a_long_value_is_cut_and_the_level_is_kept(out: io.StringIO) -> None:
    structlog.get_logger().debug("too small to be told")
    structlog.get_logger().warning("told", reason="x" * 1000)
    [line] = lines(out)
    assert line["reason"] == "x" * logs.LONGEST


def test_the_form_for_a_terminal_drops_the_same(out: io.StringIO) -> None:
    logs.setup("info", "console", out)
    structlog.get_logger().info("seat admitted", seat="0192", name=NAME)
    assert "seat=0192" in out.getvalue()
    assert NAME not in out.getvalue()
