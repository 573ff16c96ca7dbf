import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { App } from "../app";
import type { Text, Welcome } from "../arrival";
import * as clock from "../clock";
import { now } from "../clock";
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
  body: "Mediating online\n\nI mediate online.",
  hash: "sha256:1",
  essentials: ["Why: it is the law.", "Voluntary and free. You may refuse."],
} satisfies Text;
const DISCREET = {
  purpose: "attending",
  version: 1,
  language: "en",
  body: "Being present\n\nI keep it to myself.",
  hash: "sha256:2",
  essentials: [],
} satisfies Text;
const WELCOME: Welcome = {
  seat: "me",
  hosting: false,
  host_name: "Wang",
  host_photo: null,
  organisation: "Committee",
  help_phone: "12348",
  starts_at: STARTS,
  opens_at: "2026-11-24T05:30:00+00:00",
  now: STARTS,
  moved: false,
  locked: false,
  time_zone: "Asia/Shanghai",
  state: "planned",
  said_name: null,
  texts: [TEXT],
  beside_texts: [DISCREET],
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
  vi.restoreAllMocks();
});

test("before the door opens one comes to try, and there is no way in", async () => {
  const minutes = (n: number) => Date.parse(STARTS) - n * 60_000;
  expect(isEarly(WELCOME, minutes(31))).toBe(true);
  expect(isEarly(WELCOME, minutes(30))).toBe(false);
  expect(isEarly({ opens_at: null }, minutes(90))).toBe(false);
  clock.hear("2026-11-23T06:00:00+00:00");
  vi.spyOn(Date, "now").mockReturnValue(Date.parse("2026-11-23T06:00:00+00:00"));
  now.value = Date.parse("2026-11-23T06:00:00+00:00");
  welcome.value = WELCOME;
  step.value = "landing";
  act(() => render(<App />, document.body));
  await vi.waitFor(() => expect(document.body.textContent).toContain("Try your devices now"));
  const buttons = () => [...document.querySelectorAll("main button")].map((b) => b.textContent);
  expect(buttons()).toEqual(["Try your devices now"]);
  expect(document.querySelector('main a[href="tel:12348"]')).not.toBeNull();
  act(() => {
    welcome.value = { ...WELCOME, opens_at: null };
  });
  expect(buttons()).toEqual(["Join"]);
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
  expect(first).toContain("Step 2 of 3");
  expect(first).toContain("You may refuse.");
  expect(first).toContain("I mediate online.");
  expect(first).not.toContain("Who is near you?");
  const second = shown({ beside_told: false });
  expect(second).toContain("Who is near you?");
  expect(second).not.toContain("I mediate online.");
  const third = shown({ beside: ["Li Ming"], beside_needed: ["Li Ming"] });
  expect(third).toContain("Step 4 of 4");
  expect(third).toContain("Li Ming, please read this yourself");
  expect(third).toContain("I keep it to myself.");
  expect(third).not.toContain("I mediate online.");
  const claim = shown({ claim: true, consents_needed: [], beside_told: false });
  expect(claim).toContain("once the mediator has chosen");
  expect(claim).not.toContain("Who is near you?");
  const last = shown({ beside: [], expected_at: "2030-01-01T06:35:00+00:00" });
  expect(last).toContain("Everything is ready.");
  expect(last).toContain("The mediator expects to be with you at 14:35.");
  expect(last).toContain("Near you: nobody.");
});
