"""The way in on a phone, in Chinese: taps counted, every fault provoked and its sentence read; the
try on the day before; and what who helps sees meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Browser, Page, Route, expect

from bench.browser import PHONE, Person, begins, context
from bench.demo import Demo
from tests.browser.looks import looks_right
from tests.browser.meeting import Meeting, book

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Mobile/15E148 MicroMessenger/8.0.49(0x18003137) NetType/WIFI Language/zh_CN"
)
ANDROID = (
    "Mozilla/5.0 (Linux; Android 13; PGT-AN10; wv) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Version/4.0 Chrome/126.0.6478.188 Mobile Safari/537.36 XWEB/1260183 MicroMessenger/8.0.49"
)
CHROME = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Mobile Safari/537.36"
)
MOST_TAPS = 6

BUSY = """
navigator.mediaDevices.getUserMedia = async () => {
  throw new DOMException("in use", "NotReadableError");
};"""
CAMERA_BUSY = """
const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async ({ video, ...rest }) => {
  if (video) throw new DOMException("in use", "NotReadableError");
  return ask(rest);
};"""
DENIED = BUSY.replace("NotReadableError", "NotAllowedError")
DENIED_AT_FIRST = """
const asks = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wanted) => {
  if (window.allowed) return asks(wanted);
  throw new DOMException("no", "NotAllowedError");
};"""
MISSING = BUSY.replace("NotReadableError", "NotFoundError")
CAMERA_DENIED = CAMERA_BUSY.replace("NotReadableError", "NotAllowedError")
NO_WEBRTC = "delete window.RTCPeerConnection;"
INSECURE = """
Object.defineProperty(window, "isSecureContext", { value: false });
delete Navigator.prototype.mediaDevices;"""

FAULTS = [
    (DENIED, IPHONE, "浏览器被设成不让用", "往下找到“微信”", "不用设备，继续"),
    (DENIED, ANDROID, "浏览器被设成不让用", "找到“微信”，点“权限”", "不用设备，继续"),
    (DENIED, CHROME, "浏览器被设成不让用", "点网址左边的图标", "不用设备，继续"),
    (MISSING, CHROME, "没有找到话筒和摄像头", "拔下来再插一次", "不用设备，继续"),
    (BUSY, CHROME, "别的程序正在用", "挂断正在打的电话", "不用设备，继续"),
    (CAMERA_DENIED, ANDROID, "摄像头没有被允许", "找到“微信”，点“权限”", "只用声音继续"),
    (CAMERA_BUSY, CHROME, "摄像头被别的程序占着", "关掉别的应用", "只用声音继续"),
    (NO_WEBRTC, IPHONE, "不能传声音和画面", "在Safari中打开", "只用声音继续"),
    (INSECURE, CHROME, "不是用安全连接", "直接点那个链接", "不用设备，继续"),
]
"""What is done to the browser, which it says it is, what it is told, what to do, and the way on."""


async def phone(chromium: Browser, **given: object) -> Person:
    return Person(await (await context(chromium, **{**PHONE, **given})).new_page(), tone=0)


def seen_at(before: timedelta) -> Callable[[Route], Awaitable[None]]:
    """The link is opened so long before the meeting, by the server's clock."""

    async def answer(route: Route) -> None:
        response = await route.fetch()
        body = await response.json()
        body["now"] = (datetime.fromisoformat(body["starts_at"]) - before).isoformat()
        await route.fulfill(response=response, json=body)

    return answer


class Taps:
    """Every tap on the page is counted by the page itself; the browser's question is one more."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def count(self) -> None:
        await self.page.add_init_script(
            "window.taps = 0; addEventListener('click', () => window.taps++, true);"
        )

    async def made(self) -> int:
        found: int = await self.page.evaluate("window.taps")
        return found + 1


async def test_from_the_link_to_the_lobby(meeting: Meeting, chromium: Browser) -> None:
    party = await phone(chromium, user_agent=CHROME)
    page, taps = party.page, Taps(party.page)
    await taps.count()
    await page.route("**/exchange", seen_at(timedelta(minutes=5)))
    began = datetime.now(UTC)
    await party.open(meeting.party.link, "zh")
    await expect(page.get_by_text("不录音，不录像。")).to_be_visible()
    await expect(page.get_by_role("img", name=re.compile("允许"))).to_be_visible()
    await looks_right(page, "landing")
    await party.button("进入").click()
    await expect(party.button("继续")).to_be_enabled()
    await looks_right(page, "device check")
    await party.button("继续").click()
    await page.get_by_label("您的姓名").fill(meeting.party.name)
    await party.button("继续").click()
    await party.button("我同意").click()
    await party.button("只有我一个人").click()
    await expect(page.get_by_text("您身边：没有别人。")).to_be_visible()
    assert await taps.made() <= MOST_TAPS
    assert (datetime.now(UTC) - began).total_seconds() < 60
    await expect(party.status).to_have_text(begins("候场"))
    height = await page.locator(".own-picture").evaluate("(box) => box.offsetHeight")
    assert height > 100, "one sees oneself as one waits"
    await looks_right(page, "lobby")

    await with_somebody(party)
    await hears(party)
    assert party.faults == []


async def with_somebody(party: Person) -> None:
    """Somebody comes in: they are named, and agree for themselves."""
    page = party.page
    await party.button("有变化").click()
    await party.button("身边有人").click()
    await page.get_by_label("第1个人的姓名").fill("李明")
    await looks_right(page, "who is near")
    await party.button("就这些人").click()
    await expect(page.get_by_role("heading", name="李明，请您自己看一下")).to_be_focused()
    await expect(page.get_by_text("在调解中陪同、旁听或作证")).to_be_visible()
    await looks_right(page, "another person's consent")
    await party.button("我同意").click()
    await expect(page.get_by_text("您身边的人能不能留下")).to_be_visible()


async def hears(party: Person) -> None:
    page = party.page
    await party.button("放个声音").click()
    await party.button("没听到").click()
    await expect(page.get_by_text("多按几下手机侧面上边的键")).to_be_visible()
    await looks_right(page, "nothing heard")
    await party.button("再放一次").click()
    await party.button("听到了").click()
    await expect(page.get_by_text("您听得到声音。")).to_be_visible()


@pytest.mark.parametrize(("script", "agent", "what", "step", "way_on"), FAULTS)
async def test_what_is_wrong_is_said_and_never_stops_anybody(
    meeting: Meeting,
    chromium: Browser,
    script: str,
    agent: str,
    what: str,
    step: str,
    way_on: str,
) -> None:
    party = await phone(chromium, user_agent=agent)
    await party.page.add_init_script(script)
    await party.open(meeting.party.link, "zh")
    await party.button("进入").click()
    mending = party.page.get_by_role("region", name="怎么办")
    await expect(mending).to_contain_text(what)
    await expect(mending.get_by_role("listitem").filter(has_text=step)).to_be_visible()
    await looks_right(party.page, what)
    await party.button(way_on).click()
    await expect(party.page.get_by_label("您的姓名")).to_be_visible()


async def test_who_helps_sees_it_and_it_is_mended(meeting: Meeting, chromium: Browser) -> None:
    """Who helps is told what stands in the way, and the tap after it is mended goes on."""
    party, helper = await phone(chromium, user_agent=ANDROID), await phone(chromium)
    await party.page.add_init_script(DENIED_AT_FIRST)
    await party.open(meeting.party.link, "zh")
    await helper.page.goto(meeting.helper_links[0])
    await expect(helper.page.get_by_text("在第一页")).to_be_visible()
    await party.button("进入").click()
    await expect(party.page.get_by_text("浏览器被设成不让用")).to_be_visible()
    await helper.page.reload()
    await expect(helper.page.get_by_text("没有被允许")).to_be_visible()
    await expect(helper.page.get_by_text("WeChat · Android").first).to_be_visible()
    await looks_right(helper.page, "helper, blocked")
    assert meeting.party.name not in await helper.page.locator("body").inner_text()

    await party.page.evaluate("window.allowed = true")
    await party.button("再试一次").click()
    await party.button("继续").click()
    await expect(helper.page.get_by_text("正在填姓名")).to_be_visible()
    assert helper.faults == []


async def test_the_try_before_the_day(meeting: Meeting, chromium: Browser) -> None:
    """Everything is tried, nobody's seat is taken, and it is said when to come back."""
    party = await phone(chromium)
    page = party.page
    await page.route("**/exchange", seen_at(timedelta(days=1)))
    await party.open(meeting.party.link, "zh")
    await looks_right(page, "landing, early")
    await expect(party.button("进入")).to_have_count(0)
    await party.button("现在先试试设备").click()
    await expect(page.get_by_text("您的网络很好")).to_be_visible()
    await party.button("继续").click()
    await expect(page.get_by_role("heading", name="一切正常")).to_be_visible()
    await expect(page.get_by_text("再点这个链接进来")).to_be_visible()
    await page.get_by_text("可以先慢慢看").click()
    await looks_right(page, "tried")
    assert party.told == {}
    await party.button("回到第一页").click()
    await expect(party.button("现在先试试设备")).to_be_visible()
    await page.unroute("**/exchange")
    await party.open(meeting.party.link, "zh")
    await party.button("进入").click()
    await party.button("继续").click()
    await expect(page.get_by_label("您的姓名")).to_be_visible()


async def test_an_interpreter_and_a_companion_agree_to_texts_of_their_own(
    heyi: Demo, chromium: Browser
) -> None:
    """From the link to the room."""
    meeting = await book(heyi, ("signs", "", "Irma"), ("companion", "A", "Cai"))
    links = {one.name: one.link for one in meeting.parties}
    host = Person(await (await context(chromium)).new_page(), tone=0)
    await host.sit_down(meeting.host.link)
    for name, text in (
        ("Irma", "Undertaking of an interpreter at a mediation"),
        ("Cai", "Being present at a mediation, for somebody, as a listener or as a witness"),
    ):
        guest = await phone(chromium)
        await guest.sit_down(links[name])
        await guest.say_name(name)
        await expect(guest.page.get_by_text(text)).to_be_visible()
        await expect(guest.page.get_by_text("Consent to mediation online")).to_have_count(0)
        await looks_right(guest.page, text)
        await guest.agree()
        await host.on_card(name, "Admit").click()
        await expect(guest.status).to_have_text(begins("Joint"))
    await expect(host.tile("Irma")).to_contain_text("Sign-language interpreter")
    assert host.faults == []
