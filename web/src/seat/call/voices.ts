/** What is heard: one audio element a slot, outside of all views, so that no re-drawing cuts it. */
import { effect, signal } from "@preact/signals";
import { choices } from "./choice";

/** The browser wants a tap before it plays sound. */
export const needsTap = signal(false);
/** How loud one wants to hear whom, 0 to 1, by seat; who is not in it is heard in full. */
export const volumes = signal<Readonly<Record<string, number>>>({});

const elements: HTMLAudioElement[] = [];
/** Who is in which slot. */
const slots = signal<readonly (string | null)[]>([]);

export function hear(tracks: readonly MediaStreamTrack[]): void {
  tracks.forEach((track, slot) => {
    elements[slot] ??= newElement(slot);
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

/** Somebody else is in a slot: their volume goes with them. */
export function follow(told: readonly (string | null)[]): void {
  slots.value = told;
}

export function setVolume(seat: string, volume: number): void {
  volumes.value = { ...volumes.peek(), [seat]: volume };
}

/** iOS leaves the volume to the phone's own keys. */
export function volumeCanBeSet(): boolean {
  const element = new Audio();
  element.volume = 0.5;
  return element.volume === 0.5;
}

export function speakerCanBeChosen(): boolean {
  return typeof HTMLMediaElement !== "undefined" && "setSinkId" in HTMLMediaElement.prototype;
}

effect(() => {
  const wanted = volumes.value;
  slots.value.forEach((seat, slot) => {
    const element = elements[slot];
    if (element) element.volume = volumeOf(seat ?? "", wanted);
  });
});

effect(() => {
  const { speaker } = choices.value;
  for (const element of elements) route(element, speaker);
});

function volumeOf(seat: string, wanted: Readonly<Record<string, number>>): number {
  return wanted[seat] ?? 1;
}

function route(element: HTMLAudioElement, speaker: string): void {
  // A speaker that is gone leaves the sound where it is.
  if (speakerCanBeChosen()) void element.setSinkId(speaker).catch(() => {});
}

function newElement(slot: number): HTMLAudioElement {
  const element = new Audio();
  element.autoplay = true;
  element.volume = volumeOf(slots.peek()[slot] ?? "", volumes.peek());
  if (choices.peek().speaker) route(element, choices.peek().speaker);
  // WeChat on iOS before 17 stays silent unless it is asked again once it knows the stream.
  element.addEventListener("loadedmetadata", () => void element.play().catch(() => {}));
  return element;
}
