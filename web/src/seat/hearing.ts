/** Who hears me: from what the worker really forwards, not from who should be there. */
import type { Member, Routes } from "../wire/protocol.gen";
import { t, tn } from "../words";
import { listed } from "./people";

export interface Hearing {
  /** Nobody, somebody if I spoke, or somebody now. */
  kind: "nobody" | "if_speaking" | "heard";
  sentence: string;
}

/** `brief`: in few words, for a small screen that is full. */
export function hearing(
  routes: Routes,
  members: readonly Member[],
  self: string,
  microphone: boolean,
  brief = false,
): Hearing {
  const seats = routes.heard_by.filter((seat) => seat !== self);
  if (seats.length === 0) return { kind: "nobody", sentence: nobody(members, self, microphone) };
  const known = seats.flatMap((seat) => members.find((m) => m.seat === seat)?.name ?? []);
  // Somebody the list doesn't have yet is still said to be there.
  const unknown = seats.length > known.length ? [t("somebody who is just arriving")] : [];
  const all = [...known, ...unknown];
  const names = listed(brief ? few(all) : all);
  if (brief) {
    return microphone
      ? { kind: "heard", sentence: t("Heard by %(names)s.", { names }) }
      : { kind: "if_speaking", sentence: t("Mic off. With you: %(names)s.", { names }) };
  }
  return microphone
    ? { kind: "heard", sentence: t("You are heard by %(names)s.", { names }) }
    : {
        kind: "if_speaking",
        sentence: t("Microphone off. Connected with you: %(names)s.", { names }),
      };
}

/** Who talks to an empty room believes to be heard. */
function nobody(members: readonly Member[], self: string, microphone: boolean): string {
  const alone = !members.some((m) => m.seat !== self && m.present);
  return alone && microphone
    ? t("Your microphone is on, but nobody is here to hear you.")
    : t("Nobody hears you now.");
}

/** How many are named where there is little room. */
const FEW = 2;

function few(names: readonly string[]): string[] {
  if (names.length <= FEW + 1) return [...names];
  const more = names.length - FEW;
  return [...names.slice(0, FEW), tn("%(num)s more person", "%(num)s more people", more)];
}
