/** Said to whom speaks and isn't heard. */
import { MicOff } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";
import type { View } from "../wire/protocol.gen";
import { t } from "../words";
import { rawMicrophone } from "./call/capture";
import { watchLevel } from "./call/level";
import { MutedSpeech } from "./hints";
import { tight } from "./large";
import { connected } from "./state";

const SHOWN_MS = 8000;
/** For the whole page, so that no re-drawing tells it more often. */
const speech = new MutedSpeech();

export function MutedHint({ view }: { view: View }) {
  const track = rawMicrophone.value;
  const may = connected.value && !view.quiet && !view.silenced && view.place !== "lobby";
  const listens = may && !view.microphone;
  const [shown, setShown] = useState(false);
  useEffect(() => {
    setShown(false);
    if (!track || !listens) return;
    // The track itself is switched off while muted, and would give silence.
    const ear = track.clone();
    ear.enabled = true;
    let timer: number | undefined;
    const stop = watchLevel(ear, (level) => {
      if (!speech.look(level, performance.now())) return;
      setShown(true);
      window.clearTimeout(timer);
      timer = window.setTimeout(() => setShown(false), SHOWN_MS);
    });
    return () => {
      window.clearTimeout(timer);
      stop();
      ear.stop();
    };
  }, [track, listens]);
  return (
    <div aria-live="polite">
      {shown && listens && (
        <p class="muted-hint">
          <MicOff aria-hidden="true" />
          <span>
            {tight.value
              ? t("Muted: nobody hears you.")
              : t("You are muted: nobody hears you. Tap the button below to speak.")}
          </span>
        </p>
      )}
    </div>
  );
}
