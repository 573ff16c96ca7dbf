/** On top, always: where am I, who hears me, and the way out. */
import { WifiOff } from "lucide-preact";
import type { ComponentChildren } from "preact";
import type { View } from "../wire/protocol.gen";
import { t } from "../words";
import { useEdge } from "./clear";
import { Ears } from "./ears";
import { WithPhone } from "./joining/facts";
import { tight } from "./large";
import { LeaveButton } from "./leave";
import { RecordingMark } from "./recording/mark";
import { explained, type Reach, spaceBrief, spaceName, spaceSentence } from "./space";
import { connected, renewing, welcome } from "./state";

export function Strip({ view, children }: { view: View; children: ComponentChildren }) {
  const online = connected.value;
  const inLobby = view.place === "lobby" || view.place === null;
  const edge = useEdge<HTMLElement>("above");
  return (
    <header class="strip" ref={edge}>
      {/* What ends the meeting for all is never beside what ends it for oneself. */}
      <div class="strip-actions strip-out">
        <LeaveButton view={view} />
      </div>
      {children && <div class="strip-actions">{children}</div>}
      <p class="strip-status" role="status" aria-live="polite">
        <strong>
          {spaceName(view)}
          {t(". ")}
        </strong>
        {brief(view) ? (
          spaceBrief(view, reach())
        ) : (
          <WithPhone text={whole(view)} phone={welcome.value?.help_phone ?? ""} />
        )}
      </p>
      {!online && (
        <p class="strip-hears">
          <WifiOff aria-hidden="true" />
          <span>{t("Reconnecting…")}</span>
        </p>
      )}
      {online && !inLobby && <Ears view={view} />}
      <RecordingMark view={view} />
    </header>
  );
}

function reach(): Reach {
  if (connected.value) return "here";
  return renewing.value ? "renewing" : "lost";
}

/** On a full phone the strip says in a few words what has to stay in sight. */
function brief(view: View): boolean {
  return tight.value && !view.hosting && view.place !== "lobby" && view.place !== null;
}

function whole(view: View): string {
  return spaceSentence(view, reach(), welcome.value?.help_phone ?? "");
}

/** What the strip had no room for. */
export function Explanation({ view }: { view: View }) {
  if (!brief(view) || !explained(view, reach())) return null;
  return (
    <p class="explanation" aria-live="polite">
      {whole(view)}
    </p>
  );
}
