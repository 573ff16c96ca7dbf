/** How well people are connected, in words: oneself, and for hosts everybody. */
import { computed } from "@preact/signals";
import { t } from "../words";
import { minutesSince } from "./clock";
import { listFor } from "./news";

export type Grade = "good" | "weak" | "audio_only";
export type Cause =
  | "server"
  | "breaks"
  | "up_loss"
  | "down_loss"
  | "down_slow"
  | "up_slow"
  | "uneven"
  | "far"
  | "others"
  | "device";

/** A minute of somebody. `loss`: the share of packets lost, up or down, the worse. */
export interface Minute {
  at: string;
  grade: Grade;
  cause: Cause | null;
  loss: number | null;
  round_trip_ms: number | null;
}

interface Found {
  own: { grade: Grade; cause: Cause | null } | null;
  people: { seat: string; minutes: Minute[] }[];
}

/** What was so before is nothing to do anything about now. */
const FRESH_MINUTES = 2;

const list = listFor<Found>("quality");

export const own = computed(() => list.value.value?.own ?? null);

/** By seat, the oldest first; hosts alone are told. */
export const minutes = computed<ReadonlyMap<string, readonly Minute[]>>(
  () => new Map((list.value.value?.people ?? []).map((one) => [one.seat, one.minutes])),
);

/** The last minute, if it is not long ago. */
export function latest(found: readonly Minute[] | undefined): Minute | null {
  const last = found?.at(-1);
  return last && minutesSince(last.at) <= FRESH_MINUTES ? last : null;
}

export function gradeWords(grade: Grade): string {
  switch (grade) {
    case "good":
      return t("Good connection");
    case "weak":
      return t("Weak connection");
    case "audio_only":
      return t("Audio only");
  }
}

export function causeSentence(cause: Cause): string {
  switch (cause) {
    case "server":
      return t("The server is busy.");
    case "breaks":
      return t("The connection breaks off again and again.");
    case "up_loss":
      return t("The network loses part of what is sent.");
    case "down_loss":
      return t("The network loses part of what is received.");
    case "down_slow":
      return t("The network is slow at receiving.");
    case "up_slow":
      return t("The network is slow at sending.");
    case "uneven":
      return t("The network is uneven: sound comes in bursts.");
    case "far":
      return t("The way is long: every answer takes a moment.");
    case "others":
      return t("Somebody else's network: there were gaps before it came here.");
    case "device":
      return t("The device is slow: pictures stand still though nothing is lost.");
  }
}

/** What one can do about it oneself, if anything. */
export function advice(cause: Cause | null): string | null {
  switch (cause) {
    case "breaks":
    case "up_loss":
    case "down_loss":
    case "down_slow":
    case "up_slow":
    case "uneven":
      return t("Go nearer to the router, or change between Wi-Fi and mobile data.");
    case "device":
      return t("Close other apps and pages, or switch your camera off.");
    default:
      return null;
  }
}
