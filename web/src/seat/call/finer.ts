/**
 * What can be made of one's own sound and picture at a desk: both need a strong machine, and are
 * loaded when they are switched on, not before.
 */
import type { Choices } from "./choice";

/** A track made of another one; `end` lets go of what that took. */
export interface Made {
  track: MediaStreamTrack;
  end: () => void;
}

/** Rejects where it can't be done. */
type Filter = (track: MediaStreamTrack) => Promise<Made>;

export function noiseCanBe(): boolean {
  return atDesk() && typeof AudioWorkletNode !== "undefined" && window.isSecureContext;
}

export function blurCanBe(): boolean {
  return (
    atDesk() &&
    "filter" in CanvasRenderingContext2D.prototype &&
    "captureStream" in HTMLCanvasElement.prototype
  );
}

/** The filter for a kind of track, as chosen; null for none. */
export async function filterFor(kind: string, chosen: Choices): Promise<Filter | null> {
  if (kind === "audio" && chosen.noise && noiseCanBe()) return (await import("./noise")).quieten;
  if (kind === "video" && chosen.blur && blurCanBe()) return (await import("./blur")).blurred;
  return null;
}

function atDesk(): boolean {
  return window.matchMedia("(pointer: fine)").matches;
}
