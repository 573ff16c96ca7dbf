"""Mail by SMTP. Always over TLS, but for a mail server on this very machine."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

import aiosmtplib

from server.domain.notice import Reason, email
from server.domain.text import shown
from server.services.sending import TIME_LIMIT_S, NotSent
from server.settings import Settings


@dataclass(frozen=True, slots=True)
class Mail:
    """`id` is ours; a mail sent twice has the same, so that mailboxes show it once.

    `calendar`: an entry for the reader's own calendar (RFC 5545) that comes with it.
    """

    id: str
    to: str
    sender: str
    subject: str
    text: str
    language: str
    at: datetime
    calendar: str = ""


async def send(settings: Settings, mail: Mail) -> str:
    """Returns the Message-ID. Raises NotSent."""
    message = written(settings.mail_from, mail)
    url = urlsplit(settings.smtp_url)
    host, inside = url.hostname or "", _this_machine(url.hostname or "")
    tls = url.scheme == "smtps"
    try:
        await aiosmtplib.send(
            message,
            hostname=host,
            port=url.port or (465 if tls else 587),
            username=unquote(url.username) if url.username else None,
            password=unquote(url.password) if url.password else None,
            use_tls=tls,
            start_tls=not tls and not inside,
            timeout=TIME_LIMIT_S,
            tls_context=ssl.create_default_context(),
        )
    except aiosmtplib.SMTPAuthenticationError:
        raise NotSent(Reason.CREDENTIALS, again=True) from None
    except aiosmtplib.SMTPRecipientsRefused as no:
        again = all(code < 500 for code in (refused.code for refused in no.recipients))
        raise NotSent(Reason.ADDRESS_REFUSED, again=again) from None
    except aiosmtplib.SMTPResponseException as no:
        raise NotSent(Reason.PROVIDER_REFUSED, again=no.code < 500) from None
    except (aiosmtplib.SMTPException, OSError, ValueError):
        raise NotSent(Reason.NOT_REACHED, again=True) from None
    return str(message["Message-ID"])


def written(sender: str, mail: Mail) -> EmailMessage:
    """Headers take one line each, whatever stands in the values. Raises NotSent."""
    to = email(mail.to)
    if not to:
        raise NotSent(Reason.ADDRESS_REFUSED, again=False)
    message = EmailMessage()
    message["From"] = Address(display_name=_line(mail.sender), addr_spec=sender)
    message["To"] = Address(addr_spec=to)
    message["Subject"] = _line(mail.subject)
    message["Date"] = format_datetime(mail.at)
    message["Message-ID"] = f"<{mail.id}@{sender.rpartition('@')[2]}>"
    # So that holiday replies don't come back.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text + "\n")
    message["Content-Language"] = mail.language
    if mail.calendar:
        _add_calendar(message, mail.calendar)
    return message


def _add_calendar(message: EmailMessage, calendar: str) -> None:
    """As the other form of the same, which calendars read, and as a file for those that don't."""
    method = next(
        line.partition(":")[2] for line in calendar.splitlines() if line.startswith("METHOD:")
    )
    message.add_alternative(calendar, subtype="calendar", params={"method": method})
    message.add_attachment(
        calendar.encode(), maintype="application", subtype="ics", filename="meeting.ics"
    )


def _line(text: str) -> str:
    return shown(" ".join(text.split()))[:200]


def _this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
