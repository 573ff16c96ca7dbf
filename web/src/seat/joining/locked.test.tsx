import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Welcome } from "../arrival";
import { CutPage } from "../cut";
import { cut, step, welcome } from "../state";

const comeBackAfterCut = vi.hoisted(() => vi.fn(async () => {}));
vi.mock("../journey", async (original) => ({ ...(await original<object>()), comeBackAfterCut }));

const WELCOME = {
  seat: "me",
  organisation: "Committee",
  help_phone: "12348",
  starts_at: "2026-11-24T06:00:00+00:00",
  time_zone: "Asia/Shanghai",
  locked: true,
} as Welcome;

let answer: () => Response;
let told: Record<string, unknown>[];

beforeEach(() => {
  vi.useFakeTimers();
  comeBackAfterCut.mockClear();
  told = [];
  answer = () => Response.json(WELCOME);
  vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
    if (!url.endsWith("/progress")) return answer();
    told.push(JSON.parse(String(init?.body)));
    return new Response("{}");
  });
  welcome.value = WELCOME;
  step.value = "cut";
  cut.value = "session_locked";
  act(() => render(<CutPage />, document.body));
});

afterEach(() => {
  render(null, document.body);
  cut.value = null;
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const after = (ms: number) => act(async () => void (await vi.advanceTimersByTimeAsync(ms)));

test("before a locked door one waits, says so, and comes in by oneself once it is open", async () => {
  expect(document.body.textContent).toContain("you come in by yourself");
  expect(document.querySelector('a[href="tel:12348"]')).not.toBeNull();
  expect(document.querySelectorAll("main button")).toHaveLength(0);
  await after(29_000);
  expect(told).toHaveLength(1);
  expect(told[0]).toMatchObject({ step: "door", microphone: null, camera: null });
  await after(2000);
  expect(told).toHaveLength(2);
  expect(comeBackAfterCut).not.toHaveBeenCalled();
  answer = () => Response.json({ ...WELCOME, locked: false });
  await after(15_000);
  expect(comeBackAfterCut).toHaveBeenCalledTimes(1);
});

test("without a network one goes on waiting; a page that is gone asks nothing more", async () => {
  answer = () => {
    throw new TypeError("Failed to fetch");
  };
  await after(10_000);
  expect(comeBackAfterCut).not.toHaveBeenCalled();
  expect(document.body.textContent).toContain("The door is closed for now");
  answer = () => Response.json({ ...WELCOME, locked: false });
  act(() => render(null, document.body));
  await after(60_000);
  expect(comeBackAfterCut).not.toHaveBeenCalled();
  expect(told).toHaveLength(1);
});
