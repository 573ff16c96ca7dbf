import { afterEach, expect, test, vi } from "vitest";
import { watchPage } from "./wake";

const wake = vi.fn();
const moved = vi.fn();
const seen = vi.fn();
let stop = () => {};

function visible(yes: boolean): void {
  vi.spyOn(document, "visibilityState", "get").mockReturnValue(yes ? "visible" : "hidden");
  document.dispatchEvent(new Event("visibilitychange"));
}

afterEach(() => {
  stop();
  vi.restoreAllMocks();
  vi.clearAllMocks();
});

test("put aside is told and wakes nothing; taken up again it does both", () => {
  stop = watchPage({ wake, moved, seen });
  visible(false);
  expect([seen.mock.lastCall, wake.mock.calls.length]).toEqual([[false], 0]);
  visible(true);
  expect([seen.mock.lastCall, wake.mock.calls.length]).toEqual([[true], 1]);
  expect(moved).not.toHaveBeenCalled();
});

test("another network, a thaw and a page out of the browser's memory wake it", () => {
  stop = watchPage({ wake, moved, seen });
  window.dispatchEvent(new Event("online"));
  document.dispatchEvent(new Event("resume"));
  window.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
  expect(wake).toHaveBeenCalledTimes(3);
  expect(moved).toHaveBeenCalledTimes(1);
  window.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: false }));
  expect(wake).toHaveBeenCalledTimes(3);
});

test("afterwards nothing is heard any more", () => {
  watchPage({ wake, moved, seen })();
  window.dispatchEvent(new Event("online"));
  visible(false);
  expect(wake).not.toHaveBeenCalled();
  expect(seen).not.toHaveBeenCalled();
});
