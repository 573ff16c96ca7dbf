"""What lies in deploy/ agrees with what the code knows, and with the programs it is for."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from server import metrics, settings
from server.domain.document import LARGEST
from server.http.app import UNREAD_S
from server.security.keys import KeyStore
from server.services import later, measuring
from server.services.context import Context
from server.settings import PREFIX, Settings
from server.store.migrate import upgrade
from server.store.store import Store
from signaling import gateway
from signaling.figures import Figures
from signaling.media.embedded import WorkerStats
from signaling.presence import Presence
from signaling.quality import Qualities

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
OPERATIONS = (ROOT / "docs/operations.md", ROOT / "docs/operations.zh-CN.md")
MONITORING = DEPLOY / "monitoring"
UNIT = DEPLOY / "heyi.service"

NOT_OURS = {"heyi_", "heyi_connection"}
"""`heyi_*` in a text, and a variable of nginx."""


def texts() -> list[Path]:
    return [file for file in DEPLOY.rglob("*") if file.is_file()] + list(OPERATIONS)


def environment() -> dict[str, str]:
    """All of heyi.env, what is commented out as well."""
    lines = (DEPLOY / "heyi.env").read_text("utf-8").splitlines()
    found = [line.lstrip("#") for line in lines if line.lstrip("#").startswith(PREFIX)]
    return dict(line.split("=", 1) for line in found)


# ---- settings ------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", texts(), ids=lambda file: file.name)
def test_every_setting_that_is_named_exists(file: Path) -> None:
    named = {
        name.lower() for name in re.findall(rf"\b{PREFIX}([A-Z_]*[A-Z])\b", file.read_text("utf-8"))
    }
    secret = {name.removesuffix("_file") for name in named}
    assert secret - Settings.model_fields.keys() <= {"settings"}


def test_the_environment_can_be_read_as_it_is_written(tmp_path: Path) -> None:
    given = environment()
    for name in [name for name in given if name.endswith("_FILE")]:
        secret = tmp_path / name
        secret.write_text("smtp://mail.example.org" if "SMTP" in name else "a secret")
        given[name] = str(secret)
    read = settings.load(given)
    assert read.turn_urls
    assert read.media_ports
    assert read.database.startswith("postgresql:")
    assert read.origin.startswith("https://")


# ---- figures -------------------------------------------------------------------------------------


class Counted:
    """A plane with one worker that has counted everything that it can."""

    worker_pids = (os.getpid(),)
    events_dropped = workers_died = 0

    async def stats(self) -> list[WorkerStats]:
        names = {field.name for field in fields(WorkerStats)} - {"forwarded"}
        values: dict[str, Any] = dict.fromkeys(names, 1)
        return [WorkerStats(**{**values, "pid": os.getpid(), "forwarded": {}})]


@pytest.fixture
async def shown(tmp_path: Path) -> dict[str, str]:
    """Every figure of `/metrics` by its name, and what it says of itself."""
    database = f"sqlite:///{tmp_path / 'heyi.sqlite3'}"
    await upgrade(database)
    store = Store(database)
    ctx = Context(
        store=store, settings=Settings(data_dir=tmp_path), keys=KeyStore(tmp_path / "keys")
    )
    presence = Presence()
    live = Figures(presence, Qualities(ctx, presence), Counted())  # type: ignore[arg-type]
    text = metrics.text([*await measuring.figures(ctx), *await live()]).decode()
    await store.close()
    kinds = dict(re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE))
    return {name: kind for name, kind in kinds.items() if not name.endswith("_created")}


def series(shown: dict[str, str]) -> set[str]:
    """As they are asked for."""
    parts = {"histogram": ("_bucket", "_count", "_sum")}
    return {name + part for name, kind in shown.items() for part in parts.get(kind, ("",))}


@pytest.mark.parametrize("name", ["alerts.yml", "grafana.json"])
async def test_every_figure_that_is_watched_exists(shown: dict[str, str], name: str) -> None:
    text = (MONITORING / name).read_text("utf-8")
    asked = set(re.findall(r"\bheyi_[a-z_]+", text))
    assert asked
    assert asked <= series(shown)


@pytest.mark.parametrize("file", OPERATIONS, ids=lambda file: file.name)
async def test_every_figure_is_explained_and_no_other(shown: dict[str, str], file: Path) -> None:
    explained = set(re.findall(r"^\| `(heyi_[a-z_]+)`", file.read_text("utf-8"), re.MULTILINE))
    assert {name: kind for name, kind in shown.items() if name not in explained} == {}
    assert explained <= shown.keys()


def test_labels_that_are_asked_for_exist() -> None:
    found = {
        label
        for it in metrics.REGISTRY._names_to_collectors.values()
        for label in getattr(it, "_labelnames", ())
    }
    for name in ("alerts.yml", "grafana.json"):
        text = (MONITORING / name).read_text("utf-8")
        asked = {
            label.strip() for by in re.findall(r"by \(([^)]+)\)", text) for label in by.split(",")
        }
        asked |= set(re.findall(r"\{([a-z_]+)=\\?\"", text))
        assert asked <= found | {"le", "job", "worker"}


def test_the_dashboard_is_whole() -> None:
    board = json.loads((MONITORING / "grafana.json").read_text("utf-8"))
    ids = [panel["id"] for panel in board["panels"]]
    assert len(ids) == len(set(ids))
    places = [tuple(panel["gridPos"][key] for key in "xy") for panel in board["panels"]]
    assert len(places) == len(set(places))
    assert all(panel["targets"] for panel in board["panels"] if panel["type"] != "row")


@pytest.mark.parametrize("file", OPERATIONS, ids=lambda file: file.name)
def test_every_alert_is_explained(file: Path) -> None:
    alerts = set(re.findall(r"- alert: (\w+)", (MONITORING / "alerts.yml").read_text()))
    explained = set(re.findall(r"^\| `(Heyi\w+)`", file.read_text("utf-8"), re.MULTILINE))
    assert explained == alerts


# ---- the other programs --------------------------------------------------------------------------


def unit() -> Iterator[tuple[str, str]]:
    for line in UNIT.read_text("utf-8").splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            yield name, value


def test_systemd_and_compose_wait_until_everybody_is_told() -> None:
    """All that a stop waits for, one after the other, at its longest."""
    from run import STOP_S

    longest = gateway.FINISH_S + 2 * gateway.GOODBYE_S + STOP_S + later.STOP_S
    assert dict(unit())["KillMode"] == "mixed"
    given = float(dict(unit())["TimeoutStopSec"])
    assert given >= 2 * longest
    assert f"stop_grace_period: {given:.0f}s" in (DEPLOY / "compose.yaml").read_text("utf-8")


def test_proxies_take_what_the_server_takes() -> None:
    for name, pattern in (
        ("Caddyfile", r"max_size (\d+)MB"),
        ("nginx.conf", r"max_body_size (\d+)m"),
    ):
        found = re.search(pattern, (DEPLOY / name).read_text("utf-8"))
        assert found
        assert int(found[1]) * 1_000_000 > LARGEST
    assert f"send_timeout {UNREAD_S}s" in (DEPLOY / "nginx.conf").read_text("utf-8")


def of_debian(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not installed")
    return found


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    analyze = of_debian("systemd-analyze")
    here = UNIT.read_text("utf-8").replace("/opt/heyi/.venv/bin/python", shutil.which("true") or "")
    (tmp_path / UNIT.name).write_text(here)
    verified = subprocess.run(
        [analyze, "verify", "--man=no", str(tmp_path / UNIT.name)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (verified.returncode, verified.stderr) == (0, "")
    exposed = [analyze, "security", "--offline=true", "--threshold=20", str(tmp_path / UNIT.name)]
    assert subprocess.run(exposed, capture_output=True, check=False).returncode == 0


def test_prometheus_takes_scrapes_and_alerts() -> None:
    checked = subprocess.run(
        [of_debian("promtool"), "check", "config", str(MONITORING / "prometheus.yml")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stderr
