import { render } from "preact";
import { act } from "preact/test-utils";
import { expect, test, vi } from "vitest";
import { Carried } from "./carried";
import { carried } from "./news";

const said = () => document.body.textContent ?? "";

async function step(how: typeof carried.value): Promise<string> {
  await act(() => {
    carried.value = how;
  });
  await act(() => void vi.advanceTimersByTime(20));
  return said();
}

test("each step down is said, and the way back, and then nothing more", async () => {
  vi.useFakeTimers();
  await act(() => render(<Carried />, document.body));
  expect(said()).toBe("");
  expect(await step("small")).toContain("you see the others smaller");
  expect(await step("stills")).toContain("a new picture every few seconds");
  expect(await step("none")).toContain("we paused video");
  expect(await step("small")).toContain("you see the others smaller");
  expect(await step("full")).toBe("Your network is better: the full pictures are back.");
  expect(await step("small")).toContain("smaller");
  expect(await step("full")).toContain("are back");
  await act(() => void vi.advanceTimersByTime(11_000));
  expect(said()).toBe("");
  render(null, document.body);
  vi.useRealTimers();
});
