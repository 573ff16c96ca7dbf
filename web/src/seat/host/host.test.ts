import { expect, test } from "vitest";
import { card, member, view } from "../example";
import type { Progress } from "../joining/progress";
import { board } from "../people";
import { welcome } from "../state";
import type { Line } from "../talk/lists";
import { clockTime } from "../time";
import { type Alert, alerts, comings } from "./alerts";
import { dropping } from "./dragging";
import { shares } from "./fairness";
import { meant } from "./keys";
import { follow } from "./knocks";
import { next } from "./panel";
import { sentences, standing } from "./progress";
import { chosen, selected } from "./selected";
import { minutesUntil } from "./times";
import { unanswered } from "./unanswered";

const START = Date.parse("2026-11-24T01:00:00+00:00");
const minutes = (n: number) => new Date(START + n * 60_000).toISOString();
const ALICE = { name: "Alice", side: "A" };

function told(changes: Parameters<typeof view>[0], after = 0, more = {}): Alert[] {
  const known = {
    silent: [],
    troubles: new Map<string, string>(),
    outside: new Set<string>(),
    secondOutside: new Set<string>(),
    unanswered: [],
    ...more,
  };
  return alerts({
    view: view({ hosting: true, ...changes }),
    now: START + after * 60_000,
    ...known,
  });
}

const texts = (found: Alert[]) => found.map((alert) => alert.text);

test("alerts: help first, then claims, what keeps people out, silent microphones, wishes", () => {
  const found = told(
    {
      board: [
        card("a", { ...ALICE, asks: ["private_word", "break"] }),
        card("b", { name: "Bob", microphone: true }),
        card("c", { name: "Carol", present: false, admitted: false, place: null, since: null }),
        card("d", { name: "Dan", claim: true, admitted: false, place: "lobby" }),
        card("e", { name: "Eve", admitted: false, place: "lobby", asks: ["help"] }),
        card("f", { name: "Frank", beside: ["Ming"] }),
        card("g", { name: "Grace", beside: ["Hua"], beside_agreed: true }),
        card("h", { name: "Hugo", beside: ["Li"], admitted: false, place: "lobby" }),
      ],
    },
    0,
    {
      silent: ["a", "b"],
      troubles: new Map([["c", "the camera is blocked, in WeChat"]]),
      unanswered: ["e", "a"],
    },
  );
  expect(texts(found)).toEqual([
    "Eve needs help.",
    "Another device wants the place of Dan.",
    "Carol can't get in: the camera is blocked, in WeChat",
    "Nothing is heard from the microphone of Bob.",
    "Ming: there with Frank, and not everyone has agreed.",
    "Eve has written to you.",
    "Alice would like a private word.",
    "Alice would like a break.",
  ]);
  expect(new Set(found.map((alert) => alert.key)).size).toBe(found.length);
});

test("who stands before the locked door is told, until they come in or it is open", () => {
  const board = [card("a", { ...ALICE, present: false, admitted: false, place: null })];
  const outside = { outside: new Set(["a"]) };
  expect(told({ locked: true, board }, 0, outside)).toEqual([
    {
      key: "locked out a",
      seat: "a",
      text: "Alice is at the door. The meeting is locked.",
      locked: true,
    },
  ]);
  expect(told({ locked: false, board }, 0, outside)).toEqual([]);
  expect(told({ locked: true, board }, 0)).toEqual([]);
  expect(told({ locked: true, board: [card("a", ALICE)] }, 0, outside)).toEqual([]);
  const called = board.map((one) => ({ ...one, let_through: true }));
  expect(told({ locked: true, board: called }, 0, outside)).toEqual([]);
});

test("a second device before the locked door is told, whosever link it has", () => {
  const board = [card("a", ALICE), card("b", { name: "Bob", present: false })];
  const found = { secondOutside: new Set(["a", "b", "me"]) };
  expect(told({ locked: true, board }, 0, found)).toEqual([
    {
      key: "second outside a",
      seat: "a",
      text: "Another device is at the door with the link of Alice. The meeting is locked.",
      locked: true,
    },
    {
      key: "second outside me",
      seat: null,
      text: "Another device is at the door with your own link. The meeting is locked.",
    },
  ]);
  expect(told({ locked: false, board }, 0, found)).toEqual([]);
});

test("a page that says no more that it waits outside is not believed for long", () => {
  const at = minutes(0);
  const line = { seat: "a", rehearsal: false, second: false, step: "door", at } as Progress;
  expect([...standing([line], START + 60_000)]).toEqual(["a"]);
  expect([...standing([line], START + 120_000)]).toEqual([]);
  expect([...standing([{ ...line, step: "lobby" }], START)]).toEqual([]);
  expect([...standing([{ ...line, rehearsal: true }], START)]).toEqual([]);
  const other = [line, { ...line, seat: "b", second: true }];
  expect([...standing(other, START)]).toEqual(["a"]);
  expect([...standing(other, START, true)]).toEqual(["b"]);
});

test("who waits longest is told after three minutes, and once the same, however long it takes", () => {
  const lobby = { admitted: false, place: "lobby" } as const;
  const waiting = {
    board: [
      card("b", { name: "Bob", ...lobby, since: minutes(1) }),
      card("a", { ...ALICE, place: "side", since: minutes(0) }),
      card("c", { name: "Carol", ...lobby, since: minutes(-9), ready: false }),
      card("d", { name: "Dan", ...lobby, since: minutes(-9), sent_out: true }),
      card("i", { name: "Interpreter", place: "side", since: minutes(-9) }),
    ],
  };
  expect(told(waiting, 2)).toEqual([]);
  const [first] = told(waiting, 3);
  expect(first?.text).toBe("Alice has waited longest.");
  expect(told(waiting, 30)).toEqual([first]);
});

test("a promise and a break are alerts when their time has come", () => {
  const promised = { board: [card("a", { ...ALICE, place: "side", expected_at: minutes(5) })] };
  expect(told(promised, 4)).toEqual([]);
  expect(texts(told(promised, 5))).toEqual([`You said ${clockTime(minutes(5))} to Alice.`]);
  const paused = { ...promised, break_until: minutes(5) };
  expect(told(paused, 4)).toEqual([]);
  expect(texts(told(paused, 5))).toEqual(["The break is over."]);
});

test("who has come and who is gone; who was there from the beginning is no news", () => {
  const before = [card("a", ALICE), card("b", { name: "Bob", present: false })];
  const after = [
    card("a", { ...ALICE, present: false }),
    card("b", { name: "Bob" }),
    card("c", { name: "Carol" }),
  ];
  const elsewhere = view({ space: "c", board: after });
  expect(comings(before, elsewhere)).toEqual(["Alice is not connected any more.", "Bob has come."]);
  expect(comings([], elsewhere)).toEqual([]);
  expect(comings(before, view({ board: after }))).toEqual([]);
});

test("what keeps somebody out today, by the browser it is in; a rehearsal's troubles are over", () => {
  const line: Progress = {
    seat: "a",
    rehearsal: false,
    second: false,
    step: "devices",
    fault: null,
    browser: "WeChat",
    microphone: true,
    camera: false,
    speaker: null,
    transport: null,
    rtt_ms: null,
    loss: null,
    at: minutes(0),
  };
  const found = sentences([
    { ...line, fault: "camera_denied" },
    { ...line, seat: "b" },
    { ...line, seat: "c", fault: "busy", rehearsal: true },
  ]);
  expect([...found]).toEqual([["a", "camera blocked, in WeChat"]]);
});

test("words from a lobby are unanswered until a host has the last one", () => {
  const line = (to: string | null, changes: Partial<Line> = {}): Line => ({
    id: "1",
    space: "s",
    kind: "lobby",
    at: minutes(0),
    mine: false,
    name: "Eve",
    role: "party",
    side: null,
    claim: false,
    to,
    text: "",
    ...changes,
  });
  expect(unanswered([line("a"), line("b"), line("b", { mine: true }), line(null)])).toEqual(["a"]);
  expect(unanswered([line("a"), line("a", { role: "co_mediator" })])).toEqual([]);
});

test("talk and time alone by side, the mediators last", () => {
  const cards = [
    card("b", { side: "B", place: "side", since: minutes(0) }),
    card("a1", { side: "A" }),
    card("a2", { side: "A" }),
    card("claim", { side: "C", claim: true }),
  ];
  const found = shares(cards, { a1: 30, a2: 45, me: 100 }, START + 7 * 60_000);
  expect(found).toEqual([
    { side: "A", spoken: 75, alone: null },
    { side: "B", spoken: 0, alone: 7 },
    { side: null, spoken: 100, alone: null },
  ]);
});

test("a knock: asked, heard, declined; forgotten when one is inside or nobody is", () => {
  const room = (knocked: boolean, present = true) =>
    view({ board: [card("a", { place: "side", space: "s", knocked, present })] });
  expect(follow({ s: "asked" }, room(false))).toEqual({ s: "asked" });
  expect(follow({ s: "asked" }, room(true))).toEqual({ s: "knocking" });
  expect(follow({ s: "knocking" }, room(false))).toEqual({ s: "declined" });
  expect(follow({ s: "knocking" }, { ...room(false), space: "s" })).toEqual({});
  expect(follow({ s: "knocking" }, room(false, false))).toEqual({});
});

test("a card may be dropped only where its button would take it, too", () => {
  const groups = (found: ReturnType<typeof view>) =>
    Object.fromEntries(board(found).map((group) => [`${group.kind} ${group.side}`, group]));
  const cards = [
    card("a", { side: "A" }),
    card("b", { side: "B", place: "side", space: "sb" }),
    card("w", { side: "A", admitted: false, place: "lobby" }),
    card("x", { side: "A", place: "side", space: "sa" }),
  ];
  const seen = view({ hosting: true, board: cards });
  const at = groups(seen);
  const drops = (seat: string, where: string, one = seen) => {
    const found = cards.find((c) => c.seat === seat);
    const group = at[where];
    return found && group ? dropping(found, group, one) !== null : null;
  };
  expect(drops("w", "joint null")).toBe(true);
  expect(drops("w", "side A")).toBe(false);
  expect(drops("a", "joint null")).toBe(false);
  expect(drops("a", "side A")).toBe(true);
  expect(drops("a", "side B")).toBe(false);
  expect(drops("b", "joint null")).toBe(true);
  expect(drops("b", "joint null", { ...seen, shuttle_only: true })).toBe(false);
  expect(drops("a", "waiting null")).toBe(false);
  // Into one's own talk with a side: its own people, and nobody of another side.
  const talking = view({
    hosting: true,
    place: "caucus",
    space: "c",
    members: [member("me"), member("t", { side: "A" })],
    board: [...cards, card("t", { side: "A", place: "caucus", space: "c" })],
  });
  Object.assign(at, groups(talking));
  expect(drops("a", "caucus null", talking)).toBe(true);
  expect(drops("b", "caucus null", talking)).toBe(false);
});

test("only who can be moved now is taken along", () => {
  selected.value = new Set(["a", "gone", "lobby"]);
  const cards = [
    card("a"),
    card("b"),
    card("gone", { present: false }),
    card("lobby", { admitted: false }),
  ];
  expect(chosen(cards)).toEqual(["a"]);
  selected.value = new Set();
});

test("tabs by keyboard go round, and Home and End are the ends", () => {
  expect(next("agenda", "ArrowLeft")).toBe("minutes");
  expect(next("minutes", "ArrowRight")).toBe("agenda");
  expect(next("papers", "Home")).toBe("agenda");
  expect(next("agenda", "End")).toBe("minutes");
  expect(next("agenda", "a")).toBeNull();
});

test("a time of the clock on the wall is so many minutes away, at most two hours", () => {
  welcome.value = { time_zone: "UTC" } as typeof welcome.value;
  const at = Date.parse("2026-11-24T15:50:00+00:00");
  expect(minutesUntil("16:05", at)).toBe(15);
  expect(minutesUntil("00:10", at + 8 * 3_600_000)).toBe(20);
  expect(minutesUntil("15:50", at)).toBeNull();
  expect(minutesUntil("18:00", at)).toBeNull();
  expect(minutesUntil("", at)).toBeNull();
});

test("keys do nothing while one writes, nor with another key held", () => {
  const press = (target: Element, init: KeyboardEventInit = {}) => {
    document.body.replaceChildren(target);
    let found: boolean | null = null;
    const listen = (event: Event) => {
      found = meant(event as KeyboardEvent);
    };
    document.addEventListener("keydown", listen, { once: true });
    target.dispatchEvent(new KeyboardEvent("keydown", { key: "m", bubbles: true, ...init }));
    return found;
  };
  expect(press(document.createElement("button"))).toBe(true);
  expect(press(document.createElement("textarea"))).toBe(false);
  expect(press(document.createElement("button"), { ctrlKey: true })).toBe(false);
  expect(press(document.createElement("button"), { repeat: true })).toBe(false);
});
