/** Which sheet is open: one at a time, wherever in the room it was asked for. */
import { signal } from "@preact/signals";

export type SheetName =
  | "more"
  | "messages"
  | "papers"
  | "agenda"
  | "notes"
  | "minutes"
  | "beside"
  | "consent"
  | "sound"
  | "language";

export const opened = signal<SheetName | null>(null);
/** Opened from the list of them all, to which one may go back. */
export const fromMore = signal(false);

const desk = window.matchMedia("(min-width: 60rem)");
/** Not at a desk, as the window is now: it may be turned or made smaller. */
export const narrow = signal(!desk.matches);
desk.addEventListener("change", () => {
  narrow.value = !desk.matches;
});

const high = window.matchMedia("(min-height: 40rem)");
/** A window of little height: an old phone, or one that lies on its side. */
export const low = signal(!high.matches);
high.addEventListener("change", () => {
  low.value = !high.matches;
});

/** At a desk a sheet is a panel beside the faces; on a phone it covers them. */
export function atDesk(): boolean {
  return !narrow.peek();
}

export function openSheet(name: SheetName): void {
  fromMore.value = opened.peek() === "more";
  opened.value = name;
}

export function closeSheet(): void {
  opened.value = null;
  fromMore.value = false;
}

/** Away with the sheet, and to what everybody looks at. */
export function look(): void {
  closeSheet();
  // The sheet gives the focus back when it goes, which is after this.
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      const stage = document.querySelector<HTMLElement>(".looking-window");
      stage?.focus({ preventScroll: true });
      stage?.closest("dialog")?.scrollIntoView({ block: "start" });
    }),
  );
}
