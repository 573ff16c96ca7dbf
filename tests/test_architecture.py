"""Who may import whom. The table is the architecture; change it only with a reason."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LEAVES = {
    "server.logs",
    "server.metrics",
    "server.settings",
    "server.values",
    "server.words",
    "server.sentences",
    "server.security",
}

# The standard library and one's own package are everyone's. run.py composes, so it sees everything.
MAY_IMPORT: dict[str, set[str]] = {
    "server.domain": set(),
    "server.settings": {"server.values", "pydantic"},
    "server.values": {"pydantic", "limits"},
    "server.logs": {"structlog"},
    "server.metrics": {"prometheus_client"},
    "server.words": {"babel"},
    "server.sentences": {"server.words"},
    "server.security": {"server.domain", "argon2", "cryptography", "limits", "pyotp"},
    "server.documents": {"server.domain", "server.security", "PIL", "pi_heif", "pypdfium2"},
    "server.store": {"server.domain", "server.security", "alembic", "sqlalchemy"},
    # Before the row of all services: these alone talk to the world outside.
    "server.services.sending": {"server.domain", *LEAVES, "aiohttp", "aiosmtplib"},
    "server.services": {"server.domain", "server.documents", "server.store", *LEAVES}
    | {"babel", "chinese_calendar", "icalendar", "openpyxl", "pydantic", "sqlalchemy", "structlog"},
    "server.commands": {"server.domain", "server.doctor", "server.services", *LEAVES, "typer"},
    "server.doctor": {"server.domain", "server.documents", "server.store", *LEAVES}
    | {"aiohttp", "aioice"},
    "server.http": {"server.domain", "server.services", *LEAVES}
    | {"aiohttp", "babel", "jinja2", "markupsafe", "multidict", "segno", "structlog", "yarl"},
    # Where the recorder meets the room; run.py gives it the media plane.
    "recordings.seat": {"recordings", "server.domain", "server.security", "server.services.context"}
    | {"structlog"},
    "recordings.library": {"recordings", "server.domain.ids", "server.security"}
    | {"server.services.library"},
    # Whoever checks evidence needs no server: of ours the recorder uses only what is about files.
    "recordings": {"server.security", "server.words", "av", "cryptography", "PIL", "typer"},
    "signaling": {"server.domain", "server.services", *LEAVES}
    | {"recordings.tap", "recordings.track"}
    | {"OpenSSL", "aioice", "aiortc", "pydantic", "pylibsrtp", "socketio", "structlog"},
}


def sources() -> Iterator[tuple[str, str]]:
    """(module, text) of everything that the table is about."""
    for package in ("server", "signaling", "recordings"):
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts).removesuffix(".__init__"), path.read_text("utf-8")


def imported(text: str) -> Iterator[str]:
    """Every module that is imported, at any depth and for types too; relative ones with a dot."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module}.{name.name}" for name in node.names)


def within(module: str, package: str) -> bool:
    return f"{module}.".startswith(f"{package}.")


def forbidden(module: str, text: str) -> list[str]:
    """What a module imports and may not."""
    home = next((package for package in MAY_IMPORT if within(module, package)), None)
    if home is None:
        return [] if module == "server" and not list(imported(text)) else [f"{module}: no row"]
    allowed = {home, *MAY_IMPORT[home], *sys.stdlib_module_names}
    return [
        f"{module} imports {name}"
        for name in imported(text)
        if not any(within(name, package) for package in allowed)
    ]


def test_everyone_imports_only_whom_they_may() -> None:
    found = list(sources())
    assert found
    assert [wrong for module, text in found for wrong in forbidden(module, text)] == []


def test_only_services_open_the_database() -> None:
    """What a page needs is read by a service that knows who may."""
    pages = [(module, text) for module, text in sources() if within(module, "server.http")]
    assert pages
    assert [module for module, text in pages if ".store." in text] == []


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("server.domain.session", "import pydantic"),
        ("server.domain.session", "from server import store"),
        ("server.services.sessions", "from signaling.presence import Presence"),
        ("server.http.pages", "def f():\n    import server.store.cases"),
        ("server.store.cases", "from .. import services"),
        ("signaling.gateway", "from server.http import routes"),
        ("server.elsewhere", "import json"),
        ("recordings.index", "from server.store import audit"),
        ("server.services.sessions", "from recordings import index"),
    ],
)
def test_what_crosses_the_direction_is_found(module: str, line: str) -> None:
    assert len(forbidden(module, line)) == 1
