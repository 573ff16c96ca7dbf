"""What browsers will refuse at the address that people open."""

from __future__ import annotations

from ipaddress import ip_address

from server.doctor.finding import Asked, Finding, fail, ok, warn
from server.settings import SELF_SIGNED
from server.words import gettext as _


async def check(asked: Asked) -> list[Finding]:
    settings, origin = asked.settings, asked.settings.origin
    if _nowhere(asked.host) and not settings.tls:
        return [
            fail(
                _("Links would lead to %(origin)s, which is no address.", origin=origin),
                _("Set HEYI_PUBLIC_URL to the address that people open."),
            )
        ]
    if settings.tls and settings.public_url.startswith("http://"):
        return [
            fail(
                _("The server speaks HTTPS, but links would lead to %(origin)s.", origin=origin),
                _("Set HEYI_PUBLIC_URL to begin with https://."),
            )
        ]
    if asked.local:
        return [
            ok(_("Browsers on this machine may use camera and microphone; no others reach it."))
        ]
    if origin.startswith("http://"):
        return [
            fail(
                _("No browser gives camera or microphone to %(origin)s.", origin=origin),
                _("Serve HTTPS: a proxy with a certificate, or `serve --tls self-signed`."),
            )
        ]
    if settings.tls == SELF_SIGNED:
        return [
            warn(
                _("Browsers warn of a self-signed certificate before they show anything."),
                _("Let phones trust it by docs/operations.md, or use a public certificate."),
            )
        ]
    return [ok(_("Browsers may use camera and microphone at %(origin)s.", origin=origin))]


def _nowhere(host: str) -> bool:
    try:
        return ip_address(host).is_unspecified
    except ValueError:
        return not host
