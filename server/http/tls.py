"""HTTPS without a proxy: the certificate, made where that is wanted, and loaded again when it is
another one.
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from collections.abc import Callable, Iterable
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import structlog

from server.security import certificates
from server.security.certificates import Files
from server.settings import SELF_SIGNED, BadSettings, Settings

LOOK_S = 3600
"""How often one looks whether the certificate was renewed, or has to be."""

log = structlog.get_logger()


class Certificate:
    """Give `context` to the server. `names()`: what a self-signed one has to be for, asked anew
    each time, as a machine's addresses change.
    """

    def __init__(
        self, settings: Settings, names: Callable[[], set[str]], clock: Callable[[], datetime]
    ) -> None:
        """Raises BadSettings when it can't be used."""
        self._own = settings.tls == SELF_SIGNED
        self._files = files(settings)
        self._names, self._clock = names, clock
        self._chain = self._files.chain if self._own else Path(settings.tls)
        self._key = self._files.key if self._own else settings.tls_key
        self._loaded: list[tuple[int, int]] = []
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            self.refresh()
        except (OSError, ValueError) as wrong:  # what ssl raises is an OSError
            raise BadSettings(f"tls: the certificate can't be used: {_why(wrong)}") from None

    def refresh(self) -> bool:
        """Whether another one is used from now on, by those who connect from now on."""
        if self._own:
            certificates.self_signed(self._files, self._names(), self._clock())
        found = [_state(file) for file in (self._chain, self._key) if file is not None]
        if found == self._loaded:
            return False
        # Tried on another context first: half of a renewed pair must not spoil the one in use.
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(self._chain, self._key)
        self.context.load_cert_chain(self._chain, self._key)
        self._loaded = found
        return True

    async def keep_fresh(self) -> None:
        """For as long as the server runs."""
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                if await asyncio.to_thread(self.refresh):
                    log.info("certificate renewed")
            except (OSError, ValueError) as wrong:
                log.error("certificate_unusable", error=type(wrong).__name__)


def own_names(settings: Settings, addresses: Iterable[str]) -> set[str]:
    """What a self-signed certificate is for. `addresses`: all of this machine, of which private
    ones count; public ones come and go, and each would be one more the authority must speak for.
    """
    public = urlsplit(settings.origin).hostname or ""
    private = {a for a in addresses if ip_address(a.partition("%")[0]).is_private and "%" not in a}
    host = socket.gethostname().partition(".")[0].lower()
    named = {f"{host}.local"} if re.fullmatch(r"[a-z0-9-]+", host) else set()
    return {"localhost", "127.0.0.1", "::1", public, *private, *named}


def listening(settings: Settings) -> Settings:
    """Where nobody said which address to listen on, self-signed is for the network around."""
    if settings.tls == SELF_SIGNED and "host" not in settings.model_fields_set:
        return settings.model_copy(update={"host": "0.0.0.0"})
    return settings


def reached(settings: Settings, addresses: Iterable[str]) -> Settings:
    """With the address that people open, where HTTPS is served and nobody said which: this one."""
    if not settings.tls or settings.public_url:
        return settings
    host = settings.host
    if host in ("0.0.0.0", "::"):
        private = [a for a in addresses if ":" not in a and ip_address(a).is_private]
        host = private[0] if private else "127.0.0.1"
    public = settings.model_copy(update={"host": host}).origin
    return settings.model_copy(update={"public_url": public})


def files(settings: Settings) -> Files:
    """Where a self-signed certificate is kept."""
    return Files(settings.data_dir / "tls")


def _state(file: Path) -> tuple[int, int]:
    found = file.stat()
    return found.st_mtime_ns, found.st_ino


def _why(wrong: Exception) -> str:
    if isinstance(wrong, ssl.SSLError):
        return wrong.reason or "it is not PEM"
    return getattr(wrong, "strerror", None) or "it is not PEM"
