/** The steps of this page from the link to the end, and everything it does to the server. */
import { batch, effect, signal } from "@preact/signals";
import type { Ack, Commands, Cut, Point, View } from "../wire/protocol.gen";
import type { Wire } from "../wire/wire";
import { type Lang, speak, spoken } from "../words";
import { arrive, cleanAddress, keepLanguage, NotArrived, readAddress } from "./arrival";
import { keepAwake } from "./awake";
import { Call } from "./call/call";
import * as capture from "./call/capture";
import * as voices from "./call/voices";
import * as clock from "./clock";
import { carried, heardNews, pointed, silentMicrophone, silentSeats, speaking, talk } from "./news";
import { expected, tellOutcome } from "./outcome";
import { patience } from "./patience";
import { lookedAt } from "./pin";
import { sizes } from "./sizes";
import {
  connected,
  cut,
  failure,
  forgetDevices,
  language,
  NO_ROUTES,
  pinned,
  refusal,
  rememberDevices,
  rememberedDevices,
  rememberTried,
  renewing,
  returned,
  routes,
  slow,
  step,
  triedBefore,
  turnedAway,
  view,
  welcome,
} from "./state";
import { watchPage } from "./wake";

const address = readAddress();

let wire: Wire | null = null;
let call: Call | null = null;
let release: () => void = () => {};
/** Sittings so far: what was loaded for an older one is let go. */
let sittings = 0;
/** The connection was lost, or the page loaded again, since one was last seen in one's place. */
let lostOnce = false;

/** Arrive with the link's token or, on a reload, with the cookie. */
export async function begin(): Promise<void> {
  if (address.lang) keepLanguage(address.lang);
  cleanAddress();
  step.value = "arriving";
  try {
    const found = await arrive(address.seat, address.token);
    welcome.value = found;
    const devices = rememberedDevices();
    clock.hear(found.now);
    if (found.state === "ended") fail("session_over");
    else if (found.state === "cancelled") fail("session_cancelled");
    else if (devices && (found.hosting || found.said_name)) await comeBack(devices);
    else step.value = "landing";
  } catch (error) {
    if (error instanceof NotArrived) turnedAway.value = error.meeting;
    fail(error instanceof NotArrived ? error.code : "unknown");
  }
}

export function toDevices(): void {
  step.value = "devices";
}

/** To the seat. Who has been there with this device is spared what is known and still true. */
export async function goIn(): Promise<void> {
  const known = welcome.peek();
  const tried = known && (known.hosting || known.said_name) ? triedBefore(known.seat) : null;
  if (tried) {
    step.value = "arriving";
    await capture.open({ video: tried.camera });
  }
  if (tried && !capture.fault.peek()) enter();
  else toDevices();
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
  if (capture.microphone.peek()) rememberTried(address.seat, capture.camera.value !== null);
  // Said at the device check; from here on only what goes wrong anew is told.
  capture.fault.value = null;
  cut.value = null;
  view.value = null;
  routes.value = NO_ROUTES;
  step.value = "room";
  sittings += 1;
  const mine = sittings;
  // Who only reads the first page needn't carry it.
  import("../wire/wire").then(
    (line) => {
      if (mine === sittings) connect(line.Wire);
    },
    () => fail("no_network"),
  );
}

function connect(Line: typeof Wire): void {
  const opened = new Line(address.seat, spoken, {
    changed: (seen, at) => {
      clock.hear(at);
      batch(() => arrived(seen));
      if (seen.state === "ended" || seen.state === "cancelled") over();
    },
    links: (links) => call?.renew(links),
    signal: (signal) => call?.hear(signal),
    routes: (told) => {
      routes.value = told;
    },
    speaking: (seats) => {
      speaking.value = seats;
    },
    silentMicrophone: (silent) => {
      silentMicrophone.value = silent;
    },
    ladder: (how) => {
      carried.value = how;
    },
    talk: (seconds) => {
      talk.value = seconds;
    },
    alerts: (silent) => {
      silentSeats.value = silent;
    },
    pointed: (told) => {
      pointed.value = told;
    },
    news: heardNews,
    renewing: () => {
      renewing.value = true;
    },
    connected: (yes) => batch(() => (yes ? reached() : unreached())),
    cut: cutOff,
  });
  wire = opened;
  call = new Call(opened, view, expected);
  const stops = [
    keepAwake(),
    tellCamera(),
    tellPins(opened),
    tellSizes(opened),
    tellOutcome(opened, call.playback),
    effect(() => voices.follow(routes.value.slots)),
    watchPage({
      wake: () => wakeUp(opened),
      moved: () => call?.moved(),
      seen: tellAway(opened),
    }),
  ];
  release = () => {
    for (const stop of stops) stop();
  };
}

function reached(): void {
  connected.value = true;
  renewing.value = false;
}

function unreached(): void {
  if (connected.peek()) lostOnce = view.peek() !== null;
  connected.value = false;
  routes.value = NO_ROUTES;
  speaking.value = [];
  silentMicrophone.value = false;
}

/** What one may see from now on; whoever was away is told where they are again. */
function arrived(seen: View): void {
  if (seen.space !== view.peek()?.space) {
    speaking.value = [];
    returned.value = false;
  }
  view.value = seen;
  if (!lostOnce) return;
  lostOnce = false;
  returned.value = seen.admitted && seen.place !== null && seen.place !== "lobby";
}

/** In front again: no waiting for the network, for the sound, or for a device that went. */
function wakeUp(asleep: Wire): void {
  asleep.wake();
  call?.wake();
  void voices.play();
  void capture.mend();
}

/**
 * Send a command; a refusal's sentence is shown until the next command. `id`: that of an attempt
 * from before a reload, so that what has arrived already is not done again.
 */
export async function command<Name extends keyof Commands>(
  name: Name,
  body: Omit<Commands[Name], "id">,
  id?: string,
): Promise<Ack> {
  if (!wire) return { ok: false };
  refusal.value = null;
  const answered = patience(() => {
    slow.value = true;
  });
  const ack = await wire.command(name, body, id);
  answered();
  slow.value = false;
  if (!ack.ok) refusal.value = ack.text ?? ack.code ?? "";
  return ack;
}

/** Point at the page that is shown; nobody keeps it. */
export function point(at: Point): void {
  wire?.point(at);
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
  lostOnce = true;
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
  sittings += 1;
  release();
  release = () => {};
  call?.close();
  call = null;
  wire?.close();
  wire = null;
  capture.closeAll();
  lostOnce = false;
  routes.value = NO_ROUTES;
  speaking.value = [];
  renewing.value = returned.value = silentMicrophone.value = false;
  carried.value = "full";
}

function fail(code: string): void {
  failure.value = code;
  step.value = "failed";
}

/** What the server says of the camera follows the camera. */
function tellCamera(): () => void {
  const telling = signal(false);
  let told: { on: boolean; seen: View } | null = null;
  return effect(() => {
    const on = capture.camera.value !== null;
    const seen = view.value;
    if (telling.value || !connected.value || !seen?.place || seen.camera === on) return;
    // What was refused is not said again before something has changed.
    if (told?.on === on && told.seen === seen) return;
    told = { on, seen };
    telling.value = true;
    void wire?.command("camera", { on }).then(() => {
      telling.value = false;
    });
  });
}

/** How long a layout that changes may take. */
const SETTLED_MS = 300;

/** Whom one wants to see keeps their picture, however many there are. */
function tellPins(told: Wire): () => void {
  return effect(() => {
    const seats = lookedAt(view.value, pinned.value);
    if (connected.value && routes.value.slots.length > 0) told.pin(seats);
  });
}

/** After a moment, in which a new layout finds its place. */
function tellSizes(told: Wire): () => void {
  let timer: number | undefined;
  const stop = effect(() => {
    const seen = sizes.value;
    const there = connected.value && routes.value.slots.length > 0;
    window.clearTimeout(timer);
    if (there) timer = window.setTimeout(() => told.tiles(seen), SETTLED_MS);
  });
  return () => {
    window.clearTimeout(timer);
    stop();
  };
}

/** Others are told that one isn't looking, and that one is again. */
function tellAway(told: Wire): (seen: boolean) => void {
  let away = false;
  return (seen) => {
    if (away !== seen) return;
    away = !seen;
    // On return `wake` says it, and learns from the answer whether anybody still listens.
    if (away && connected.peek()) void told.command("away", { on: true });
  };
}
