/** The server's time as this page knows it: a phone's own clock may be wrong by a day. */
import { signal } from "@preact/signals";

const TICK_MS = 5000;

/** Milliseconds since 1970 by the server's clock, renewed every few seconds. */
export const now = signal(Date.now());

let ahead = Number.NEGATIVE_INFINITY;

/** An event told at `at` has arrived: the server's clock is at least so far ahead of ours. */
export function hear(at: string): void {
  ahead = Math.max(ahead, Date.parse(at) - Date.now());
  tick();
}

/** Whole minutes since an ISO time, never negative. */
export function minutesSince(since: string, current = now.value): number {
  return Math.max(0, Math.floor((current - Date.parse(since)) / 60_000));
}

function tick(): void {
  now.value = Date.now() + (Number.isFinite(ahead) ? ahead : 0);
}

setInterval(tick, TICK_MS);
