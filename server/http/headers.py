"""What every answer tells the browser not to do."""

from __future__ import annotations

from aiohttp import web

from server.http.assets import BASE
from server.http.cookies import secure
from server.http.keys import CTX, NONCE
from server.settings import SELF_SIGNED

PERMISSIONS = ", ".join(
    [
        *(
            f"{allowed}=(self)"
            for allowed in ("autoplay", "camera", "display-capture", "fullscreen", "microphone")
        ),
        "screen-wake-lock=(self)",
        *(f"{denied}=()" for denied in ("geolocation", "payment", "usb")),
    ]
)
FIXED = {
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: with it browsers send `Origin: null` even with our own forms. Links' tokens
    # stand after the `#`, which is never part of a referrer.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS,
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}


ROOM = "/j/"
"""Where the page of a seat is."""


def policy(nonce: str, origin: str, *, wasm: bool = False) -> str:
    """The Content-Security-Policy of a page whose scripts carry this nonce.

    `strict-dynamic` lets them load their own parts; `'self'` is for browsers that don't know it.
    The socket's address is named because older Safari doesn't count it as `'self'`. `wasm`: may
    compile WebAssembly (of our own files, as all scripts), and still not evaluate text.
    """
    compiled = " 'wasm-unsafe-eval'" if wasm else ""
    rules = {
        "default-src": "'none'",
        "script-src": f"'nonce-{nonce}' 'strict-dynamic' 'self'{compiled}",
        "style-src": f"'self' 'nonce-{nonce}'",
        "img-src": "'self' data: blob:",
        "media-src": "'self' blob:",
        "font-src": "'self'",
        "connect-src": f"'self' {origin.replace('http', 'ws', 1)}",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


async def harden(request: web.Request, response: web.StreamResponse) -> None:
    """Run for every answer, whoever made it."""
    headers = response.headers
    # Which program at which version is nobody's business.
    headers["Server"] = "heyi"
    for name, value in FIXED.items():
        headers.setdefault(name, value)
    settings = request.app[CTX].settings
    # Not with a certificate of our own: browsers would no longer let anyone past their warning.
    if secure(request) and settings.tls != SELF_SIGNED:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    # Noise suppression and blurring, where somebody switches them on.
    rules = policy(request.get(NONCE, ""), settings.origin, wasm=request.path.startswith(ROOM))
    headers.setdefault("Content-Security-Policy", rules)
    if not request.path.startswith(BASE):
        # Whatever isn't a built file is somebody's own: not for a shared computer's cache.
        headers.setdefault("Cache-Control", "no-store")
