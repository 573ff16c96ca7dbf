/** How far those who are not here yet have come, and what stands in their way. */
import { computed } from "@preact/signals";
import { t } from "../../words";
import { minutesSince } from "../clock";
import type { Progress } from "../joining/progress";
import { troubleWords } from "../joining/trouble";
import { listFor } from "../news";

/** After so long without a word from their page they have gone away again. */
const FRESH_MINUTES = 15;

/** Who stands outside says so twice a minute. */
const OUTSIDE_MINUTES = 2;

const list = listFor<Progress[]>("progress");

/** Sentences by seat: what keeps somebody from coming in today. */
export const troubles = computed<ReadonlyMap<string, string>>(() =>
  sentences(list.value.value ?? []),
);

export function sentences(lines: readonly Progress[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const { seat, rehearsal, second, fault: code, browser } of lines) {
    if (rehearsal || second || code === null) continue;
    const fault = troubleWords(code);
    found.set(seat, browser ? t("%(fault)s, in %(browser)s", { fault, browser }) : fault);
  }
  return found;
}

/** Seats before whom the door is locked, and whose pages wait there. */
export function outside(now: number): ReadonlySet<string> {
  return standing(list.value.value ?? [], now);
}

/** Seats whose links another device has, and stands there with it. */
export function secondOutside(now: number): ReadonlySet<string> {
  return standing(list.value.value ?? [], now, true);
}

export function standing(lines: readonly Progress[], now: number, others = false): Set<string> {
  const there = lines.filter(
    ({ step, rehearsal, second, at }) =>
      step === "door" && !rehearsal && second === others && minutesSince(at, now) < OUTSIDE_MINUTES,
  );
  return new Set(there.map(({ seat }) => seat));
}

/** Where somebody is on the way who is not connected yet, or null. */
export function onTheWay(seat: string): string | null {
  const line = list.value.value?.find((one) => one.seat === seat && !one.rehearsal && !one.second);
  if (!line || minutesSince(line.at) >= FRESH_MINUTES) return null;
  switch (line.step) {
    case "landing":
      return t("Has opened the link and is reading.");
    case "devices":
      return t("Is testing microphone and camera.");
    case "door":
      return t("Waits outside: the meeting is locked.");
    case "name":
      return t("Is writing the name.");
    default:
      return null;
  }
}
