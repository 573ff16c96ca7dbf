import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { App } from "../app";
import type { Welcome } from "../arrival";
import * as clock from "../clock";
import { view } from "../example";
import { isEarly } from "../landing";
import { Lobby } from "../lobby";
import { connected, view as seen, step, welcome } from "../state";
import { rehearsal } from "./checks";

const STARTS = "2026-11-24T06:00:00+00:00";
const TEXT = {
  purpose: "online_mediation",
  version: 1,
  language: "en",
  body: "I mediate online.",
  hash: "sha256:1",
} as const;
const WELCOME: Welcome = {
  seat: "me",
  hosting: false,
  host_name: "Wang",
  host_photo: null,
  organisation: "Committee",
  help_phone: "12348",
  starts_at: STARTS,
  now: STARTS,
  moved: false,
  time_zone: "Asia/Shanghai",
  state: "planned",
  said_name: null,
  texts: [TEXT],
  ice_servers: [],
};

let told: Record<string, unknown>[] = [];

beforeEach(() => {
  told = [];
  connected.value = true;
  rehearsal.value = "no";
  vi.stubGlobal(
    "fetch",
    vi.fn(async (url: string, init?: RequestInit) => {
      if (url.endsWith("/progress")) told.push(JSON.parse(String(init?.body)));
      return new Response("{}");
    }),
  );
});

afterEach(() => {
  render(null, document.body);
  vi.unstubAllGlobals();
});

test("more than half an hour before, one comes to try", () => {
  const minutes = (n: number) => Date.parse(STARTS) - n * 60_000;
  expect(isEarly(WELCOME, minutes(31))).toBe(true);
  expect(isEarly(WELCOME, minutes(29))).toBe(false);
  expect(isEarly({ ...WELCOME, state: "open" }, minutes(90))).toBe(false);
});

test("the first page says who, when, what comes, and is told to the mediator", async () => {
  clock.hear(STARTS);
  welcome.value = { ...WELCOME, moved: true };
  step.value = "landing";
  act(() => render(<App />, document.body));
  await vi.waitFor(() => expect(document.body.textContent).toContain("Nothing is recorded."));
  const text = document.body.textContent ?? "";
  expect(text).toContain("Mediator Wang is expecting you");
  expect(text).toContain("Committee");
  expect(text).toContain("The time of this meeting was changed.");
  expect(document.querySelector("svg.ask")?.getAttribute("aria-label")).toContain("Allow");
  await vi.waitFor(() => expect(told).toHaveLength(1));
  expect(told[0]).toMatchObject({ step: "landing", rehearsal: false, microphone: null });
});

test("in the lobby one thing after the other: one's own yes, who is near, their yes, waiting", () => {
  welcome.value = WELCOME;
  const shown = (changes: Parameters<typeof view>[0]) => {
    const one = view({ admitted: false, place: "lobby", members: [], ...changes });
    seen.value = one;
    act(() => render(<Lobby view={one} />, document.body));
    return document.body.textContent ?? "";
  };
  const first = shown({ consents_needed: ["online_mediation"], beside_told: false });
  expect(first).toContain("I mediate online.");
  expect(first).not.toContain("Who is near you?");
  const second = shown({ beside_told: false });
  expect(second).toContain("Who is near you?");
  expect(second).not.toContain("I mediate online.");
  const third = shown({ beside: ["Li Ming"], beside_needed: ["Li Ming"] });
  expect(third).toContain("Li Ming, please read this yourself");
  expect(third).toContain("Near you: Li Ming.");
  const last = shown({ beside: [], expected_at: "2030-01-01T06:35:00+00:00" });
  expect(last).toContain("Everything is ready.");
  expect(last).toContain("The mediator expects to be with you at 14:35.");
  expect(last).toContain("Near you: nobody.");
});
