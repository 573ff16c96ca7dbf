import { expect, test } from "vitest";
import { lacking } from "./end";

test("a result, its date where it has one, and a reason for all but an agreement", () => {
  expect(lacking(null, "because", "")).toContain("choose a result");
  expect(lacking("adjourned", "because", "")).toContain("date");
  expect(lacking("adjourned", "because", "2026-12-01")).toBeNull();
  expect(lacking("not_agreed", "  ", "")).toContain("reason");
  expect(lacking("not_agreed", "because", "")).toBeNull();
  expect(lacking("agreed", "", "")).toBeNull();
});
