/** Views for tests. */
import type { Card, Member, View } from "../wire/protocol.gen";

export function member(seat: string, changes: Partial<Member> = {}): Member {
  return {
    seat,
    name: seat.toUpperCase(),
    role: "party",
    side: null,
    chair: false,
    present: true,
    microphone: false,
    camera: false,
    ...changes,
  };
}

export function card(seat: string, changes: Partial<Card> = {}): Card {
  return {
    seat,
    name: seat.toUpperCase(),
    said_name: null,
    role: "party",
    side: null,
    claim: false,
    admitted: true,
    present: true,
    ready: true,
    place: "joint",
    space: "j",
    since: "2026-11-24T01:00:00+00:00",
    microphone: false,
    camera: false,
    asks: [],
    ...changes,
  };
}

export function view(changes: Partial<View> = {}): View {
  return {
    seat: "me",
    state: "open",
    place: "joint",
    space: "j",
    hosting: false,
    may_take_chair: false,
    admitted: true,
    claim: false,
    sent_out: false,
    said_name: "Me",
    consents_needed: [],
    host_name: "Wang",
    host_state: "here",
    silenced: false,
    microphone: false,
    camera: false,
    asks: [],
    members: [member("me"), member("host", { chair: true, name: "Wang" })],
    board: null,
    ending: null,
    shuttle_only: false,
    ...changes,
  };
}
