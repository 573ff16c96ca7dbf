/** A person in one's own space: the picture that is really forwarded, or the name. */
import { AudioLines, Maximize2, MicOff, Minimize2 } from "lucide-preact";
import type { ComponentChildren } from "preact";
import type { Member, Routes, View } from "../wire/protocol.gen";
import { t } from "../words";
import { Avatar } from "./avatar";
import { pictures } from "./call/call";
import { camera } from "./call/capture";
import { choices } from "./call/choice";
import { speaking } from "./news";
import { listed, standing, tiles } from "./people";
import { Picture } from "./picture";
import { large } from "./pin";
import { connected, pinned, routes } from "./state";

/** As many faces as there are slots, and one's own; the others are there by name. */
const FACES = 9;
/** Beside each other, below one that is large. */
const ROW = 3;

export function Tiles({ view }: { view: View }) {
  const everybody = tiles(view.members, view.seat);
  const { faces, names } = split(everybody, view.seat, routes.value);
  const big = large(view, pinned.value);
  return (
    <>
      <div
        class="tiles"
        data-count={faces.length}
        data-headed={faces[0]?.chair}
        data-large={big !== null}
        style={{ "--others": `${Math.min(faces.length - 1, ROW)}` }}
      >
        {faces.map((member) => (
          <Tile key={member.seat} member={member} view={view} big={big === member.seat} />
        ))}
      </div>
      {names.length > 0 && (
        <ul class="names" aria-label={t("Also here")}>
          {names.map((member) => (
            <li key={member.seat}>
              <Avatar name={member.name} />
              <span>{member.name}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** Who is shown by a tile, in the same order: those in a slot and oneself, as far as they fit. */
export function split(
  everybody: readonly Member[],
  self: string,
  told: Routes,
): { faces: Member[]; names: Member[] } {
  if (everybody.length <= FACES) return { faces: [...everybody], names: [] };
  const inSlot = (m: Member) => m.seat === self || m.chair || slotOf(told, m.seat) >= 0;
  const first = [...everybody.filter(inSlot), ...everybody.filter((m) => !inSlot(m))];
  const chosen = new Set(first.slice(0, FACES).map((m) => m.seat));
  return {
    faces: everybody.filter((m) => chosen.has(m.seat)),
    names: everybody.filter((m) => !chosen.has(m.seat)),
  };
}

function Tile({ member, view, big }: { member: Member; view: View; big: boolean }) {
  const own = member.seat === view.seat;
  const slot = slotOf(routes.value, member.seat);
  const track = own ? camera.value : member.camera ? pictures.value[slot] : undefined;
  const speaks = member.microphone && speaking.value.includes(member.seat);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form's fields.
    <div
      class="tile"
      role="group"
      aria-label={member.name}
      data-own={own}
      data-chair={member.chair}
      data-speaking={speaks}
      data-big={big}
    >
      <div class="tile-face">
        <Avatar name={member.name} />
        {/* Another slot or another space is another element: the old one would keep its last frame. */}
        {track && (
          <Picture
            key={`${view.space} ${slot}`}
            track={track}
            own={own && choices.value.facing === "user"}
            seat={own ? undefined : member.seat}
          />
        )}
      </div>
      {!own && view.members.length > 2 && <PinButton member={member} big={big} />}
      <p class="tile-name">
        <span>{own ? t("%(name)s (you)", { name: member.name }) : member.name}</span>
        <span class="tile-role">{standing(member)}</span>
        {member.beside.length > 0 && (
          <span>{t("with %(names)s", { names: listed(member.beside) })}</span>
        )}
        {stateOf(member, own, slot, view.silenced, speaks)}
      </p>
    </div>
  );
}

/** The whole face is the button; its word stands in the corner. */
function PinButton({ member, big }: { member: Member; big: boolean }) {
  return (
    <button
      type="button"
      class="tile-pin"
      aria-pressed={big}
      onClick={() => {
        pinned.value = big ? "" : member.seat;
      }}
    >
      {big ? <Minimize2 aria-hidden="true" /> : <Maximize2 aria-hidden="true" />}
      <span class="unseen">{t("Show %(name)s large", { name: member.name })}</span>
    </button>
  );
}

function slotOf(told: Routes, seat: string): number {
  return told.slots.indexOf(seat);
}

function stateOf(
  member: Member,
  own: boolean,
  slot: number,
  silenced: boolean,
  speaks: boolean,
): ComponentChildren {
  if (!member.present) return <State>{t("connection lost, place kept")}</State>;
  if (silenced || !connected.value) return <State>{t("paused")}</State>;
  if (!own && member.away) return <State>{t("in another app")}</State>;
  if (!own && slot < 0) return <State>{t("connecting…")}</State>;
  if (speaks) {
    return (
      <State>
        <AudioLines aria-hidden="true" />
        {t("speaking")}
      </State>
    );
  }
  if (member.microphone) return null;
  return (
    <State>
      <MicOff aria-hidden="true" />
      {t("muted")}
    </State>
  );
}

function State({ children }: { children: ComponentChildren }) {
  return <span class="tile-state">{children}</span>;
}
