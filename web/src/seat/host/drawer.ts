/** Which of the host's columns lies open where the screen has no room for all of them. */
import { signal } from "@preact/signals";

type Drawer = "none" | "people" | "panel";

export const drawer = signal<Drawer>("none");

export function toggle(which: "people" | "panel"): void {
  if (drawer.value === which) close();
  else open(which);
}

/** A sheet takes the focus where it covers what had it. */
function open(which: "people" | "panel"): void {
  drawer.value = which;
  const sheet = which === "people" ? "#board" : "#panel";
  soon(() => focus(`${sheet} .sheet-close`));
}

export function close(): void {
  const was = drawer.value;
  drawer.value = "none";
  if (was !== "none") soon(() => focus(`.fold-${was}`));
}

/** Brings a person's card into sight and gives it the focus. */
export function showCard(seat: string): void {
  drawer.value = "people";
  soon(() => focus(`[data-card="${CSS.escape(seat)}"]`));
}

/** When the page has been drawn with it. */
function soon(act: () => void): void {
  requestAnimationFrame(act);
}

function focus(selector: string): void {
  const element = document.querySelector<HTMLElement>(selector);
  if (!element || element.getClientRects().length === 0) return;
  element.focus();
  element.scrollIntoView({ block: "nearest" });
}
