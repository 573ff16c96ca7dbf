import { expect, test } from "vitest";
import { member, view } from "./example";
import { large, lookedAt } from "./pin";
import { split } from "./tile";

const everybody = Array.from({ length: 12 }, (_, i) => member(`s${i}`));
const told = { slots: ["s9", "s10", "s11"], heard_by: [], screen: null };

test("up to nine have a face each, in their order", () => {
  const nine = everybody.slice(0, 9);
  expect(split(nine, "s0", told)).toEqual({ faces: nine, names: [] });
});

test("of more, those who are really sent have a face, and oneself", () => {
  const { faces, names } = split(everybody, "s8", told);
  const seats = faces.map((m) => m.seat);
  expect(seats).toEqual(["s0", "s1", "s2", "s3", "s4", "s8", "s9", "s10", "s11"]);
  expect(names.map((m) => m.seat)).toEqual(["s5", "s6", "s7"]);
});

test("who interprets into signs is large until one chooses otherwise", () => {
  const seen = view({
    members: [member("me"), member("host"), member("signer", { signs: true })],
  });
  expect(large(seen, null)).toBe("signer");
  expect(large(seen, "host")).toBe("host");
  expect(large(seen, "")).toBeNull();
  expect(large(seen, "gone")).toBeNull();
  expect(lookedAt(seen, null)).toEqual(["signer"]);
  expect(lookedAt(null, "host")).toEqual([]);
});

test("one's own picture is never large, nor a signer who is away", () => {
  expect(large(view(), "me")).toBeNull();
  const gone = view({ members: [member("signer", { signs: true, present: false })] });
  expect(large(gone, null)).toBeNull();
});
