"""Are there Chinese letters for papers?"""

from __future__ import annotations

import asyncio
import shutil

from server.doctor.finding import Asked, Finding, ok, warn
from server.words import gettext as _


async def check(_asked: Asked) -> list[Finding]:
    mend = _("Install some, on Debian: apt-get install fonts-noto-cjk fontconfig.")
    program = shutil.which("fc-list")
    if program is None:
        return [warn(_("fontconfig is missing, so papers find no letters."), mend)]
    asked = await asyncio.create_subprocess_exec(
        program, ":lang=zh-cn", "family", stdout=asyncio.subprocess.PIPE
    )
    out, _err = await asked.communicate()
    families = sorted({line.split(",")[0].strip() for line in out.decode().splitlines() if line})
    if not families:
        return [warn(_("No font has Chinese letters: papers will show boxes instead."), mend)]
    return [ok(_("Chinese letters: %(family)s.", family=families[0]))]
