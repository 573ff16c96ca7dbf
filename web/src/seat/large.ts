/** The elder switch 大字版: kept on this device. */
import { computed, signal } from "@preact/signals";
import type { View } from "../wire/protocol.gen";
import { low, narrow } from "./sheets";

const KEY = "heyi.large";

export const large = signal(false);
/** A question or a paper wants the screen. */
export const crowded = signal(false);
/** Large letters or much else on a small screen: what always stays in sight has to be brief. */
export const tight = computed(() => narrow.value && (large.value || crowded.value || low.value));

/** Where the height is for a page or the faces, all but the voice and help is behind one button. */
export function compact({ shown }: View): boolean {
  return narrow.value && (low.value || shown.exhibit !== null || shown.screen !== null);
}

export function switchLarge(on: boolean): void {
  large.value = on;
  document.documentElement.toggleAttribute("data-large", on);
  localStorage.setItem(KEY, on ? "1" : "");
}

export function restoreLarge(): void {
  switchLarge(localStorage.getItem(KEY) === "1");
}
