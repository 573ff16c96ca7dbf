/**
 * Commands on their way: one at a time, in order, each with an id of its own and sent again with
 * the same id until it is answered. The server does an id once, however often it hears it.
 */
import type { Ack } from "./protocol.gen";

interface Waiting {
  name: string;
  payload: Record<string, unknown>;
  settle: (ack: Ack) => void;
}

/** Sends one command; `answered(null)` when no answer came in time. */
export type Send = (
  name: string,
  payload: Record<string, unknown>,
  answered: (ack: Ack | null) => void,
) => void;

export class Outbox {
  private readonly queue: Waiting[] = [];
  private connected = false;
  /** Grows with every attempt, so that the answer to an older one is not taken for this one's. */
  private attempt = 0;

  constructor(
    private readonly send: Send,
    private readonly newId: () => string = uuid,
  ) {}

  /**
   * Settles with the server's answer, after however many connections that takes. With an `id` kept
   * from before a reload, what may have been done already is not done twice.
   */
  push(name: string, body: Record<string, unknown>, id = this.newId()): Promise<Ack> {
    return new Promise((settle) => {
      this.queue.push({ name, payload: { ...body, id }, settle });
      if (this.queue.length === 1) this.sendFirst();
    });
  }

  get waiting(): number {
    return this.queue.length;
  }

  resume(): void {
    this.connected = true;
    this.sendFirst();
  }

  pause(): void {
    this.connected = false;
    this.attempt += 1;
  }

  private sendFirst(): void {
    const first = this.queue[0];
    if (!first || !this.connected) return;
    this.attempt += 1;
    const attempt = this.attempt;
    this.send(first.name, first.payload, (ack) => {
      if (attempt !== this.attempt) return;
      if (ack !== null) {
        this.queue.shift();
        first.settle(ack);
      }
      this.sendFirst();
    });
  }
}

/** `crypto.randomUUID` exists on secure pages only; this page also has to say that it isn't one. */
export function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
