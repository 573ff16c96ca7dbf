"""One alarm a session: when its clocks (rule 7) want to be looked at next."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from server.domain.ids import SessionId


class Alarms:
    """`set` replaces a session's alarm; `None` clears it. The work runs as a task of its own."""

    def __init__(self) -> None:
        self._handles: dict[SessionId, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def set(
        self,
        session: SessionId,
        seconds: float | None,
        work: Callable[[], Coroutine[Any, Any, None]],
    ) -> None:
        if old := self._handles.pop(session, None):
            old.cancel()
        if seconds is None:
            return

        def ring() -> None:
            self._handles.pop(session, None)
            task = asyncio.ensure_future(work())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

        self._handles[session] = asyncio.get_running_loop().call_later(max(seconds, 0.0), ring)

    async def close(self) -> None:
        """Clear every alarm and wait for work under way."""
        for handle in self._handles.values():
            handle.cancel()
        self._handles.clear()
        await asyncio.gather(*self._tasks, return_exceptions=True)
