import { afterEach, expect, test, vi } from "vitest";
import { Playback } from "./call/playback";
import { member, view } from "./example";
import { expectedOf, tellOutcome } from "./outcome";
import { view as current } from "./state";

afterEach(() => {
  vi.useRealTimers();
  current.value = null;
});

test("who has the camera off or is out of sight is not expected to move", () => {
  const on = { microphone: true, camera: true };
  const seen = view({
    members: [
      member("a", on),
      member("b", { ...on, camera: false }),
      member("c", { ...on, microphone: false }),
      member("d", on),
    ],
  });
  expect(expectedOf(["a", "b", null, "c", "d", "gone"], seen, { a: 180, b: 180, c: 90 })).toEqual([
    { voice: "a", picture: "a" },
    { voice: "b", picture: null },
    { voice: null, picture: null },
    { voice: null, picture: "c" },
    { voice: "d", picture: null },
    { voice: null, picture: null },
  ]);
  expect(expectedOf(["a"], null, {})).toEqual([{ voice: null, picture: null }]);
});

test("it is told once a minute in a room, and never from a lobby", () => {
  vi.useFakeTimers();
  const playback = vi.fn();
  const stop = tellOutcome({ playback }, new Playback());
  current.value = view({ admitted: false, place: "lobby" });
  vi.advanceTimersByTime(60_000);
  expect(playback).not.toHaveBeenCalled();
  current.value = view();
  vi.advanceTimersByTime(60_000);
  expect(playback).toHaveBeenCalledTimes(1);
  stop();
  vi.advanceTimersByTime(120_000);
  expect(playback).toHaveBeenCalledTimes(1);
});
