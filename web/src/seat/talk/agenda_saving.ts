/** The agenda as this host has it: each change kept at once, one after the other. */
import { effect, signal } from "@preact/signals";
import { command } from "../journey";
import { connected, refusal } from "../state";
import { agenda, type Item, type Written } from "./lists";

/** What is to be kept and is not yet. */
export const mine = signal<readonly Item[] | null>(null);
/** Somebody else has changed it meanwhile; one has to choose. */
export const theirs = signal<Written<Item[]> | null>(null);

let version = 0;
let saving = false;

export function items(): readonly Item[] {
  return mine.value ?? agenda().value.value?.content ?? [];
}

export function change(now: readonly Item[]): void {
  mine.value = now;
  void save();
}

export function choose(own: boolean): void {
  version = theirs.peek()?.version ?? version;
  theirs.value = null;
  if (own) void save();
  else mine.value = null;
}

async function save(): Promise<void> {
  const wanted = mine.peek();
  if (saving || wanted === null || theirs.peek() || !connected.peek()) return;
  saving = true;
  const ack = await command("write_agenda", { version, items: [...wanted] });
  if (ack.ok) version += 1;
  await agenda().ask();
  saving = false;
  if (mine.peek() !== wanted) await save();
  else if (ack.ok) mine.value = null;
  else if (ack.code === "edited_meanwhile") {
    refusal.value = null;
    theirs.value = agenda().value.peek();
  } else if (ack.code) mine.value = null; // the reason is said above
}

let begun = false;

/** From when a host first looks at it. */
export function begin(): void {
  if (begun) return;
  begun = true;
  effect(() => {
    const page = agenda().value.value;
    // While something of one's own waits, it was made of the version it was made of.
    if (page && mine.peek() === null && !saving) version = page.version;
  });
  effect(() => {
    if (connected.value) queueMicrotask(() => void save());
  });
}
