"""Who carries some of the sessions: a worker process, and always another one when that is gone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

import structlog

from server.domain.ids import SessionId
from signaling.media.control import FAILED, Message
from signaling.media.process import Refusal, WorkerGone, WorkerProcess
from signaling.media.spare import Spare

log = structlog.get_logger()

ANSWER_S = 1.0
"""A worker that has not answered by then is killed: no answer may mean that packets still flow."""
_SECOND_LOOK_S = 0.05
# When this process itself was busy for a second, the answer is there but has not been read yet.
_SETTLED_S = 1.0
# A worker that lived this long gets another one waiting behind it.


class Carrier:
    """`start` before, `stop` after. `restored`: what a new worker has to be told of the sessions;
    `lost`: called when the worker is gone, before there is another one."""

    def __init__(
        self,
        number: int,
        settings: Message,
        spare: Spare,
        *,
        hear: Callable[[Carrier, Message], None],
        restored: Callable[[Carrier], Iterable[Message]],
        lost: Callable[[Carrier], None],
    ) -> None:
        self.number = number
        self.sessions: set[SessionId] = set()
        self.empty = asyncio.Event()
        """Set when the last of its sessions has gone."""
        self.worker: WorkerProcess | None = None
        """None while the next one is not there yet."""
        self.draining = False
        """It gets no more sessions, and no other worker when this one is gone."""
        self._settings = settings
        self._spare = spare
        self._hear, self._restored, self._lost = hear, restored, lost
        self._keeper: asyncio.Task[None] | None = None
        self.stopping = False

    async def start(self) -> None:
        """Raises WorkerGone, OSError when no worker can be started."""
        worker = await self._spare.take()
        try:
            await self._begin(worker)
        except Refusal:
            await worker.gone()
            raise WorkerGone from None
        self._keeper = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """End the worker; nothing is sent or received any more when this returns."""
        self.stopping = True
        worker = self.worker
        if worker is not None:
            worker.kill()
            await worker.gone()
        if self._keeper is not None:
            await self._keeper
            self._keeper = None

    def tell(self, commands: Iterable[Message]) -> None:
        """To be done in this order; if there is no worker, the next one starts from memory."""
        if self.worker is not None:
            for command in commands:
                self.worker.ask(command).add_done_callback(_look_at)

    async def order(self, command: Message) -> Any:
        """Have it done before returning: by the worker, or by there being no worker any more."""
        worker = self.worker
        if worker is None:
            return None  # The next one starts from memory.
        answer = worker.ask(command)
        for patience in (ANSWER_S, _SECOND_LOOK_S):
            await asyncio.wait({answer}, timeout=patience)
        if not answer.done():
            log.error("media_worker_hangs", pid=worker.pid, command=command["do"])
            worker.kill()
        try:
            return await answer
        except Refusal as refusal:
            if refusal.code != FAILED:
                raise
            log.error("media_worker_failed", pid=worker.pid, command=command["do"])
            worker.kill()
        except WorkerGone:
            pass
        await worker.gone()
        return None

    async def _keep(self) -> None:
        """Replace the worker whenever it is gone."""
        while True:
            if self.worker is not None:
                await self._until_gone(self.worker)
                self.worker = None
                self._lost(self)
            if self.stopping or self.draining:
                return
            log.error("media_worker_gone", worker=self.number)
            try:
                self._begin(await self._spare.take())
            except (WorkerGone, OSError):
                await asyncio.sleep(_SETTLED_S)

    async def _until_gone(self, worker: WorkerProcess) -> None:
        gone = asyncio.create_task(worker.gone())
        await asyncio.wait({gone}, timeout=_SETTLED_S)
        if not gone.done():
            self._spare.prepare()
        elif not self.stopping:
            await asyncio.sleep(_SETTLED_S / 4)  # Not a storm of processes.
        await gone

    def _begin(self, worker: WorkerProcess) -> asyncio.Future[Any]:
        """Give it all that should be. No await: nothing may come in between."""
        if self.stopping:
            worker.kill()
        self.worker = worker
        worker.on_event = lambda message: self._hear(self, message)
        started = worker.ask({"do": "start", **self._settings})

        def look(answer: asyncio.Future[Any]) -> None:
            if not _look_at(answer):
                worker.kill()

        started.add_done_callback(look)
        self.tell(self._restored(self))
        return started


def _look_at(answer: asyncio.Future[Any]) -> bool:
    """Whether it was done."""
    if answer.cancelled() or (error := answer.exception()) is None:
        return True
    if not isinstance(error, WorkerGone):  # Who is gone is replaced, and told again.
        log.error("media_worker_not_restored", error=type(error).__name__)
    return False
