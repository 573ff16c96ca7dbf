"""Debian's Janus with its videoroom, beside us: started for the bench, spoken to by WebSocket."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse

from bench.child import Child, Failed

PATIENCE = 10
"""Seconds for it to start, and for it to answer."""
PLUGIN = "janus.plugin.videoroom"
_CONFIG = """
general: {{
    configs_folder = "{folder}"
    plugins_folder = "{libraries}/plugins"
    transports_folder = "{libraries}/transports"
    events_folder = "{libraries}/events"
    loggers_folder = "{libraries}/loggers"
    debug_level = 2
    session_timeout = 0
}}
plugins: {{ disable = "{plugins}" }}
transports: {{ disable = "{transports}" }}
"""
_CONNECT = "import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 1)"
_WEBSOCKETS = """
general: {{ json = "compact", ws = true, ws_ip = "{address}", ws_port = {port} }}
"""


def installed() -> bool:
    return shutil.which("janus") is not None and _libraries().is_dir()


class Janus:
    """The server, with a configuration of its own in a temporary directory.

    `within`: what is written before a command to run it elsewhere, where it has that address.
    """

    def __init__(self, address: str = "127.0.0.1", within: Sequence[str] = ()) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="bench-janus-")
        self.port = _free_port()
        self._reach = [*within, sys.executable, "-c", _CONNECT, address, str(self.port)]
        libraries = _libraries()
        config = _CONFIG.format(
            folder=self._folder.name,
            libraries=libraries,
            plugins=_all_but(libraries / "plugins", "videoroom"),
            transports=_all_but(libraries / "transports", "websockets"),
        )
        folder = Path(self._folder.name)
        (folder / "janus.jcfg").write_text(config)
        (folder / "janus.transport.websockets.jcfg").write_text(
            _WEBSOCKETS.format(address=address, port=self.port)
        )
        self._child = Child(
            [*within, "janus", "--configs-folder", self._folder.name, "--disable-colors"],
            ends_with_input=False,
        )
        self.groups = {"server": [self._child.pid]}

    def wait(self) -> None:
        """Until it accepts connections. Raises Failed."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self._child.alive():
            if subprocess.run(self._reach, capture_output=True).returncode == 0:
                self._folder.cleanup()  # It has read it all.
                return
            time.sleep(0.05)
        raise Failed(f"Janus did not start\n{self._child.complaint()}")

    def stop(self) -> None:
        self._child.stop()
        self._folder.cleanup()


class Videoroom:
    """Its API as a generator needs it: one socket, one Janus session, a handle per direction."""

    def __init__(self, port: int, *, recording: bool = False) -> None:
        self._recorded = tempfile.TemporaryDirectory(prefix="bench-janus-") if recording else None
        self._url = f"ws://127.0.0.1:{port}/"
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._count = 0
        self._rooms: dict[int, asyncio.Task[object]] = {}
        self._feeds: dict[tuple[int, int], int] = {}
        self._down: dict[tuple[int, int], int] = {}

    async def __aenter__(self) -> Videoroom:
        self._http = ClientSession()
        self._socket: ClientWebSocketResponse = await self._http.ws_connect(
            self._url, protocols=("janus-protocol",)
        )
        self._reader = asyncio.create_task(self._read())
        created = await self._call({"janus": "create"})
        self._session: int = created["data"]["id"]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._recorded is not None:
            self._recorded.cleanup()
        self._reader.cancel()
        await self._socket.close()
        await self._http.close()

    async def publish(self, room: int, who: int, offer: str) -> str:
        handle = await self._attach()
        if room not in self._rooms:
            self._rooms[room] = asyncio.create_task(self._create(handle, room))
        await self._rooms[room]
        body = {"request": "joinandconfigure", "ptype": "publisher", "room": room + 1}
        event = await self._message(handle, body, {"type": "offer", "sdp": offer})
        self._feeds[room, who] = event["plugindata"]["data"]["id"]
        return str(event["jsep"]["sdp"])

    async def subscribe(self, room: int, who: int) -> str:
        handle = self._down[room, who] = await self._attach()
        others = [feed for (r, w), feed in self._feeds.items() if r == room and w != who]
        body = {
            "request": "join",
            "ptype": "subscriber",
            "room": room + 1,
            "streams": [{"feed": feed} for feed in others],
        }
        return str((await self._message(handle, body))["jsep"]["sdp"])

    async def accept(self, room: int, who: int, answer: str) -> None:
        body = {"request": "start", "room": room + 1}
        await self._message(self._down[room, who], body, {"type": "answer", "sdp": answer})

    async def _attach(self) -> int:
        answer = await self._call({"janus": "attach", "plugin": PLUGIN})
        return int(answer["data"]["id"])

    async def _create(self, handle: int, room: int) -> object:
        body: dict[str, object] = {"request": "create", "room": room + 1, "publishers": 100}
        body["bitrate"] = 1_500_000
        if self._recorded is not None:
            body |= {"record": True, "rec_dir": self._recorded.name}
        return await self._message(handle, body)

    async def _message(
        self, handle: int, body: Mapping[str, object], jsep: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        message: dict[str, object] = {"janus": "message", "handle_id": handle, "body": body}
        if jsep is not None:
            message["jsep"] = jsep
        answer = await self._call(message)
        if error := answer["plugindata"]["data"].get("error"):
            raise ConnectionError(f"Janus: {error}")
        return answer

    async def _call(self, message: dict[str, object]) -> dict[str, Any]:
        self._count += 1
        transaction = message["transaction"] = str(self._count)
        if self._count > 1:
            message["session_id"] = self._session
        answered = self._waiting[transaction] = asyncio.get_running_loop().create_future()
        await self._socket.send_json(message)
        answer: dict[str, Any] = await asyncio.wait_for(answered, PATIENCE)
        if answer["janus"] == "error":
            raise ConnectionError(f"Janus: {answer['error']['reason']}")
        return answer

    async def _read(self) -> None:
        async for message in self._socket:
            answer = message.json()
            waiting = self._waiting.get(answer.get("transaction", ""))
            # An "ack" says that the real answer comes later, as an event.
            if waiting is not None and not waiting.done() and answer["janus"] != "ack":
                waiting.set_result(answer)


def _libraries() -> Path:
    """Where Debian puts the plugins on this kind of processor."""
    return next(iter(Path("/usr/lib").glob("*/janus")), Path("/usr/lib/janus"))


def _all_but(folder: Path, kept: str) -> str:
    names = (path.name for path in folder.glob("*.so"))
    return ",".join(sorted(name for name in names if kept not in name))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
