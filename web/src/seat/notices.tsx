/** What went wrong and what can be done about it, in one place above everything else. */
import { Check, Hourglass, MicOff, RefreshCw, TriangleAlert, Volume2 } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import type { View } from "../wire/protocol.gen";
import { t } from "../words";
import { failing, possible } from "./call/call";
import * as capture from "./call/capture";
import { needsTap, play } from "./call/voices";
import { Carried } from "./carried";
import { faultAdvice } from "./fault";
import { resumeDevices } from "./journey";
import { silentMicrophone } from "./news";
import { openSheet } from "./sheets";
import { returnSentence } from "./space";
import { connected, refusal, returned, slow } from "./state";

/** Something here waits for a tap: on a phone all else has to be brief. */
export function pressing({ microphone }: View): boolean {
  const dead = silentMicrophone.value && microphone;
  return dead || needsTap.value || capture.taken.value || capture.fault.value !== null;
}

/** How long one is told that one is back; a tap anywhere ends it sooner. */
const RETURNED_MS = 60_000;

export function Notices({ view }: { view: View }) {
  return (
    <div class="notices" aria-live="polite">
      {connected.value && returned.value && <Returned view={view} />}
      {connected.value && silentMicrophone.value && view.microphone && (
        <Notice icon={<MicOff aria-hidden="true" />}>
          <span>
            {t(
              "Your microphone is on, but no sound comes from it. Please check its switch or cable, or choose another one.",
            )}
          </span>
          <button type="button" class="main" onClick={() => openSheet("sound")}>
            {t("Choose a microphone")}
          </button>
        </Notice>
      )}
      {needsTap.value && (
        <Notice icon={<Volume2 aria-hidden="true" />}>
          <span>{t("Your browser keeps the sound off until you tap.")}</span>
          <button type="button" class="main" onClick={() => void play()}>
            {t("Tap to hear")}
          </button>
        </Notice>
      )}
      {capture.taken.value && (
        <Notice icon={<RefreshCw aria-hidden="true" />}>
          <span>{t("A phone call or another program has taken your microphone or camera.")}</span>
          <button type="button" class="main" onClick={() => void resumeDevices()}>
            {t("Tap to resume")}
          </button>
        </Notice>
      )}
      {connected.value && <Carried />}
      {!possible && (
        <Notice>
          <span>{faultAdvice("unsupported")}</span>
        </Notice>
      )}
      {connected.value && failing.value && (
        <Notice>
          <span>
            {t(
              "Voice and picture don't get through at the moment. We keep trying by ourselves. If it lasts, change between Wi-Fi and mobile data.",
            )}
          </span>
        </Notice>
      )}
      {capture.fault.value && (
        <Notice>
          <span>{faultAdvice(capture.fault.value)}</span>
          <button type="button" class="main" onClick={() => void resumeDevices()}>
            {t("Try again")}
          </button>
          <button
            type="button"
            onClick={() => {
              capture.fault.value = null;
            }}
          >
            {t("OK")}
          </button>
        </Notice>
      )}
      {refusal.value && (
        <Notice>
          <span>{refusal.value}</span>
          <button
            type="button"
            onClick={() => {
              refusal.value = null;
            }}
          >
            {t("OK")}
          </button>
        </Notice>
      )}
      {connected.value && slow.value && (
        <Notice icon={<Hourglass aria-hidden="true" />}>
          <span>{t("On its way… This takes longer than usual.")}</span>
        </Notice>
      )}
    </div>
  );
}

/** Calm: it is good news, and goes by itself. */
function Returned({ view }: { view: View }) {
  const seen = () => {
    returned.value = false;
  };
  useEffect(() => {
    const timer = window.setTimeout(seen, RETURNED_MS);
    // Not on the first touch: what is being tapped must not move away under the finger.
    document.addEventListener("click", seen);
    return () => {
      window.clearTimeout(timer);
      document.removeEventListener("click", seen);
    };
  }, []);
  return (
    <div class="notice">
      <Check aria-hidden="true" />
      <span>{returnSentence(view)}</span>
      <button type="button" onClick={seen}>
        {t("OK")}
      </button>
    </div>
  );
}

function Notice({ icon, children }: { icon?: ComponentChildren; children: ComponentChildren }) {
  return (
    <div class="notice notice-attention">
      {icon ?? <TriangleAlert aria-hidden="true" />}
      {children}
    </div>
  );
}
