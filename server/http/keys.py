"""What travels with the application and with a request."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web
from jinja2 import Environment

from server.domain.user import User
from server.http.assets import Assets
from server.metrics import Figure
from server.services.context import Context

CTX = web.AppKey("ctx", Context)
ASSETS = web.AppKey("assets", Assets)
FIGURES: web.AppKey[Callable[[], Awaitable[Sequence[Figure]]]] = web.AppKey("figures")
MEDIA_UP: web.AppKey[Callable[[], bool]] = web.AppKey("media_up")
TEMPLATES = web.AppKey("templates", Environment)

USER = web.RequestKey("user", User)
NONCE = web.RequestKey("nonce", str)
LANGUAGE = web.RequestKey("language", str)
