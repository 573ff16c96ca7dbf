/** What a host should see to, in one place, with a soft sound for what is new. */
import { BellRing } from "lucide-preact";
import { useEffect, useRef } from "preact/hooks";
import type { View } from "../../wire/protocol.gen";
import { t } from "../../words";
import { now } from "../clock";
import { command } from "../journey";
import { silentSeats, waitingForHost } from "../news";
import { connected } from "../state";
import { messages } from "../talk/lists";
import { alerts } from "./alerts";
import { chime } from "./chime";
import { showCard } from "./drawer";
import { outside, secondOutside, troubles } from "./progress";
import { unanswered } from "./unanswered";

export function AlertsBox({ view }: { view: View }) {
  const found = alerts({
    view,
    silent: silentSeats.value,
    troubles: troubles.value,
    outside: outside(now.value),
    secondOutside: secondOutside(now.value),
    unanswered: unanswered(messages().value.value ?? []),
    now: now.value,
  });
  const heard = useRef<ReadonlySet<string> | null>(null);
  const keys = found.map((alert) => alert.key).join("\n");
  useEffect(() => {
    const before = heard.current;
    const all = keys === "" ? [] : keys.split("\n");
    heard.current = new Set(all);
    if (all.some((key) => !before?.has(key))) chime();
  }, [keys]);
  // A claim is an alert already.
  const ready = (view.board ?? []).filter((c) => !c.admitted && !c.claim && c.ready && c.present);
  const count = found.length + ready.length;
  useEffect(() => {
    waitingForHost.value = count;
    return () => {
      waitingForHost.value = 0;
    };
  }, [count]);
  return (
    <div class="alerts" role="log" aria-label={t("Who needs you")}>
      {found.map(({ key, seat, text, locked }) => (
        <p key={key} class="alert">
          <BellRing aria-hidden="true" />
          <span>{text}</span>
          {locked && seat !== null && <LetThrough seat={seat} />}
          {locked && <Unlock />}
          {seat !== null && (
            <button type="button" class="small" onClick={() => showCard(seat)}>
              {t("Show")}
            </button>
          )}
        </p>
      ))}
    </div>
  );
}

/** They come to a lobby, and no further; the door stays locked for everybody else. */
function LetThrough({ seat }: { seat: string }) {
  return (
    <button
      type="button"
      class="small"
      disabled={!connected.value}
      onClick={() => void command("let_through", { seat })}
    >
      {t("Let in this one")}
    </button>
  );
}

/** Opens the door for all who wait there; each of them comes to a lobby, and no further. */
function Unlock() {
  return (
    <button
      type="button"
      class="small"
      disabled={!connected.value}
      onClick={() => void command("lock", { on: false })}
    >
      {t("Unlock")}
    </button>
  );
}
