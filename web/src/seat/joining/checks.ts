/** What was tried on the way in, for the page itself and for what is reported of it. */
import { signal } from "@preact/signals";
import type { Network } from "../call/probe";

/** A try before the day: everything but taking the seat. */
export const rehearsal = signal<"no" | "trying" | "tried">("no");
/** The browser is asking just now, or nobody has asked it yet. */
export const asking = signal(true);
/** Whether the sound that was played was heard. */
export const speaker = signal<boolean | null>(null);
/** What the rehearsal found; the devices themselves are let go at its end. */
export const tried = signal({ microphone: false, camera: false });
export const network = signal<Network | null>(null);

export type Verdict = "good" | "detour" | "weak" | "no_way" | "untried";

export function verdict(found: Network): Verdict {
  if (found.fault === "no_path") return "no_way";
  if (found.fault !== null) return "untried";
  if (!found.ok) return "weak";
  return found.transport === "udp" ? "good" : "detour";
}
