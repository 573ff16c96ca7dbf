import { expect, test } from "vitest";
import { card, member, view } from "./example";
import { alone, board, listed, roleName, sides, standing, tiles } from "./people";

const later = "2026-11-24T02:00:00+00:00";

test("the board: claims, who waits longest, then the spaces, the host's own caucus first", () => {
  const found = board(
    view({
      hosting: true,
      space: "c2",
      board: [
        card("gone", { admitted: false, present: false, place: null, since: null }),
        card("b", { place: "side", side: "B" }),
        card("a", { place: "side", side: "A" }),
        card("c1", { place: "caucus", space: "c1" }),
        card("c2", { place: "caucus", space: "c2" }),
        card("late", { admitted: false, place: "lobby", since: later }),
        card("early", { admitted: false, place: "lobby" }),
        card("claim", { admitted: false, claim: true }),
        card("j"),
      ],
    }),
  );
  expect(found.map((g) => g.cards.map((c) => c.seat).join())).toEqual([
    "claim",
    "early,late",
    "j",
    "c2",
    "c1",
    "a",
    "b",
    "gone",
  ]);
  expect(found.find((g) => g.mine)?.cards[0]?.seat).toBe("c2");
});

test("who lost the connection stays in the group of the space they will come back to", () => {
  const [group] = board(view({ hosting: true, board: [card("x", { present: false })] }));
  expect(group?.kind).toBe("joint");
});

test("a side that may be taken aside holds only who is connected and let in", () => {
  const found = sides([
    card("b1", { side: "B" }),
    card("a1", { side: "A" }),
    card("a2", { side: "A", present: false }),
    card("a3", { side: "A", admitted: false, place: "lobby" }),
    card("claim", { side: "A", claim: true }),
    card("interpreter"),
  ]);
  expect(found).toEqual([
    { side: "A", seats: ["a1"] },
    { side: "B", seats: ["b1"] },
  ]);
});

test("tiles: the mediator first, then the sides", () => {
  const people = [
    member("x"),
    member("b", { side: "B" }),
    member("me", { side: "A" }),
    member("a", { side: "A" }),
    member("host", { chair: true }),
  ];
  expect(tiles(people, "me").map((m) => m.seat)).toEqual(["host", "a", "me", "b", "x"]);
});

test("names in a row", () => {
  expect(listed([])).toBe("");
  expect(listed(["A"])).toBe("A");
  expect(listed(["A", "B"])).toBe("A and B");
  expect(listed(["A", "B", "C"])).toBe("A, B and C");
});

test("alone with exactly these people: not with more, not with fewer, not in another space", () => {
  const members = [member("me"), member("alice"), member("bob")];
  const talk = view({ place: "caucus", members });
  expect(alone(talk, ["bob", "alice"])).toBe(true);
  expect(alone(talk, ["alice"])).toBe(false);
  expect(alone(talk, ["alice", "bob", "dora"])).toBe(false);
  expect(alone(view({ place: "joint", members }), ["alice", "bob"])).toBe(false);
});

test("an interpreter into sign language is called so", () => {
  expect(roleName("interpreter")).toBe("Interpreter");
  expect(roleName("interpreter", true)).toBe("Sign-language interpreter");
});

test("what somebody is here, and for whom", () => {
  expect(standing(member("host"))).toBe("Party");
  expect(standing(member("lee", { role: "lawyer", side: "A" }))).toBe("Lawyer · Side\u00a0A");
});
