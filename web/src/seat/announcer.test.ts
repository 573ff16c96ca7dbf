import { expect, test } from "vitest";
import { difference, present } from "./announcer";
import { member } from "./example";

test("who came and who went is said by name, and nothing when nobody did", () => {
  const before = present([member("me"), member("a", { name: "An" })]);
  const now = present([member("me"), member("b", { name: "Bo" }), member("c", { name: "Cai" })]);
  expect(difference(before, now)).toBe("Bo and Cai: now here. An: no longer here.");
  expect(difference(now, now)).toBe("");
});

test("whose connection is lost is not here, though the place is kept", () => {
  const before = present([member("a", { name: "An" })]);
  const lost = present([member("a", { name: "An", present: false })]);
  expect(difference(before, lost)).toBe("An: no longer here.");
});
