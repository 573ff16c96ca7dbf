/**
 * One's own screen, as the browser's own dialog lets it be chosen: a window, a tab or all of it.
 * Nothing leaves the page before the server says so (`call.sending`).
 */
import { signal } from "@preact/signals";

/** What is being shared now. */
export const shared = signal<MediaStreamTrack | null>(null);

/** Phones' browsers cannot. */
export const canShare =
  typeof navigator !== "undefined" &&
  "mediaDevices" in navigator &&
  "getDisplayMedia" in navigator.mediaDevices;

/** Not in TypeScript's library yet. */
interface Choice extends DisplayMediaStreamOptions {
  /** This very page in itself would be a hall of mirrors, and shows the room's private words. */
  selfBrowserSurface: "exclude";
  surfaceSwitching: "include";
}

const CHOICE: Choice = {
  video: { frameRate: { max: 15 } },
  audio: false,
  selfBrowserSurface: "exclude",
  surfaceSwitching: "include",
};

/**
 * Ask which screen, and share it; from a tap only. Rejects with a `NotAllowedError` when the person
 * closes the dialog, or the system forbids it.
 */
export async function share(): Promise<void> {
  const stream = await navigator.mediaDevices.getDisplayMedia(CHOICE);
  const track = stream.getVideoTracks()[0];
  if (!track) return;
  track.contentHint = "text";
  // The browser's own "stop sharing", or the window is closed.
  track.addEventListener("ended", () => {
    if (shared.peek() === track) shared.value = null;
  });
  stopSharing();
  shared.value = track;
}

export function stopSharing(): void {
  shared.peek()?.stop();
  shared.value = null;
}
