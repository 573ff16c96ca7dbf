/** The people a host has ticked, to take them along together. */
import { signal } from "@preact/signals";
import type { Card } from "../../wire/protocol.gen";
import { movable } from "../people";

export const selected = signal<ReadonlySet<string>>(new Set());

export function select(seat: string, on: boolean): void {
  const seats = new Set(selected.peek());
  if (on) seats.add(seat);
  else seats.delete(seat);
  selected.value = seats;
}

/** Those ticked who may be moved now: who has gone meanwhile is left out. */
export function chosen(cards: readonly Card[]): string[] {
  return cards.filter((c) => movable(c) && selected.value.has(c.seat)).map((c) => c.seat);
}
