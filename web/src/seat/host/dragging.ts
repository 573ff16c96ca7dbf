/** Cards can be dragged to where their people are to be; everything of it can be tapped, too. */
import { signal } from "@preact/signals";
import type { Card, View } from "../../wire/protocol.gen";
import { command } from "../journey";
import { type Group, guests, movable, opposes } from "../people";

/** Whose card is being dragged. */
export const dragged = signal<string | null>(null);

/** What dropping this card on that group does, if anything. */
export function dropping(card: Card, group: Group, view: View): (() => void) | null {
  const { seat } = card;
  if (group.kind === "joint") {
    if (!card.admitted && card.present && card.ready) return () => void command("admit", { seat });
    const apart = view.shuttle_only && card.side !== null;
    if (!movable(card) || card.place === "joint" || apart) return null;
    return () => void command("move", { seats: [seat], to: "joint" });
  }
  if (!movable(card) || card.chair) return null;
  if (group.kind === "side" && group.side === card.side && card.place !== "side") {
    return () => void command("move", { seats: [seat], to: "side" });
  }
  if (group.kind === "caucus" && group.mine && card.space !== view.space && !opposes(card, view)) {
    return () => void command("move", { seats: [...guests(view), seat], to: "caucus" });
  }
  return null;
}
