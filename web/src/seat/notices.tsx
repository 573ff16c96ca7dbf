/** What went wrong and what can be done about it, in one place above everything else. */
import { Hourglass, RefreshCw, TriangleAlert, Volume2 } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { t } from "../words";
import { failing, possible } from "./call/call";
import * as capture from "./call/capture";
import { needsTap, play } from "./call/voices";
import { faultAdvice } from "./fault";
import { resumeDevices } from "./journey";
import { connected, refusal, slow } from "./state";

export function Notices() {
  return (
    <div class="notices" aria-live="polite">
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
          <span>{t("On its way… The network is slow.")}</span>
        </Notice>
      )}
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
