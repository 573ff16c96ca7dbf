"""The ways out of the house: mail and SMS. One call a message, with a time limit.

Nothing here is logged or raised that quotes an address or a text.
"""

from __future__ import annotations

from datetime import date
from typing import Protocol

from server.domain.notice import Channel, Reason
from server.settings import Settings

TIME_LIMIT_S = 20


class NotSent(Exception):
    """It was not sent. `again`: another time it may be."""

    def __init__(self, reason: Reason, *, again: bool) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.again = again


class Sms(Protocol):
    """A provider that sends only texts it has approved, known to it by an id."""

    async def send(self, phone: str, template: str, values: dict[str, str], own_id: str) -> str:
        """`phone`: 11 digits; `values` in the order of their places in the text. Returns the
        provider's id of the message. Raises NotSent.
        """
        ...

    async def arrived(self, phone: str, provider_id: str, on: date) -> bool | None:
        """Whether it has arrived; None: not known yet. `on`: the day it was sent, in China.

        Raises NotSent when the provider does not say.
        """
        ...


def ready(settings: Settings, channel: Channel, provider_template: str = "") -> bool:
    """Whether this can be sent at all."""
    match channel:
        case Channel.EMAIL:
            return bool(settings.smtp_url and settings.mail_from)
        case Channel.SMS:
            return bool(configured(settings) and provider_template)
        case Channel.COPY:
            return False


def configured(settings: Settings) -> bool:
    """Whether there is a provider of SMS, with all it asks for."""
    s = settings
    needed = [s.sms_key_id, s.sms_key_secret, s.sms_sign]
    if s.sms_provider == "tencent":
        needed.append(s.sms_app)
    return bool(s.sms_provider) and all(needed)
