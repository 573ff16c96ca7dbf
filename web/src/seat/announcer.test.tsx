import { render } from "preact";
import { act } from "preact/test-utils";
import { expect, test, vi } from "vitest";
import { Announcer, difference, present } from "./announcer";
import { member, view } from "./example";

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

test("what was said is gone after a while, and the same can be said again", async () => {
  vi.useFakeTimers();
  const show = (...seats: string[]) =>
    act(() =>
      render(
        <Announcer view={view({ members: seats.map((seat) => member(seat)) })} />,
        document.body,
      ),
    );
  await show("me");
  await show("me", "an");
  await act(() => void vi.advanceTimersByTime(20));
  expect(document.body.textContent).toBe("AN: now here.");
  await act(() => void vi.advanceTimersByTime(6000));
  expect(document.body.textContent).toBe("");
  render(null, document.body);
  vi.useRealTimers();
});
