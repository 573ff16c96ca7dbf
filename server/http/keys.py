"""What travels with the application and with a request."""

from __future__ import annotations

from aiohttp import web
from jinja2 import Environment

from server.domain.user import User
from server.http.assets import Assets
from server.services.context import Context

CTX = web.AppKey("ctx", Context)
ASSETS = web.AppKey("assets", Assets)
TEMPLATES = web.AppKey("templates", Environment)

USER = web.RequestKey("user", User)
NONCE = web.RequestKey("nonce", str)
LANGUAGE = web.RequestKey("language", str)
