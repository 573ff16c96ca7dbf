"""The certificate of a destruction: one page of A4 as a PDF, in the language being spoken."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

from recordings import lettering
from recordings.retention import Tombstone
from server.words import gettext as _

_DPI = 150
_PAGE = (1240, 1754)
_MARGIN = 130
_INK = (34, 34, 34)


def pdf(stone: Tombstone, organisation: str, case: str, purpose: str) -> bytes:
    page = Image.new("RGB", _PAGE, "white")
    draw = ImageDraw.Draw(page)
    y = _put(draw, _MARGIN, _("Certificate of destruction"), 52) + 30
    y = _put(draw, y, organisation, 34) + 40
    for name, value in _rows(stone, case, purpose):
        y = _put(draw, y, name, 24, (90, 90, 90))
        y = _put(draw, y, value, 30) + 24
    y = _put(
        draw,
        y + 20,
        _(
            "The key of this recording was destroyed. Nobody can read it any more, here or in any "
            "backup. The hash identifies it for ever."
        ),
        28,
    )
    file = io.BytesIO()
    page.save(file, "PDF", resolution=_DPI, title=_("Certificate of destruction"))
    return file.getvalue()


def _rows(stone: Tombstone, case: str, purpose: str) -> list[tuple[str, str]]:
    return [
        (_("Case"), case),
        (_("What was recorded"), purpose),
        (_("Recorded from"), stone.began_at),
        (_("Recorded until"), stone.ended_at),
        (_("Destroyed at"), stone.destroyed_at),
        (_("Reason"), stone.why),
        (_("Number of the recording"), stone.recording),
        (_("Hash"), stone.head),
        (_("Segments and bytes"), f"{stone.segments} / {stone.bytes}"),
    ]


def _put(
    draw: ImageDraw.ImageDraw, y: int, text: str, size: int, ink: tuple[int, int, int] = _INK
) -> int:
    """Write it; where the next line begins."""
    letters = lettering.font(size)
    for line in lettering.lines(text, letters, _PAGE[0] - 2 * _MARGIN):
        draw.text((_MARGIN, y), line, ink, letters)
        y += size * 3 // 2
    return y
