import { expect, test } from "vitest";
import { lacking } from "./end";

test("a result, its date where it has one, and a reason", () => {
  expect(lacking(null, "because", "")).toContain("choose a result");
  expect(lacking("adjourned", "because", "")).toContain("date");
  expect(lacking("adjourned", "because", "2026-12-01")).toBeNull();
  expect(lacking("agreed", "  ", "")).toContain("reason");
  expect(lacking("agreed", "because", "")).toBeNull();
});
