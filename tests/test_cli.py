"""The command line, as an operator uses it: each command in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from recordings import audit_export
from server.security.keys import KeyStore

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.slow


def run(data: Path, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "run.py", *arguments, "--data", str(data)],
        cwd=ROOT,
        env={k: v for k, v in os.environ.items() if not k.startswith("HEYI_")},
        input=given,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_an_operator_sets_up_a_committee(tmp_path: Path) -> None:
    bureau = run(tmp_path, "org", "add", "Bureau", "bureau").stdout.strip()
    assert len(bureau) == 36
    added = run(tmp_path, "org", "add", "Committee", "committee", "--under", bureau)
    assert added.returncode == 0, added.stderr
    word = "correct horse battery"
    asked = ("user", "add", "wang", "Wang", "--org", "Committee", "--role", "mediator")
    assert run(tmp_path, *asked, given=f"{word}\n").returncode == 0
    again = run(tmp_path, *asked, given=f"{word}\n")
    assert again.returncode == 1
    assert again.stderr.startswith("login_taken: ")
    verified = run(tmp_path, "audit", "verify")
    assert verified.returncode == 0, verified.stderr
    given = tmp_path / "audit.zip"
    assert run(tmp_path, "audit", "export", str(given)).returncode == 0
    assert audit_export.check(given, KeyStore(tmp_path / "keys").audit_public_key) == []

    with sqlite3.connect(tmp_path / "heyi.sqlite3") as database:
        database.execute("UPDATE audit_entry SET verb = 'user.removed' WHERE verb = 'user.added'")
    found = run(tmp_path, "audit", "verify")
    assert found.returncode == 1
    assert "changed" in found.stdout


def test_what_is_kept_is_the_servers_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    data.chmod(0o755)
    before = os.umask(0o022)
    try:
        made = run(data, "org", "add", "Bureau", "bureau")
    finally:
        os.umask(before)
    assert made.returncode == 0, made.stderr
    kept = [data, *data.rglob("*")]
    assert data / "heyi.sqlite3" in kept
    assert [path for path in kept if path.stat().st_mode & 0o077] == []


def test_what_is_unknown_is_said_in_one_line(tmp_path: Path) -> None:
    answer = run(tmp_path, "org", "add", "Committee", "committee", "--under", "nowhere")
    assert answer.returncode == 1
    assert answer.stderr.startswith("organisation_unknown: ")
    assert "Traceback" not in answer.stderr


def test_upgrading_twice_changes_nothing(tmp_path: Path) -> None:
    assert run(tmp_path, "db", "upgrade").returncode == 0
    assert run(tmp_path, "db", "upgrade").returncode == 0


def test_a_bad_setting_is_named(tmp_path: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "run.py", "db", "upgrade", "--data", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "HEYI_MEDIA_PORTS": "all of them"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert answer.returncode == 1
    assert answer.stderr.startswith("media_ports: expected two ports")


@pytest.mark.timeout(900)
def test_what_is_backed_up_is_drilled_and_restored(tmp_path: Path) -> None:
    """As docs/operations.md has it, with folders that nobody has made."""
    data, fresh, backup = tmp_path / "data", tmp_path / "fresh", tmp_path / "vault/data.tar"
    (tmp_path / "passphrase").write_text("correct horse battery\n")
    (tmp_path / "short").write_text("short\n")

    def keys(passphrase: str) -> list[str]:
        copy = tmp_path / "keys/keys.copy"
        return ["--keys", str(copy), "--passphrase-file", str(tmp_path / passphrase)]

    bureau = run(data, "org", "add", "Bureau", "bureau").stdout.strip()
    none_yet = run(data, "backup", str(backup), *keys("passphrase"))
    assert none_yet.returncode == 1
    assert "is --data right?" in none_yet.stderr
    KeyStore(data / "keys").make_all()
    for wrong, words in (("short", "at least"), ("nowhere", "No such file")):
        refused = run(data, "backup", str(backup), *keys(wrong))
        assert refused.returncode == 1
        assert words in refused.stderr
        assert len(refused.stderr.splitlines()) == 1
        assert not backup.exists(), "it is refused before the long work"
    made = run(data, "backup", str(backup), *keys("passphrase"))
    assert made.returncode == 0, made.stderr
    assert made.stdout.endswith("Copied the keys.\n")

    command = [sys.executable, "run.py", "drill", str(backup), *keys("passphrase")]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("HEYI_")}
    drilled = subprocess.run(
        command,
        cwd=ROOT,
        env={**environment, "TMPDIR": str(tmp_path / "vault")},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert drilled.returncode == 0, drilled.stderr
    assert [file.name for file in (tmp_path / "vault").iterdir()] == ["data.tar"]

    back = run(fresh, "restore", str(backup), *keys("passphrase"))
    assert back.returncode == 0, back.stderr
    again = run(fresh, "org", "add", "Station", "station", "--under", bureau)
    assert again.returncode == 0, again.stderr


@pytest.mark.timeout(300)
def test_doctor_says_how_to_mend_and_ends_with_one(tmp_path: Path) -> None:
    wrong = {"HEYI_PUBLIC_URL": "http://192.0.2.7", "LANG": "zh_CN.UTF-8", "LC_ALL": ""}
    answer = subprocess.run(
        [sys.executable, "run.py", "doctor", "--json", "--data", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, **wrong},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert answer.returncode == 1, answer.stderr
    said = json.loads(answer.stdout)
    assert said["ok"] is False
    failed = [one for one in said["findings"] if one["level"] == "fail"]
    assert "browsers" in {one["check"] for one in failed}
    assert all(one["mend"] for one in failed)
    assert any("摄像头" in one["what"] for one in failed), "in the language of the terminal"
    assert list(tmp_path.iterdir()) == [], "it only looks"


def test_a_server_stops_when_told(tmp_path: Path) -> None:
    """SIGTERM: exit code 0, and the media worker is gone with it."""
    with subprocess.Popen(
        [sys.executable, "run.py", "demo", "--port", "0", "--data", str(tmp_path), "--json"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            assert server.stdout is not None
            assert server.stdout.readline().startswith('{"url": "http://127.0.0.1:')
            children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
            assert children
            server.send_signal(signal.SIGTERM)
            assert server.wait(timeout=300) == 0
        finally:
            server.kill()
    assert not any(Path(f"/proc/{child}").exists() for child in children)
