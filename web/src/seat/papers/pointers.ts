/** Where the others point: a dot for each, gone when it has rested for a while. */
import { effect, signal } from "@preact/signals";
import type { Pointed } from "../../wire/protocol.gen";
import { point } from "../journey";
import { pointed } from "../news";

const RESTED_MS = 4000;
/** A little less often than the server passes on. */
const EVERY_MS = 100;

export const dots = signal<readonly Pointed[]>([]);

const timers = new Map<string, number>();

effect(() => {
  const told = pointed.value;
  if (!told) return;
  dots.value = [...dots.peek().filter((dot) => dot.seat !== told.seat), told];
  window.clearTimeout(timers.get(told.seat));
  timers.set(
    told.seat,
    window.setTimeout(() => gone(told.seat), RESTED_MS),
  );
});

function gone(seat: string): void {
  timers.delete(seat);
  dots.value = dots.peek().filter((dot) => dot.seat !== seat);
}

let sent = 0;
let last: number | undefined;

/** Tell the others, not more often than is any use; where one stops is always told. */
export function pointAt(exhibit: string, page: number, x: number, y: number): void {
  window.clearTimeout(last);
  const wait = sent + EVERY_MS - Date.now();
  const tell = () => {
    sent = Date.now();
    point({ exhibit, page, x, y });
  };
  if (wait <= 0) tell();
  else last = window.setTimeout(tell, wait);
}
