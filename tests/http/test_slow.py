"""Clients that send or read so slowly that they only hold what others need."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientSession, web

from server.http import middleware
from server.http.app import cut_unread, make_app
from signaling.sockets import make_sockets
from tests.http.house import House

SHORT_S = 0.3
LARGE = 64 * 1024 * 1024


@asynccontextmanager
async def served(app: web.Application, unread_s: float = 60) -> AsyncIterator[int]:
    """As run.py serves it, with less patience. Yields the port."""
    listening = socket.socket()
    cut_unread(listening, unread_s)
    listening.bind(("127.0.0.1", 0))
    runner = web.AppRunner(app, keepalive_timeout=SHORT_S, shutdown_timeout=0.1)
    await runner.setup()
    await web.SockSite(runner, listening).start()
    try:
        yield listening.getsockname()[1]
    finally:
        await runner.cleanup()


async def closed(reader: asyncio.StreamReader) -> None:
    try:
        while await asyncio.wait_for(reader.read(1 << 16), 20):
            pass
    except ConnectionError:
        pass


async def dribble(writer: asyncio.StreamWriter, text: bytes) -> None:
    for byte in text * 1000:
        if writer.is_closing():
            return
        writer.write(bytes([byte]))
        await asyncio.sleep(0.02)


async def test_a_header_that_never_ends_is_cut_off_though_something_comes(house: House) -> None:
    async with served(make_app(house.ctx)) as port:
        for begun in (b"", b"GET / HTTP/1.1\r\nX-Long: "):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(begun)
            dribbling = asyncio.create_task(dribble(writer, b"x" if begun else b""))
            await closed(reader)
            dribbling.cancel()
            await asyncio.gather(dribbling, return_exceptions=True)
            writer.close()


@pytest.mark.parametrize("path", ["/sign-in", "/socket.io/?EIO=4&transport=polling&sid={sid}"])
async def test_a_body_that_comes_byte_by_byte_is_given_up(
    house: House, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(middleware, "BODY_S", SHORT_S)
    app = make_app(house.ctx)
    make_sockets(house.ctx.settings).attach(app)
    async with served(app) as port, ClientSession() as browser:
        shake = f"http://127.0.0.1:{port}/socket.io/?EIO=4&transport=polling"
        async with browser.get(shake) as answer:
            sid = (await answer.text()).partition('"sid":"')[2].partition('"')[0]
        assert sid
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = f"POST {path.format(sid=sid)} HTTP/1.1\r\nHost: x\r\nContent-Length: 9999\r\n\r\n"
        writer.write(head.encode())
        dribbling = asyncio.create_task(dribble(writer, b"x"))
        line = await asyncio.wait_for(reader.readline(), 20)
        assert line.startswith(b"HTTP/1.1 408")
        dribbling.cancel()
        await asyncio.gather(dribbling, return_exceptions=True)
        writer.close()


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="not on this system")
async def test_who_reads_nothing_is_cut_off() -> None:
    ended = asyncio.Event()

    async def large(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            for _ in range(LARGE // (1 << 20)):
                await response.write(bytes(1 << 20))
        except (ConnectionError, asyncio.CancelledError):
            ended.set()
            raise
        return response

    app = web.Application()
    app.router.add_get("/", large)
    async with served(app, unread_s=0.5) as port:
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            async with asyncio.timeout(30):
                await ended.wait()
