/** What a host should see to now, in the order of how much it presses. */

import type { Ask, Card, View } from "../../wire/protocol.gen";
import { t } from "../../words";
import { minutesSince } from "../clock";
import { listed } from "../people";
import { clockTime } from "../time";
import { past } from "./times";

const LONG_MINUTES = 3;
const LOCKED_OUT = "locked out";
const SECOND = "second outside";

export interface Alert {
  /** The same as long as it is the same matter. */
  key: string;
  /** Whose card it is about. */
  seat: string | null;
  text: string;
  /** It is the lock that keeps them out. */
  locked?: boolean;
}

interface Known {
  view: View;
  /** Seats whose microphones are on and seem dead. */
  silent: readonly string[];
  /** Sentences on what keeps somebody from connecting, by seat. */
  troubles: ReadonlyMap<string, string>;
  /** Seats whose links another device has, before whom the door is locked. */
  secondOutside: ReadonlySet<string>;
  /** Seats before whom the door is locked. */
  outside: ReadonlySet<string>;
  /** Seats in a lobby whose words nobody has answered yet. */
  unanswered: readonly string[];
  /** Milliseconds since 1970 by the server's clock. */
  now: number;
}

/** Texts without minutes: what counts up would be read aloud again and again. */
export function alerts(known: Known): Alert[] {
  const { view, now } = known;
  const cards = view.board ?? [];
  const ranked = cards.flatMap((card) =>
    ofCard(card, known).flatMap(([what, text], rank) =>
      text ? [{ rank, alert: alertOf(what, card.seat, text) }] : [],
    ),
  );
  const first = ranked.sort((a, b) => a.rank - b.rank).map(({ alert }) => alert);
  return [...first, ...own(known), ...byTheClock(view, cards, now)];
}

/** A host has no card of their own on the board; their link may be in other hands, too. */
function own({ view, secondOutside }: Known): Alert[] {
  if (!view.locked || !secondOutside.has(view.seat)) return [];
  const text = t("Another device is at the door with your own link. The meeting is locked.");
  return [{ key: `${SECOND} ${view.seat}`, seat: null, text }];
}

function alertOf(what: string, seat: string, text: string): Alert {
  const locked = what === LOCKED_OUT || what === SECOND;
  return { key: `${what} ${seat}`, seat, text, ...(locked && { locked }) };
}

/** What a card calls for, or not, in the order of how much it presses; with a word for the matter. */
function ofCard(card: Card, known: Known): [string, string | false][] {
  const { silent, troubles, unanswered, outside, secondOutside, view } = known;
  const { seat, name } = card;
  const names = listed(card.beside);
  const trouble = !card.present && troubles.get(seat);
  const disputed = card.admitted && card.present && card.beside_told && !card.beside_agreed;
  const shut = view.locked && !card.let_through;
  const lockedOut = shut && !card.present && outside.has(seat);
  const second = shut && card.present && secondOutside.has(seat);
  const mute = card.microphone && silent.includes(seat);
  const wishes = (ask: Ask) => card.asks.includes(ask);
  return [
    ["help", wishes("help") && t("%(name)s needs help.", { name })],
    [
      "claim",
      card.claim && card.present && t("Another device wants the place of %(name)s.", { name }),
    ],
    [
      SECOND,
      second &&
        t("Another device is at the door with the link of %(name)s. The meeting is locked.", {
          name,
        }),
    ],
    [LOCKED_OUT, lockedOut && t("%(name)s is at the door. The meeting is locked.", { name })],
    ["trouble", trouble ? t("%(name)s can't get in: %(trouble)s", { name, trouble }) : false],
    ["silent", mute && t("Nothing is heard from the microphone of %(name)s.", { name })],
    [
      // Whoever else comes to sit there is another matter.
      `beside ${names}`,
      disputed &&
        names !== "" &&
        t("%(names)s: there with %(name)s, and not everyone has agreed.", { name, names }),
    ],
    [
      "words",
      !card.admitted && unanswered.includes(seat) && t("%(name)s has written to you.", { name }),
    ],
    ["word", wishes("private_word") && t("%(name)s would like a private word.", { name })],
    ["break", wishes("break") && t("%(name)s would like a break.", { name })],
  ];
}

/** What comes by itself when its time has come. */
function byTheClock(view: View, cards: readonly Card[], now: number): Alert[] {
  const found: Alert[] = [];
  if (view.break_until && past(view.break_until, now)) {
    found.push({ key: `over ${view.break_until}`, seat: null, text: t("The break is over.") });
  }
  const late = overdue(cards, now);
  if (late?.expected_at && !view.break_until) {
    const time = clockTime(late.expected_at);
    found.push({
      key: `late ${late.space} ${late.expected_at}`,
      seat: late.seat,
      text: t("You said %(time)s to %(name)s.", { time, name: late.name }),
    });
  }
  const longest = patient(cards, now);
  if (longest && longest !== late) {
    const text = t("%(name)s has waited longest.", { name: longest.name });
    found.push({ key: `long ${longest.seat}`, seat: longest.seat, text });
  }
  return found;
}

/** To whom a host had promised to come by now: the first of them. */
function overdue(cards: readonly Card[], now: number): Card | undefined {
  return cards
    .filter((c) => c.present && c.expected_at && past(c.expected_at, now))
    .sort(by((c) => c.expected_at))[0];
}

/** Who has been waiting longest, and for long: in a lobby, ready, or alone in a side's room. */
function patient(cards: readonly Card[], now: number): Card | undefined {
  return cards
    .filter((c) => c.present && !c.claim && !c.expected_at && c.since)
    .filter((c) => (c.admitted ? c.place === "side" && c.side !== null : c.ready && !c.sent_out))
    .filter((c) => minutesSince(c.since ?? "", now) >= LONG_MINUTES)
    .sort(by((c) => c.since))[0];
}

function by(what: (card: Card) => string | null) {
  return (a: Card, b: Card) => Date.parse(what(a) ?? "") - Date.parse(what(b) ?? "");
}

/** Who has come to the meeting and who is gone; of the host's own room another says it. */
export function comings(before: readonly Card[], { board, space }: View): string[] {
  const was = new Map(before.map((card) => [card.seat, card.present]));
  return (board ?? []).flatMap((card) => {
    const here = card.space !== null && card.space === space;
    if (!was.has(card.seat) || card.claim || here) return [];
    if (was.get(card.seat) === card.present) return [];
    return card.present
      ? [t("%(name)s has come.", { name: card.name })]
      : [t("%(name)s is not connected any more.", { name: card.name })];
  });
}
