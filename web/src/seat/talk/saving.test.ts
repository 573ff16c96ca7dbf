import { beforeEach, expect, test, vi } from "vitest";
import type { Ack } from "../../wire/protocol.gen";
import type { Item } from "./lists";

const sent: { name: string; body: Record<string, unknown> }[] = [];
let answers: Ack[] = [];
/** What the server has. */
const server = {
  minutes: { version: 0, content: "" },
  agenda: { version: 0, content: [] as Item[] },
};

vi.mock("../journey", () => ({
  command: async (name: string, body: Record<string, unknown>) => {
    sent.push({ name, body });
    const ack = answers.shift() ?? { ok: true };
    if (ack.ok && name === "write_minutes") {
      server.minutes = { version: server.minutes.version + 1, content: String(body.text) };
    }
    if (ack.ok && name === "write_agenda") {
      server.agenda = { version: server.agenda.version + 1, content: body.items as Item[] };
    }
    return ack;
  },
}));

const MEANWHILE: Ack = { ok: false, code: "edited_meanwhile", text: "…" };

vi.setConfig({ testTimeout: 30_000 });

beforeEach(() => {
  vi.resetModules();
  sessionStorage.clear();
  sent.length = 0;
  answers = [];
  server.minutes = { version: 0, content: "" };
  server.agenda = { version: 0, content: [] };
  const lists: Record<string, () => unknown> = {
    minutes: () => server.minutes,
    agenda: () => server.agenda,
  };
  const found = (url: string) => lists[url.split("/").at(-1) ?? ""]?.();
  vi.stubGlobal("fetch", async (url: string) => {
    return new Response(
      JSON.stringify({ by: "Wang", at: null, may_write: true, ...(found(url) as object) }),
    );
  });
});

async function minutes() {
  const state = await import("../state");
  const saving = await import("./saving");
  const lists = await import("./lists");
  state.connected.value = true;
  saving.begin();
  await vi.waitFor(() => expect(saving.typed.value.base).not.toBeNull());
  return { state, saving, lists };
}

test("what is typed is kept on the version it was typed on, and what comes meanwhile goes in", async () => {
  server.minutes = { version: 3, content: "time\nplace\nresult" };
  const { saving, lists } = await minutes();
  expect(saving.typed.value.text).toBe("time\nplace\nresult");
  saving.type("time: ten\nplace\nresult");
  await saving.save();
  expect(sent.at(-1)?.body).toEqual({ version: 3, text: "time: ten\nplace\nresult" });
  expect(saving.changed()).toBe(false);
  // Somebody else changes another line while this one is typed.
  saving.type("time: eleven\nplace\nresult");
  server.minutes = { version: 5, content: "time: ten\nplace\nresult: agreed" };
  answers = [MEANWHILE];
  await saving.save();
  const both = "time: eleven\nplace\nresult: agreed";
  await vi.waitFor(() => expect(saving.typed.value.text).toBe(both));
  await saving.save();
  expect(server.minutes).toEqual({ version: 6, content: both });
  await lists.minutes().ask();
  expect(saving.theirs.value).toBeNull();
});

test("the same line changed by both waits for a choice, and nothing is kept before", async () => {
  server.minutes = { version: 1, content: "said" };
  const { saving } = await minutes();
  saving.type("said by A");
  server.minutes = { version: 2, content: "said by B" };
  answers = [MEANWHILE];
  await saving.save();
  await vi.waitFor(() => expect(saving.theirs.value?.content).toBe("said by B"));
  await saving.save();
  expect(sent).toHaveLength(1);
  expect(saving.typed.value.text).toBe("said by A");
  saving.choose("said by B\nsaid by A");
  await vi.waitFor(() => expect(server.minutes.version).toBe(3));
  expect(sent.at(-1)?.body).toEqual({ version: 2, text: "said by B\nsaid by A" });
});

test("what was not kept survives a reload, and is kept on return", async () => {
  server.minutes = { version: 1, content: "a" };
  const before = await minutes();
  before.state.connected.value = false;
  before.saving.type("a\nb");
  await before.saving.save();
  expect(sent).toEqual([]);
  vi.resetModules();
  const { saving } = await minutes();
  expect(saving.typed.value.text).toBe("a\nb");
  await vi.waitFor(() => expect(server.minutes).toEqual({ version: 2, content: "a\nb" }));
  await vi.waitFor(() => expect(sessionStorage.length).toBe(0));
});

const point = (text: string): Item => ({ text, done: false });

async function agenda() {
  const state = await import("../state");
  const saving = await import("./agenda_saving");
  const lists = await import("./lists");
  state.connected.value = true;
  saving.begin();
  await vi.waitFor(() => expect(lists.agenda().value.value).not.toBeNull());
  return { state, saving, lists };
}

test("quick changes of an agenda are kept one after the other", async () => {
  const { saving } = await agenda();
  saving.change([point("roof")]);
  saving.change([point("roof"), point("sum")]);
  saving.change([point("roof"), point("sum"), point("date")]);
  await vi.waitFor(() => expect(saving.mine.value).toBeNull());
  expect(sent.map(({ body }) => body.version)).toEqual([0, 1]);
  expect(server.agenda.content.map((item) => item.text)).toEqual(["roof", "sum", "date"]);
  expect(saving.theirs.value).toBeNull();
});

test.each([
  [true, ["mine"]],
  [false, ["theirs"]],
])(
  "somebody else's agenda and one's own are both shown until one chooses (own: %s)",
  async (own, kept) => {
    const { saving } = await agenda();
    server.agenda = { version: 1, content: [point("theirs")] };
    answers = [MEANWHILE];
    saving.change([point("mine")]);
    await vi.waitFor(() => expect(saving.theirs.value?.version).toBe(1));
    expect(saving.items().map((item) => item.text)).toEqual(["mine"]);
    saving.choose(own);
    await vi.waitFor(() => expect(saving.mine.value).toBeNull());
    expect(server.agenda.content.map((item) => item.text)).toEqual(kept);
    expect(saving.items().map((item) => item.text)).toEqual(kept);
  },
);
