/**
 * One's own microphone and camera: asked for once, both together where possible.
 *
 * A second request silences the first microphone on iOS, so whenever one device has to be asked
 * for again, both are, and both tracks are replaced.
 */
import { batch, signal } from "@preact/signals";
import { choices, constraints, listDevices } from "./choice";
import { filterFor, type Made } from "./finer";

/** Why there is no camera or microphone. */
export type Fault =
  | "insecure"
  | "unsupported"
  | "denied"
  | "missing"
  | "busy"
  | "camera_denied"
  | "camera_missing"
  | "camera_busy";

/** A phone call that ends gives the devices back by itself, if it is given a moment. */
const GIVEN_BACK_MS = 1500;

export const microphone = signal<MediaStreamTrack | null>(null);
export const camera = signal<MediaStreamTrack | null>(null);
/** The microphone as it is, also while nothing of it is sent. */
export const rawMicrophone = signal<MediaStreamTrack | null>(null);
export const fault = signal<Fault | null>(null);
/** A phone call or another program has taken a device from us; a tap asks for it again. */
export const taken = signal(false);

/** A device's track, and what is sent of it: itself, or what a filter made of it. */
interface Held {
  raw: MediaStreamTrack;
  sent: MediaStreamTrack;
  end: () => void;
}

let held: Held[] = [];
/** Requests so far: the answer to an older one is let go. */
let turn = 0;

/** Ask for the microphone, and the camera if wanted; without the camera rather than not at all. */
export async function open(wanted: { video: boolean }): Promise<void> {
  fault.value = unable();
  if (fault.value) return;
  try {
    await take(() => request(wanted.video));
  } catch (error) {
    if (!wanted.video) {
      letGo();
      fault.value = reason(error);
      return;
    }
    await openWithoutCamera(reason(error));
  }
}

/** Other devices from now on. The old ones go first: many phones have one camera at a time. */
export async function choose(changed: Partial<typeof choices.value>): Promise<void> {
  choices.value = { ...choices.peek(), ...changed };
  const video = camera.peek() !== null;
  if (video && ("camera" in changed || "facing" in changed)) stopCamera();
  await open({ video });
}

/** Stop the camera: its light goes out. */
export function closeCamera(): void {
  stopCamera();
  camera.value = null;
}

export function closeAll(): void {
  turn += 1;
  letGo();
}

/**
 * After a pause of the page: devices that are gone are asked for again, silently where the browser
 * was told to allow them. Where it would ask anew, the tap stays.
 */
export async function mend(): Promise<void> {
  if (!taken.peek()) return;
  await new Promise((done) => setTimeout(done, GIVEN_BACK_MS));
  if (!taken.peek() || document.visibilityState !== "visible") return;
  const video = ofKind("video") !== undefined;
  if (await allowed(video)) await open({ video });
}

async function openWithoutCamera(why: Fault): Promise<void> {
  try {
    await take(() => request(false));
    fault.value = `camera_${why as "denied" | "missing" | "busy"}`;
  } catch (error) {
    letGo();
    fault.value = reason(error);
  }
}

function request(video: boolean): Promise<MediaStream> {
  return navigator.mediaDevices.getUserMedia(constraints(video));
}

function unable(): Fault | null {
  if ("mediaDevices" in navigator && "getUserMedia" in navigator.mediaDevices) return null;
  return window.isSecureContext ? "unsupported" : "insecure";
}

async function allowed(video: boolean): Promise<boolean> {
  const names = video ? ["microphone", "camera"] : ["microphone"];
  const asked = names.map((name) => navigator.permissions?.query({ name: name as PermissionName }));
  const found = await Promise.all(asked).catch(() => []);
  return found.length > 0 && found.every((one) => one?.state === "granted");
}

function reason(error: unknown): "denied" | "missing" | "busy" {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "missing";
  return "busy";
}

async function take(ask: () => Promise<MediaStream>): Promise<void> {
  turn += 1;
  const mine = turn;
  const stream = await ask();
  if (mine !== turn) {
    for (const track of stream.getTracks()) track.stop();
    return;
  }
  const got = await Promise.all(stream.getTracks().map(filtered));
  if (mine !== turn) {
    got.forEach(drop);
    return;
  }
  // At one stroke: nobody is told that the camera was off in between.
  batch(() => {
    letGo();
    held = got;
    rawMicrophone.value = ofKind("audio")?.raw ?? null;
    microphone.value = ofKind("audio")?.sent ?? null;
    camera.value = ofKind("video")?.sent ?? null;
  });
  void listDevices();
}

async function filtered(track: MediaStreamTrack): Promise<Held> {
  const filter = await filterFor(track.kind, choices.peek()).catch(() => null);
  // Without what was wished for rather than not at all.
  const made = filter
    ? await filter(track).catch(() => unfinished(track))
    : { track, end: () => {} };
  return { raw: watched(track), sent: made.track, end: made.end };
}

function watched(track: MediaStreamTrack): MediaStreamTrack {
  const ours = () => held.some((one) => one.raw === track);
  const gone = () => {
    if (ours()) taken.value = true;
  };
  track.addEventListener("mute", gone);
  track.addEventListener("ended", () => {
    gone();
    // A headset was pulled out: another microphone is there, and nobody has to be asked.
    void mend();
  });
  track.addEventListener("unmute", () => {
    const back = held.every(({ raw }) => raw.readyState === "live" && !raw.muted);
    if (ours() && back) taken.value = false;
  });
  return track;
}

/** It can't be done here: the switch goes back, and says so. */
function unfinished(track: MediaStreamTrack): Made {
  const wish = track.kind === "audio" ? "noise" : "blur";
  choices.value = { ...choices.peek(), [wish]: false };
  return { track, end: () => {} };
}

function ofKind(kind: "audio" | "video"): Held | undefined {
  return held.find((one) => one.raw.kind === kind);
}

function letGo(): void {
  held.splice(0).forEach(drop);
  taken.value = false;
  microphone.value = camera.value = rawMicrophone.value = null;
}

function stopCamera(): void {
  const one = ofKind("video");
  if (one) drop(one);
  held = held.filter((other) => other !== one);
}

function drop({ raw, end }: Held): void {
  end();
  raw.stop();
}
