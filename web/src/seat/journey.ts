/** The steps of this page from the link to the end, and everything it does to the server. */
import { effect } from "@preact/signals";
import type { Ack, Commands, Cut } from "../wire/protocol.gen";
import { Wire } from "../wire/wire";
import { type Lang, speak, spoken } from "../words";
import { arrive, cleanAddress, keepLanguage, NotArrived, readAddress } from "./arrival";
import { keepAwake } from "./awake";
import { Call } from "./call/call";
import * as capture from "./call/capture";
import * as clock from "./clock";
import {
  connected,
  cut,
  failure,
  forgetDevices,
  language,
  NO_ROUTES,
  refusal,
  rememberDevices,
  rememberedDevices,
  routes,
  slow,
  step,
  view,
  welcome,
} from "./state";

const SLOW_MS = 1000;
const address = readAddress();

let wire: Wire | null = null;
let call: Call | null = null;
let release: () => void = () => {};

/** Arrive with the link's token or, on a reload, with the cookie. */
export async function begin(): Promise<void> {
  if (address.lang) keepLanguage(address.lang);
  cleanAddress();
  step.value = "arriving";
  try {
    const found = await arrive(address.seat, address.token);
    welcome.value = found;
    const devices = rememberedDevices();
    if (found.state === "ended" || found.state === "cancelled") fail("session_over");
    else if (devices && (found.hosting || found.said_name)) await comeBack(devices);
    else step.value = "landing";
  } catch (error) {
    fail(error instanceof NotArrived ? error.code : "unknown");
  }
}

export function toDevices(): void {
  step.value = "devices";
}

export async function changeLanguage(lang: Lang): Promise<void> {
  keepLanguage(lang);
  await speak(lang);
  language.value = spoken();
  // The consents' texts come in the page's language.
  if (welcome.value) welcome.value = await arrive(address.seat, "").catch(() => welcome.value);
}

/** Sit down: connect, with whatever devices there are. */
export function enter(): void {
  rememberDevices({ camera: capture.camera.value !== null });
  // Said at the device check; from here on only what goes wrong anew is told.
  capture.fault.value = null;
  cut.value = null;
  view.value = null;
  routes.value = NO_ROUTES;
  step.value = "room";
  const opened = new Wire(address.seat, spoken(), {
    changed: (seen, at) => {
      clock.hear(at);
      view.value = seen;
      if (seen.state === "ended" || seen.state === "cancelled") over();
    },
    links: (links) => call?.renew(links),
    signal: (signal) => call?.hear(signal),
    routes: (told) => {
      routes.value = told;
    },
    connected: (yes) => {
      connected.value = yes;
      if (!yes) routes.value = NO_ROUTES;
    },
    cut: cutOff,
  });
  wire = opened;
  call = new Call(opened, view);
  const awake = keepAwake();
  const told = tellCamera();
  release = () => {
    awake();
    told();
  };
}

/** Send a command; a refusal's sentence is shown until the next command. */
export async function command<Name extends keyof Commands>(
  name: Name,
  body: Omit<Commands[Name], "id">,
): Promise<Ack> {
  if (!wire) return { ok: false };
  refusal.value = null;
  const timer = window.setTimeout(() => {
    slow.value = true;
  }, SLOW_MS);
  const ack = await wire.command(name, body);
  window.clearTimeout(timer);
  slow.value = false;
  if (!ack.ok) refusal.value = ack.text ?? ack.code ?? "";
  return ack;
}

export async function switchCamera(on: boolean): Promise<void> {
  if (on) await capture.open({ video: true });
  else capture.closeCamera();
  rememberDevices({ camera: capture.camera.value !== null });
}

/** Ask for the devices again: a phone call or another program had them, or one was refused. */
export function resumeDevices(): Promise<void> {
  const wanted = rememberedDevices()?.camera || capture.fault.peek()?.startsWith("camera_");
  return capture.open({ video: wanted === true });
}

/** Leave on purpose. Without a connection the page leaves, and the server notices. */
export async function leave(): Promise<void> {
  if (connected.value) await command("leave", {});
  cutOff("left");
}

/** After a cut that isn't final: sit down again with the same cookie. */
export async function comeBackAfterCut(): Promise<void> {
  const devices = rememberedDevices() ?? { camera: true };
  await comeBack(devices);
}

async function comeBack(devices: { camera: boolean }): Promise<void> {
  await capture.open({ video: devices.camera });
  enter();
}

function cutOff(code: Cut["code"]): void {
  if (step.peek() === "cut") return;
  over();
  cut.value = code;
  step.value = "cut";
  if (code === "left" || code === "removed") forgetDevices();
}

/** No media, no connection, no light of a camera from here on. */
function over(): void {
  release();
  release = () => {};
  call?.close();
  call = null;
  wire?.close();
  wire = null;
  capture.closeAll();
  routes.value = NO_ROUTES;
}

function fail(code: string): void {
  failure.value = code;
  step.value = "failed";
}

/** What the server says of the camera follows the camera. */
function tellCamera(): () => void {
  let telling = false;
  const stop = effect(() => {
    const on = capture.camera.value !== null;
    const seen = view.value;
    if (telling || !connected.value || !seen?.place || seen.camera === on) return;
    telling = true;
    void wire?.command("camera", { on }).then(() => {
      telling = false;
    });
  });
  return stop;
}
