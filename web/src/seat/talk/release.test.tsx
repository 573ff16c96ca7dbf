import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { member, view } from "../example";
import { connected, view as seen } from "../state";
import type { Asked, Note } from "./lists";

const command = vi.fn(async () => ({ ok: true }));
vi.mock("../journey", () => ({ command }));
vi.mock("../news", async (original) => {
  const { signal } = await import("@preact/signals");
  const lists: Record<string, unknown> = {
    releases: [asked("n1", "asked", "2,000 by Friday"), asked("n2", "released", "an apology")],
    notes: {
      scope: "A",
      notes: [
        note("k", "keep"),
        note("s", "keep", { struck: true }),
        note("a", "asked"),
        note("r", "released"),
        note("n", "refused"),
      ],
    },
  };
  const listFor = (what: string) => ({ value: signal(lists[what] ?? []), ask: async () => {} });
  return { ...(await original<object>()), listFor };
});

function asked(id: string, release: Asked["release"], words: string): Asked {
  const at = "2026-11-24T01:00:00+00:00";
  return { kind: "note", id, scope: "A", words, release, at, answered_at: null };
}

function note(id: string, release: Note["release"], changes: Partial<Note> = {}): Note {
  const at = "2026-11-24T01:00:00+00:00";
  return { id, scope: "A", by: "Wang", at, text: `note ${id}`, struck: false, release, ...changes };
}

vi.setConfig({ testTimeout: 30_000 });

beforeEach(() => {
  connected.value = true;
  command.mockClear();
  seen.value = view({ place: "caucus" });
});
afterEach(() => act(() => render(null, document.body)));

const buttons = (within: ParentNode = document.body) => [...within.querySelectorAll("button")];

test("a side is asked for the exact words; yes and no are alike, and nothing is chosen", async () => {
  const { ReleaseQuestion } = await import("./release");
  await act(() => render(<ReleaseQuestion view={view({ place: "caucus" })} />, document.body));
  const question = document.querySelector(".question") as HTMLElement;
  expect(question.textContent).toMatch(/^Mediator Wang asks you:May I tell them:/);
  expect(question.querySelector("blockquote")?.textContent).toBe("2,000 by Friday");
  const [yes, no] = buttons(question);
  expect(buttons(question).map((b) => [b.textContent, b.className])).toEqual([
    ["Yes, you may", ""],
    ["No, please don't", ""],
  ]);
  expect(document.activeElement).toBe(question);
  await act(() => no?.click());
  expect(command).toHaveBeenLastCalledWith("answer_release", {
    kind: "note",
    thing: "n1",
    yes: false,
  });
  await vi.waitFor(() => expect(yes?.disabled).toBe(false));
  await act(() => yes?.click());
  expect(command).toHaveBeenLastCalledWith("answer_release", {
    kind: "note",
    thing: "n1",
    yes: true,
  });
  const given = document.querySelector(".release-given") as HTMLElement;
  expect(given.textContent).toContain("an apology");
  await act(() => buttons(given)[0]?.click());
  expect(command).toHaveBeenLastCalledWith("answer_release", {
    kind: "note",
    thing: "n2",
    yes: false,
  });
});

test("a host is not asked, and sees before leaving what was released and what was not", async () => {
  const { ReleaseList, ReleaseQuestion } = await import("./release");
  const host = view({ place: "caucus", hosting: true });
  await act(() => render(<ReleaseQuestion view={host} />, document.body));
  expect(document.body.textContent).toBe("");
  await act(() => render(<ReleaseList view={host} />, document.body));
  const [given, open] = document.querySelectorAll("ul");
  expect(given?.textContent).toBe("an apology");
  expect(open?.textContent).toBe("2,000 by Friday");
});

test("only what may still be asked or struck offers it", async () => {
  const { HostNotes } = await import("./host_notes");
  const host = member("me", { chair: true, role: "host" });
  const caucus = view({ place: "caucus", hosting: true, members: [host, member("a")] });
  await act(() => render(<HostNotes view={caucus} />, document.body));
  const offers = [...document.querySelectorAll("li")].map((li) =>
    buttons(li).map((b) => b.textContent),
  );
  const strike = "Strike out";
  expect(offers).toEqual([
    ["Ask: may I tell them?", strike],
    [],
    [],
    [],
    ["Ask once more", strike],
  ]);
  expect(document.querySelector("del")?.textContent).toBe("note s");
});
