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
    away: false,
    signs: false,
    beside: [],
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
    chair: false,
    away: false,
    sent_out: false,
    beside: [],
    beside_told: true,
    beside_agreed: false,
    expected_at: null,
    knocked: false,
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
    purpose: "meeting",
    locked: false,
    quiet: false,
    break_until: null,
    expected_at: null,
    knocking: null,
    beside: [],
    beside_told: true,
    beside_needed: [],
    shown: { exhibit: null, page: 1, by: null, screen: null, may_lead: false },
    may_give_chair: [],
    may_step_down: false,
    ...changes,
  };
}
