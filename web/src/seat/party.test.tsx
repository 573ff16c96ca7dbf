import { type ComponentChildren, render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Recorded, View } from "../wire/protocol.gen";
import { AskedAside } from "./aside";
import { MicrophoneButton, mayAskAside } from "./controls";
import { member, view } from "./example";
import { Knocking } from "./knocking";
import { large } from "./large";
import { LeaveButton } from "./leave";
import { Sheets } from "./more";
import { narrow, opened } from "./sheets";
import { Showing, shownBy } from "./showing";
import { connected, routes } from "./state";
import { Explanation, Strip } from "./strip";

const command = vi.hoisted(() => vi.fn(async () => ({ ok: true })));
vi.mock("./journey", async (original) => ({ ...(await original<object>()), command }));

beforeEach(() => {
  connected.value = true;
  command.mockClear();
});
afterEach(() => {
  large.value = narrow.value = false;
  opened.value = null;
  return act(() => render(null, document.body));
});

const buttons = () => [...document.querySelectorAll("button")];
const shown = (changes: Partial<View["shown"]>) =>
  view({ shown: { exhibit: null, page: 1, by: null, screen: null, may_lead: false, ...changes } });

test("a private word is offered where it makes sense", () => {
  expect(mayAskAside(view())).toBe(true);
  expect(mayAskAside(view({ place: "caucus" }))).toBe(false);
  expect(mayAskAside(view({ place: "side", host_state: "elsewhere" }))).toBe(true);
  for (const host_state of ["lost", "not_here_yet"] as const) {
    expect(mayAskAside(view({ host_state }))).toBe(false);
    expect(mayAskAside(view({ place: "side", host_state }))).toBe(false);
    expect(mayAskAside(view({ place: "side", host_state, asks: ["private_word"] }))).toBe(true);
  }
});

test("whoever asks for it with an open microphone is told, and mutes with one tap", async () => {
  const asks: View["asks"] = ["private_word"];
  await act(() => render(<AskedAside view={view({ asks, microphone: true })} />, document.body));
  expect(document.body.textContent).toContain("Everyone here still hears you until");
  await act(() => buttons()[0]?.click());
  expect(command).toHaveBeenLastCalledWith("microphone", { on: false });
  await act(() => render(<AskedAside view={view({ asks })} />, document.body));
  expect(document.body.textContent).toContain("Asked. You are muted");
  expect(buttons()).toHaveLength(0);
  await act(() =>
    render(<AskedAside view={view({ asks, microphone: true, place: "caucus" })} />, document.body),
  );
  expect(document.body.textContent).toBe("");
});

test("while nothing is forwarded nobody is invited to speak, and who speaks may mute", async () => {
  await act(() => render(<MicrophoneButton view={view({ silenced: true })} />, document.body));
  expect(buttons().map((b) => [b.textContent, b.disabled])).toEqual([
    ["Paused: nobody would hear you", true],
  ]);
  const speaks = view({ silenced: true, microphone: true });
  await act(() => render(<MicrophoneButton view={speaks} />, document.body));
  expect(buttons().map((b) => [b.textContent, b.disabled])).toEqual([["Mute microphone", false]]);
});

test("under a sheet on a phone one learns what is shown, and who shows it oneself does not", async () => {
  narrow.value = true;
  opened.value = "messages";
  expect(shownBy(shown({ exhibit: "x", by: "host" }))).toBe("Wang is showing a paper.");
  expect(shownBy(shown({ screen: "host" }))).toBe("Wang is showing a screen.");
  expect(shownBy(shown({ exhibit: "x", by: "me" }))).toBeNull();
  expect(shownBy(view())).toBeNull();
  await act(() => render(<Showing view={shown({ exhibit: "x", by: "host" })} />, document.body));
  await act(() => buttons()[0]?.click());
  expect(opened.value).toBeNull();
});

test("a question gets the focus, but not from whoever types", async () => {
  const knocked = view({ place: "side", knocking: "Wang" });
  await act(() => render(<Knocking view={knocked} />, document.body));
  await vi.waitFor(() => expect(document.activeElement).toBe(document.querySelector(".question")));
  const beside = (question: ComponentChildren) =>
    act(() =>
      render(
        <>
          <input />
          {question}
        </>,
        document.body,
      ),
    );
  await beside(null);
  document.querySelector("input")?.focus();
  await beside(<Knocking view={knocked} />);
  expect(document.querySelector(".question")).not.toBeNull();
  expect(document.activeElement).toBe(document.querySelector("input"));
});

test("staying is the emphasised answer, leaving a red outline", async () => {
  await act(() => render(<LeaveButton view={view()} />, document.body));
  await act(() => buttons()[0]?.click());
  const [stay, leave] = buttons().slice(1);
  expect([stay?.textContent, stay?.classList.contains("main")]).toEqual(["Stay", true]);
  expect([leave?.textContent, leave?.className]).toEqual(["Confirm leave", "leave"]);
});

test("large letters on a phone: the strip is brief, and what it leaves out stands below", async () => {
  routes.value = { slots: [], heard_by: ["host"], screen: null };
  const caucus = view({ place: "caucus" });
  const both = (
    <>
      <Strip view={caucus}>{null}</Strip>
      <Explanation view={caucus} />
    </>
  );
  await act(() => render(both, document.body));
  const said = () => document.querySelector("[role=status]")?.textContent;
  expect(said()).toContain("except where the law requires it");
  expect(document.querySelector(".explanation")).toBeNull();
  await act(() => {
    large.value = narrow.value = true;
  });
  expect(said()).toBe("Private talk. The other side can't hear.");
  expect(document.querySelector(".strip-hears")?.textContent).toBe("Mic off. With you: Wang.");
  expect(document.querySelector(".explanation")?.textContent).toContain("Nothing is passed on");
});

test("nobody is left out of how many hear", async () => {
  const { hearing } = await import("./hearing");
  const people = ["a", "b", "c", "d", "e"].map((seat) => member(seat));
  const told = hearing(
    { slots: [], heard_by: ["a", "b", "c", "d", "e"], screen: null },
    people,
    "me",
    true,
    true,
  );
  expect(told.sentence).toBe("Heard by A, B and 3 more people.");
});

test("what was recorded is a tap away from the first moment on, and without leaving the room", async () => {
  const asked: Recorded = {
    id: "r",
    purpose: "record_reading",
    writing: false,
    began: false,
    trouble: null,
    waits_for: [],
    agreed: true,
  };
  const link = async (changes: Partial<View>) => {
    await act(() => render(<Sheets view={view(changes)} name="more" />, document.body));
    return document.querySelector<HTMLAnchorElement>("a[href*='/recordings']");
  };
  expect(await link({})).toBeNull();
  expect(await link({ recording: { ...asked } })).toBeNull();
  expect((await link({ recording: { ...asked, began: true } }))?.target).toBe("_blank");
  const after = await link({ recorded: "stopped" });
  expect(after?.textContent).toBe("What was recorded of me, and my receipt");
});
