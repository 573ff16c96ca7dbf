"""Letters on pictures: names under faces, the lines of a certificate."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from PIL import ImageFont

_PLACES = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc",
)
_SIMPLIFIED = 2
"""Which of a collection's fonts has the mainland's forms."""

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@cache
def font(size: int) -> Font:
    """With Chinese letters where Debian's fonts-noto-cjk is installed, without them elsewhere."""
    for place in _PLACES:
        if Path(place).exists():
            return ImageFont.truetype(place, size, index=_SIMPLIFIED)
    return ImageFont.load_default(size)


def lines(text: str, letters: Font, width: int) -> list[str]:
    """Broken where it gets too long; between any two letters, as Chinese is."""
    broken = [""]
    for letter in text:
        if letters.getlength(broken[-1] + letter) > width and broken[-1]:
            broken.append("")
        broken[-1] += letter
    return broken
