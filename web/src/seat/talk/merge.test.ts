import { expect, test } from "vitest";
import { merge, moved } from "./merge";

const BASE = "time\nplace\npeople\nresult";

test("changes in different lines are both kept", () => {
  const mine = "time: ten\nplace\npeople\nresult";
  const theirs = "time\nplace\npeople\nresult: agreed";
  const both = "time: ten\nplace\npeople\nresult: agreed";
  expect(merge(BASE, mine, theirs)).toBe(both);
  expect(merge(BASE, theirs, mine)).toBe(both);
});

test("lines that came and lines that went", () => {
  const added = "time\nmore time\nplace\npeople\nresult";
  const removed = "time\nplace\npeople";
  expect(merge(BASE, added, removed)).toBe("time\nmore time\nplace\npeople");
  expect(merge(BASE, removed, added)).toBe("time\nmore time\nplace\npeople");
});

test("where only one has changed anything, theirs stands", () => {
  expect(merge(BASE, BASE, "new")).toBe("new");
  expect(merge(BASE, "new", BASE)).toBe("new");
  expect(merge(BASE, "same", "same")).toBe("same");
  expect(merge("", "", "first")).toBe("first");
});

test("the same lines changed by both are for a person to decide", () => {
  expect(merge(BASE, "TIME\nplace\npeople\nresult", "Time\nplace\npeople\nresult")).toBeNull();
  expect(merge(BASE, `${BASE}\nmine`, `${BASE}\ntheirs`)).toBeNull();
  expect(merge("", "mine", "theirs")).toBeNull();
  expect(merge(BASE, "time\nmine\nmine 2\nresult", "time\nplace\nplace 2\nresult")).toBeNull();
});

test("the caret stays with its words", () => {
  expect(moved(2, "abcdef", "abcdefgh")).toBe(2);
  expect(moved(6, "abcdef", "xabcdef")).toBe(7);
  expect(moved(6, "abcdef", "abc")).toBe(3);
});
