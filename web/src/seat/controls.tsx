/** What a person does for themselves: microphone, camera, and asking the mediator. */
import { Coffee, Hand, LifeBuoy, Mic, MicOff, Video, VideoOff } from "lucide-preact";
import type { ComponentType } from "preact";
import { useState } from "preact/hooks";
import type { Ask, View } from "../wire/protocol.gen";
import { t } from "../words";
import * as capture from "./call/capture";
import { command, resumeDevices, switchCamera } from "./journey";
import { connected } from "./state";

export function MicrophoneButton({ view }: { view: View }) {
  const [busy, setBusy] = useState(false);
  const on = view.microphone;
  // The server would refuse it; saying so beforehand is kinder.
  const own = view.members.find((member) => member.seat === view.seat);
  const hushed = view.quiet && !view.hosting && own?.role !== "interpreter" && !on;
  // Without a host nothing is forwarded: who spoke now would speak to nobody.
  const unheard = view.silenced && !on;
  const tap = async () => {
    setBusy(true);
    if (!on && !capture.microphone.peek()) await resumeDevices();
    if (on || capture.microphone.peek()) await command("microphone", { on: !on });
    setBusy(false);
  };
  return (
    <button
      type="button"
      class="speak"
      data-on={on}
      disabled={busy || unheard || hushed || !connected.value}
      onClick={() => void tap()}
    >
      {on ? <Mic aria-hidden="true" /> : <MicOff aria-hidden="true" />}
      {unheard && t("Paused: nobody would hear you")}
      {!unheard && hushed && t("Please listen for now")}
      {!unheard && !hushed && (on ? t("Mute microphone") : t("Tap here to speak"))}
    </button>
  );
}

export function CameraButton() {
  const [busy, setBusy] = useState(false);
  const on = capture.camera.value !== null;
  const tap = async () => {
    setBusy(true);
    await switchCamera(!on);
    setBusy(false);
  };
  return (
    <Toggle
      icon={on ? Video : VideoOff}
      name={t("Camera")}
      on={on}
      note={on ? t("is on") : t("is off")}
      disabled={busy}
      onTap={() => void tap()}
    />
  );
}

/** Who is alone with a host already has what it asks for; without any host nobody could grant it. */
export function mayAskAside(view: View): boolean {
  if (view.asks.includes("private_word")) return true;
  const reachable = view.host_state === "here" || view.host_state === "elsewhere";
  return (view.place === "joint" || view.place === "side") && reachable;
}

export function PrivateWordButton({ view }: { view: View }) {
  if (!mayAskAside(view)) return null;
  return <AskButton view={view} ask="private_word" name={t("Private word")} icon={Hand} />;
}

export function BreakButton({ view }: { view: View }) {
  return <AskButton view={view} ask="break" name={t("Break")} icon={Coffee} />;
}

export function HelpButton({ view }: { view: View }) {
  return <AskButton view={view} ask="help" name={t("Need help")} icon={LifeBuoy} />;
}

interface AskProps {
  view: View;
  ask: Ask;
  name: string;
  icon: ComponentType<Record<string, unknown>>;
}

function AskButton({ view, ask, name, icon }: AskProps) {
  const on = view.asks.includes(ask);
  return (
    <Toggle
      icon={icon}
      name={name}
      on={on}
      note={on ? t("asked") : null}
      disabled={!connected.value}
      onTap={() => void command("ask", { ask, on: !on })}
    />
  );
}

interface ToggleProps {
  icon: ComponentType<Record<string, unknown>>;
  name: string;
  on: boolean;
  note: string | null;
  disabled: boolean;
  onTap: () => void;
}

/** The name stays; whether it is on is told by `aria-pressed` and, to the eye, by a word. */
function Toggle({ icon: Icon, name, on, note, disabled, onTap }: ToggleProps) {
  return (
    <button type="button" class="toggle" aria-pressed={on} disabled={disabled} onClick={onTap}>
      <Icon aria-hidden="true" />
      <span>{name}</span>
      {note && (
        <span class="note" aria-hidden="true">
          {note}
        </span>
      )}
    </button>
  );
}
