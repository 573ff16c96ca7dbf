"""Can Word, Excel and text be shown? Tried with a line of text, within the limits of all papers."""

from __future__ import annotations

from server.doctor.finding import Asked, Finding, fail, ok, warn
from server.documents import office
from server.domain.document import FileType
from server.domain.errors import Refused
from server.words import gettext as _


async def check(_asked: Asked) -> list[Finding]:
    if office.program() is None:
        return [
            warn(
                _("LibreOffice is missing: Word and Excel files can be kept but not shown."),
                _(
                    "On Debian: apt-get install libreoffice-writer-nogui libreoffice-calc-nogui; "
                    "PDF and pictures need nothing."
                ),
            )
        ]
    try:
        await office.to_pdf("和议 Heyi\n".encode(), FileType.TEXT)
    except Refused as no:
        what = _("LibreOffice is there but turned no text into a page: %(code)s.", code=no.code)
        mend = _("Give the server 2 GB of memory and a writable /tmp and /dev/shm, and try again.")
        return [fail(what, mend)]
    return [ok(_("LibreOffice turns texts into pages."))]
