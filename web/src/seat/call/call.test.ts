import { expect, test } from "vitest";
import { view } from "../example";
import { sending } from "./call";
import { loudness } from "./level";

const NOTHING = { audio: false, video: false, screen: false };

test("from a lobby nothing is sent, whatever is switched on", () => {
  const on = { microphone: true, camera: true, shown: { ...view().shown, screen: "me" } };
  expect(sending(null)).toEqual(NOTHING);
  expect(sending(view({ ...on, admitted: false }))).toEqual(NOTHING);
  expect(sending(view({ ...on, place: "lobby" }))).toEqual(NOTHING);
  expect(sending(view({ ...on, place: null }))).toEqual(NOTHING);
});

test("inside, the server's word decides on the microphone", () => {
  expect(sending(view({ camera: true }))).toEqual({ ...NOTHING, video: true });
  expect(sending(view({ microphone: true, place: "caucus" }))).toEqual({ ...NOTHING, audio: true });
});

test("a screen is sent only where the server says that this one is shown", () => {
  const shown = (screen: string | null) => view({ shown: { ...view().shown, screen } });
  expect(sending(shown("me"))).toEqual({ ...NOTHING, screen: true });
  expect(sending(shown("somebody"))).toEqual(NOTHING);
  expect(sending(shown(null))).toEqual(NOTHING);
});

test("the meter: silence is nothing, a full wave is everything", () => {
  expect(loudness(new Uint8Array(64).fill(128))).toBe(0);
  expect(loudness(Uint8Array.from({ length: 64 }, (_, i) => (i % 2 ? 255 : 0)))).toBe(1);
  const speech = loudness(Uint8Array.from({ length: 64 }, (_, i) => (i % 2 ? 134 : 122)));
  expect(speech).toBeGreaterThan(0.4);
  expect(speech).toBeLessThan(0.9);
});
