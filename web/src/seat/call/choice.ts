/** Which devices one wants, and what is to be made of what they give; kept on this device. */
import { signal } from "@preact/signals";

export interface Choices {
  /** Ids of devices; empty: the browser's own choice. */
  microphone: string;
  camera: string;
  speaker: string;
  /** Which camera of a phone. */
  facing: "user" | "environment";
  noise: boolean;
  blur: boolean;
}

export type DeviceKind = "audioinput" | "videoinput" | "audiooutput";

const KEY = "heyi.choices";
const FIRST: Choices = {
  microphone: "",
  camera: "",
  speaker: "",
  facing: "user",
  noise: false,
  blur: false,
};

export const choices = signal<Choices>(kept());
/** All there are; without names until one of them was allowed. */
export const devices = signal<readonly MediaDeviceInfo[]>([]);

choices.subscribe((chosen) => {
  // Which camera looks where is for this meeting only.
  localStorage.setItem(KEY, JSON.stringify({ ...chosen, facing: FIRST.facing }));
});

export function constraints(video: boolean): MediaStreamConstraints {
  const { microphone, camera, facing } = choices.peek();
  return {
    audio: {
      echoCancellation: true,
      noiseSuppression: true,
      autoGainControl: true,
      // A device that is not plugged in any more is not insisted on.
      ...(microphone && { deviceId: { ideal: microphone } }),
    },
    video: video && {
      width: { ideal: 640 },
      height: { ideal: 360 },
      frameRate: { ideal: 25, max: 30 },
      ...(camera ? { deviceId: { ideal: camera } } : { facingMode: facing }),
    },
  };
}

export async function listDevices(): Promise<void> {
  const found = await navigator.mediaDevices?.enumerateDevices().catch(() => []);
  devices.value = (found ?? []).filter((device) => device.deviceId !== "");
}

export function ofKind(kind: DeviceKind): MediaDeviceInfo[] {
  return devices.value.filter((device) => device.kind === kind);
}

if (typeof navigator !== "undefined") {
  navigator.mediaDevices?.addEventListener?.("devicechange", () => void listDevices());
}

function kept(): Choices {
  try {
    return { ...FIRST, ...JSON.parse(localStorage.getItem(KEY) ?? "{}") };
  } catch {
    return FIRST;
  }
}
