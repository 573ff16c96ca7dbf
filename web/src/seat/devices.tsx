/** The device check: picture, voice, sound and network at once, and a way on from every fault. */
import { useEffect, useId } from "preact/hooks";
import { t } from "../words";
import { possible } from "./call/call";
import * as capture from "./call/capture";
import { choices, devices, ofKind } from "./call/choice";
import { AskPicture, lookOf } from "./joining/asks";
import { thisBrowser } from "./joining/browser";
import { asking, rehearsal } from "./joining/checks";
import { Mending } from "./joining/mending";
import { NetworkTest } from "./joining/network";
import { Meter, OwnPicture } from "./joining/own";
import { endTry } from "./joining/rehearsed";
import { SpeakerTest } from "./joining/speaker";
import { enter } from "./journey";
import { Page } from "./page";

export function Devices() {
  const ask = () => {
    asking.value = true;
    void capture.open({ video: true }).finally(() => {
      asking.value = false;
    });
  };
  useEffect(ask, []);
  const busy = asking.value;
  const fault = possible ? capture.fault.value : "unsupported";
  return (
    <Page title={t("Can you see and hear yourself?")}>
      {busy ? <Asking /> : <Found fault={fault} again={possible ? ask : null} />}
      <WaysOn busy={busy} />
      <p class="soft">{t("Nobody sees or hears you yet. You can change this later.")}</p>
    </Page>
  );
}

function Asking() {
  const { kind } = thisBrowser();
  const look = lookOf(kind);
  return (
    <>
      <p class="advice">
        {t("Your browser is asking for the microphone and camera. Please tap “%(allow)s”.", {
          allow: look.buttons[look.allow] ?? "",
        })}
      </p>
      <AskPicture kind={kind} />
    </>
  );
}

function Found({ fault, again }: { fault: capture.Fault | null; again: (() => void) | null }) {
  const microphone = capture.microphone.value;
  return (
    <>
      {fault && <Mending fault={fault} again={again} />}
      {capture.camera.value && <OwnPicture />}
      <CameraChoice />
      <div class="checks">
        {microphone && <Meter track={microphone} />}
        {!microphone && (
          <p>{t("Without a microphone you can listen, but nobody will hear you.")}</p>
        )}
        <SpeakerTest />
        {possible && <NetworkTest />}
      </div>
    </>
  );
}

/** Phones have a front and a back one, which the room can turn; a PC may have several. */
function CameraChoice() {
  const id = useId();
  devices.value;
  const found = ofKind("videoinput");
  if (!capture.camera.value || found.length < 2 || thisBrowser().phone) return null;
  return (
    <p class="field">
      <label for={id}>{t("Camera")}</label>
      <select
        id={id}
        value={choices.value.camera}
        onChange={(event) => void capture.choose({ camera: event.currentTarget.value })}
      >
        <option value="">{t("Chosen by the browser")}</option>
        {found.map(({ deviceId, label }, place) => (
          <option key={deviceId} value={deviceId}>
            {label || t("Device %(number)s", { number: place + 1 })}
          </option>
        ))}
      </select>
    </p>
  );
}

/** Always all that is possible; the first is what suits what was found. */
function WaysOn({ busy }: { busy: boolean }) {
  const camera = capture.camera.value !== null;
  const microphone = capture.microphone.value !== null;
  const on = rehearsal.value === "no" ? enter : endTry;
  const soundOnly = () => {
    capture.closeCamera();
    on();
  };
  const without = () => {
    capture.closeAll();
    on();
  };
  return (
    <>
      {camera && (
        <div class="landing-actions">
          <button type="button" class="main wide" disabled={busy} onClick={on}>
            {t("Continue")}
          </button>
        </div>
      )}
      <div class="other-ways">
        {microphone && (
          <button type="button" class={camera ? "" : "main"} disabled={busy} onClick={soundOnly}>
            {t("Continue with sound only")}
          </button>
        )}
        <button type="button" onClick={without}>
          {t("Continue without devices")}
        </button>
      </div>
    </>
  );
}
