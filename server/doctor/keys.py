"""Are the keys there, whole, and nobody else's to read?"""

from __future__ import annotations

from server.doctor.finding import Asked, Finding, fail, ok, warn
from server.security.keys import KEY_BYTES
from server.words import gettext as _


async def check(asked: Asked) -> list[Finding]:
    settings = asked.settings
    folder = settings.data_dir / "keys"
    used = bool(settings.database_url) or (settings.data_dir / "heyi.sqlite3").exists()
    if not (folder / "link.key").exists():
        if not used:
            return [ok(_("There are no keys yet; the first start makes them."))]
        # On PostgreSQL the database may be new as well: it is not asked whether it is empty.
        what = _("There is a database but no keys in %(folder)s.", folder=folder)
        mend = _(
            "Restore the keys with the backup; new ones would open no link and no sealed field. "
            "For a new database go on: the first start makes them."
        )
        return [warn(what, mend) if settings.database_url else fail(what, mend)]
    found = []
    if bad := [file.name for file in folder.glob("*.key") if file.stat().st_size != KEY_BYTES]:
        what = _("These keys are damaged: %(files)s.", files=", ".join(sorted(bad)))
        found.append(fail(what, _("Restore them from the backup; they are never made anew.")))
    if any(path.stat().st_mode & 0o077 for path in (folder, *folder.rglob("*"))):
        what = _("Others on this machine may read the keys in %(folder)s.", folder=folder)
        found.append(fail(what, _("Take their rights away: chmod -R go= on that folder.")))
    return found or [ok(_("The keys are whole, and this account's alone."))]
