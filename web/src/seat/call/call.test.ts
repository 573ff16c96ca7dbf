import { expect, test } from "vitest";
import { view } from "../example";
import { sending } from "./call";
import { loudness } from "./level";

test("from a lobby nothing is sent, whatever is switched on", () => {
  const on = { microphone: true, camera: true };
  expect(sending(null)).toEqual({ audio: false, video: false });
  expect(sending(view({ ...on, admitted: false }))).toEqual({ audio: false, video: false });
  expect(sending(view({ ...on, place: "lobby" }))).toEqual({ audio: false, video: false });
  expect(sending(view({ ...on, place: null }))).toEqual({ audio: false, video: false });
});

test("inside, the server's word decides on the microphone", () => {
  expect(sending(view({ camera: true }))).toEqual({ audio: false, video: true });
  expect(sending(view({ microphone: true, place: "caucus" }))).toEqual({
    audio: true,
    video: false,
  });
});

test("the meter: silence is nothing, a full wave is everything", () => {
  expect(loudness(new Uint8Array(64).fill(128))).toBe(0);
  expect(loudness(Uint8Array.from({ length: 64 }, (_, i) => (i % 2 ? 255 : 0)))).toBe(1);
  const speech = loudness(Uint8Array.from({ length: 64 }, (_, i) => (i % 2 ? 134 : 122)));
  expect(speech).toBeGreaterThan(0.4);
  expect(speech).toBeLessThan(0.9);
});
