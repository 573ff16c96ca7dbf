"""Papers: taken away, brought from the case, kept in it; pointed at and drawn on."""

from __future__ import annotations

from server.domain.errors import Refused
from server.domain.ids import DocumentId, ExhibitId, SeatId
from server.services import exhibit_case, exhibits, strokes
from server.services.context import Context
from signaling.payloads import exhibits as payloads
from signaling.presence import Connection, Presence


class ExhibitCommands:
    ctx: Context
    presence: Presence

    async def on_remove_exhibit(self, by: Connection, it: payloads.OnExhibit) -> None:
        await exhibits.remove(self.ctx, by.caller(it.id), ExhibitId(it.exhibit))

    async def on_bring_paper(self, by: Connection, it: payloads.BringPaper) -> None:
        await exhibit_case.bring(self.ctx, by.caller(it.id), DocumentId(it.document))

    async def on_keep_exhibit(self, by: Connection, it: payloads.OnExhibit) -> None:
        await exhibit_case.keep(self.ctx, by.caller(it.id), ExhibitId(it.exhibit))

    async def on_draw(self, by: Connection, it: payloads.Draw) -> None:
        exhibit, caller = ExhibitId(it.exhibit), by.caller(it.id)
        await strokes.draw(self.ctx, caller, exhibit, it.page, it.points, it.colour, it.width)

    async def on_wipe(self, by: Connection, it: payloads.Wiping) -> None:
        await strokes.wipe(self.ctx, by.caller(it.id), ExhibitId(it.exhibit), it.page, it.what)

    async def on_point(self, by: Connection, it: payloads.Point) -> None:
        """To the others in the same space, as sender and receiver were told last; not kept."""
        view = by.view
        if view is None or not view["admitted"]:
            raise Refused("not_admitted")
        shown = (view["shown"]["exhibit"], view["shown"]["page"])
        if shown != (it.exhibit, it.page) or not by.pointing.allowed():
            return
        told = payloads.Pointed(seat=by.seat, **it.model_dump()).model_dump()
        for member in view["members"]:
            other = self.presence.of(SeatId(member["seat"]))
            if other is None or other is by or other.view is None:
                continue
            if other.view["admitted"] and other.view["space"] == view["space"]:
                other.outbox.put("pointed", told)
