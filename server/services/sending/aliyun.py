"""SMS by Aliyun: SendSms and QuerySendDetails (2017-05-25), signed by ACS3-HMAC-SHA256."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from server.domain.notice import Reason
from server.security.ids import new_secret_id
from server.services.sending import NotSent
from server.services.sending.web import post
from server.settings import Settings

URL = "https://dysmsapi.aliyuncs.com"
VERSION = "2017-05-25"
ALGORITHM = "ACS3-HMAC-SHA256"

REASONS = {
    "isv.MOBILE_NUMBER_ILLEGAL": Reason.ADDRESS_REFUSED,
    "isv.MOBILE_COUNT_OVER_LIMIT": Reason.ADDRESS_REFUSED,
    "isv.BLACK_KEY_CONTROL_LIMIT": Reason.PROVIDER_REFUSED,
    "isv.AMOUNT_NOT_ENOUGH": Reason.NO_CREDIT,
    "isv.OUT_OF_SERVICE": Reason.NO_CREDIT,
    "isv.SMS_TEMPLATE_ILLEGAL": Reason.NO_TEMPLATE,
    "isv.SMS_SIGNATURE_ILLEGAL": Reason.NO_TEMPLATE,
    "isv.TEMPLATE_MISSING_PARAMETERS": Reason.NO_TEMPLATE,
    "isv.TEMPLATE_PARAMS_ILLEGAL": Reason.NO_TEMPLATE,
    "SignatureDoesNotMatch": Reason.CREDENTIALS,
    "InvalidAccessKeyId.NotFound": Reason.CREDENTIALS,
    "isv.BUSINESS_LIMIT_CONTROL": Reason.TOO_MANY,
    "isp.SYSTEM_ERROR": Reason.NOT_REACHED,
    "ServiceUnavailable": Reason.NOT_REACHED,
    "InternalError": Reason.NOT_REACHED,
}
AGAIN = (Reason.TOO_MANY, Reason.NOT_REACHED, Reason.CREDENTIALS, Reason.NO_CREDIT)
"""What may be mended, by waiting or by the administrator, before we give up."""

DELIVERED = {3: True, 2: False}


class Aliyun:
    def __init__(self, settings: Settings, clock: Callable[[], datetime]) -> None:
        self._id, self._secret = settings.sms_key_id, settings.sms_key_secret
        self._sign, self._url = settings.sms_sign, settings.sms_url or URL
        self._clock = clock

    async def send(self, phone: str, template: str, values: dict[str, str], own_id: str) -> str:
        sent = {
            "PhoneNumbers": phone,
            "SignName": self._sign,
            "TemplateCode": template,
            "TemplateParam": json.dumps(values, ensure_ascii=False),
            "OutId": own_id,
        }
        return str((await self._ask("SendSms", sent)).get("BizId", ""))

    async def arrived(self, phone: str, provider_id: str, on: date) -> bool | None:
        asked = {
            "PhoneNumber": phone,
            "BizId": provider_id,
            "SendDate": f"{on:%Y%m%d}",
            "PageSize": "10",
            "CurrentPage": "1",
        }
        answer = await self._ask("QuerySendDetails", asked)
        found = (answer.get("SmsSendDetailDTOs") or {}).get("SmsSendDetailDTO") or []
        return DELIVERED.get(found[0].get("SendStatus")) if found else None

    async def _ask(self, action: str, asked: Mapping[str, str]) -> dict[str, Any]:
        now = f"{self._clock().astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        headers = {
            "host": urlsplit(self._url).netloc,
            "x-acs-action": action,
            "x-acs-version": VERSION,
            "x-acs-date": now,
            "x-acs-signature-nonce": new_secret_id(),
        }
        # What is about people goes in the body: addresses are written to logs on the way.
        body = urlencode(asked, quote_via=quote, safe="-_.~").encode()
        headers["content-type"] = "application/x-www-form-urlencoded"
        headers |= signed(self._id, self._secret, "POST", {}, headers, body)
        answer = await post(f"{self._url}/", headers, body)
        code = str(answer.get("Code", ""))
        if code != "OK":
            reason = Reason.TOO_MANY if code.startswith("Throttling") else REASONS.get(code)
            reason = reason or Reason.PROVIDER_REFUSED
            raise NotSent(reason, again=reason in AGAIN)
        return answer


def signed(
    key_id: str,
    secret: str,
    method: str,
    query: Mapping[str, str],
    headers: Mapping[str, str],
    body: bytes,
) -> dict[str, str]:
    """The headers that sign a request to `/` with these headers (lower case) and this body."""
    hashed = hashlib.sha256(body).hexdigest()
    covered = {"x-acs-content-sha256": hashed} | {
        name: value.strip()
        for name, value in headers.items()
        if name in ("host", "content-type") or name.startswith("x-acs-")
    }
    names = ";".join(sorted(covered))
    lines = "".join(f"{name}:{covered[name]}\n" for name in sorted(covered))
    asked = urlencode(sorted(query.items()), quote_via=quote, safe="-_.~")
    request = "\n".join((method, "/", asked, lines, names, hashed))
    digest = hashlib.sha256(request.encode()).hexdigest()
    signature = hmac.digest(secret.encode(), f"{ALGORITHM}\n{digest}".encode(), "sha256").hex()
    parts = f"Credential={key_id},SignedHeaders={names},Signature={signature}"
    return {"x-acs-content-sha256": hashed, "Authorization": f"{ALGORITHM} {parts}"}
