"""Which STUN and TURN servers a browser is told, with a password of its own for the latter."""

from __future__ import annotations

from server.domain.booking import LONGEST
from server.security.turn import credential
from server.services.context import Context

IceServers = list[dict[str, str | list[str]]]
"""As RTCPeerConnection takes them."""


def servers(ctx: Context) -> IceServers:
    """Made anew whenever links are: the password is good for as long as the longest meeting.

    It is looked at when a browser begins; what goes on is not ended by it.
    """
    settings = ctx.settings
    told: IceServers = [{"urls": url} for url in settings.ice_servers]
    if settings.turn_urls:
        made = credential(settings.turn_secret, ctx.clock(), LONGEST)
        urls = list(settings.turn_urls)
        told.append({"urls": urls, "username": made.username, "credential": made.password})
    return told
