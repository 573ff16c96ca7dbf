/** At whose doors this host has knocked, and what became of it. */
import { signal } from "@preact/signals";
import type { View } from "../../wire/protocol.gen";
import { command } from "../journey";

export type Knock = "asked" | "knocking" | "declined";
type Knocks = Readonly<Record<string, Knock>>;

export const knocks = signal<Knocks>({});

export async function knock(space: string): Promise<void> {
  knocks.value = { ...knocks.value, [space]: "asked" };
  const ack = await command("knock", { space });
  if (!ack.ok) knocks.value = without(knocks.value, space);
}

/** What is known of them now that the meeting looks like this. */
export function follow(before: Knocks, view: View): Knocks {
  let after = before;
  for (const [space, was] of Object.entries(before)) {
    const inside = (view.board ?? []).filter((card) => card.space === space && card.present);
    if (inside.length === 0 || space === view.space) after = without(after, space);
    else if (inside.some((card) => card.knocked)) after = { ...after, [space]: "knocking" };
    else if (was === "knocking") after = { ...after, [space]: "declined" };
  }
  return after;
}

function without(knocks: Knocks, space: string): Knocks {
  return Object.fromEntries(Object.entries(knocks).filter(([other]) => other !== space));
}
