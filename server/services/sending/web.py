"""One question to a provider's web interface."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from server.domain.notice import Reason
from server.services.sending import TIME_LIMIT_S, NotSent

LONGEST_ANSWER = 1_000_000


async def post(url: str, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    """The answer's JSON, of whatever status: providers say in it what was wrong.

    Raises NotSent when there is none.
    """
    try:
        async with (
            ClientSession(timeout=ClientTimeout(total=TIME_LIMIT_S)) as session,
            session.post(url, data=body, headers=headers, allow_redirects=False) as answer,
        ):
            if answer.status == 429:
                raise NotSent(Reason.TOO_MANY, again=True)
            found = json.loads(await answer.content.read(LONGEST_ANSWER))
    except (ClientError, OSError, TimeoutError, ValueError):
        raise NotSent(Reason.NOT_REACHED, again=True) from None
    if not isinstance(found, dict):
        raise NotSent(Reason.NOT_REACHED, again=True)
    return found
