"""A worker process that waits for another one to die: to start one and load its libraries takes a
second on a busy machine, in which nobody of that worker's sessions would hear anybody."""

from __future__ import annotations

import asyncio

from signaling.media.process import WorkerGone, WorkerProcess


class Spare:
    """One for all workers; it knows nothing yet, not even its ports."""

    def __init__(self) -> None:
        self._coming: asyncio.Task[WorkerProcess] | None = None

    def prepare(self) -> None:
        """See that there is one."""
        if self._coming is None or self._failed():
            self._coming = asyncio.create_task(WorkerProcess.spawn())

    async def take(self) -> WorkerProcess:
        """The one that waits, or a new one. Raises WorkerGone, OSError."""
        coming, self._coming = self._coming, None
        if coming is not None:
            worker = await _unless_failed(coming)
            if worker is not None and worker.runs:
                return worker
        return await WorkerProcess.spawn()

    async def stop(self) -> None:
        coming, self._coming = self._coming, None
        worker = None if coming is None else await _unless_failed(coming)
        if worker is not None:
            worker.kill()
            await worker.gone()

    def _failed(self) -> bool:
        """It could not be started, or has died while it waited."""
        if self._coming is None or not self._coming.done():
            return False
        return self._coming.exception() is not None or not self._coming.result().runs


async def _unless_failed(spawning: asyncio.Task[WorkerProcess]) -> WorkerProcess | None:
    try:
        return await spawning
    except (WorkerGone, OSError):
        return None
