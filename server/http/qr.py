"""A link as a picture to point a phone at."""

from __future__ import annotations

import segno
from markupsafe import Markup


def qr(url: str) -> Markup:
    """An inline SVG that scales with its box, and has its name from there."""
    # Level M, as it is shown on screens and on paper.
    code = segno.make(url, error="m", micro=False)
    return Markup(code.svg_inline(omitsize=True, svgclass=None, lineclass=None))
