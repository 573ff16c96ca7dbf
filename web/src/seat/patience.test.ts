import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { patience } from "./patience";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test("what takes a second is told once, what is answered before is not", () => {
  const long = vi.fn();
  patience(long);
  vi.advanceTimersByTime(900);
  expect(long).not.toHaveBeenCalled();
  vi.advanceTimersByTime(5000);
  expect(long).toHaveBeenCalledTimes(1);
  const answered = patience(long);
  vi.advanceTimersByTime(900);
  answered();
  vi.advanceTimersByTime(5000);
  expect(long).toHaveBeenCalledTimes(1);
});

test("a page that is not in front, as while a screen is chosen, says nothing of the network", () => {
  const long = vi.fn();
  const seen = vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
  patience(long);
  vi.advanceTimersByTime(60_000);
  expect(long).not.toHaveBeenCalled();
  seen.mockReturnValue("visible");
  vi.advanceTimersByTime(1000);
  expect(long).toHaveBeenCalledTimes(1);
});
