import { expect, test } from "vitest";
import { MutedSpeech } from "./hints";

const LOOK_MS = 100;

/** When it says something, of so many looks at this level that begin at `from`. */
function told(speech: MutedSpeech, level: number, looks: number, from = 0): number[] {
  const times = Array.from({ length: looks }, (_, i) => from + i * LOOK_MS);
  return times.filter((now) => speech.look(level, now));
}

test("a second of speech is told, a cough and a quiet room are not", () => {
  expect(told(new MutedSpeech(), 0.7, 15)).toHaveLength(1);
  expect(told(new MutedSpeech(), 0.2, 600)).toEqual([]);
  const coughing = new MutedSpeech();
  expect(told(coughing, 0.9, 4)).toEqual([]);
  expect(told(coughing, 0.1, 20, 400)).toEqual([]);
  expect(told(coughing, 0.9, 4, 2400)).toEqual([]);
});

test("whoever goes on speaking is told again, but not within twenty seconds", () => {
  const times = told(new MutedSpeech(), 0.7, 450);
  expect(times.length).toBeGreaterThan(1);
  const pauses = times.slice(1).map((time, i) => time - (times[i] ?? 0));
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(20_000);
});
