"""The real Caddy and the real nginx with what lies in deploy/, on loopback."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[2] / "deploy"
STARTS_S = 60
CERTIFICATES = "/etc/letsencrypt/live/mediation.example.org"

NGINX = """
pid {folder}/pid;
error_log stderr;
events {{}}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxied;
    fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u;
    scgi_temp_path {folder}/s;
    include {folder}/heyi.conf;
}}
"""


def free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


@asynccontextmanager
async def caddy(folder: Path, port: int, upstream: int) -> AsyncIterator[None]:
    """Without TLS: a certificate would have to be fetched."""
    text = (DEPLOY / "Caddyfile").read_text("utf-8")
    (folder / "Caddyfile").write_text(text.replace("\tservers {", "\tadmin off\n\tservers {", 1))
    environment = {
        **os.environ,
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        "SITE": f"http://127.0.0.1:{port}",
        "UPSTREAM": f"127.0.0.1:{upstream}",
    }
    command = ["run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
    async with _running(folder, "caddy", command, port, environment):
        yield


@asynccontextmanager
async def nginx(folder: Path, port: int, upstream: int, pair: Path) -> AsyncIterator[None]:
    """`pair`: the folder of a certificate and its key, named as certbot names them."""
    text = (DEPLOY / "nginx.conf").read_text("utf-8")
    text = text.replace(CERTIFICATES, str(pair)).replace("127.0.0.1:8000", f"127.0.0.1:{upstream}")
    text = text.replace("mediation.example.org", "127.0.0.1")
    plain = free_port()
    for old, new in (("80", plain), ("443 ssl http2", f"{port} ssl http2")):
        text = text.replace(f"listen {old};", f"listen 127.0.0.1:{new};")
        text = text.replace(f"listen [::]:{old};", "")
    (folder / "heyi.conf").write_text(text)
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder))
    command = ["-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")]
    async with _running(folder, "nginx", [*command, "-g", "daemon off;"], port):
        yield


@asynccontextmanager
async def _running(
    folder: Path,
    name: str,
    arguments: list[str],
    port: int,
    environment: dict[str, str] | None = None,
) -> AsyncIterator[None]:
    program = shutil.which(name)
    if program is None:
        pytest.skip(f"{name} is not installed")
    with (folder / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            program, *arguments, env=environment, stdin=DEVNULL, stdout=log, stderr=log
        )
    try:
        async with asyncio.timeout(STARTS_S):
            while not await _listens(port):
                assert process.returncode is None, (folder / "log").read_text()
                await asyncio.sleep(0.05)
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _listens(port: int) -> bool:
    try:
        _reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True
