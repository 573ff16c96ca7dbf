/** Whether everybody gets their turn: words and waiting, side by side. Never kept anywhere. */

import type { Card } from "../../wire/protocol.gen";
import { minutesSince } from "../clock";

export interface Share {
  /** A side, or null for the mediators and whoever else is of none. */
  side: string | null;
  /** Seconds they have spoken, together. */
  spoken: number;
  /** Whole minutes they have been without a mediator now; null while somebody is with them. */
  alone: number | null;
}

/** One of each side that is booked, then those of none if they have spoken. */
export function shares(
  cards: readonly Card[],
  seconds: Readonly<Record<string, number>>,
  current: number,
): Share[] {
  const found = new Map<string | null, Share>();
  const of = (side: string | null) => {
    const share = found.get(side) ?? { side, spoken: 0, alone: null };
    found.set(side, share);
    return share;
  };
  const sides = new Map(cards.map((card) => [card.seat, card.side]));
  for (const card of cards) {
    if (card.side === null || card.claim) continue;
    const share = of(card.side);
    if (card.present && card.place === "side" && card.since) {
      share.alone = Math.max(share.alone ?? 0, minutesSince(card.since, current));
    }
  }
  for (const [seat, spoken] of Object.entries(seconds))
    of(sides.get(seat) ?? null).spoken += spoken;
  return [...found.values()].sort((a, b) => rank(a) - rank(b));
}

function rank(share: Share): number {
  return share.side === null ? Number.POSITIVE_INFINITY : (share.side.codePointAt(0) ?? 0);
}
