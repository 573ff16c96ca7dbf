/** Tells the mediator, and who helps, how far this page has come; nothing here waits for it. */
import { effect } from "@preact/signals";
import { possible } from "../call/call";
import * as capture from "../call/capture";
import { step, view, welcome } from "../state";
import { thisBrowser } from "./browser";
import { asking, network, rehearsal, speaker } from "./checks";

export type Step = "landing" | "devices" | "door" | "name" | "lobby" | "in";
export type Trouble = capture.Fault | "no_sound" | "no_way";

/** As hosts read it at `room/progress`: one for the day, one for the rehearsal. */
export interface Progress {
  seat: string;
  rehearsal: boolean;
  /** Of another device than the one that has the seat. */
  second: boolean;
  step: Step;
  fault: Trouble | null;
  browser: string;
  microphone: boolean | null;
  camera: boolean | null;
  speaker: boolean | null;
  transport: "udp" | "tcp" | "relay" | null;
  rtt_ms: number | null;
  loss: number | null;
  at: string;
}

/** Several things change at once; they are told together. */
const TOGETHER_MS = 250;

export function report(): () => void {
  let last = "";
  let timer: number | undefined;
  let arrived = false;
  const stop = effect(() => {
    const seat = welcome.value?.seat;
    const now = stepNow();
    if (!seat || welcome.value?.hosting || !now || arrived) return;
    const said = JSON.stringify(found(now));
    if (said === last) return;
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      last = said;
      arrived = now === "in";
      void send(seat, said);
    }, TOGETHER_MS);
  });
  return () => {
    window.clearTimeout(timer);
    stop();
  };
}

/** Outside, before a locked door: a host believes it no longer than a page says so. */
export function sayOutside(): void {
  const seat = welcome.peek()?.seat;
  if (seat) void send(seat, JSON.stringify(found("door")));
}

function stepNow(): Step | null {
  if (step.value === "landing" || step.value === "devices") return step.value;
  const seen = view.value;
  if (step.value !== "room" || !seen?.place) return null;
  if (!seen.said_name) return "name";
  return seen.admitted ? "in" : "lobby";
}

function found(now: Step): Record<string, unknown> {
  const tried = now === "devices" ? !asking.value : now !== "landing" && now !== "door";
  const tested = network.value;
  return {
    step: now,
    fault: fault(),
    browser: thisBrowser().words,
    microphone: tried ? capture.microphone.value !== null : null,
    camera: tried ? capture.camera.value !== null : null,
    speaker: speaker.value,
    network: tested?.transport
      ? { transport: tested.transport, rtt_ms: tested.rtt_ms, loss: tested.loss }
      : {},
    rehearsal: rehearsal.value !== "no",
  };
}

function fault(): Trouble | null {
  if (!possible) return "unsupported";
  if (capture.fault.value) return capture.fault.value;
  if (network.value?.fault === "no_path") return "no_way";
  return speaker.value === false ? "no_sound" : null;
}

async function send(seat: string, body: string): Promise<void> {
  const headers = { "Content-Type": "application/json" };
  await fetch(`/j/${seat}/progress`, { method: "POST", headers, body, keepalive: true }).catch(
    () => {},
  );
}
