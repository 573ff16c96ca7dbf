import { expect, test } from "vitest";
import { hear, minutesSince, now } from "./clock";

test("whole minutes, never negative", () => {
  const noon = Date.parse("2026-11-24T12:00:00Z");
  expect(minutesSince("2026-11-24T11:57:01Z", noon)).toBe(2);
  expect(minutesSince("2026-11-24T12:03:00Z", noon)).toBe(0);
});

test("the server's clock counts, also when ours is a day behind; late news don't turn it back", () => {
  const tomorrow = Date.now() + 86_400_000;
  hear(new Date(tomorrow).toISOString());
  hear(new Date(tomorrow - 3_600_000).toISOString());
  expect(Math.abs(now.value - tomorrow)).toBeLessThan(5000);
});
