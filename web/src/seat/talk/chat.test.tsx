import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Ack, View } from "../../wire/protocol.gen";
import { view } from "../example";
import { connected, refusal, view as seen, step } from "../state";
import type { Line } from "./lists";

const sent: { name: string; body: Record<string, unknown>; id: string }[] = [];
let answer: (ack: Ack) => void = () => {};
vi.mock("../journey", () => ({
  command: (name: string, body: Record<string, unknown>, id: string) => {
    sent.push({ name, body, id });
    return new Promise<Ack>((settle) => {
      answer = settle;
    });
  },
}));

let lists: Record<string, unknown> = {};
const JOINT = view({ place: "joint", space: "j" });

/** The page as it is after a reload: what it kept is in the tab alone. */
async function opened(at: View = JOINT) {
  vi.resetModules();
  const talk = await import("./index");
  const state = await import("../state");
  state.view.value = at;
  state.step.value = "room";
  state.connected.value = connected.value;
  await act(() => render(<talk.ChatPanel view={at} />, document.body));
  return { talk, state };
}

function write(text: string) {
  const field = document.querySelector("textarea");
  if (!field) throw new Error("no field");
  return act(() => {
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

const press = (name: string) =>
  act(() => [...document.querySelectorAll("button")].find((b) => b.textContent === name)?.click());
const text = () => document.body.textContent ?? "";

vi.setConfig({ testTimeout: 30_000 });

beforeEach(() => {
  sent.length = 0;
  lists = { messages: [] };
  sessionStorage.clear();
  connected.value = true;
  seen.value = JOINT;
  step.value = "room";
  refusal.value = null;
  vi.stubGlobal(
    "fetch",
    vi.fn(async (url: string) => new Response(JSON.stringify(lists[url.split("/").at(-1) ?? ""]))),
  );
});

afterEach(() => act(() => render(null, document.body)));

test("words say for which space they are, and stay in sight until the list has them", async () => {
  await opened();
  await write("Good morning");
  await press("Send message");
  expect(sent.map(({ name, body }) => [name, body])).toEqual([
    ["say", { text: "Good morning", to: null, space: "j" }],
  ]);
  expect(document.querySelector("textarea")?.value).toBe("");
  expect(text()).toContain("On its way…");
  const line: Partial<Line> = { id: "m1", space: "j", mine: true, at: "2026-11-24T01:00:00Z" };
  lists.messages = [{ ...line, kind: "joint", role: "party", text: "Good morning" }];
  await act(() => answer({ ok: true }));
  await vi.waitFor(() => expect(text()).not.toContain("On its way…"));
  expect(text()).toContain("Good morning");
  expect(sessionStorage.length).toBe(0);
});

test("typed while away they are sent on return, after a reload too, and with the same id", async () => {
  connected.value = false;
  const before = await opened();
  await write("Are you there?");
  await press("Send message");
  expect(sent).toEqual([]);
  expect(text()).toContain("It is sent when the connection is back.");
  before.state.connected.value = true;
  await vi.waitFor(() => expect(sent).toHaveLength(1));
  // The page is reloaded before the answer has come.
  const after = await opened();
  expect(text()).toContain("Are you there?");
  after.state.connected.value = true;
  await vi.waitFor(() => expect(sent).toHaveLength(2));
  expect(sent[1]).toEqual(sent[0]);
  await act(() => answer({ ok: true }));
  await vi.waitFor(() => expect(sessionStorage.length).toBe(0));
});

test("what is refused is shown with its reason, and goes back into the field to be read", async () => {
  const { state } = await opened();
  await write("Only for you");
  await press("Send message");
  await act(() => answer({ ok: false, code: "moved_meanwhile", text: "You are elsewhere now." }));
  await vi.waitFor(() => expect(text()).toContain("You are elsewhere now."));
  expect(state.refusal.value).toBeNull();
  state.connected.value = false;
  state.connected.value = true;
  await write("and this");
  await press("Back into the field");
  expect(document.querySelector("textarea")?.value).toBe("Only for you\nand this");
  expect(text()).not.toContain("You are elsewhere now.");
  expect(sent).toHaveLength(1);
});

test("whoever leaves on purpose leaves no words behind", async () => {
  connected.value = false;
  const { state } = await opened();
  await write("secret");
  await press("Send message");
  expect(sessionStorage.length).toBe(1);
  state.cut.value = "left";
  state.step.value = "cut";
  expect(sessionStorage.length).toBe(0);
});
