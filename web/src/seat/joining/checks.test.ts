import { expect, test } from "vitest";
import type { Network } from "../call/probe";
import { verdict } from "./checks";
import { notes } from "./notes";

const GOOD: Network = {
  ok: true,
  transport: "udp",
  rtt_ms: 40,
  loss: 0,
  jitter_ms: 3,
  fault: null,
};

test.each([
  [GOOD, "good"],
  [{ ...GOOD, transport: "tcp" }, "detour"],
  [{ ...GOOD, transport: "relay" }, "detour"],
  [{ ...GOOD, ok: false, loss: 0.2 }, "weak"],
  [{ ...GOOD, ok: false, transport: null, fault: "no_path" }, "no_way"],
  [{ ...GOOD, ok: false, transport: null, fault: "refused" }, "untried"],
  [{ ...GOOD, ok: false, transport: null, fault: "no_answer" }, "untried"],
] as [Network, string][])("%o is %s", (found, said) => {
  expect(verdict(found)).toBe(said);
});

test("the notes are a sound file that begins and ends in silence", () => {
  const file = new DataView(notes());
  const text = (at: number) => String.fromCharCode(...new Uint8Array(file.buffer, at, 4));
  expect([text(0), text(8), text(36)]).toEqual(["RIFF", "WAVE", "data"]);
  expect(file.getUint32(4, true)).toBe(file.byteLength - 8);
  expect(file.getUint32(40, true)).toBe(file.byteLength - 44);
  const samples = new Int16Array(file.buffer, 44);
  expect(samples[0]).toBe(0);
  expect(Math.abs(samples.at(-1) ?? 99)).toBeLessThan(30);
  expect(Math.max(...samples)).toBeGreaterThan(8000);
  expect(Math.max(...samples)).toBeLessThan(32_767);
});
