/**
 * What the room's lists hold, and the small things that are told as they are.
 *
 * A list is asked for by HTTP when the page starts, when the server says that it has changed, and
 * after every reconnection: so nothing is lost with a connection, and who may read it is decided
 * when it is read.
 */
import { effect, type Signal, signal } from "@preact/signals";
import type { Ladder, Pointed } from "../wire/protocol.gen";
import { readAddress } from "./arrival";
import { connected } from "./state";

const changes = new Map<string, Signal<number>>();

/** Grows whenever the server says that this list has changed. */
export function changesOf(what: string): Signal<number> {
  let found = changes.get(what);
  if (!found) {
    found = signal(0);
    changes.set(what, found);
  }
  return found;
}

/** The server said so. */
export function heardNews(what: readonly string[]): void {
  for (const one of what) changesOf(one).value += 1;
}

export interface List<T> {
  /** `null` until it has come for the first time. */
  readonly value: Signal<T | null>;
  /** Ask again now. */
  ask(): Promise<void>;
}

/** The list at `/j/{seat}/room/{path}`, kept fresh for as long as the page lives. */
export function listFor<T>(what: string, path = what): List<T> {
  const value = signal<T | null>(null);
  const seat = readAddress().seat;
  let turn = 0;
  const ask = async () => {
    turn += 1;
    const mine = turn;
    const url = `/j/${seat}/room/${path}`;
    const response = await fetch(url, { cache: "no-store" }).catch(() => null);
    // An older answer must not replace a newer one.
    if (response?.ok && mine === turn) value.value = (await response.json()) as T;
  };
  effect(() => {
    changesOf(what).value;
    if (connected.value) void ask();
  });
  return { value, ask };
}

/** Who speaks in this space now, the loudest first (seats, oneself included). */
export const speaking = signal<readonly string[]>([]);
/** Seconds each has spoken in this meeting; hosts are told, and nobody keeps it. */
export const talk = signal<Readonly<Record<string, number>>>({});
/** Where somebody here has just pointed, on the page that is shown. */
export const pointed = signal<Pointed | null>(null);
/** One's microphone is open, but nothing is heard from it. */
export const silentMicrophone = signal(false);
/** How much of the others' pictures one's network carries just now. */
export const carried = signal<Ladder["how"]>("full");
/** Whose microphones are on and seem dead; hosts are told. */
export const silentSeats = signal<readonly string[]>([]);
/** How much a host has to see to; the page's title says it. */
export const waitingForHost = signal(0);
