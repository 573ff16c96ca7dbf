/** Showing one's own screen: from a PC, in the space one is in, until it is stopped. */
import { effect, signal } from "@preact/signals";
import { MonitorUp, MonitorX } from "lucide-preact";
import type { View } from "../../wire/protocol.gen";
import { t } from "../../words";
import { canShare, share, shared, stopSharing } from "../call/screen";
import { command } from "../journey";
import { connected, view } from "../state";

const starting = signal(false);
/** Why it did not begin. */
const failed = signal("");
let was = false;

// What is shown ends with the picture, and the picture with what is shown.
effect(() => {
  const seen = view.value;
  const mine = seen !== null && seen.shown.screen === seen.seat;
  if (was && !mine) stopSharing();
  was = mine;
  if (mine && shared.value === null && !starting.value && connected.value) {
    void command("share_screen", { on: false });
  }
});

async function begin(): Promise<void> {
  failed.value = "";
  starting.value = true;
  try {
    await share();
    const done = shared.peek() !== null && (await command("share_screen", { on: true })).ok;
    if (!done) stopSharing();
  } catch (error) {
    // Closing the browser's question is no fault.
    if ((error as Error).name !== "NotAllowedError") {
      failed.value = t("This browser could not show the screen. Please try again.");
    }
  } finally {
    starting.value = false;
  }
}

export function ShareScreenButton({ view }: { view: View }) {
  if (!canShare) return null;
  const mine = view.shown.screen === view.seat;
  const taken = view.shown.screen !== null && !mine;
  return (
    <>
      <button
        type="button"
        class="toggle"
        aria-pressed={mine}
        disabled={!connected.value || starting.value || taken || view.place === "lobby"}
        onClick={() => void (mine ? stop() : begin())}
      >
        {mine ? <MonitorX aria-hidden="true" /> : <MonitorUp aria-hidden="true" />}
        <span>{mine ? t("Stop showing") : t("Show my screen")}</span>
      </button>
      {failed.value && (
        <p class="problem" role="alert">
          {failed.value}
        </p>
      )}
    </>
  );
}

export async function stop(): Promise<void> {
  stopSharing();
  await command("share_screen", { on: false });
}
