/** Sound and picture: which devices, whom one hears how loud, and what is made of one's own. */
import { SwitchCamera } from "lucide-preact";
import { useEffect, useId, useState } from "preact/hooks";
import type { Member, View } from "../wire/protocol.gen";
import { t } from "../words";
import * as capture from "./call/capture";
import {
  type Choices,
  choices,
  type DeviceKind,
  devices,
  listDevices,
  ofKind,
} from "./call/choice";
import { blurCanBe, noiseCanBe } from "./call/finer";
import { watchLevel } from "./call/level";
import { setVolume, speakerCanBeChosen, volumeCanBeSet, volumes } from "./call/voices";
import { roleName } from "./people";
import { advice, causeSentence, gradeWords, own } from "./quality";
import { others } from "./space";

export function SoundPanel({ view }: { view: View }) {
  useEffect(() => void listDevices(), []);
  const microphone = capture.rawMicrophone.value;
  const turnable = capture.camera.value !== null && isPhone() && ofKind("videoinput").length > 1;
  return (
    <div class="sound">
      <Connection />
      <Choice kind="audioinput" label={t("Microphone")} of="microphone" />
      {microphone && <Level track={microphone} />}
      {turnable ? <TurnCamera /> : <Choice kind="videoinput" label={t("Camera")} of="camera" />}
      {speakerCanBeChosen() && <Choice kind="audiooutput" label={t("Loudspeaker")} of="speaker" />}
      <Finer />
      <Volumes people={others(view)} />
      <details>
        <summary>{t("Do you hear yourself?")}</summary>
        <p>
          {t(
            "Somebody's loudspeaker is heard by a microphone: often theirs, not yours. A headset helps at once; so does a lower volume. If two of you sit in one room with two devices, mute one of them.",
          )}
        </p>
      </details>
    </div>
  );
}

/** One's own; of the others' nobody but a host is told. */
function Connection() {
  const found = own.value;
  if (!found) return null;
  const todo = advice(found.cause);
  return (
    <p class="connection" role="status">
      <strong>{gradeWords(found.grade)}</strong>
      {found.cause && <span>{causeSentence(found.cause)}</span>}
      {todo && <span>{todo}</span>}
    </p>
  );
}

/** Phones turn the camera; they have no list of devices that would mean anything to anybody. */
function isPhone(): boolean {
  return window.matchMedia("(pointer: coarse)").matches;
}

interface ChoiceProps {
  kind: DeviceKind;
  label: string;
  of: "microphone" | "camera" | "speaker";
}

function Choice({ kind, label, of }: ChoiceProps) {
  const id = useId();
  const [busy, setBusy] = useState(false);
  devices.value;
  const found = ofKind(kind).filter(({ deviceId }) => deviceId !== "default");
  const choose = async (deviceId: string) => {
    const changed: Partial<Choices> = { [of]: deviceId };
    setBusy(true);
    if (of === "speaker") choices.value = { ...choices.peek(), ...changed };
    else await capture.choose(changed);
    setBusy(false);
  };
  return (
    <p class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        disabled={busy}
        value={current(of, found)}
        onChange={(event) => void choose(event.currentTarget.value)}
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

/** A device that was chosen once and isn't plugged in now is not what is in use. */
function current(of: "microphone" | "camera" | "speaker", found: MediaDeviceInfo[]): string {
  const chosen = choices.value[of];
  return found.some(({ deviceId }) => deviceId === chosen) ? chosen : "";
}

function TurnCamera() {
  const [busy, setBusy] = useState(false);
  const front = choices.value.facing === "user";
  const turn = async () => {
    setBusy(true);
    await capture.choose({ facing: front ? "environment" : "user", camera: "" });
    setBusy(false);
  };
  return (
    <button type="button" class="wide" disabled={busy} onClick={() => void turn()}>
      <SwitchCamera aria-hidden="true" />
      {front ? t("Use the camera on the back") : t("Use the camera on the front")}
    </button>
  );
}

function Level({ track }: { track: MediaStreamTrack }) {
  const [level, setLevel] = useState(0);
  useEffect(() => {
    const ear = track.clone();
    ear.enabled = true;
    const stop = watchLevel(ear, setLevel);
    return () => {
      stop();
      ear.stop();
    };
  }, [track]);
  return <meter min={0} max={1} value={level} aria-label={t("How loud your microphone is")} />;
}

/** Only where there is a machine strong enough, and loaded only when switched on. */
function Finer() {
  return (
    <>
      {noiseCanBe() && <Finish label={t("Take out more noise")} what="noise" />}
      {blurCanBe() && capture.camera.value && (
        <Finish label={t("Blur what is behind me")} what="blur" />
      )}
    </>
  );
}

function Finish({ label, what }: { label: string; what: "noise" | "blur" }) {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);
  const tap = async (on: boolean) => {
    setBusy(true);
    await capture.choose({ [what]: on });
    setFailed(choices.peek()[what] !== on);
    setBusy(false);
  };
  return (
    <div>
      <label class="choice">
        <input
          type="checkbox"
          checked={choices.value[what]}
          disabled={busy}
          onChange={(event) => void tap(event.currentTarget.checked)}
        />
        <span>{label}</span>
      </label>
      {busy && <progress aria-label={t("One moment, please")} />}
      {failed && (
        <p class="problem">{t("That can't be done on this device. Nothing has changed.")}</p>
      )}
    </div>
  );
}

function Volumes({ people }: { people: Member[] }) {
  if (people.length === 0 || !volumeCanBeSet()) return null;
  // An interpreter is who one most often wants louder or softer than the rest.
  const sorted = [...people].sort(
    (a, b) => Number(b.role === "interpreter") - Number(a.role === "interpreter"),
  );
  return (
    <fieldset class="volumes">
      <legend>{t("How loud you hear them")}</legend>
      {sorted.map((member) => (
        <label key={member.seat}>
          <span>
            {member.role === "interpreter"
              ? t("%(name)s, %(role)s", {
                  name: member.name,
                  role: roleName(member.role, member.signs),
                })
              : member.name}
          </span>
          <input
            type="range"
            min={0}
            max={1}
            step={0.05}
            value={volumes.value[member.seat] ?? 1}
            onInput={(event) => setVolume(member.seat, Number(event.currentTarget.value))}
          />
        </label>
      ))}
    </fieldset>
  );
}
