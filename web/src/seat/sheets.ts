/** Which sheet is open: one at a time, wherever in the room it was asked for. */
import { signal } from "@preact/signals";

export type SheetName =
  | "more"
  | "messages"
  | "papers"
  | "agenda"
  | "notes"
  | "minutes"
  | "nearby"
  | "sound"
  | "language";

export const opened = signal<SheetName | null>(null);
/** Opened from the list of them all, to which one may go back. */
export const fromMore = signal(false);

/** At a desk a sheet is a panel beside the faces; on a phone it covers them. */
export function atDesk(): boolean {
  return window.matchMedia("(min-width: 60rem)").matches;
}

export function openSheet(name: SheetName): void {
  fromMore.value = opened.peek() === "more";
  opened.value = name;
}

export function closeSheet(): void {
  opened.value = null;
  fromMore.value = false;
}
