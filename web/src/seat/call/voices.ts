/** What is heard: one audio element a slot, outside of all views, so that no re-drawing cuts it. */
import { signal } from "@preact/signals";

/** The browser wants a tap before it plays sound. */
export const needsTap = signal(false);

const elements: HTMLAudioElement[] = [];

export function hear(tracks: readonly MediaStreamTrack[]): void {
  tracks.forEach((track, slot) => {
    elements[slot] ??= newElement();
    elements[slot].srcObject = new MediaStream([track]);
  });
  void play();
}

/** Start every element; to be called from a tap when `needsTap`. */
export async function play(): Promise<void> {
  const started = await Promise.allSettled(elements.map((element) => element.play()));
  needsTap.value = started.some(
    (one) =>
      one.status === "rejected" &&
      one.reason instanceof DOMException &&
      one.reason.name === "NotAllowedError",
  );
}

export function silence(): void {
  for (const element of elements.splice(0)) element.srcObject = null;
  needsTap.value = false;
}

function newElement(): HTMLAudioElement {
  const element = new Audio();
  element.autoplay = true;
  // WeChat on iOS before 17 stays silent unless it is asked again once it knows the stream.
  element.addEventListener("loadedmetadata", () => void element.play().catch(() => {}));
  return element;
}
