"""What reads foreign files can do no harm: tried by a child that wants to."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.documents import confined, office
from server.documents.confined import Ended
from server.documents.paper import open_paper, page_picture
from server.domain.document import FileType
from server.domain.errors import Refused
from tests.documents.making import docx, pdf

ROOT = Path(__file__).parents[2]
TRIES = """
import json, os, socket, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from server.documents.limits import Limits, give_up

secret, folder, port, parent = Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]), os.getppid()
give_up(Limits(512 << 20, 5, 1 << 20), folder, [])

def possible(what):
    try:
        what()
    except (OSError, MemoryError) as no:
        return type(no).__name__
    return True

print(json.dumps({
    "secret": possible(secret.read_bytes),
    "listed": possible(lambda: os.listdir(secret.parent)),
    "elsewhere": possible(lambda: secret.with_name("new").write_bytes(b"x")),
    "environment": possible(lambda: Path(f"/proc/{parent}/environ").read_bytes()),
    "parent": possible(lambda: os.kill(parent, 0)),
    "network": possible(lambda: socket.socket().connect(("127.0.0.1", port))),
    "memory": possible(lambda: bytearray(600 << 20)),
    "much": possible(lambda: (folder / "much").write_bytes(bytes(2 << 20))),
    "folder": possible(lambda: (folder / "little").write_bytes(b"x")),
    "programs": possible(lambda: os.listdir("/usr/bin")),
}))
"""


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    """So that nothing but the limits stands in the way."""
    with tempfile.TemporaryDirectory(prefix="heyi-open-") as name:
        folder = Path(name)
        folder.chmod(0o777)
        yield folder


@pytest.mark.skipif(sys.platform != "linux", reason="the limits are Linux's")
def test_a_child_that_was_taken_over_gets_nowhere(open_to_all: Path) -> None:
    secret, folder = open_to_all / "secret" / "key", open_to_all / "folder"
    for place in (secret.parent, folder):
        place.mkdir()
        place.chmod(0o777)
    secret.write_bytes(b"key")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        arguments = [str(ROOT), str(secret), str(folder), port]
        command = [sys.executable, "-I", "-c", TRIES, *arguments]
        out = subprocess.run(command, check=True, capture_output=True, timeout=20).stdout
    possible = json.loads(out)
    assert possible.pop("folder") is True
    assert possible.pop("programs") is True
    assert (possible.pop("memory"), possible.pop("much")) == ("MemoryError", "OSError")
    if not landlock():
        pytest.skip("this system has no Landlock: what is left is the limits on memory and time")
    assert True not in possible.values(), possible


def landlock() -> bool:
    return int(ctypes.CDLL(None).syscall(444, None, ctypes.c_size_t(0), 1)) > 0


async def test_who_says_too_much_is_not_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confined, "MOST_ANSWERED", 100)
    with pytest.raises(Refused):
        await page_picture(pdf([b""]), 1)


@pytest.mark.parametrize(
    "out",
    [
        b"",
        b"no JSON\n",
        b"[]\n",
        b'{"pages": 0}\n',
        b'{"pages": "1"}\n',
        b'{"pages": 99999}\n',
        b'{"refused": "not_found"}\n',
        b'{"refused": ["x"]}\n',
        b'{"width": 1, "height": 1}\n<svg>',
        b'{"width": 1}\nRIFF0000WEBP',
    ],
)
async def test_what_the_child_says_is_not_believed(
    out: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run(*_: object, **__: object) -> Ended:
        return Ended(0, out)

    monkeypatch.setattr("server.documents.paper.run", run)
    for asked in (open_paper(b"%PDF-", FileType.PDF), page_picture(b"%PDF-", 1)):
        with pytest.raises(Refused, match="paper_broken"):
            await asked


async def test_a_child_that_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run(*_: object, **__: object) -> Ended:
        return Ended(-signal.SIGSEGV, b'{"pages": 3}\n')

    monkeypatch.setattr("server.documents.paper.run", run)
    with pytest.raises(Refused, match="paper_broken"):
        await open_paper(b"%PDF-", FileType.PDF)


def test_what_lies_where_the_pdf_should_is_looked_at(tmp_path: Path) -> None:
    file, key = tmp_path / "paper.pdf", tmp_path / "key"
    key.write_bytes(b"%PDF- secret")
    assert office._taken(file) == b""
    file.symlink_to(key)
    assert office._taken(file) == b""
    file.unlink()
    os.link(key, file)
    assert office._taken(file) == b""
    file.unlink()
    os.mkfifo(file)
    assert office._taken(file) == b""
    assert office._taken(key) == b"%PDF- secret"


async def test_without_libreoffice_all_else_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "program", lambda: None)
    for kind in office.KINDS:
        with pytest.raises(Refused, match="paper_needs_office"):
            await open_paper(docx(["x"]), kind)
