/** What is half written, by where it is to go; it outlives a reload of the tab. */
import { type Signal, signal } from "@preact/signals";
import { gone, keptAs, whenGone } from "./forgetting";

const drafts = new Map<string, Signal<string>>();

function name(key: string): string {
  return `${keptAs("draft")}.${key}`;
}

export function draft(key: string): string {
  return found(key).value;
}

export function keepDraft(key: string, text: string): void {
  found(key).value = text;
  if (text && !gone.peek()) sessionStorage.setItem(name(key), text);
  else sessionStorage.removeItem(name(key));
}

/** Something that was not sent comes back to be read again, before what is written already. */
export function putBack(key: string, text: string): void {
  const now = found(key).peek();
  keepDraft(key, now ? `${text}\n${now}` : text);
}

function found(key: string): Signal<string> {
  let known = drafts.get(key);
  if (!known) {
    known = signal(sessionStorage.getItem(name(key)) ?? "");
    drafts.set(key, known);
  }
  return known;
}

whenGone(() => {
  for (const known of drafts.values()) known.value = "";
});
