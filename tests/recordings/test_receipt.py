"""Each party's own receipt, and the page that checks it without a network."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from recordings import receipt
from recordings.receipt import Heard, Receipt, Recorded
from recordings.record import Damaged
from tests.recordings.evidence import PUBLIC, SIGNER

PAGE = Path(receipt.__file__).parent / "pages" / "receipt.html"
CHROMIUM = Path("/usr/bin/chromium")
SAID = Receipt(
    "张三",
    "2026-12-01 租赁纠纷",
    "2026-12-02T08:00:00+00:00",
    [Heard("王调解员", "调解员", "joint", "2026-12-01T09:00:00Z", "2026-12-01T09:30:00Z")],
    [Recorded("rec-1", "宣读协议", "2026-12-01T09:20:00Z", "2026-12-01T09:25:00Z", "sha256:00")],
)


def forged(content: bytes) -> bytes:
    return content.replace(b"09:30", b"09:10")


def test_a_receipt_says_who_could_hear_and_when() -> None:
    said = receipt.check(receipt.write(SAID, SIGNER), PUBLIC)
    assert said["person"] == "张三"
    assert said["heard"][0]["who"] == "王调解员"
    assert said["recorded"][0]["head"] == "sha256:00"


def test_a_receipt_that_was_changed_is_refused() -> None:
    content = receipt.write(SAID, SIGNER)
    for wrong in (forged(content), b"{}", b"", content.replace(b"ed25519", b"ed25518", 1)):
        with pytest.raises(Damaged):
            receipt.check(wrong)
    with pytest.raises(Damaged, match="somebody else"):
        receipt.check(content, "A" * 43 + "=")


def test_the_page_asks_nobody() -> None:
    text = PAGE.read_text("utf-8")
    assert "default-src 'none'" in text
    assert not re.search(r"https?://|src=|@import|fetch\(", text)


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    if not CHROMIUM.exists():
        pytest.skip("no Chromium here")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM))
        yield browser.new_page(viewport={"width": 360, "height": 740}, offline=True)
        browser.close()


@pytest.mark.parametrize("changed", [False, True])
def test_the_page_checks_it_in_a_browser(page: Page, tmp_path: Path, changed: bool) -> None:
    content = receipt.write(SAID, SIGNER)
    file = tmp_path / "receipt.json"
    file.write_bytes(forged(content) if changed else content)
    page.goto(PAGE.as_uri())
    page.set_input_files("#file", file)
    page.wait_for_selector("#result p")
    assert page.get_attribute("#result", "class") == ("bad" if changed else "good")
    shown = page.inner_text("#content")
    assert ("王调解员" in shown) is not changed
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_page_refuses_what_is_no_receipt(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "other.json"
    file.write_text(json.dumps({"signed": "{}"}), "utf-8")
    page.goto(PAGE.as_uri())
    page.set_input_files("#file", file)
    page.wait_for_selector("#result p")
    assert page.get_attribute("#result", "class") == "bad"
