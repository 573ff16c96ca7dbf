import { expect, test } from "vitest";
import { type Counts, Playback } from "./playback";

const NOTHING = {
  freezes: null,
  frozen_ms: null,
  concealed_ms: null,
  dropped: null,
  starved_s: null,
};

function looks(playback: Playback, ...seconds: [who: string | null, counts: Counts][]): void {
  for (const [who, counts] of seconds) playback.look(new Map([["0", { who, counts }]]));
}

const picture = (frames: number, freezes = 0, frozen = 0, dropped = 0): Counts => ({
  framesReceived: frames,
  framesDecoded: frames - dropped,
  framesDropped: dropped,
  freezeCount: freezes,
  totalFreezesDuration: frozen,
});

test("a browser that counts nothing, and a page that hears nobody, tell nothing", () => {
  const playback = new Playback();
  expect(playback.take()).toEqual(NOTHING);
  looks(playback, ["a", {}], ["a", {}], ["a", {}]);
  expect(playback.take()).toEqual(NOTHING);
});

test("freezes of one person count, and once", () => {
  const playback = new Playback();
  looks(playback, ["a", picture(0)], ["a", picture(25)], ["a", picture(50)]);
  looks(playback, ["a", picture(50)], ["a", picture(60, 1, 1.5)], ["a", picture(85, 1, 1.5)]);
  expect(playback.take()).toMatchObject({ freezes: 1, frozen_ms: 1500, dropped: 0 });
  looks(playback, ["a", picture(110, 1, 1.5)]);
  expect(playback.take()).toMatchObject({ freezes: 0, frozen_ms: 0 });
});

test("an empty line and somebody else's first picture are no freeze", () => {
  const playback = new Playback();
  looks(playback, ["a", picture(0)], ["a", picture(25)], [null, picture(30)], [null, picture(30)]);
  looks(playback, ["b", picture(30)], ["b", picture(30)], ["b", picture(40, 1, 300)]);
  looks(playback, ["b", picture(65, 1, 300)]);
  expect(playback.take()).toMatchObject({ freezes: 0, frozen_ms: 0 });
});

test("stills and hidden pictures are not looked at", () => {
  const playback = new Playback();
  looks(playback, ["a", picture(0)], ["a", picture(25)], [null, picture(26, 1, 4)]);
  looks(playback, [null, picture(27, 2, 8)], ["a", picture(28, 3, 12)], ["a", picture(53, 3, 12)]);
  expect(playback.take()).toMatchObject({ freezes: null, frozen_ms: null });
  looks(playback, ["a", picture(78, 3, 12)]);
  expect(playback.take()).toMatchObject({ freezes: 0, frozen_ms: 0 });
});

test("what came and was not shown in time is the share of what came", () => {
  const playback = new Playback();
  looks(playback, ["a", picture(0)], ["a", picture(10)], ["a", picture(30, 0, 0, 5)]);
  expect(playback.take().dropped).toBe(0.25);
});

test("only sound that was invented and could be heard counts", () => {
  const playback = new Playback();
  const voice = (concealed: number, silent: number): Counts => ({
    concealedSamples: concealed,
    silentConcealedSamples: silent,
  });
  looks(playback, ["a", voice(0, 0)], ["a", voice(0, 0)], ["a", voice(96_000, 48_000)]);
  expect(playback.take()).toEqual({ ...NOTHING, concealed_ms: 1000 });
});

test("a new link counts from the beginning, and nothing is counted twice", () => {
  const playback = new Playback();
  looks(playback, ["a", picture(0)], ["a", picture(25)], ["a", picture(50, 2, 3)]);
  playback.renew();
  looks(playback, ["a", picture(0)], ["a", picture(25)], ["a", picture(50, 1, 1)]);
  expect(playback.take()).toMatchObject({ freezes: 3, frozen_ms: 4000 });
});

test("how long one's own picture was made smaller", () => {
  const playback = new Playback();
  playback.lookUp(undefined);
  expect(playback.take().starved_s).toBeNull();
  for (const seconds of [3, 3, 10.4]) playback.lookUp(seconds);
  expect(playback.take().starved_s).toBe(7);
  playback.renew();
  playback.lookUp(2);
  expect(playback.take().starved_s).toBe(0);
});
