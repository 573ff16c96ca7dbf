"""Mail and SMS providers on this machine, which check what they are sent and answer as told."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from aiohttp.test_utils import TestServer
from aiosmtpd.smtp import SMTP, Envelope, Session

KEY_ID, SECRET, SIGN, APP = "key-id", "key-secret", "和议", "1400000001"


class Mailbox:
    """A mail server. `answer` refuses what comes, if it is not 250."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.envelopes: list[Envelope] = []
        self.answer = "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        if self.answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            found = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(found, EmailMessage)
            self.mails.append(found)
            self.envelopes.append(envelope)
        return self.answer

    async def handle_RCPT(
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if address.startswith("nobody"):
            return "550 no such user"
        if address.startswith("later"):
            return "451 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"


@asynccontextmanager
async def mailbox() -> AsyncIterator[tuple[Mailbox, str]]:
    """The mail server and its address."""
    box, loop = Mailbox(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(box, loop=loop), "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield box, f"smtp://127.0.0.1:{port}"


class SmsCentre:
    """Both providers. `says` is answered to the next questions, the last one for ever."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.asked: list[dict[str, Any]] = []
        self.says: list[str] = ["OK"]
        self.delivered: list[str] = ["waiting"]
        self.url = ""

    def _next(self, answers: list[str]) -> str:
        return answers.pop(0) if len(answers) > 1 else answers[0]

    async def handle(self, request: web.Request) -> web.Response:
        body = await request.read()
        if "x-acs-action" in request.headers:
            return self._aliyun(request, body)
        return self._tencent(request, body)

    # ---- Aliyun -------------------------------------------------------------------------------

    def _aliyun(self, request: web.Request, body: bytes) -> web.Response:
        if not _aliyun_signed(request, body):
            return web.json_response({"Code": "SignatureDoesNotMatch"}, status=400)
        form = dict(parse_qsl(body.decode()))
        if request.headers["x-acs-action"] == "QuerySendDetails":
            self.asked.append(form)
            code = {"waiting": 1, "failed": 2, "arrived": 3}[self._next(self.delivered)]
            details = {"SmsSendDetailDTO": [{"SendStatus": code, "PhoneNum": form["PhoneNumber"]}]}
            return web.json_response({"Code": "OK", "SmsSendDetailDTOs": details})
        said = self._next(self.says)
        if said == "away":
            return web.Response(status=502, text="<html>Bad Gateway")
        if said == "OK":
            self.sent.append(form | {"TemplateParam": json.loads(form["TemplateParam"])})
        return web.json_response({"Code": said, "BizId": f"biz-{len(self.sent)}"})

    # ---- Tencent ------------------------------------------------------------------------------

    def _tencent(self, request: web.Request, body: bytes) -> web.Response:
        if not _tencent_signed(request, body):
            error = {"Code": "AuthFailure.SignatureFailure", "Message": "…"}
            return web.json_response({"Response": {"Error": error}})
        asked = json.loads(body)
        if request.headers["x-tc-action"] == "PullSmsSendStatusByPhoneNumber":
            self.asked.append(asked)
            said = self._next(self.delivered)
            status = {"arrived": "SUCCESS", "failed": "FAIL"}.get(said)
            found = [{"SerialNo": "serial-1", "ReportStatus": status}] if status else []
            return web.json_response({"Response": {"PullSmsSendStatusSet": found}})
        said = self._next(self.says)
        if said == "away":
            return web.Response(status=502, text="<html>Bad Gateway")
        if said.startswith("RequestLimit"):
            return web.json_response({"Response": {"Error": {"Code": said, "Message": "…"}}})
        code = "Ok" if said == "OK" else said
        if code == "Ok":
            self.sent.append(asked)
        status_set = [{"SerialNo": f"serial-{len(self.sent)}", "Code": code}]
        return web.json_response({"Response": {"SendStatusSet": status_set}})


@asynccontextmanager
async def sms_centre() -> AsyncIterator[SmsCentre]:
    centre, app = SmsCentre(), web.Application()
    app.router.add_post("/", centre.handle)
    async with TestServer(app) as server:
        centre.url = str(server.make_url("/")).rstrip("/")
        yield centre


def _aliyun_signed(request: web.Request, body: bytes) -> bool:
    """Computed once more, from what really arrived."""
    hashed = hashlib.sha256(body).hexdigest()
    parts = dict(
        part.split("=", 1) for part in request.headers["Authorization"].partition(" ")[2].split(",")
    )
    names = parts["SignedHeaders"].split(";")
    covered = all(n in names for n in request.headers if n.lower().startswith("x-acs-"))
    if not covered or "host" not in names or request.headers["x-acs-content-sha256"] != hashed:
        return False
    lines = "".join(f"{name}:{request.headers[name]}\n" for name in names)
    query = request.raw_path.partition("?")[2]
    asked = "\n".join((request.method, request.path, query, lines, ";".join(names), hashed))
    text = "ACS3-HMAC-SHA256\n" + hashlib.sha256(asked.encode()).hexdigest()
    right = hmac.digest(SECRET.encode(), text.encode(), "sha256").hex()
    return parts["Credential"] == KEY_ID and parts["Signature"] == right


def _tencent_signed(request: web.Request, body: bytes) -> bool:
    headers = request.headers
    fields = headers["Authorization"].partition(" ")[2].split(", ")
    parts = dict(part.split("=", 1) for part in fields)
    key_id, day, service, end = parts["Credential"].split("/")
    names = parts["SignedHeaders"].split(";")
    lines = "".join(f"{name}:{headers[name].lower()}\n" for name in names)
    hashed = hashlib.sha256(body).hexdigest()
    asked = "\n".join(("POST", "/", "", lines, ";".join(names), hashed))
    digest = hashlib.sha256(asked.encode()).hexdigest()
    scope = f"{day}/{service}/{end}"
    text = f"TC3-HMAC-SHA256\n{headers['x-tc-timestamp']}\n{scope}\n{digest}"
    key = f"TC3{SECRET}".encode()
    for part in (day, service, end):
        key = hmac.digest(key, part.encode(), "sha256")
    right = hmac.digest(key, text.encode(), "sha256").hex()
    return key_id == KEY_ID and parts["Signature"] == right
