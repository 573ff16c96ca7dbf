"""Forms with files: read as they come in, never whole in memory, and never for ever.

Each file goes at once into the folder of files, sealed under a key that only this request has.
What the service does not take over is gone when the request is.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from aiohttp import BodyPartReader, hdrs, web
from aiohttp.http_exceptions import HttpProcessingError
from multidict import MultiDict

from server.domain.document import LARGEST
from server.domain.errors import Refused
from server.domain.text import keepable, shown
from server.http.forms import posted, read_form
from server.http.keys import CTX

IN_ALL = 100 * 1024 * 1024
MOST_FILES = 20
MOST_FIELDS = 500
LONGEST_TEXT = 64 * 1024
READ_S = 600
"""A whole form with its photographs, over a poor telephone network."""
STALLED_S = 30
"""So long without a byte, and nothing more is coming."""
PIECE = 64 * 1024

UPLOADS = web.RequestKey("uploads", list)


class UploadRefused(Refused):
    """`fields`: what had been typed into the fields before the file that can't be taken."""

    def __init__(self, code: str, fields: MultiDict[str]) -> None:
        super().__init__(code)
        self.fields = fields


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a form. `name` and `media_type` are what the browser says."""

    field: str
    name: str
    media_type: str
    size: int
    blob: str
    chunks: Callable[[], AsyncIterator[bytes]]


async def read(request: web.Request, largest: int = LARGEST) -> tuple[MultiDict[str], list[Upload]]:
    """The fields and files of a form. File fields in which nothing was chosen are left out.

    For routes that say `upload=True`. Raises UploadRefused: file_too_large (one, or all of it),
    too_large (a text), too_many_files; Refused("bad_request"); TimeoutError.
    """
    files: list[Upload] = []
    request[UPLOADS] = files

    async def keep(part: BodyPartReader, budget: _Budget) -> None:
        if (file := await _file(request, part, budget, largest)) is not None:
            files.append(file)
            if len(files) > MOST_FILES:
                raise Refused("too_many_files")

    return await _form(request, keep), files


async def typed(request: web.Request) -> tuple[MultiDict[str], list[str]]:
    """The fields of a form, and in which of them there are files; of those nothing is kept.

    Raises as `read`, and `too_large` for more text than a form without files may have.
    """
    named: dict[str, None] = {}

    async def skip(part: BodyPartReader, budget: _Budget) -> None:
        pieces = [len(piece) async for piece in _pieces(part, budget, IN_ALL, "file_too_large")]
        if part.filename or pieces:
            named[part.name or ""] = None

    fields = await _form(request, skip)
    if sum(len(name) + len(value) for name, value in fields.items()) > LONGEST_TEXT:
        raise Refused("too_large")
    return fields, list(named)


async def forget(request: web.Request) -> None:
    """At the request's end: what was read and not kept."""
    for upload in request.get(UPLOADS, []):
        await request.app[CTX].blobs.delete(upload.blob)


async def _form(request: web.Request, take: Take) -> MultiDict[str]:
    """The fields; each file is given to `take` as it comes."""
    length = request.content_length
    if length is not None and length > IN_ALL:
        raise UploadRefused("file_too_large", MultiDict())
    async with asyncio.timeout(READ_S):
        if not request.content_type.startswith("multipart/"):
            await read_form(request)
            data = await posted(request)
            return MultiDict((n, v) for n, v in data.items() if isinstance(v, str))
        return await _multipart(request, take)


async def _multipart(request: web.Request, take: Take) -> MultiDict[str]:
    fields: MultiDict[str] = MultiDict()
    budget = _Budget(IN_ALL)
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader) or part.name is None:
                raise Refused("bad_request")
            if part.filename is None:
                if len(fields) >= MOST_FIELDS:
                    raise Refused("bad_request")
                value = await _text(part, budget)
                if not keepable(part.name + value):
                    raise Refused("bad_request")
                fields.add(part.name, value)
            else:
                await take(part, budget)
    except Refused as refused:
        raise UploadRefused(refused.code, fields) from None
    except (ValueError, LookupError, HttpProcessingError):
        # aiohttp's ways to say that a body is no form.
        raise Refused("bad_request") from None
    return fields


class _Budget:
    def __init__(self, left: int) -> None:
        self._left = left

    def take(self, n: int) -> None:
        self._left -= n
        if self._left < 0:
            raise Refused("file_too_large")


Take = Callable[[BodyPartReader, _Budget], Awaitable[None]]


async def _pieces(
    part: BodyPartReader, budget: _Budget, largest: int, refusal: str
) -> AsyncIterator[bytes]:
    size = 0
    while True:
        async with asyncio.timeout(STALLED_S):
            piece = await part.read_chunk(PIECE)
        if not piece:
            return
        size += len(piece)
        budget.take(len(piece))
        if size > largest:
            raise Refused(refusal)
        yield bytes(piece)


async def _text(part: BodyPartReader, budget: _Budget) -> str:
    pieces = [piece async for piece in _pieces(part, budget, LONGEST_TEXT, "too_large")]
    return b"".join(pieces).decode("utf-8", "replace")


async def _file(
    request: web.Request, part: BodyPartReader, budget: _Budget, largest: int
) -> Upload | None:
    """None: an empty field, which browsers send as a file without a name."""
    blobs, key = request.app[CTX].blobs, secrets.token_bytes(32)
    stored = await blobs.put(key, _pieces(part, budget, largest, "file_too_large"))
    if not part.filename and not stored.size:
        await blobs.delete(stored.id)
        return None
    return Upload(
        field=part.name or "",
        name=shown(part.filename or ""),
        media_type=part.headers.get(hdrs.CONTENT_TYPE, ""),
        size=stored.size,
        blob=stored.id,
        chunks=partial(blobs.get, key, stored.id),
    )
