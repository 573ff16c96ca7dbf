/** Times of the day as a host gives them. */
import { now } from "../clock";
import { clockTime } from "../time";

const MOST = 120;

/** Whole minutes from now until "14:35", the next time it is that late; null if it is too far. */
export function minutesUntil(time: string, current = now.peek()): number | null {
  const [hour, minute] = time.split(":").map(Number);
  if (hour === undefined || minute === undefined || Number.isNaN(hour + minute)) return null;
  const [h = 0, m = 0] = clockTime(current).split(":").map(Number);
  const wait = (hour * 60 + minute - (h * 60 + m) + 1440) % 1440;
  return wait >= 1 && wait <= MOST ? wait : null;
}

/** Whether that moment has come. */
export function past(iso: string, current = now.value): boolean {
  return Date.parse(iso) <= current;
}
