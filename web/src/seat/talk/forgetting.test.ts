import { beforeEach, expect, test, vi } from "vitest";
import { view } from "../example";

vi.mock("../journey", () => ({ command: async () => ({ ok: false }) }));
vi.setConfig({ testTimeout: 30_000 });

beforeEach(() => {
  vi.resetModules();
  sessionStorage.clear();
  vi.stubGlobal("fetch", async () => new Response("[]"));
});

/** Something of each kind is half written; another seat's, and which devices one chose, lie there, too. */
async function written() {
  sessionStorage.setItem("heyi.draft.other.all", "another tab's seat");
  sessionStorage.setItem("heyi.devices", "{}");
  const [state, drafts, saving, unsent] = await Promise.all([
    import("../state"),
    import("./drafts"),
    import("./saving"),
    import("./unsent"),
  ]);
  state.view.value = view({});
  state.step.value = "room";
  drafts.keepDraft("all", "a secret");
  unsent.send("say", "another", { space: "j" });
  saving.typed.value = { base: { version: 1, text: "" }, text: "" };
  saving.type("minutes");
  expect(sessionStorage.length).toBe(5);
  return { state, drafts, saving, unsent };
}

type Written = Awaited<ReturnType<typeof written>>;

function nothingLeft({ drafts, saving, unsent }: Written) {
  expect(Object.keys(sessionStorage).sort()).toEqual(["heyi.devices", "heyi.draft.other.all"]);
  expect(drafts.draft("all")).toBe("");
  expect(saving.typed.value.text).toBe("");
  expect(unsent.unsent.value).toEqual([]);
}

test.each(["left", "removed", "revoked", "seat_taken"] as const)(
  "nothing that was written is left when one's place is gone: %s",
  async (code) => {
    const all = await written();
    all.state.cut.value = code;
    all.state.step.value = "cut";
    nothingLeft(all);
    // The page may come to an end only now; what it still keeps then stays out of the tab, too.
    all.saving.typed.value = { base: { version: 1, text: "" }, text: "" };
    all.saving.type("minutes");
    all.drafts.keepDraft("all", "more");
    expect(sessionStorage.length).toBe(2);
  },
);

test.each(["ended", "cancelled"] as const)("nor when the meeting is %s", async (over) => {
  const all = await written();
  all.state.view.value = view({ state: over });
  nothingLeft(all);
});

test("but it outlives a lost connection, and another tab", async () => {
  const all = await written();
  all.state.connected.value = false;
  all.state.cut.value = "newer_tab";
  all.state.step.value = "cut";
  expect(sessionStorage.length).toBe(5);
  expect(all.drafts.draft("all")).toBe("a secret");
});

test("a page loaded again, that does not get in any more, clears the tab by itself", async () => {
  sessionStorage.setItem("heyi.draft..all", "a secret");
  const state = await import("../state");
  await import("./forgetting");
  expect(sessionStorage.length).toBe(1);
  state.failure.value = "session_over";
  state.step.value = "failed";
  expect(sessionStorage.length).toBe(0);
});
