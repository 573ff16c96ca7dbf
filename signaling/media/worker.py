"""The media worker: the process through which all packets go, and nothing else.

`python -m signaling.media.worker FD PARENT_PID`: FD is a stream socket to the server. The worker
does what it is told there, in order and without waiting, and ends when the server does.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import socket
import sys
from collections.abc import Callable
from time import monotonic
from typing import Any, Literal

import structlog

from server import logs
from signaling.media.certificate import Certificate
from signaling.media.control import FAILED, Channel, Message
from signaling.media.downlink import Downlink
from signaling.media.echo import Echoes, TooMany
from signaling.media.garbage import Garbage
from signaling.media.ice import Network
from signaling.media.link import Ground, Link, OutOfTurn, in_memory
from signaling.media.router import Router
from signaling.media.sdp import BadDescription
from signaling.media.uplink import Uplink

log = structlog.get_logger()

_PR_SET_PDEATHSIG = 1
_NICENESS = -10
_TICK_S = 0.1
_TICKS_A_SECOND = 10
_SLICE_S = 0.002
"""So long at most, or one link's turn, do packets wait for this process's own clock."""


class Refused(Exception):
    """The command cannot be done; the code goes back to the server."""


class Worker:
    """Does the commands; tells the events."""

    def __init__(self, channel: Channel, garbage: Garbage) -> None:
        self._channel = channel
        self._garbage = garbage
        self._ground: Ground | None = None
        self._links: dict[str, tuple[str, Link]] = {}
        self._echoes = Echoes()
        self._router = Router(channel.write)
        self._commands: dict[str, Callable[..., Any]] = {
            "wait": lambda: None,
            "start": self._start,
            "open": self._open,
            "close": self._close,
            "enter": self._router.enter,
            "leave": self._router.leave,
            "microphone": self._router.microphone,
            "screen": self._router.screen,
            "pin": self._router.pin,
            "tiles": self._router.tiles,
            "echo": self._echo,
            "tape": self._router.tapes.tape,
            "untape": self._router.tapes.untape,
            "routes": self._router.routes,
            "stats": self._stats,
        }

    async def run(self) -> None:
        """Obey until the server is gone."""
        ticking = asyncio.create_task(self._tick())
        began = monotonic()
        while (message := await self._channel.read()) is not None:
            # A server that stood still for a moment sends all at once what it has to say.
            if monotonic() - began > _SLICE_S:
                await asyncio.sleep(0)
                began = monotonic()
            number, what = message.pop("id"), message.pop("do")
            answer: Message = {"id": number}
            try:
                answer["result"] = await self._do(what, message)
            except Refused as refused:
                answer["refused"] = str(refused)
            except Exception as error:
                log.error("media_command_failed", command=what, error=type(error).__name__)
                answer["refused"] = FAILED
            self._channel.write(answer)
        ticking.cancel()

    async def _do(self, what: str, arguments: Message) -> Any:
        if what == "signal":
            return await self._signal(**arguments)
        return self._commands[what](**arguments)

    # -- commands

    def _start(
        self,
        ports: list[int] | None,
        addresses: list[str] | None,
        loopback: bool,
        public_address: str | None,
    ) -> None:
        network = Network.chosen(
            addresses, loopback, (ports[0], ports[1]) if ports else None, public_address
        )
        self._ground = Ground(network, Certificate.generateCertificate())

    def _open(self, seat: str, up: str, down: str, beside: bool = False) -> None:
        assert self._ground is not None
        try:
            uplink = Uplink(up, seat, self._ground, self)
        except OSError:
            raise Refused("no_ports") from None
        try:
            downlink = Downlink(down, self._ground, self)
        except OSError:
            uplink.close()
            raise Refused("no_ports") from None
        self._links[up] = seat, uplink
        self._links[down] = seat, downlink
        self._router.open(seat, uplink, downlink, beside=beside)
        self._forget_links(seat)
        self._channel.write({"event": "links", "seat": seat, "up": up, "down": down})
        downlink.offer()

    def _close(self, seat: str) -> None:
        self._router.close(seat)
        self._forget_links(seat)

    def _forget_links(self, seat: str) -> None:
        """Of the seat's, those that are closed."""
        gone = [i for i, (owner, link) in self._links.items() if owner == seat and link.closed]
        for ident in gone:
            del self._links[ident]

    async def _signal(self, link: str, kind: str, sdp: str) -> None:
        found = self._links.get(link)
        if found is None:
            raise Refused("not_your_link")
        _, target = found
        if kind not in ("candidate", "offer" if isinstance(target, Uplink) else "answer"):
            raise Refused("out_of_turn")
        try:
            if kind == "candidate":
                await target.candidate(sdp)
            else:
                target.describe(sdp)
        except BadDescription:
            raise Refused("bad_sdp") from None
        except OutOfTurn:
            raise Refused("out_of_turn") from None

    def _echo(self, seat: str, sdp: str) -> str:
        assert self._ground is not None
        try:
            return self._echoes.answer(seat, sdp, self._ground)
        except TooMany:
            raise Refused("too_many") from None
        except BadDescription:
            raise Refused("bad_sdp") from None
        except OSError:
            raise Refused("no_ports") from None

    def _stats(self) -> dict[str, Any]:
        here = {"links": len(in_memory), "tasks": len(asyncio.all_tasks())}
        return {**self._router.stats(), **here}

    # -- events

    def on_signal(self, link: Link, kind: Literal["offer", "answer"], text: str) -> None:
        if found := self._links.get(link.ident):
            event = {"event": "signal", "seat": found[0], "link": link.ident, "kind": kind}
            self._channel.write({**event, "sdp": text})

    def on_state(self, link: Link, state: Literal["connected", "lost"]) -> None:
        if found := self._links.get(link.ident):
            seat = found[0]
            self._router.links_changed(seat)
            self._forget_links(seat)
            self._channel.write(
                {"event": "state", "seat": seat, "link": link.ident, "state": state}
            )

    # -- time

    async def _tick(self) -> None:
        tick, held = 0, 0.0
        while True:
            asleep = monotonic()
            await asyncio.sleep(_TICK_S)
            # What this waits longer than it wished to, a packet waits, too.
            held += monotonic() - asleep - _TICK_S
            tick += 1
            self._listen()
            await self._tell_links(tick)
            if tick % _TICKS_A_SECOND == 0:
                self._router.ladders()
                self._router.look(held / _TICKS_A_SECOND)
                held = 0.0
            self._garbage.look(len(self._links) + len(self._echoes), monotonic())

    def _listen(self) -> None:
        try:
            self._router.listen(monotonic())
        except Exception as error:  # The clock goes on, and with it everybody's links.
            log.error("media_levels_failed", error=type(error).__name__)

    async def _tell_links(self, tick: int) -> None:
        """Each link has its own tenth of the second for what is done once a second; and packets
        are let through in between, however many links there are."""
        now = began = monotonic()
        for link in (*self._router.links(), *self._echoes):
            if link.closed:
                continue
            try:
                link.every_tenth(now)
                if hash(link.ident) % _TICKS_A_SECOND == tick % _TICKS_A_SECOND:
                    link.every_second(now)
                    link.check_alive(now)
            except Exception as error:  # One link's trouble must not stop the others' clock.
                log.error("media_link_failed", error=type(error).__name__)
                link.lose()
            if monotonic() - began > _SLICE_S:
                await asyncio.sleep(0)
                began = monotonic()


async def _main(descriptor: int) -> None:
    channel = await Channel.over(socket.socket(fileno=descriptor))
    garbage = Garbage()
    await Worker(channel, garbage).run()


def _die_with(parent: int) -> None:
    with contextlib.suppress(OSError, AttributeError):  # Only Linux has it; the socket is enough.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(1)


def main(descriptor: int, parent: int) -> None:
    """Be the worker until the server is gone."""
    logs.setup("warning")  # Before anything else: libraries write addresses.
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # A terminal sends it to us, too.
    _die_with(parent)
    with contextlib.suppress(PermissionError):  # A voice cannot wait for a PDF; root may say so.
        os.nice(_NICENESS)
    asyncio.run(_main(descriptor))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
