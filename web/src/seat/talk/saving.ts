/**
 * The minutes as they are typed: kept by themselves every few seconds, brought together with what
 * somebody else has typed meanwhile, and not lost with the connection or a reload.
 */
import { effect, signal } from "@preact/signals";
import { command } from "../journey";
import { connected, refusal } from "../state";
import { gone, keptAs, whenGone } from "./forgetting";
import { minutes, type Written } from "./lists";
import { merge } from "./merge";

const AFTER_MS = 2500;
const KEPT = keptAs("minutes");

interface Typed {
  /** The version it was typed on, and its text; null before it is known. */
  base: { version: number; text: string } | null;
  text: string;
}

const before = sessionStorage.getItem(KEPT);
export const typed = signal<Typed>(before ? JSON.parse(before) : { base: null, text: "" });
/** What somebody else has made of the same lines; one has to choose. */
export const theirs = signal<Written<string> | null>(null);
export const saving = signal(false);

let timer: number | undefined;

export function changed(): boolean {
  return typed.value.base !== null && typed.value.text !== typed.value.base.text;
}

export function type(text: string): void {
  set({ ...typed.peek(), text });
  soon();
}

/** Of two versions of the same lines, this is what stands. */
export function choose(text: string): void {
  const found = theirs.peek();
  if (!found) return;
  theirs.value = null;
  set({ base: { version: found.version, text: found.content }, text });
  void save();
}

export async function save(): Promise<void> {
  window.clearTimeout(timer);
  const { base, text } = typed.peek();
  if (saving.peek() || !connected.peek() || !base || text === base.text || theirs.peek()) return;
  saving.value = true;
  const ack = await command("write_minutes", { version: base.version, text });
  saving.value = false;
  if (ack.ok) {
    const now = typed.peek();
    set({ base: { version: base.version + 1, text }, text: now.text });
    if (now.text !== text) soon();
  } else if (ack.code === "edited_meanwhile") {
    refusal.value = null;
  }
  // Who wrote last, and what somebody else has written.
  await minutes().ask();
}

function soon(): void {
  window.clearTimeout(timer);
  timer = window.setTimeout(() => void save(), AFTER_MS);
}

/** What the server has, brought together with what is typed here. */
function heard(page: Written<string>): void {
  const { base, text } = typed.peek();
  if (saving.peek() || (base && page.version <= base.version)) return;
  const both = base ? merge(base.text, text, page.content) : text ? null : page.content;
  if (both === null) {
    theirs.value = page;
    return;
  }
  theirs.value = null;
  set({ base: { version: page.version, text: page.content }, text: both });
  if (both !== page.content) soon();
}

function set(now: Typed): void {
  typed.value = now;
  if (changed() && !gone.peek()) sessionStorage.setItem(KEPT, JSON.stringify(now));
  else sessionStorage.removeItem(KEPT);
}

/** From when somebody who keeps the minutes first looks at them. */
export function begin(): void {
  if (begun) return;
  begun = true;
  effect(() => {
    const page = minutes().value.value;
    if (page && !saving.value) queueMicrotask(() => heard(page));
  });
  effect(() => {
    if (connected.value) queueMicrotask(() => void save());
  });
}

let begun = false;

whenGone(() => {
  window.clearTimeout(timer);
  theirs.value = null;
  set({ base: null, text: "" });
});
