"""PDF and photographs as pages."""

from __future__ import annotations

import asyncio
import io
import os
import sys
import zlib
from pathlib import Path

import pytest
from PIL import Image

from server.documents import paper
from server.documents.limits import Limits
from server.documents.paper import open_paper, page_picture
from server.domain.document import FileType
from server.domain.errors import Refused
from tests.documents.making import HEIC, pdf, photo, png, square, stream, written

pytestmark = pytest.mark.slow

RED, BLUE, WHITE = (255, 0, 0), (0, 0, 255), (255, 255, 255)


async def drawn(content: bytes, number: int = 1, width: int = 400) -> Image.Image:
    picture = await page_picture(content, number, width)
    image = Image.open(io.BytesIO(picture.content))
    assert image.format == "WEBP"
    assert image.size == (picture.width, picture.height)
    return image.convert("RGB")


async def refused(content: bytes, kind: FileType = FileType.PDF) -> str:
    with pytest.raises(Refused) as no:
        await open_paper(content, kind)
    return no.value.code


def near(found: object, wanted: tuple[int, int, int]) -> bool:
    assert isinstance(found, tuple)
    return all(abs(a - b) < 40 for a, b in zip(found, wanted, strict=True))


def ink(image: Image.Image) -> int:
    """How many pixels are dark."""
    return sum(image.convert("L").histogram()[:128])


async def test_each_page_by_itself() -> None:
    content = pdf([square("1 0 0"), square("0 0 1"), written("third")])
    assert (await open_paper(content, FileType.PDF)).pages == 3
    first, second, third = [await drawn(content, n) for n in (1, 2, 3)]
    assert first.width == 400
    assert abs(first.height - 400 * 842 / 595) <= 1
    assert near(first.getpixel((50, 300)), RED)
    assert near(first.getpixel((350, 300)), WHITE)
    assert near(second.getpixel((50, 300)), BLUE)
    assert 100 < ink(third) < 10_000
    for number in (0, 4):
        with pytest.raises(Refused, match="page_missing"):
            await page_picture(content, number)


async def test_small_print_is_sharp_and_small() -> None:
    """A page full of text: pure black and white but for the edges, and no large download."""
    lines = b"".join(
        b"BT /F1 7 Tf 40 %d Td (%s) Tj ET\n"
        % (810 - 9 * n, b"clause %03d of the contract " % n * 5)
        for n in range(85)
    )
    picture = await page_picture(pdf([lines]), 1)
    image = Image.open(io.BytesIO(picture.content)).convert("L")
    tones = image.histogram()
    assert image.width == 1600
    assert sum(tones[:64]) > 50_000
    assert tones[255] > 0.7 * image.width * image.height
    assert len(picture.content) < 500_000


async def test_800_pages_are_counted_and_one_is_drawn() -> None:
    content = pdf([written(f"page {n}") for n in range(800)])
    assert (await open_paper(content, FileType.PDF)).pages == 800
    assert ink(await drawn(content, 800)) > 100


async def test_too_many_pages() -> None:
    assert await refused(pdf([b""] * 2001)) == "paper_too_long"


@pytest.mark.parametrize(
    "box", [b"0 0 9999999 9999999", b"0 0 3 9999999", b"0 0 9999999 3", b"0 0 1 1"]
)
async def test_pages_of_any_size_become_pictures_of_some(box: bytes) -> None:
    image = await drawn(pdf([b""], box), width=3200)
    assert 1 <= image.width <= 3200
    assert 1 <= image.height <= 10_000
    assert image.width * image.height <= 12_100_000


async def test_a_pdf_with_a_password() -> None:
    rules = b"<</Filter/Standard/V 2/R 3/Length 128/P -4/O<%s>/U<%s>>>" % (b"11" * 32, b"22" * 32)
    content = pdf([written("secret")], more=[rules], trailer=b"/Encrypt 4 0 R/ID[<00><00>]")
    assert await refused(content) == "paper_locked"


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7\n", b"%PDF-1.7\n" + bytes(5000), pdf([]), pdf([written("half")])[:200]],
)
async def test_a_pdf_that_does_not_hold_together(content: bytes) -> None:
    assert await refused(content) == "paper_broken"


async def test_what_a_pdf_wants_to_do_is_not_done() -> None:
    """Programs, commands and addresses to be called when it opens: the picture is the same."""
    plain = await page_picture(pdf([written("quiet")]), 1, 400)
    for action in (
        b"/S/JavaScript/JS(this.getField\\('x'\\);app.alert\\(1\\);while\\(1\\){})",
        b"/S/Launch/F(/bin/sh)",
        b"/S/URI/URI(http://127.0.0.1:9/)",
    ):
        content = pdf([written("quiet")], catalogue=b"/OpenAction<<%s>>" % action)
        assert (await open_paper(content, FileType.PDF)).pages == 1
        assert await page_picture(content, 1, 400) == plain


async def test_a_form_that_was_filled_in_shows_what_was() -> None:
    field = b"<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/V(Wang)/Rect[50 600 400 700]"
    field += b"/DA(/F1 40 Tf 0 g)/P 5 0 R/F 4>>"
    content = pdf(
        [b""],
        more=[field],
        catalogue=b"/AcroForm<</Fields[4 0 R]/NeedAppearances true/DR<</Font<</F1 3 0 R>>>>>>",
    ).replace(b"/MediaBox", b"/Annots[4 0 R]/MediaBox")
    assert ink(await drawn(content)) > 100


async def test_a_pdf_that_draws_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "_DRAWING", Limits(memory=1 << 30, seconds=1))
    with pytest.raises(Refused, match="paper_too_slow"):
        await page_picture(endless(), 1)


async def test_a_pdf_with_a_picture_as_large_as_a_field() -> None:
    """40,000 x 40,000 pixels in a few KB: shown or refused, and everybody else goes on."""
    zeros = zlib.compressobj(9)
    rows = b"".join(zeros.compress(bytes(10_000_000)) for _ in range(16)) + zeros.flush()
    image = b"/Type/XObject/Subtype/Image/Width 40000/Height 40000/ColorSpace/DeviceRGB"
    image += b"/BitsPerComponent 8/Filter/FlateDecode"
    content = pdf(
        [b"595 0 0 842 0 0 cm /I Do"],
        more=[stream(rows, image)],
        resources=b"/XObject<</I 4 0 R>>",
    )
    try:
        shown = await drawn(content)
    except Refused as no:
        shown, code = None, no.code
    assert shown or code in ("paper_broken", "paper_too_slow", "paper_too_large")
    assert ink(await drawn(pdf([written("next")]))) > 100


@pytest.mark.parametrize("kind", [FileType.JPEG, FileType.PNG, FileType.WEBP])
@pytest.mark.parametrize(("way_up", "corner"), [(1, RED), (3, BLUE), (6, RED), (8, BLUE)])
async def test_a_photo_is_shown_as_it_was_held(
    kind: FileType, way_up: int, corner: tuple[int, int, int]
) -> None:
    content = photo(kind.name, way_up)
    assert (await open_paper(content, kind)).pages == 1
    image = await drawn(content)
    assert image.size == ((64, 32) if way_up in (1, 3) else (32, 64))
    assert near(image.getpixel((4, 4)), corner)


async def test_heic_too() -> None:
    assert (await open_paper(HEIC, FileType.HEIC)).pages == 1
    image = await drawn(HEIC)
    assert image.size == (32, 64)
    assert near(image.getpixel((16, 8)), RED)
    assert near(image.getpixel((16, 56)), BLUE)


async def test_a_drawn_photo_says_nothing_but_what_is_seen() -> None:
    place, out = b"N31.2304", io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = place.decode()
    Image.new("RGB", (9, 9)).save(out, "JPEG", exif=exif, xmp=place, comment=place)
    assert out.getvalue().count(place) == 3
    assert place not in (await page_picture(out.getvalue(), 1)).content


async def test_a_large_photo_becomes_as_wide_as_asked_and_a_clear_ground_is_white() -> None:
    image = await drawn(photo("JPEG", 6, (4000, 3000)), width=300)
    assert image.size == (300, 400)
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, "PNG")
    assert near((await drawn(out.getvalue())).getpixel((10, 10)), WHITE)


@pytest.mark.parametrize(
    ("content", "kind", "code"),
    [
        (png(40_000, 40_000), FileType.PNG, "paper_too_large"),
        (png(100, 100), FileType.PNG, "paper_broken"),
        (photo("JPEG", size=(400, 300))[:-2000], FileType.JPEG, "paper_broken"),
        (photo("WEBP")[:60], FileType.WEBP, "paper_broken"),
        (HEIC[:500], FileType.HEIC, "paper_broken"),
        (b"\xff\xd8\xff\xe0" + bytes(50), FileType.JPEG, "paper_broken"),
        (photo("GIF"), FileType.PNG, "paper_broken"),
        (b"ID3", FileType.MP3, "paper_no_pages"),
        (b"\0\0\0\x18ftypisom", FileType.MP4, "paper_no_pages"),
    ],
)
async def test_pictures_that_are_none(content: bytes, kind: FileType, code: str) -> None:
    assert await refused(content, kind) == code


async def test_many_ask_at_once() -> None:
    content = pdf([written(f"page {n}") for n in range(4)])
    pictures = await asyncio.gather(*(page_picture(content, n, 200) for n in (1, 2, 3, 4)))
    assert len({picture.content for picture in pictures}) == 4


def endless() -> bytes:
    """Each of some forms draws the next one ten times: 10¹⁴ squares."""
    forms = [
        stream(
            b"/X Do " * 10 if n < 14 else b"0 0 9 9 re f",
            b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]"
            + (b"/Resources<</XObject<</X %d 0 R>>>>" % (n + 5) if n < 14 else b""),
        )
        for n in range(15)
    ]
    return pdf([b"/X Do"], more=forms, resources=b"/XObject<</X 4 0 R>>")


def children() -> set[str]:
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


@pytest.mark.skipif(sys.platform != "linux", reason="children are counted in /proc")
async def test_who_goes_away_leaves_no_child_behind() -> None:
    before = children()
    asked = asyncio.create_task(page_picture(endless(), 1))
    while children() == before:
        await asyncio.sleep(0.01)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert children() == before
