/**
 * One's own microphone and camera: asked for once, both together where possible.
 *
 * A second request silences the first microphone on iOS, so whenever one device has to be asked
 * for again, both are, and both tracks are replaced.
 */
import { computed, signal } from "@preact/signals";

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

const VIDEO: MediaTrackConstraints = {
  width: { ideal: 640 },
  height: { ideal: 360 },
  frameRate: { ideal: 25, max: 30 },
  facingMode: "user",
};
const AUDIO: MediaTrackConstraints = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
};

export const microphone = signal<MediaStreamTrack | null>(null);
export const camera = signal<MediaStreamTrack | null>(null);
export const fault = signal<Fault | null>(null);
/** A phone call or another program has taken a device from us; a tap asks for it again. */
export const taken = signal(false);
/** One's own picture, for the page to show. */
export const ownPicture = computed(() => camera.value && new MediaStream([camera.value]));

/** Ask for the microphone, and the camera if wanted; without the camera rather than not at all. */
export async function open(wanted: { video: boolean }): Promise<void> {
  fault.value = unable();
  if (fault.value) return;
  try {
    take(await request(wanted.video));
  } catch (error) {
    if (!wanted.video) {
      take(null);
      fault.value = reason(error);
      return;
    }
    await openWithoutCamera(reason(error));
  }
}

/** Stop the camera: its light goes out. */
export function closeCamera(): void {
  drop(camera.peek());
  camera.value = null;
}

export function closeAll(): void {
  take(null);
}

async function openWithoutCamera(why: Fault): Promise<void> {
  try {
    take(await request(false));
    fault.value = `camera_${why as "denied" | "missing" | "busy"}`;
  } catch (error) {
    take(null);
    fault.value = reason(error);
  }
}

function request(video: boolean): Promise<MediaStream> {
  return navigator.mediaDevices.getUserMedia({ audio: AUDIO, video: video && VIDEO });
}

function unable(): Fault | null {
  if ("mediaDevices" in navigator && "getUserMedia" in navigator.mediaDevices) return null;
  return window.isSecureContext ? "unsupported" : "insecure";
}

function reason(error: unknown): "denied" | "missing" | "busy" {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "missing";
  return "busy";
}

function take(stream: MediaStream | null): void {
  drop(microphone.peek());
  drop(camera.peek());
  taken.value = false;
  microphone.value = watched(stream?.getAudioTracks()[0]);
  camera.value = watched(stream?.getVideoTracks()[0]);
}

function watched(track: MediaStreamTrack | undefined): MediaStreamTrack | null {
  if (!track) return null;
  const ours = () => track === microphone.peek() || track === camera.peek();
  track.addEventListener("mute", () => {
    if (ours()) taken.value = true;
  });
  track.addEventListener("ended", () => {
    if (ours()) taken.value = true;
  });
  track.addEventListener("unmute", () => {
    if (ours() && track.readyState === "live") taken.value = false;
  });
  return track;
}

function drop(track: MediaStreamTrack | null): void {
  track?.stop();
}
