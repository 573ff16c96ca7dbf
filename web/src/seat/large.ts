/** The elder switch 大字版: kept on this device. */
import { signal } from "@preact/signals";

const KEY = "heyi.large";

export const large = signal(false);

export function switchLarge(on: boolean): void {
  large.value = on;
  document.documentElement.toggleAttribute("data-large", on);
  localStorage.setItem(KEY, on ? "1" : "");
}

export function restoreLarge(): void {
  switchLarge(localStorage.getItem(KEY) === "1");
}
