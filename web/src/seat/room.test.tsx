import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { View } from "../wire/protocol.gen";
import type { Text } from "./arrival";
import { card, member, view } from "./example";
import { Room } from "./room";
import { connected, routes, welcome } from "./state";

const TEXT = {
  purpose: "online_mediation",
  version: 1,
  language: "en",
  body: "I mediate online.",
  hash: "sha256:1",
  essentials: [],
} satisfies Text;

// However long a busy machine takes to read it.
beforeAll(async () => void (await import("./host")), 120_000);
beforeEach(() => {
  // The room's lists, each of another shape, as if none had come yet.
  vi.stubGlobal("fetch", async () => new Response("null"));
  connected.value = true;
  routes.value = { slots: [], heard_by: [], screen: null };
  welcome.value = {
    seat: "me",
    hosting: false,
    host_name: "Wang",
    host_photo: null,
    organisation: "Committee",
    help_phone: "12348",
    starts_at: "2026-11-24T01:00:00+00:00",
    opens_at: null,
    now: "2026-11-24T00:55:00+00:00",
    moved: false,
    locked: false,
    time_zone: "Asia/Shanghai",
    state: "open",
    said_name: null,
    texts: [TEXT],
    beside_texts: [],
    ice_servers: [],
  };
});

afterEach(() => act(() => render(null, document.body)));

function show(seen: View) {
  return act(() => render(<Room view={seen} />, document.body));
}

/** Accessible names of the buttons, as a screen reader has them: what is aria-hidden is left out. */
function buttons(within: ParentNode = document.body): string[] {
  return [...within.querySelectorAll("button")].map((button) => {
    const copy = button.cloneNode(true) as HTMLElement;
    for (const hidden of copy.querySelectorAll("[aria-hidden=true]")) hidden.remove();
    return copy.textContent ?? "";
  });
}

const status = () => document.querySelector("[role=status]");

test("the names of the party's room stay", async () => {
  await show(view({ asks: ["help"] }));
  const names = buttons();
  for (const name of ["Leave", "Tap here to speak", "Camera", "Private word", "Need help"]) {
    expect(names).toContain(name);
  }
  await show(view({ microphone: true }));
  expect(buttons()).toContain("Mute microphone");
  const tiles = [...document.querySelectorAll("[role=group]")];
  expect(tiles.map((tile) => tile.getAttribute("aria-label"))).toEqual(["Wang", "ME"]);
});

test("one status from the lobby on, never put there anew", async () => {
  await show(view({ place: "lobby", admitted: false, members: [], host_state: "elsewhere" }));
  const first = status();
  expect(first?.textContent).toMatch(/^Lobby\. You're in\./);
  for (const [place, begins] of [
    ["joint", "Joint"],
    ["caucus", "Private"],
    ["side", "Your side"],
    ["lobby", "Lobby"],
  ] as const) {
    await show(view({ place, host_state: place === "side" ? "elsewhere" : "here" }));
    expect(status()).toBe(first);
    expect(first?.textContent?.startsWith(begins)).toBe(true);
  }
  expect(document.querySelectorAll("[role=status]")).toHaveLength(1);
});

test("the consent's whole text is shown until it is given", async () => {
  const lobby = view({ place: "lobby", admitted: false, members: [] });
  await show({ ...lobby, consents_needed: ["online_mediation"] });
  expect(document.body.textContent).toContain(TEXT.body);
  expect(buttons()).toContain("I agree");
  await show(lobby);
  expect(buttons()).not.toContain("I agree");
});

test("without the connection nothing can be switched on", async () => {
  connected.value = false;
  await show(view());
  const speak = document.querySelector<HTMLButtonElement>(".speak");
  expect(speak?.disabled).toBe(true);
  expect(status()?.textContent).toContain("Your connection was lost");
});

test("a host is told that the sides are kept apart, and is not offered to bring them together", async () => {
  const cards = [
    card("a", { name: "An", side: "A", place: "side" }),
    card("b", { name: "Bo", side: "B", place: "side" }),
  ];
  const apart = view({
    seat: "host",
    hosting: true,
    shuttle_only: true,
    members: [member("host", { name: "Wang", chair: true })],
    board: cards,
  });
  await show(apart);
  await vi.waitFor(() => expect(document.querySelectorAll("li")).toHaveLength(2));
  expect(document.body.textContent).toContain("the sides never share a room");
  expect(status()?.textContent).not.toContain("Joint");
  expect(buttons()).not.toContain("Back to joint");
  const back = [...document.querySelectorAll("button")].find((b) =>
    b.textContent?.includes("Back to my room"),
  );
  expect(back?.disabled).toBe(true);
  await show({ ...apart, place: "caucus", space: "c" });
  expect(back?.disabled).toBe(false);
});

test("the names of the host's board stay", async () => {
  await show(
    view({
      seat: "host",
      hosting: true,
      members: [member("host", { name: "Wang", chair: true }), member("a", { name: "An" })],
      board: [
        card("a", { name: "An", side: "A", microphone: true }),
        card("b", { name: "Bo", side: "B", admitted: false, place: "lobby", asks: ["help"] }),
      ],
    }),
  );
  await vi.waitFor(() => expect(document.querySelectorAll("li")).toHaveLength(2));
  const people = [...document.querySelectorAll("li")];
  expect(people.map((li) => [li.getAttribute("aria-label"), buttons(li)])).toEqual([
    ["Bo", ["More", "Done", "Admit", "Tell them: about 5 more minutes"]],
    ["An", ["More", "Private talk", "Mute", "Remove"]],
  ]);
  for (const name of ["Back to joint", "End the meeting", "Private A", "Private B"]) {
    expect(buttons()).toContain(name);
  }
});
