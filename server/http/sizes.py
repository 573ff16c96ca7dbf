"""Sizes of files as people read them."""

from __future__ import annotations

from babel.numbers import format_decimal

from server.http.dates import LOCALE
from server.words import speaking

KB, MB = 1024, 1024 * 1024


def size(octets: int) -> str:
    """340.0 KB · 1.5 MB; the smallest is 0.1 KB."""
    number, unit = (octets / MB, "MB") if octets >= MB else (max(octets / KB, 0.1), "KB")
    return f"{format_decimal(number, '#,##0.0', locale=LOCALE[speaking.get()])} {unit}"
