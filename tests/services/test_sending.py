"""Mail and SMS, each against a provider on this machine."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from server.domain.notice import Channel, Reason
from server.services import sending
from server.services.sending import NotSent, Sms, aliyun, mail, tencent
from server.services.sending.mail import Mail
from server.services.sending.sms import PROVIDERS, provider
from server.settings import BadSettings, Settings, load
from tests.services.providers import (
    APP,
    KEY_ID,
    SECRET,
    SIGN,
    Mailbox,
    SmsCentre,
    mailbox,
    sms_centre,
)

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
PHONE, VALUES = "13800000001", {"number": "（2026）12号", "mediator": "王 & 敏+%"}


# ---- signatures, with the examples of the providers' own documents ------------------------------


def test_aliyuns_example() -> None:
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-version": "2014-05-26",
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
    }
    query = {
        "RegionId": "cn-shanghai",
        "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
    }
    signed = aliyun.signed("YourAccessKeyId", "YourAccessKeySecret", "POST", query, headers, b"")
    assert signed["Authorization"] == (
        "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;"
        "x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,"
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


def test_tencents_example() -> None:
    body = (
        rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}'
    )
    headers = {
        "content-type": "application/json; charset=utf-8",
        "host": "cvm.tencentcloudapi.com",
        "x-tc-action": "DescribeInstances",
    }
    at = datetime.fromtimestamp(1551113065, UTC)
    hidden = "*" * 32
    assert tencent.signed("AKID", hidden, "cvm", headers, body, at) == (
        "TC3-HMAC-SHA256 Credential=AKID/2019-02-25/cvm/tc3_request, "
        "SignedHeaders=content-type;host;x-tc-action, "
        "Signature=10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f"
    )


# ---- SMS --------------------------------------------------------------------------------------


@pytest.fixture
async def centre() -> AsyncIterator[SmsCentre]:
    async with sms_centre() as centre:
        yield centre


@pytest.fixture(params=sorted(PROVIDERS))
def sms(request: pytest.FixtureRequest, centre: SmsCentre, tmp_path: Path) -> Sms:
    return provider(settings(tmp_path, request.param, centre.url), lambda: NOW)


def settings(folder: Path, name: str, url: str, secret: str = SECRET) -> Settings:
    return load(
        {},
        data_dir=folder,
        sms_provider=name,
        sms_key_id=KEY_ID,
        sms_key_secret=secret,
        sms_sign=SIGN,
        sms_app=APP,
        sms_url=url,
    )


async def refused(sms: Sms) -> NotSent:
    with pytest.raises(NotSent) as no:
        await sms.send(PHONE, "SMS_1", VALUES, "own-id")
    assert PHONE not in str(no.value)
    return no.value


async def test_a_message_is_sent_and_signed(sms: Sms, centre: SmsCentre) -> None:
    assert await sms.send(PHONE, "SMS_1", VALUES, "own-id")
    sent = centre.sent[0]
    if isinstance(sms, aliyun.Aliyun):
        assert sent == {
            "PhoneNumbers": PHONE,
            "SignName": SIGN,
            "TemplateCode": "SMS_1",
            "TemplateParam": VALUES,
            "OutId": "own-id",
        }
    else:
        assert sent == {
            "PhoneNumberSet": [f"+86{PHONE}"],
            "SmsSdkAppId": APP,
            "SignName": SIGN,
            "TemplateId": "SMS_1",
            "TemplateParamSet": list(VALUES.values()),
            "SessionContext": "own-id",
        }


@pytest.mark.parametrize("name", sorted(PROVIDERS))
async def test_a_wrong_key_is_found(name: str, centre: SmsCentre, tmp_path: Path) -> None:
    sms = provider(settings(tmp_path, name, centre.url, secret="wrong"), lambda: NOW)
    no = await refused(sms)
    assert (no.reason, no.again) == (Reason.CREDENTIALS, True)
    assert centre.sent == []


ANSWERS: dict[str, list[tuple[str, Reason, bool]]] = {
    "aliyun": [
        ("isv.MOBILE_NUMBER_ILLEGAL", Reason.ADDRESS_REFUSED, False),
        ("isv.BUSINESS_LIMIT_CONTROL", Reason.TOO_MANY, True),
        ("Throttling.User", Reason.TOO_MANY, True),
        ("isv.AMOUNT_NOT_ENOUGH", Reason.NO_CREDIT, True),
        ("isv.SMS_TEMPLATE_ILLEGAL", Reason.NO_TEMPLATE, False),
        ("isv.SOMETHING_NEW", Reason.PROVIDER_REFUSED, False),
        ("away", Reason.NOT_REACHED, True),
    ],
    "tencent": [
        ("InvalidParameterValue.IncorrectPhoneNumber", Reason.ADDRESS_REFUSED, False),
        ("LimitExceeded.PhoneNumberDailyLimit", Reason.TOO_MANY, True),
        ("RequestLimitExceeded", Reason.TOO_MANY, True),
        ("FailedOperation.InsufficientBalanceInSmsPackage", Reason.NO_CREDIT, True),
        ("FailedOperation.TemplateIncorrectOrUnapproved", Reason.NO_TEMPLATE, False),
        ("UnsupportedOperation.New", Reason.PROVIDER_REFUSED, False),
        ("away", Reason.NOT_REACHED, True),
    ],
}


@pytest.mark.parametrize(
    ("name", "said", "reason", "again"),
    [(name, *answer) for name, answers in ANSWERS.items() for answer in answers],
)
async def test_what_providers_answer(
    name: str, said: str, reason: Reason, again: bool, centre: SmsCentre, tmp_path: Path
) -> None:
    centre.says = [said]
    no = await refused(provider(settings(tmp_path, name, centre.url), lambda: NOW))
    assert (no.reason, no.again) == (reason, again)


@pytest.mark.parametrize("name", sorted(PROVIDERS))
async def test_nobody_there(name: str, tmp_path: Path, free_port: int) -> None:
    away = settings(tmp_path, name, f"http://127.0.0.1:{free_port}")
    no = await refused(provider(away, lambda: NOW))
    assert (no.reason, no.again) == (Reason.NOT_REACHED, True)


async def test_whether_it_arrived(sms: Sms, centre: SmsCentre) -> None:
    provider_id = await sms.send(PHONE, "SMS_1", VALUES, "own-id")
    centre.delivered = ["waiting", "arrived", "failed"]
    asked = [await sms.arrived(PHONE, provider_id, date(2026, 11, 23)) for _ in range(3)]
    assert asked == [None, True, False]
    if isinstance(sms, aliyun.Aliyun):
        assert centre.asked[0]["SendDate"] == "20261123"
        assert centre.asked[0]["BizId"] == provider_id
    else:
        assert await sms.arrived(PHONE, "another", date(2026, 11, 23)) is None


def test_what_is_needed_for_sms(tmp_path: Path) -> None:
    for name in PROVIDERS:
        good = settings(tmp_path, name, "")
        assert sending.configured(good)
        assert sending.ready(good, Channel.SMS, "SMS_1")
        assert not sending.ready(good, Channel.SMS, "")
        for part in ("sms_key_id", "sms_key_secret", "sms_sign"):
            assert not sending.configured(good.model_copy(update={part: ""}))
    without_app = settings(tmp_path, "tencent", "").model_copy(update={"sms_app": ""})
    assert not sending.configured(without_app)
    assert not sending.ready(Settings(data_dir=tmp_path), Channel.EMAIL)


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    hidden = settings(tmp_path, "aliyun", "").model_copy(
        update={"smtp_url": "smtp://me:secret@mail.example"}
    )
    assert SECRET not in repr(hidden)
    assert "secret@" not in repr(hidden)


@pytest.mark.parametrize(
    "wrong",
    [
        {"smtp_url": "http://mail.example"},
        {"smtp_url": "smtp://"},
        {"smtp_url": "smtp://mail.example:port"},
        {"mail_from": "nobody"},
        {"mail_from": "a@b.example\nBcc: c@d.example"},
        {"sms_provider": "pigeon"},
        {"quiet_hours": "night"},
        {"quiet_hours": "21:00"},
        {"quiet_hours": "25:00-08:00"},
    ],
)
def test_settings_that_can_not_be_used(wrong: dict[str, str]) -> None:
    with pytest.raises(BadSettings) as bad:
        load({}, **wrong)
    assert str(bad.value).startswith(f"{next(iter(wrong))}: ")


# ---- mail -------------------------------------------------------------------------------------


@pytest.fixture
async def box() -> AsyncIterator[tuple[Mailbox, Settings]]:
    async with mailbox() as (box, url):
        yield box, Settings(smtp_url=url, mail_from="notices@heyi.example")


def letter(**values: str) -> Mail:
    given = {
        "id": "0190",
        "to": "alice@example.com",
        "sender": "河东所",
        "subject": "您的申请已受理",
        "text": "编号12\n第二行",
        "language": "zh",
    }
    return Mail(**given | values, at=NOW)


async def test_a_mail_arrives(box: tuple[Mailbox, Settings]) -> None:
    mails, settings = box
    assert await mail.send(settings, letter()) == "<0190@heyi.example>"
    found = mails.mails[0]
    assert found["To"] == "alice@example.com"
    assert found["From"] == "河东所 <notices@heyi.example>"
    assert found["Subject"] == "您的申请已受理"
    assert found["Auto-Submitted"] == "auto-generated"
    assert found["Content-Language"] == "zh"
    assert found.get_content().split() == ["编号12", "第二行"]
    assert mails.envelopes[0].mail_from == "notices@heyi.example"


@pytest.mark.parametrize("nasty", ["x\r\nBcc: eve@example.com", "x\nBcc: eve@example.com", "x\x00"])
async def test_no_header_can_be_put_in(box: tuple[Mailbox, Settings], nasty: str) -> None:
    mails, settings = box
    await mail.send(settings, letter(subject=nasty, sender=f'"{nasty}" <eve@example.com>'))
    found, envelope = mails.mails[0], mails.envelopes[0]
    assert found["Bcc"] is None
    assert envelope.rcpt_tos == ["alice@example.com"]
    assert found["From"].addresses[0].addr_spec == "notices@heyi.example"
    assert set(found.keys()) == {
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "Content-Language",
        "Auto-Submitted",
        "Content-Type",
        "Content-Transfer-Encoding",
        "MIME-Version",
    }


@pytest.mark.parametrize(
    "to", ["alice@example.com, eve@example.com", "alice@example.com\r\nBcc: eve@example.com", ""]
)
async def test_one_address_and_no_more(box: tuple[Mailbox, Settings], to: str) -> None:
    mails, settings = box
    with pytest.raises(NotSent) as no:
        await mail.send(settings, letter(to=to))
    assert (no.value.reason, no.value.again) == (Reason.ADDRESS_REFUSED, False)
    assert mails.mails == []


@pytest.mark.parametrize(
    ("to", "answer", "reason", "again"),
    [
        ("nobody@example.com", "250 OK", Reason.ADDRESS_REFUSED, False),
        ("later@example.com", "250 OK", Reason.ADDRESS_REFUSED, True),
        ("alice@example.com", "554 spam", Reason.PROVIDER_REFUSED, False),
        ("alice@example.com", "451 busy", Reason.PROVIDER_REFUSED, True),
    ],
)
async def test_what_mail_servers_answer(
    box: tuple[Mailbox, Settings], to: str, answer: str, reason: Reason, again: bool
) -> None:
    mails, settings = box
    mails.answer = answer
    with pytest.raises(NotSent) as no:
        await mail.send(settings, letter(to=to))
    assert (no.value.reason, no.value.again) == (reason, again)


async def test_no_mail_server_there(free_port: int) -> None:
    settings = Settings(smtp_url=f"smtp://127.0.0.1:{free_port}", mail_from="notices@heyi.example")
    with pytest.raises(NotSent) as no:
        await mail.send(settings, letter())
    assert (no.value.reason, no.value.again) == (Reason.NOT_REACHED, True)


async def test_away_from_this_machine_nothing_goes_in_the_open(
    box: tuple[Mailbox, Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same server, no longer taken for this machine: it has no TLS, so it gets nothing."""
    mails, settings = box
    monkeypatch.setattr(mail, "_this_machine", lambda _: False)
    with pytest.raises(NotSent) as no:
        await mail.send(settings, letter())
    assert no.value.reason is Reason.NOT_REACHED
    assert mails.mails == []


@pytest.mark.parametrize(
    ("host", "inside"),
    [("localhost", True), ("127.0.0.1", True), ("::1", True), ("mail.example", False)],
)
def test_this_machine(host: str, inside: bool) -> None:
    assert mail._this_machine(host) is inside


@pytest.fixture
def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port
