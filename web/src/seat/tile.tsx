/** A person in one's own space: the picture that is really forwarded, or the name. */
import { MicOff } from "lucide-preact";
import type { Member, Routes, View } from "../wire/protocol.gen";
import { t } from "../words";
import { Avatar } from "./avatar";
import { pictures } from "./call/call";
import { camera } from "./call/capture";
import { tiles } from "./people";
import { Picture } from "./picture";
import { connected, routes } from "./state";

export function Tiles({ view }: { view: View }) {
  const people = tiles(view.members, view.seat);
  return (
    <div class="tiles" data-count={people.length}>
      {people.map((member) => (
        <Tile key={member.seat} member={member} view={view} />
      ))}
    </div>
  );
}

function Tile({ member, view }: { member: Member; view: View }) {
  const own = member.seat === view.seat;
  const slot = slotOf(routes.value, member.seat);
  const track = own ? camera.value : member.camera ? pictures.value[slot] : undefined;
  const state = stateOf(member, own, slot, view.silenced);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form's fields.
    <div
      class="tile"
      role="group"
      aria-label={member.name}
      data-own={own}
      data-chair={member.chair}
    >
      <Avatar name={member.name} />
      {/* Another slot or another space is another element: the old one would keep its last frame. */}
      {track && <Picture key={`${view.space} ${slot}`} track={track} own={own} />}
      <p class="tile-name">
        <span>{own ? t("%(name)s (you)", { name: member.name }) : member.name}</span>
        {state && <span class="tile-state">{state}</span>}
        {!state && !member.microphone && (
          <span class="tile-state">
            <MicOff aria-hidden="true" />
            {t("muted")}
          </span>
        )}
      </p>
    </div>
  );
}

export function slotOf(told: Routes, seat: string): number {
  return told.slots.indexOf(seat);
}

function stateOf(member: Member, own: boolean, slot: number, silenced: boolean): string | null {
  if (!member.present) return t("connection lost, place kept");
  if (silenced || !connected.value) return t("paused");
  if (!own && slot < 0) return t("connecting…");
  return null;
}
