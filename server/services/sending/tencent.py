"""SMS by Tencent Cloud: SendSms and PullSmsSendStatusByPhoneNumber (2021-01-11), signed by
TC3-HMAC-SHA256.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from server.domain.notice import Reason
from server.services.sending import NotSent
from server.services.sending.web import post
from server.settings import Settings

URL = "https://sms.tencentcloudapi.com"
VERSION, REGION, SERVICE = "2021-01-11", "ap-guangzhou", "sms"
ALGORITHM = "TC3-HMAC-SHA256"
JSON = "application/json; charset=utf-8"
CHINA = ZoneInfo("Asia/Shanghai")

REASONS = (
    # By the beginning of the code; the first that fits.
    ("LimitExceeded", Reason.TOO_MANY),
    ("RequestLimitExceeded", Reason.TOO_MANY),
    ("FailedOperation.InsufficientBalance", Reason.NO_CREDIT),
    ("FailedOperation.Template", Reason.NO_TEMPLATE),
    ("FailedOperation.Signature", Reason.NO_TEMPLATE),
    ("InvalidParameterValue.Template", Reason.NO_TEMPLATE),
    ("InvalidParameterValue.IncorrectPhoneNumber", Reason.ADDRESS_REFUSED),
    ("FailedOperation.PhoneNumberInBlacklist", Reason.ADDRESS_REFUSED),
    ("AuthFailure", Reason.CREDENTIALS),
    ("InternalError", Reason.NOT_REACHED),
)
AGAIN = (Reason.TOO_MANY, Reason.NOT_REACHED, Reason.CREDENTIALS, Reason.NO_CREDIT)
DELIVERED = {"SUCCESS": True, "FAIL": False}


class Tencent:
    def __init__(self, settings: Settings, clock: Callable[[], datetime]) -> None:
        self._id, self._secret = settings.sms_key_id, settings.sms_key_secret
        self._sign, self._app = settings.sms_sign, settings.sms_app
        self._url, self._clock = settings.sms_url or URL, clock

    async def send(self, phone: str, template: str, values: dict[str, str], own_id: str) -> str:
        sent = {
            "PhoneNumberSet": [f"+86{phone}"],
            "SmsSdkAppId": self._app,
            "SignName": self._sign,
            "TemplateId": template,
            "TemplateParamSet": list(values.values()),
            "SessionContext": own_id,
        }
        answer = await self._ask("SendSms", sent)
        status = (answer.get("SendStatusSet") or [{}])[0]
        if status.get("Code") != "Ok":
            raise _refusal(str(status.get("Code", "")))
        return str(status.get("SerialNo", ""))

    async def arrived(self, phone: str, provider_id: str, on: date) -> bool | None:
        start = datetime.combine(on, time(), CHINA)
        asked = {
            "PhoneNumber": f"+86{phone}",
            "SmsSdkAppId": self._app,
            "SendDateTime": int(start.timestamp()),
            "EndDateTime": int((start + timedelta(days=2)).timestamp()),
            "Offset": 0,
            "Limit": 100,
        }
        answer = await self._ask("PullSmsSendStatusByPhoneNumber", asked)
        for status in answer.get("PullSmsSendStatusSet") or []:
            if status.get("SerialNo") == provider_id:
                return DELIVERED.get(status.get("ReportStatus"))
        return None

    async def _ask(self, action: str, asked: dict[str, Any]) -> dict[str, Any]:
        now, body = self._clock(), json.dumps(asked, ensure_ascii=False).encode()
        headers = {
            "content-type": JSON,
            "host": urlsplit(self._url).netloc,
            "x-tc-action": action,
            "x-tc-version": VERSION,
            "x-tc-region": REGION,
            "x-tc-timestamp": str(int(now.timestamp())),
        }
        headers["Authorization"] = signed(self._id, self._secret, SERVICE, headers, body, now)
        answer: dict[str, Any] = (await post(f"{self._url}/", headers, body)).get("Response") or {}
        if "Error" in answer:
            raise _refusal(str(answer["Error"].get("Code", "")))
        return answer


def _refusal(code: str) -> NotSent:
    found = (reason for start, reason in REASONS if code.startswith(start))
    reason = next(found, Reason.PROVIDER_REFUSED)
    return NotSent(reason, again=reason in AGAIN)


def signed(
    key_id: str, secret: str, service: str, headers: dict[str, str], body: bytes, at: datetime
) -> str:
    """The Authorization header of a POST to `/`; it covers content-type, host and x-tc-action."""
    names = ("content-type", "host", "x-tc-action")
    lines = "".join(f"{name}:{headers[name].lower()}\n" for name in names)
    hashed = hashlib.sha256(body).hexdigest()
    request = "\n".join(("POST", "/", "", lines, ";".join(names), hashed))
    day = f"{at.astimezone(UTC):%Y-%m-%d}"
    scope = f"{day}/{service}/tc3_request"
    digest = hashlib.sha256(request.encode()).hexdigest()
    key = f"TC3{secret}".encode()
    for part in (day, service, "tc3_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    text = f"{ALGORITHM}\n{int(at.timestamp())}\n{scope}\n{digest}"
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    covered = f"Credential={key_id}/{scope}, SignedHeaders={';'.join(names)}"
    return f"{ALGORITHM} {covered}, Signature={signature}"
