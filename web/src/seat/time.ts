/** Times of the meeting as people read them, by the server's clock. */
import type { View } from "../wire/protocol.gen";
import { now } from "./clock";
import { welcome } from "./state";

/** "10:45" where the meeting is held. */
export function clockTime(iso: string | number): string {
  return new Intl.DateTimeFormat("en-GB", {
    timeZone: welcome.value?.time_zone,
    hour: "2-digit",
    minute: "2-digit",
  }).format(typeof iso === "string" ? Date.parse(iso) : iso);
}

/** When the break ends, if there is one now. */
export function breakUntil(view: View): string | null {
  const until = view.break_until;
  return until && Date.parse(until) > now.value && view.place === "side" ? until : null;
}

/** When somebody is expected here, if that isn't past. */
export function expected(view: View): string | null {
  const at = view.expected_at;
  return at && Date.parse(at) > now.value ? at : null;
}
