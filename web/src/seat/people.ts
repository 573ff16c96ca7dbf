/** People in their order and groups, as the host's board and the tiles show them. */
import type { Card, Member, Role, View } from "../wire/protocol.gen";
import { t } from "../words";

type GroupKind = "claims" | "waiting" | "joint" | "caucus" | "side" | "absent";

export interface Group {
  kind: GroupKind;
  /** For `side`: which one; for `caucus`: whether the host is in it. */
  side: string | null;
  mine: boolean;
  /** The room these people are in, where it is one. */
  space: string | null;
  cards: Card[];
}

/** Sorts after every side and every time. */
const LAST = "~";
const ORDER: GroupKind[] = ["claims", "waiting", "joint", "caucus", "side", "absent"];

/** The board: who waits first, then who is where. Within a group the longest waiting comes first. */
export function board(view: View): Group[] {
  const groups = new Map<string, Group>();
  for (const card of view.board ?? []) {
    const kind = kindOf(card);
    const side = kind === "side" ? card.side : null;
    const mine = kind === "caucus" && card.space === view.space;
    const key = kind === "caucus" ? `caucus ${card.space}` : `${kind} ${side}`;
    const space = kind === "caucus" || kind === "side" ? card.space : null;
    const group = groups.get(key) ?? { kind, side, mine, space, cards: [] };
    group.cards.push(card);
    groups.set(key, group);
  }
  const found = [...groups.values()];
  for (const group of found) group.cards.sort(bySince);
  return found.sort(
    (a, b) =>
      ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) ||
      Number(b.mine) - Number(a.mine) ||
      order(a.side ?? LAST, b.side ?? LAST),
  );
}

function kindOf(card: Card): GroupKind {
  if (card.claim) return "claims";
  if (!card.admitted) return card.present ? "waiting" : "absent";
  if (card.place === "joint" || card.place === "caucus" || card.place === "side") return card.place;
  return card.present ? "waiting" : "absent";
}

function bySince(a: Card, b: Card): number {
  return order(a.since ?? LAST, b.since ?? LAST) || order(a.name, b.name);
}

/** By code point: the same for everybody, whatever the browser's language. */
function order(a: string, b: string): number {
  return Number(a > b) - Number(a < b);
}

/** The sides that have people in the session now, in their order. */
export function sides(cards: readonly Card[]): { side: string; seats: string[] }[] {
  const found = new Map<string, string[]>();
  for (const card of cards) {
    if (card.side === null || card.claim) continue;
    const seats = found.get(card.side) ?? [];
    if (card.admitted && card.present) seats.push(card.seat);
    found.set(card.side, seats);
  }
  return [...found].map(([side, seats]) => ({ side, seats })).sort((a, b) => order(a.side, b.side));
}

/** Who may be taken along into another room now. */
export function movable(card: Card): boolean {
  return card.admitted && card.present && !card.claim;
}

/** The seats of those who are in the host's own room with them. */
export function guests(view: View): string[] {
  return view.members.filter((m) => m.seat !== view.seat && m.present).map((m) => m.seat);
}

/** A side is promised that the other can't hear: nobody of it comes into that talk in one step. */
export function opposes(card: Card, view: View): boolean {
  const sides = view.members.map((m) => m.side).filter(Boolean);
  return card.side !== null && sides.some((side) => side !== card.side);
}

/** May have the chair. */
export const HOSTS: readonly Role[] = ["host", "co_mediator"];

export function sideName(side: string): string {
  return t("Side %(side)s", { side });
}

/** `signs`: an interpreter into sign language. */
export function roleName(role: Role, signs = false): string {
  if (signs) return t("Sign-language interpreter");
  switch (role) {
    case "host":
      return t("Mediator");
    case "co_mediator":
      return t("Co-mediator");
    case "party":
      return t("Party");
    case "representative":
      return t("Representative");
    case "lawyer":
      return t("Lawyer");
    case "interpreter":
      return t("Interpreter");
    case "clerk":
      return t("Clerk");
    case "witness":
      return t("Witness");
    case "companion":
      return t("Companion");
    case "observer":
      return t("Observer");
    case "recorder":
      return t("Recorder");
  }
}

/** "Lawyer · Side A": as what somebody is here. */
export function standing(who: Pick<Member, "role" | "side" | "signs">): string {
  const parts = [roleName(who.role, who.signs)];
  // Its letter alone on a line would be nobody's.
  if (who.side) parts.push(sideName(who.side).replace(" ", "\u00a0"));
  return parts.join(" · ");
}

/** Whether the host is in a private talk with exactly these people now. */
export function alone(view: View, seats: readonly string[]): boolean {
  const guests = view.members.filter((m) => m.seat !== view.seat).map((m) => m.seat);
  return (
    view.place === "caucus" &&
    guests.length === seats.length &&
    guests.every((seat) => seats.includes(seat))
  );
}

/** The order of the tiles: hosts, then the sides, oneself last within one's own rank. */
export function tiles(members: readonly Member[], self: string): Member[] {
  const rank = (m: Member) => (m.chair ? " " : (m.side ?? LAST)) + (m.seat === self ? "1" : "0");
  return [...members].sort((a, b) => order(rank(a), rank(b)) || order(a.name, b.name));
}

/** "A, B and C" in the page's language. */
export function listed(names: readonly string[]): string {
  const last = names.at(-1);
  if (last === undefined || names.length === 1) return last ?? "";
  return t("%(names)s and %(last)s", { names: names.slice(0, -1).join(t(", ")), last });
}
