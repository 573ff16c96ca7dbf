"""The provider of SMS that the settings name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from server.services.sending import Sms
from server.services.sending.aliyun import Aliyun
from server.services.sending.tencent import Tencent
from server.settings import Settings

PROVIDERS: dict[str, Callable[[Settings, Callable[[], datetime]], Sms]] = {
    "aliyun": Aliyun,
    "tencent": Tencent,
}


def provider(settings: Settings, clock: Callable[[], datetime]) -> Sms:
    """Raises KeyError when none is configured (`sending.configured`)."""
    return PROVIDERS[settings.sms_provider](settings, clock)
