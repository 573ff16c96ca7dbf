/**
 * Words on their way: kept in the tab until the server has them, and sent once, however often the
 * page is reloaded in between. What it refuses stays, with the reason, to be read again.
 */
import { effect, signal } from "@preact/signals";
import { uuid } from "../../wire/outbox";
import type { Ack } from "../../wire/protocol.gen";
import { command } from "../journey";
import { connected, refusal, step } from "../state";
import { gone, keptAs, whenGone } from "./forgetting";
import { messages, notes } from "./lists";

export interface Unsent {
  /** The command's: the server does it once. */
  readonly id: string;
  readonly what: "say" | "note";
  readonly text: string;
  /** In whose lobby it is to be read, from a host. */
  readonly to: string | null;
  /** The space, or the lobby, it was typed for; in another one it is refused. */
  readonly space: string | null;
  /** Why the server would not have it. */
  readonly refused: string | null;
}

const KEPT = keptAs("unsent");

export const unsent = signal<readonly Unsent[]>(JSON.parse(sessionStorage.getItem(KEPT) ?? "[]"));

/** On the present connection; a new one knows nothing of them. */
const flying = new Set<string>();

export function send(
  what: Unsent["what"],
  text: string,
  where: { to?: string; space?: string | null },
): void {
  const to = where.to ?? null;
  const space = where.space ?? null;
  const made: Unsent = { id: uuid(), what, text, to, space, refused: null };
  keep([...unsent.peek(), made]);
  void post(made);
}

export function drop(id: string): void {
  keep(unsent.peek().filter((one) => one.id !== id));
}

async function post(one: Unsent): Promise<void> {
  if (flying.has(one.id) || !connected.peek()) return;
  flying.add(one.id);
  const ack = await said(one);
  flying.delete(one.id);
  if (ack.ok) {
    // Until the list has it, it stays in sight.
    await (one.what === "say" ? messages() : notes()).ask();
    drop(one.id);
  } else if (ack.code) {
    // The reason stands beside the words, and needn't stand above as well.
    refusal.value = null;
    const why = ack.text ?? ack.code;
    keep(unsent.peek().map((other) => (other.id === one.id ? { ...other, refused: why } : other)));
  }
}

function said({ id, what, text, to, space }: Unsent): Promise<Ack> {
  return what === "say"
    ? command("say", { text, to, space }, id)
    : command("note", { text, space: space ?? "" }, id);
}

function keep(those: readonly Unsent[]): void {
  unsent.value = those;
  if (those.length > 0 && !gone.peek()) sessionStorage.setItem(KEPT, JSON.stringify(those));
  else sessionStorage.removeItem(KEPT);
}

effect(() => {
  if (step.value !== "room") flying.clear();
});
whenGone(() => keep([]));
effect(() => {
  if (!connected.value) return;
  queueMicrotask(() => {
    for (const one of unsent.peek()) if (one.refused === null) void post(one);
  });
});
