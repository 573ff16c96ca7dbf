/** A private word was asked for, and isn't one yet: who begins to speak now is heard by all. */
import { MicOff } from "lucide-preact";
import type { View } from "../wire/protocol.gen";
import { t } from "../words";
import { command } from "./journey";
import { tight } from "./large";
import { connected } from "./state";

export function AskedAside({ view }: { view: View }) {
  const asked = view.asks.includes("private_word") && view.place !== "caucus";
  return (
    <div aria-live="polite">
      {asked && (
        <div class="aside">
          <p>{sentence(view.microphone)}</p>
          {view.microphone && (
            <button
              type="button"
              disabled={!connected.value}
              onClick={() => void command("microphone", { on: false })}
            >
              <MicOff aria-hidden="true" />
              {t("Mute me")}
            </button>
          )}
        </div>
      )}
    </div>
  );
}

function sentence(open: boolean): string {
  if (tight.value)
    return open ? t("Asked. Everyone here still hears you.") : t("Asked. You are muted.");
  return open
    ? t("Asked. Everyone here still hears you until the mediator takes you aside.")
    : t("Asked. You are muted until the mediator takes you aside.");
}
