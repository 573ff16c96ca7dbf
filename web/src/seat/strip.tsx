/** On top, always: where am I, who hears me, and the way out. */
import { Ear, EarOff, WifiOff } from "lucide-preact";
import type { ComponentChildren } from "preact";
import type { View } from "../wire/protocol.gen";
import { t } from "../words";
import { hearing } from "./hearing";
import { LeaveButton } from "./leave";
import { type Reach, spaceName, spaceSentence } from "./space";
import { connected, renewing, routes, welcome } from "./state";

export function Strip({ view, children }: { view: View; children: ComponentChildren }) {
  const online = connected.value;
  const inLobby = view.place === "lobby" || view.place === null;
  return (
    <header class="strip">
      <div class="strip-actions">
        <LeaveButton view={view} />
        {children}
      </div>
      <p class="strip-status" role="status" aria-live="polite">
        <strong>
          {spaceName(view)}
          {t(". ")}
        </strong>
        {spaceSentence(view, reach(), welcome.value?.help_phone ?? "")}
      </p>
      {!online && (
        <p class="strip-hears">
          <WifiOff aria-hidden="true" />
          <span>{t("Reconnecting…")}</span>
        </p>
      )}
      {online && !inLobby && <Hearing view={view} />}
    </header>
  );
}

function reach(): Reach {
  if (connected.value) return "here";
  return renewing.value ? "renewing" : "lost";
}

function Hearing({ view }: { view: View }) {
  const { kind, sentence } = hearing(routes.value, view.members, view.seat, view.microphone);
  return (
    <p class="strip-hears" data-kind={kind}>
      {kind === "nobody" ? <EarOff aria-hidden="true" /> : <Ear aria-hidden="true" />}
      <span>{sentence}</span>
    </p>
  );
}
