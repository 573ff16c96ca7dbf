"""Can it be reached, has it this version's tables, and is it whole?"""

from __future__ import annotations

import asyncio

from server.doctor.finding import Asked, Finding, fail, ok, warn
from server.store import checkup
from server.words import gettext as _

PATIENCE_S = 60


async def check(asked: Asked) -> list[Finding]:
    settings = asked.settings
    if not settings.database_url and not (settings.data_dir / "heyi.sqlite3").exists():
        return [ok(_("There is no database yet; the first start makes it."))]
    try:
        async with asyncio.timeout(PATIENCE_S):
            found = await checkup.look(settings.database)
    except TimeoutError:
        what = _("The database did not answer within %(s)s seconds.", s=PATIENCE_S)
        return [fail(what, _("Look whether it runs and whether something holds it."))]
    except Exception as wrong:  # drivers raise what they like
        what = _("The database can't be read: %(kind)s.", kind=type(wrong).__name__)
        mend = _("Check HEYI_DATABASE_URL, the database's own log and who may read it.")
        return [fail(what, mend)]
    return [_version(found), *_whole(found)]


def _version(found: checkup.Found) -> Finding:
    values = {"version": found.version or "-", "newest": found.newest}
    if found.version == found.newest:
        return ok(_("The database has the tables of this version (%(version)s).", **values))
    if found.known:
        return warn(
            _("The database is at %(version)s, this version at %(newest)s.", **values),
            _("Make a backup, then run `run.py db upgrade`; a start does it too."),
        )
    return fail(
        _("A newer version of Heyi has changed the database: it is at %(version)s.", **values),
        _("Run that version again, or go back by docs/operations.md."),
    )


def _whole(found: checkup.Found) -> list[Finding]:
    findings = []
    if found.broken:
        what = _("The database is damaged in %(count)s places.", count=found.broken)
        findings.append(fail(what, _("Stop the server and restore the last backup.")))
    else:
        findings.append(ok(_("No damage was found in the database.")))
    if not found.utf8:
        what = _("The database does not keep text as UTF-8: Chinese can't be searched.")
        findings.append(fail(what, _("Make it anew with ENCODING 'UTF8' and restore into it.")))
    return findings
