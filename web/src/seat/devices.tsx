/** The device check: one's own picture and sound, and a way on from every fault. */
import { Mic, MicOff, VideoOff } from "lucide-preact";
import { useEffect, useId, useState } from "preact/hooks";
import { t } from "../words";
import { possible } from "./call/call";
import * as capture from "./call/capture";
import { watchLevel } from "./call/level";
import { faultAdvice } from "./fault";
import { enter } from "./journey";
import { Page } from "./page";
import { Picture } from "./picture";

export function Devices() {
  const [asking, setAsking] = useState(true);
  const ask = () => {
    setAsking(true);
    void capture.open({ video: true }).finally(() => setAsking(false));
  };
  useEffect(ask, []);
  const withoutCamera = () => {
    capture.closeCamera();
    enter();
  };
  const fault = possible ? capture.fault.value : "unsupported";
  const camera = capture.camera.value;
  const microphone = capture.microphone.value;
  return (
    <Page title={t("Can you see and hear yourself?")}>
      {asking ? (
        <p class="advice">
          {t("Your browser is asking for the microphone and camera. Please choose “Allow”.")}
        </p>
      ) : (
        fault && <p class="advice">{faultAdvice(fault)}</p>
      )}
      <OwnPicture />
      {microphone && <Meter track={microphone} />}
      {!asking && !microphone && (
        <p class="with-icons">
          <MicOff aria-hidden="true" />
          <span>{t("Without a microphone you can listen, but nobody will hear you.")}</span>
        </p>
      )}
      <div class="actions">
        {camera && (
          <button type="button" class="main wide" disabled={asking} onClick={enter}>
            {t("Continue")}
          </button>
        )}
        {possible && fault && !asking && (
          <button type="button" class="wide" onClick={ask}>
            {t("Try again")}
          </button>
        )}
        <button
          type="button"
          class={camera || asking ? "wide" : "main wide"}
          disabled={asking}
          onClick={withoutCamera}
        >
          {t("Continue without camera")}
        </button>
      </div>
      <p class="soft">{t("Nobody sees or hears you yet. You can change this later.")}</p>
    </Page>
  );
}

export function OwnPicture() {
  const track = capture.camera.value;
  return (
    <div class="own-picture">
      {track ? (
        <Picture track={track} own />
      ) : (
        <p class="no-picture">
          <VideoOff aria-hidden="true" />
          <span>{t("No picture of you")}</span>
        </p>
      )}
    </div>
  );
}

function Meter({ track }: { track: MediaStreamTrack }) {
  const id = useId();
  const [level, setLevel] = useState(0);
  const [heard, setHeard] = useState(false);
  useEffect(
    () =>
      watchLevel(track, (found) => {
        setLevel(found);
        if (found > 0.35) setHeard(true);
      }),
    [track],
  );
  return (
    <div class="meter">
      <Mic aria-hidden="true" />
      <span id={id}>
        {heard ? t("Your microphone works.") : t("Say something: does the bar move?")}
      </span>
      <meter min={0} max={1} value={level} aria-labelledby={id} />
    </div>
  );
}
