import { expect, test } from "vitest";
import { Outbox, uuid } from "./outbox";
import type { Ack } from "./protocol.gen";

interface Sent {
  name: string;
  id: unknown;
  answered: (ack: Ack | null) => void;
}

function box() {
  const sent: Sent[] = [];
  let ids = 0;
  const outbox = new Outbox(
    (name, payload, answered) => sent.push({ name, id: payload.id, answered }),
    () => `id-${++ids}`,
  );
  return { outbox, sent, last: () => sent.at(-1) as Sent };
}

test("a command waits for the connection, and the next for its answer", async () => {
  const { outbox, sent, last } = box();
  const first = outbox.push("microphone", { on: true });
  void outbox.push("microphone", { on: false });
  expect(sent).toHaveLength(0);
  outbox.resume();
  expect(sent.map((s) => s.id)).toEqual(["id-1"]);
  last().answered({ ok: true });
  expect(await first).toEqual({ ok: true });
  expect(sent.map((s) => s.id)).toEqual(["id-1", "id-2"]);
});

test("without an answer the same id is sent again, after a new connection too", async () => {
  const { outbox, sent, last } = box();
  outbox.resume();
  const done = outbox.push("leave", {});
  last().answered(null);
  outbox.pause();
  outbox.resume();
  expect(sent.map((s) => s.id)).toEqual(["id-1", "id-1", "id-1"]);
  last().answered({ ok: false, code: "not_here" });
  expect((await done).code).toBe("not_here");
  expect(outbox.waiting).toBe(0);
});

test("what an older connection still answers or gives up changes nothing", () => {
  const { outbox, sent, last } = box();
  outbox.resume();
  void outbox.push("ask", {});
  const old = last();
  outbox.pause();
  old.answered({ ok: true });
  old.answered(null);
  expect(outbox.waiting).toBe(1);
  expect(sent).toHaveLength(1);
});

test("ids are version 4 UUIDs in lower case", () => {
  expect(uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(uuid()).not.toBe(uuid());
});

test("a command kept from before a reload is sent with the id that it had", () => {
  const { outbox, sent } = box();
  outbox.resume();
  void outbox.push("leave", {}, "kept");
  expect(sent.map((s) => s.id)).toEqual(["kept"]);
});
