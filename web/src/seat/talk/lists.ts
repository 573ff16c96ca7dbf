/** What was said and written, as this seat may read it now. */
import { computed, effect, signal } from "@preact/signals";
import type { ReleaseKind, Role, SpaceKind } from "../../wire/protocol.gen";
import { type List, listFor } from "../news";
import { view } from "../state";

export interface Line {
  id: string;
  space: string;
  kind: SpaceKind;
  at: string;
  mine: boolean;
  /** Empty in a lobby, for everybody but the host. */
  name: string;
  role: Role;
  side: string | null;
  /** Written from another device that wants the seat. */
  claim: boolean;
  /** Told to hosts: in whose lobby. */
  to: string | null;
  text: string;
}

export type Release = "keep" | "asked" | "released" | "refused";

export interface Note {
  id: string;
  /** Whose privacy: "" everybody's, "A", "A,B", or "-". */
  scope: string;
  by: string;
  at: string;
  text: string;
  struck: boolean;
  release: Release;
}

export interface Notes {
  scope: string | null;
  notes: Note[];
}

export interface Asked {
  kind: ReleaseKind;
  id: string;
  scope: string;
  words: string;
  release: Release;
  at: string;
  answered_at: string | null;
}

export interface Item {
  text: string;
  done: boolean;
}

/** `version` 0: nothing was written yet. */
export interface Written<T> {
  version: number;
  content: T;
  by: string;
  at: string | null;
  may_write: boolean;
}

/** Made when it is first wanted: not everybody may ask for it. */
function once<T>(make: () => T): () => T {
  let made: { it: T } | null = null;
  return () => {
    made ??= { it: make() };
    return made.it;
  };
}

/** Asked for anew in another space, and not shown there before that. */
function ofThisSpace<T>(list: List<T>): List<T> {
  let before = view.peek()?.space;
  effect(() => {
    const space = view.value?.space;
    if (space === before) return;
    before = space;
    list.value.value = null;
    void list.ask();
  });
  return list;
}

export const messages = once(() => ofThisSpace(listFor<Line[]>("messages")));
export const notes = once(() => ofThisSpace(listFor<Notes>("notes")));
export const releases = once(() => ofThisSpace(listFor<Asked[]>("releases")));
export const agenda = once(() => ofThisSpace(listFor<Written<Item[]>>("agenda")));
export const minutes = once(() => listFor<Written<string>>("minutes"));

const SEEN = "heyi.seen";
/** The last message that was in sight, by seat. */
const seen = signal<Readonly<Record<string, string>>>(
  JSON.parse(sessionStorage.getItem(SEEN) ?? "{}"),
);

/** How many of these others have written since. */
export function newer(lines: readonly Line[], last: string | undefined): number {
  return lines.filter((line) => !line.mine && (last === undefined || line.id > last)).length;
}

function lastSeen(): string | undefined {
  return seen.value[view.value?.seat ?? ""];
}

/** These are in sight now. */
export function see(lines: readonly Line[]): void {
  const last = lines.at(-1)?.id;
  const seat = view.peek()?.seat ?? "";
  if (last === undefined || (seen.peek()[seat] ?? "") >= last) return;
  seen.value = { ...seen.peek(), [seat]: last };
  sessionStorage.setItem(SEEN, JSON.stringify(seen.peek()));
}

/** Of all but what stands on the cards of those who wait. */
export const unread = computed(() => newer(elsewhere(messages().value.value ?? []), lastSeen()));

/** Whether anything was written to or by who waits there. */
export function hasWords(seat: string): boolean {
  return lobbyOf(messages().value.value ?? [], seat).length > 0;
}

export function elsewhere(lines: readonly Line[]): Line[] {
  return lines.filter((line) => line.to === null);
}

export function lobbyOf(lines: readonly Line[], seat: string): Line[] {
  return lines.filter((line) => line.to === seat);
}
