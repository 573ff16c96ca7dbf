import { expect, test } from "vitest";
import { now } from "../clock";
import { latest, type Minute } from "../quality";
import { bars } from "./quality";

const UNTIL = Date.parse("2026-11-24T01:30:00+00:00");

function minute(ago: number, changes: Partial<Minute> = {}): Minute {
  const at = new Date(UNTIL - ago * 60_000).toISOString();
  return { at, grade: "good", cause: null, loss: 0, round_trip_ms: null, ...changes };
}

test("each minute has its place, and what was not measured is a gap", () => {
  const found = [
    minute(30),
    minute(29, { loss: null }),
    minute(2, { loss: 0.1, grade: "weak" }),
    minute(0, { loss: 0.9, grade: "audio_only" }),
  ];
  expect(bars(found, UNTIL)).toEqual([
    { x: 0, height: 3, grade: "good" },
    { x: 27, height: 24, grade: "weak" },
    { x: 29, height: 48, grade: "audio_only" },
  ]);
});

test("what was long ago is not said of now", () => {
  now.value = UNTIL + 2 * 60_000;
  expect(latest([minute(3), minute(0)])).toEqual(minute(0));
  expect(latest([minute(1)])).toBeNull();
  expect(latest([])).toBeNull();
  expect(latest(undefined)).toBeNull();
});
