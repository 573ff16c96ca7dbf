import { beforeEach, expect, test } from "vitest";
import { card, member, view } from "../example";
import { raised } from "./agenda_editor";
import { elsewhere, type Line, lobbyOf, newer } from "./lists";
import { audience, draftKey, heading, readers, threads } from "./threads";

let ids = 0;
beforeEach(() => {
  ids = 0;
});

function line(space: string, changes: Partial<Line> = {}): Line {
  ids += 1;
  return {
    id: `m${ids}`,
    space,
    kind: "joint",
    at: "2026-11-24T01:00:00+00:00",
    mine: false,
    name: "An",
    role: "party",
    side: "A",
    claim: false,
    to: null,
    text: `words ${ids}`,
    ...changes,
  };
}

test("what is said here is apart from what was said elsewhere, stay by stay", () => {
  const lines = [line("j"), line("c"), line("c"), line("j"), line("d"), line("j")];
  const { here, earlier } = threads(lines, "j");
  expect(here.map((one) => one.id)).toEqual(["m1", "m4", "m6"]);
  expect(earlier.map((one) => [one.space, one.lines.length])).toEqual([
    ["c", 2],
    ["d", 1],
  ]);
  expect(threads(lines, null).here).toEqual([]);
});

test("a stay is named by the kind of its space; a lobby, to hosts, by who waited there", () => {
  const host = view({ hosting: true, board: [card("b", { name: "Bo" })] });
  const of = (changes: Partial<Line>) => heading({ space: "s", lines: [line("s", changes)] }, host);
  expect(of({ kind: "joint" })).toBe("Joint meeting");
  expect(of({ kind: "caucus" })).toBe("Private talk");
  expect(of({ kind: "side" })).toBe("Your side's room");
  expect(of({ kind: "lobby", to: "b" })).toBe("Lobby: Bo");
  expect(of({ kind: "lobby", to: "gone" })).toBe("Lobby");
});

const An = member("a", { name: "An", side: "A" });
const Bo = member("b", { name: "Bo", side: "B" });
const Wang = member("me", { name: "Wang", chair: true, role: "host" });

test("it is always said to whom one writes", () => {
  const to = (place: "joint" | "caucus" | "side" | "lobby", members = [Wang, An]) =>
    audience(view({ place, members }));
  expect(to("joint")).toBe("To everybody in the joint meeting");
  expect(to("caucus")).toBe("To this side only");
  expect(to("caucus", [Wang, An, Bo])).toBe("To those in this talk only");
  expect(to("side")).toBe("To your own side only");
  expect(to("lobby", [])).toBe("To the mediator only");
  expect(audience(view({ place: "joint", shuttle_only: true }))).toBe("To everybody in this room");
});

test("who reads it is named where it matters, without those who are not connected", () => {
  const gone = member("c", { name: "Ci", side: "A", present: false });
  expect(readers(view({ place: "caucus", members: [Wang, An, gone] }))).toBe("Read by An and you.");
  expect(readers(view({ place: "joint", members: [Wang, An] }))).toBe("");
});

test("what was typed for one side is not shown with another", () => {
  const keys = [
    draftKey(view({ place: "caucus", members: [Wang, An] })),
    draftKey(view({ place: "caucus", members: [Wang, Bo] })),
    draftKey(view({ place: "joint", members: [Wang, An, Bo] })),
  ];
  expect(new Set(keys).size).toBe(3);
});

test("new is what others have written since, and a lobby's words are counted at its card", () => {
  const lines = [line("j"), line("j", { mine: true }), line("l", { to: "b" }), line("j")];
  expect(newer(elsewhere(lines), undefined)).toBe(2);
  expect(newer(elsewhere(lines), "m1")).toBe(1);
  expect(newer(elsewhere(lines), "m4")).toBe(0);
  expect(newer(lobbyOf(lines, "b"), undefined)).toBe(1);
  expect(newer(lobbyOf(lines, "c"), undefined)).toBe(0);
});

test("a point goes up by one", () => {
  const items = ["a", "b", "c"].map((text) => ({ text, done: false }));
  const up = (n: number) => raised(items, n).map((item) => item.text);
  expect(up(2)).toEqual(["a", "c", "b"]);
  expect(up(1)).toEqual(["b", "a", "c"]);
  expect(up(0)).toEqual(["a", "b", "c"]);
  expect(up(7)).toEqual(["a", "b", "c"]);
});
