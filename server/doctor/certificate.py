"""The certificate of a server that serves HTTPS itself."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from pathlib import Path

from server.doctor.finding import Asked, Finding, fail, ok, warn
from server.security import certificates
from server.settings import SELF_SIGNED
from server.words import gettext as _

SOON_DAYS = 14


async def check(asked: Asked) -> list[Finding]:
    settings = asked.settings
    if not settings.tls:
        return []
    if settings.tls == SELF_SIGNED:
        files = certificates.Files(settings.data_dir / "tls")
        if not files.chain.exists():
            return [ok(_("A self-signed certificate will be made at the first start."))]
        return _look(files.chain, files.key, asked.host)
    return _look(Path(settings.tls), settings.tls_key, asked.host)


def _look(chain: Path, key: Path | None, host: str) -> list[Finding]:
    try:
        certificate = certificates.read(chain)
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(chain, key)
    except (OSError, ValueError) as wrong:
        reason = getattr(wrong, "reason", None) or getattr(wrong, "strerror", None) or "?"
        what = _("The certificate or its key can't be used: %(why)s.", why=reason)
        return [fail(what, _("Give both as PEM, the certificate first and its chain after it."))]
    found = [ending(certificate.not_valid_after_utc, datetime.now(UTC))]
    if not certificates.covers(certificate, host):
        names = ", ".join(sorted(certificates.names_of(certificate)))
        what = _("The certificate is for %(names)s, not for %(host)s.", names=names, host=host)
        found.append(fail(what, _("Get one for the name in HEYI_PUBLIC_URL.")))
    return found


def ending(end: datetime, now: datetime) -> Finding:
    """How long a certificate is still good."""
    days = (end - now).days
    values = {"days": days, "date": f"{end:%Y-%m-%d}"}
    if end <= now:
        return fail(
            _("The certificate ended on %(date)s.", **values),
            _("Renew it, and look why it did not renew itself."),
        )
    told = _("The certificate is good for %(days)s days, until %(date)s.", **values)
    if days < SOON_DAYS:
        return warn(told, _("Renew it, and look why it did not renew itself."))
    return ok(told)
