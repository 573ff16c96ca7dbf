/** Who hears me: from what the worker really forwards, not from who should be there. */
import type { Member, Routes } from "../wire/protocol.gen";
import { t } from "../words";
import { listed } from "./people";

export interface Hearing {
  /** Nobody, somebody if I spoke, or somebody now. */
  kind: "nobody" | "if_speaking" | "heard";
  sentence: string;
}

export function hearing(
  routes: Routes,
  members: readonly Member[],
  self: string,
  microphone: boolean,
): Hearing {
  const seats = routes.heard_by.filter((seat) => seat !== self);
  if (seats.length === 0) return { kind: "nobody", sentence: t("Nobody hears you now.") };
  const known = seats.flatMap((seat) => members.find((m) => m.seat === seat)?.name ?? []);
  // Somebody the list doesn't have yet is still said to be there.
  const unknown = seats.length > known.length ? [t("somebody who is just arriving")] : [];
  const names = listed([...known, ...unknown]);
  return microphone
    ? { kind: "heard", sentence: t("You are heard by %(names)s.", { names }) }
    : {
        kind: "if_speaking",
        sentence: t("Microphone off. Connected with you: %(names)s.", { names }),
      };
}
