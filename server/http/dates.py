"""Dates and times as people read them, always in the organisation's zone."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time, get_timezone_name

from server.words import ngettext, speaking

DAY = {"zh": "y年M月d日 EEEE", "en": "EEE d MMM y"}
WHEN = {"zh": "y年M月d日 EEEE HH:mm", "en": "EEE d MMM y, HH:mm"}
SHORT_DAY = {"zh": "y-MM-dd", "en": "d MMM y"}
WEEK_DAY = {"zh": "M月d日 EEE", "en": "EEE d MMM"}
LOCALE = {"zh": "zh_CN", "en": "en_GB"}


def when(at: datetime, zone: ZoneInfo) -> str:
    """Tue 24 Nov 2026, 09:30 · 2026年11月24日 星期二 09:30"""
    language = speaking.get()
    local = at.astimezone(zone)
    return format_datetime(local, WHEN[language], tzinfo=zone, locale=LOCALE[language])


def clock(at: datetime, zone: ZoneInfo) -> str:
    """09:30"""
    return format_time(at.astimezone(zone), "HH:mm", tzinfo=zone, locale=LOCALE[speaking.get()])


def day(at: date | datetime, zone: ZoneInfo | None = None) -> str:
    """Tue 24 Nov 2026 · 2026年11月24日 星期二; a plain date is in its zone already."""
    if isinstance(at, datetime):
        at = at.astimezone(zone).date()
    language = speaking.get()
    return format_date(at, DAY[language], locale=LOCALE[language])


def week_day(on: date) -> str:
    """Mon 23 Nov · 11月23日 周一, where the year is known."""
    language = speaking.get()
    return format_date(on, WEEK_DAY[language], locale=LOCALE[language])


def short_day(at: date | datetime, zone: ZoneInfo | None = None) -> str:
    """23 Nov 2026 · 2026-11-23, for tables."""
    if isinstance(at, datetime):
        at = at.astimezone(zone).date()
    language = speaking.get()
    return format_date(at, SHORT_DAY[language], locale=LOCALE[language])


def zone_name(zone: ZoneInfo) -> str:
    """China Standard Time · 中国标准时间"""
    return get_timezone_name(zone, locale=LOCALE[speaking.get()])


def minutes(since: datetime, now: datetime) -> str:
    """How long something has lasted, in whole minutes, at least one."""
    passed = max(1, int((now - since).total_seconds()) // 60)
    return ngettext("%(num)s minute", "%(num)s minutes", passed)
