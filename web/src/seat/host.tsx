/** The host's room: people on the left, faces in the centre, everything one tap away. */
import { Clock, Flag, Lock, Users } from "lucide-preact";
import { useState } from "preact/hooks";
import type { View } from "../wire/protocol.gen";
import { t } from "../words";
import { Board } from "./board";
import { now } from "./clock";
import { CameraButton, MicrophoneButton } from "./controls";
import { EndDialog } from "./end";
import { command } from "./journey";
import { HelpLine, LargeSwitch } from "./page";
import { alone, sides } from "./people";
import { connected, welcome } from "./state";
import { Tiles } from "./tile";

export function HostRoom({ view }: { view: View }) {
  return (
    <div class="host">
      <Board view={view} />
      <section class="centre" aria-label={t("The people in this space")}>
        <Tiles view={view} />
        <div class="bottom">
          <div class="controls">
            <MicrophoneButton view={view} />
            <CameraButton />
            <Moves view={view} />
          </div>
          <div class="small-line">
            <HelpLine short />
            <LargeSwitch />
          </div>
        </div>
      </section>
    </div>
  );
}

/** A whole side at one stroke, and everybody back. */
function Moves({ view }: { view: View }) {
  const waiting = !connected.value;
  const away = (view.board ?? []).some(
    (card) => card.admitted && card.place !== "joint" && !(view.shuttle_only && card.side !== null),
  );
  return (
    <>
      {sides(view.board ?? []).map(({ side, seats }) => (
        <button
          key={side}
          type="button"
          class="toggle"
          disabled={waiting || seats.length === 0 || alone(view, seats)}
          title={seats.length === 0 ? t("Nobody of this side is connected.") : undefined}
          onClick={() => void command("move", { seats, to: "caucus" })}
        >
          <Lock aria-hidden="true" />
          <span>{t("Private %(side)s", { side })}</span>
        </button>
      ))}
      <button
        type="button"
        class="toggle"
        disabled={waiting || (view.place === "joint" && !away)}
        onClick={() => void command("move", { seats: [], to: "joint" })}
      >
        <Users aria-hidden="true" />
        <span>{view.shuttle_only ? t("Back to my room") : t("Back to joint")}</span>
      </button>
    </>
  );
}

/** At the far end of the strip, well away from everything that is used while talking. */
export function HostTools() {
  const [ending, setEnding] = useState(false);
  return (
    <>
      <span class="clock">
        <Clock aria-hidden="true" />
        {timeOfDay(now.value)}
      </span>
      <button type="button" class="end" disabled={!connected.value} onClick={() => setEnding(true)}>
        <Flag aria-hidden="true" />
        {t("End session")}
      </button>
      {ending && <EndDialog onClose={() => setEnding(false)} />}
    </>
  );
}

function timeOfDay(ms: number): string {
  return new Intl.DateTimeFormat("en-GB", {
    timeZone: welcome.value?.time_zone,
    hour: "2-digit",
    minute: "2-digit",
  }).format(ms);
}
