"""A link as a picture to point a phone at."""

from __future__ import annotations

import segno
from markupsafe import Markup


def qr(url: str, title: str) -> Markup:
    """An inline SVG that scales with its box. Level M: it is shown on screens and paper."""
    code = segno.make(url, error="m", micro=False)
    return Markup(code.svg_inline(title=title, omitsize=True, svgclass="qr-code", lineclass=None))
