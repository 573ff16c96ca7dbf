"""Pages of a PDF, and photographs, drawn as WebP. Runs in the child only."""

from __future__ import annotations

import io
import math
import warnings
from typing import Any

import pi_heif
import pypdfium2 as pdfium
from PIL import Image, ImageChops, ImageFile, ImageOps, WebPImagePlugin

MOST_PAGES = 2_000
MOST_PIXELS = 12_000_000
"""Of a page that is drawn."""
LARGEST_PHOTO = 120_000_000
"""Pixels of a photograph that is read; telephones make some of 108 million."""
LONGEST = 10_000
"""Pixels of a side; WebP itself ends at 16,383."""
GRAYS = 16
"""Enough for the edges of letters."""
_LOCKED = 4
"""FPDF_ERR_PASSWORD"""

# Only what FileType has: the other readers of Pillow are as many more ways to be broken.
# Loaded now, as later their files may be out of reach.
_READERS = ("JPEG", "PNG", WebPImagePlugin.WebPImageFile.format, "HEIF")
Image.preinit()
pi_heif.register_heif_opener()
warnings.simplefilter("ignore")
Image.MAX_IMAGE_PIXELS = None  # ours is below, and says what is wrong


class No(Exception):
    """Refused; the argument is the code."""


def answer(content: bytes, what: str, numbers: list[int]) -> tuple[dict[str, Any], bytes]:
    """count: {pages}; draw: {width, height} and the picture."""
    is_pdf = content.startswith(b"%PDF-")
    if what == "count":
        return {"pages": _pages(content) if is_pdf else _photos(content)}, b""
    number, width = numbers
    picture = _page(content, number, width) if is_pdf else _photo(content, number, width)
    return {"width": picture.width, "height": picture.height}, _webp(picture)


def _pages(content: bytes) -> int:
    document = _document(content)
    pages = len(document)
    if pages > MOST_PAGES:
        raise No("paper_too_long")
    if pages == 0:
        raise No("paper_broken")
    _opened(document, 1)
    return pages


def _document(content: bytes) -> pdfium.PdfDocument:
    try:
        document = pdfium.PdfDocument(content)
        document.init_forms()  # so that what was filled in is drawn
    except pdfium.PdfiumError as error:
        locked = getattr(error, "err_code", None) == _LOCKED
        raise No("paper_locked" if locked else "paper_broken") from None
    return document


def _opened(document: pdfium.PdfDocument, number: int) -> pdfium.PdfPage:
    if not 1 <= number <= min(len(document), MOST_PAGES):
        raise No("page_missing")
    try:
        return document[number - 1]
    except pdfium.PdfiumError:
        raise No("paper_broken") from None


def _page(content: bytes, number: int, width: int) -> Image.Image:
    """As wide as asked, unless it is so long a strip that it would have too many pixels."""
    page = _opened(_document(content), number)
    across, down = page.get_size()
    if not (across > 0 and down > 0 and math.isfinite(across * down)):
        raise No("paper_broken")
    # A little less than a whole number of pixels, as pdfium rounds up.
    scale = min((width - 0.01) / across, LONGEST / down, math.sqrt(MOST_PIXELS / (across * down)))
    drawn: Image.Image = page.render(scale=scale, rev_byteorder=True).to_pil()
    return drawn.convert("RGB")


def _photos(content: bytes) -> int:
    _photo(content, 1, 64)
    return 1


def _photo(content: bytes, number: int, width: int) -> Image.Image:
    """The right way up, on white, not larger than it is."""
    if number != 1:
        raise No("page_missing")
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        picture = Image.open(io.BytesIO(content), formats=_READERS)
        if picture.width * picture.height > LARGEST_PHOTO:
            raise No("paper_too_large")
        picture.draft("RGB", (2 * width, 2 * width))
        return _upright(picture, width)
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError):
        # What Pillow raises at pictures that do not hold together.
        raise No("paper_broken") from None


def _upright(picture: Image.Image, width: int) -> Image.Image:
    turned = picture.getexif().get(0x0112, 1) >= 5
    across, down = picture.size[::-1] if turned else picture.size
    scale = min(1, width / across, LONGEST / down, math.sqrt(MOST_PIXELS / (across * down)))
    size = max(1, round(across * scale)), max(1, round(down * scale))
    small = picture.convert("RGBA") if _see_through(picture) else picture.convert("RGB")
    small = small.resize(size[::-1] if turned else size, Image.Resampling.LANCZOS, reducing_gap=2)
    small = ImageOps.exif_transpose(small)
    if small.mode == "RGBA":
        paper = Image.new("RGB", small.size, "white")
        paper.paste(small, mask=small.getchannel("A"))
        return paper
    return small


def _see_through(picture: Image.Image) -> bool:
    return "A" in picture.getbands() or "transparency" in picture.info


def _webp(picture: Image.Image) -> bytes:
    """The smaller of two: as photographs are kept; or exact, where only grays are."""
    kept = _saved(picture, quality=80, method=2)
    red, green, blue = picture.split()
    if ImageChops.difference(red, green).getbbox() or ImageChops.difference(red, blue).getbbox():
        return kept
    step = 255 / (GRAYS - 1)
    few = red.point([round(round(n / step) * step) for n in range(256)]).convert("RGB")
    return min(kept, _saved(few, lossless=True, method=1, quality=20), key=len)


def _saved(picture: Image.Image, **how: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, "WEBP", **how)
    return out.getvalue()
