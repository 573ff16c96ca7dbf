/** Every sentence for a fault that a page of the link can show, provoked and read. */
import { render, type VNode } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Cut } from "../wire/protocol.gen";
import { failing } from "./call/call";
import * as capture from "./call/capture";
import { needsTap } from "./call/voices";
import { CutPage } from "./cut";
import { view } from "./example";
import { Failed } from "./failed";
import { BreakButton } from "./host/pause";
import { Telephone } from "./host/telephone";
import { SpeakerTest } from "./joining/speaker";
import { troubleWords } from "./joining/trouble";
import { Name } from "./name";
import { carried, silentMicrophone } from "./news";
import { Notices } from "./notices";
import { picture } from "./papers/pictures";
import { type Cause, own } from "./quality";
import { SoundPanel } from "./sound";
import { connected, cut, failure, refusal, slow, turnedAway, welcome } from "./state";

const lists = vi.hoisted(() => ({ quality: null as unknown }));
vi.mock("./news", async (original) => {
  const { signal } = await import("@preact/signals");
  const real = await original<typeof import("./news")>();
  const quality = signal<unknown>(null);
  Object.defineProperty(lists, "quality", { set: (found) => (quality.value = found) });
  const listFor = (what: string) =>
    what === "quality" ? { value: quality, ask: async () => {} } : real.listFor(what);
  return { ...real, listFor };
});

const read = () => document.body.textContent ?? "";
const show = (what: VNode) => act(() => render(what, document.body));
const button = (name: string) =>
  [...document.querySelectorAll("button")].find((one) => one.textContent === name);
const press = (name: string) => act(async () => button(name)?.click());

beforeEach(() => {
  vi.stubGlobal("fetch", async () => new Response("null"));
  connected.value = true;
  turnedAway.value = {
    organisation: "Committee",
    help_phone: "12348",
    starts_at: "2026-11-24T01:00:00+00:00",
    time_zone: "Asia/Shanghai",
  };
  welcome.value = null;
});
afterEach(() => {
  act(() => render(null, document.body));
  for (const one of [capture.taken, needsTap, failing, slow, silentMicrophone]) one.value = false;
  capture.fault.value = cut.value = refusal.value = null;
  carried.value = "full";
  vi.unstubAllGlobals();
});

// ---- one did not arrive --------------------------------------------------------------------------

const FAILED: [string, string, string, boolean][] = [
  ["link_invalid", "This link is not valid", "Part of it may be missing", false],
  ["unknown_seat", "This link is not valid", "or call the committee", false],
  ["link_replaced", "Your link was replaced", "open the newest message and tap its link", false],
  ["link_revoked", "This link was taken back", "doesn't open this meeting any more", false],
  ["link_expired", "This link has expired", "Nothing of your matter is lost", false],
  ["session_cancelled", "This meeting was cancelled", "It will not take place", false],
  ["session_over", "This meeting is over", "Nobody is connected any more", false],
  ["no_seat", "Please open your link again", "Your place is kept", false],
  ["too_many", "Too many tries", "Please wait a minute, then try again", true],
  ["no_network", "No network", "Please check the Wi-Fi or mobile data", true],
  ["unknown", "Something went wrong on our side", "It isn't your fault and nothing is lost", true],
];

test.each(FAILED)(
  "%s: what happened, what was kept, what to do",
  async (code, title, text, again) => {
    failure.value = code;
    await show(<Failed />);
    expect(document.querySelector("h1")?.textContent).toBe(title);
    expect(read()).toContain(text);
    expect(button("Try again") !== undefined).toBe(again);
    expect(document.querySelector('a[href="tel:12348"]')).not.toBeNull();
  },
);

const CUTS: [Cut["code"], string, string, string | null][] = [
  ["newer_tab", "Open in another tab", "It goes on there", "Use it here instead"],
  ["seat_taken", "Open on another device", "If that wasn't you, please call", null],
  ["removed", "You are no longer in the meeting", "ask to come in again", "Ask to come in again"],
  ["revoked", "Your link was replaced", "A new link was made for you", null],
  ["left", "You have left", "Nobody sees or hears you any more", "Come back"],
  ["session_over", "This meeting is over", "Nobody is connected any more", null],
  ["no_seat", "Please open your link again", "Your place is kept", null],
  ["unknown_seat", "This link is not valid", "Part of it may be missing", null],
  ["too_many", "Too many tries", "Your link is still good", "Try again"],
  ["no_ports", "Something went wrong on our side", "nothing is lost", "Try again"],
  ["disk_full", "Something went wrong on our side", "nothing is lost", "Try again"],
  ["unknown", "Something went wrong on our side", "try again in a moment", "Try again"],
];

test.each(CUTS)("cut off, %s: by whom, and the way back", async (code, title, text, back) => {
  cut.value = code;
  await show(<CutPage />);
  expect(document.querySelector("h1")?.textContent).toBe(title);
  expect(read()).toContain(text);
  expect(read()).toContain("Your microphone and camera are off.");
  expect(document.querySelector("main button")?.textContent ?? null).toBe(back);
});

// ---- in the room -------------------------------------------------------------------------------

const DEVICES: [capture.Fault, string][] = [
  ["insecure", "opened without a secure connection (https)"],
  ["unsupported", "This browser can't carry voice and picture"],
  ["denied", "The browser was told not to give the microphone and camera"],
  ["missing", "No microphone or camera was found"],
  ["busy", "Another program is using the microphone or camera"],
  ["camera_denied", "the browser was told not to give the camera"],
  ["camera_missing", "no camera was found. You can go on with your voice only"],
  ["camera_busy", "another program is using the camera"],
];

test.each(DEVICES)("a device that is %s is told where it is seen", async (fault, text) => {
  capture.fault.value = fault;
  await show(<Notices view={view()} />);
  const own = [...document.querySelectorAll(".notice")].find((one) =>
    one.textContent?.includes("Try again"),
  );
  expect(own?.textContent).toContain(text);
  await press("OK");
  expect(capture.fault.value).toBeNull();
});

test("what is wrong with voice, picture and line has its sentence each, and goes with its cause", async () => {
  const told: [() => void, string][] = [
    [() => (silentMicrophone.value = true), "no sound comes from it"],
    [() => (needsTap.value = true), "keeps the sound off until you tap"],
    [() => (capture.taken.value = true), "has taken your microphone or camera"],
    [() => (failing.value = true), "Voice and picture don't get through at the moment"],
    [() => (slow.value = true), "This takes longer than usual"],
    [() => (carried.value = "unread"), "This browser can't show some of the pictures"],
    [() => (carried.value = "none"), "so we paused video. Your voice still gets through"],
  ];
  await show(<Notices view={view({ microphone: true })} />);
  // There is no such thing where these tests run: the page says so, and goes on.
  expect(read()).toContain("This browser can't carry voice and picture");
  for (const [provoke, text] of told) {
    expect(read()).not.toContain(text);
    await act(async () => void provoke());
    await vi.waitFor(() => expect(read()).toContain(text));
  }
  await act(() => {
    connected.value = false;
  });
  // Without the line nothing is known of these, and there is another sentence for that.
  for (const text of ["no sound comes", "don't get through", "longer than usual", "paused video"])
    expect(read()).not.toContain(text);
});

test("what the server refuses is said in its words until it is read", async () => {
  refusal.value = "This person has already been let in.";
  await show(<Notices view={view()} />);
  expect(read()).toContain("This person has already been let in.");
  await press("OK");
  expect(read()).not.toContain("already been let in");
});

const CAUSES: Record<Cause, [string, string | null]> = {
  server: ["The server is busy.", null],
  breaks: ["The connection breaks off again and again.", "Go nearer to the router"],
  up_loss: ["The network loses part of what is sent.", "Go nearer to the router"],
  down_loss: ["The network loses part of what is received.", "Go nearer to the router"],
  down_slow: ["The network is slow at receiving.", "Go nearer to the router"],
  up_slow: ["The network is slow at sending.", "Go nearer to the router"],
  uneven: ["The network is uneven: sound comes in bursts.", "Go nearer to the router"],
  far: ["The way is long: every answer takes a moment.", null],
  others: ["Somebody else's network: there were gaps before it came here.", null],
  device: ["The device is slow", "Close other apps and pages"],
};

test("one's own connection: how it is, why, and what one can do about it", async () => {
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: () => {} }));
  for (const [cause, [sentence, todo]] of Object.entries(CAUSES)) {
    lists.quality = { own: { grade: "weak", cause }, people: [] };
    expect(own.value?.cause).toBe(cause);
    await show(<SoundPanel view={view()} />);
    const said = document.querySelector(".connection")?.textContent ?? "";
    expect(said).toContain("Weak connection");
    expect(said).toContain(sentence);
    expect(said.includes("Go nearer") || said.includes("Close other")).toBe(todo !== null);
    if (todo) expect(said).toContain(todo);
  }
  lists.quality = { own: { grade: "audio_only", cause: null }, people: [] };
  await show(<SoundPanel view={view()} />);
  expect(read()).toContain("Audio only");
});

// ---- what one does ------------------------------------------------------------------------------

test("a name is asked for, and nothing is sent before", async () => {
  await show(<Name />);
  await press("Continue");
  expect(document.querySelector("#name-note")?.textContent).toBe("Please enter your name first.");
  expect(document.querySelector("#name")?.getAttribute("aria-invalid")).toBe("true");
});

test("a sound that the browser would not play, and one that nobody heard", async () => {
  vi.spyOn(URL, "createObjectURL").mockReturnValue("blob:notes");
  const play = vi.spyOn(HTMLMediaElement.prototype, "play");
  play.mockRejectedValueOnce(new DOMException("tap", "NotAllowedError"));
  await show(<SpeakerTest />);
  await press("Play a sound");
  await vi.waitFor(() => expect(read()).toContain("The browser didn't play it"));
  play.mockResolvedValue();
  await press("Play a sound");
  await vi.waitFor(() => expect(read()).toContain("Did you hear two notes?"));
  await press("I heard nothing");
  expect(read()).toContain("You heard nothing:");
  expect(document.querySelectorAll(".advice-steps li").length).toBeGreaterThan(1);
});

test("a break has a length or a time that is not far away", async () => {
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
  await show(<BreakButton view={view({ hosting: true })} />);
  await press("Break");
  const until = document.querySelector<HTMLInputElement>("#back-at");
  const type = (time: string) =>
    act(() => {
      if (until) until.value = time;
      until?.dispatchEvent(new Event("input", { bubbles: true }));
    });
  const far = new Date(Date.now() + 5 * 3_600_000).toTimeString().slice(0, 5);
  for (const [time, text] of [
    [far, "Please give a time within the next two hours."],
    ["", "Please say how long the break is."],
  ] as const) {
    await type(time);
    await act(async () => {
      const form = document.querySelector("form");
      form?.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
    });
    expect(read()).toContain(text);
  }
});

test("a telephone number that is not known, or can't be looked up", async () => {
  const card = { seat: "a", name: "Alice" } as Parameters<typeof Telephone>[0]["card"];
  vi.stubGlobal("fetch", async () => {
    throw new TypeError("Failed to fetch");
  });
  await show(<Telephone card={card} />);
  await press("Telephone");
  await vi.waitFor(() => expect(read()).toContain("The number could not be looked up."));
  vi.stubGlobal("fetch", async () => Response.json({ phone: "" }));
  await press("Telephone");
  await vi.waitFor(() => expect(read()).toContain("No telephone is kept for Alice."));
});

test("a page of a paper that did not come, and why", async () => {
  vi.stubGlobal("fetch", async () => {
    throw new TypeError("Failed to fetch");
  });
  await expect(picture("e1", 1, 800)).rejects.toThrow("The page did not get through.");
  const text = "This paper is not shown here any more.";
  vi.stubGlobal("fetch", async () => Response.json({ code: "x", text }, { status: 409 }));
  await expect(picture("e2", 1, 800)).rejects.toThrow(text);
});

test("what stands in somebody's way is few words on the host's board, each its own", () => {
  const all = (
    [
      "insecure",
      "unsupported",
      "denied",
      "missing",
      "busy",
      "camera_denied",
      "camera_missing",
      "camera_busy",
      "no_sound",
      "no_way",
    ] as const
  ).map(troubleWords);
  expect(all).toEqual([
    "page opened without https",
    "browser can't carry voice and picture",
    "microphone and camera blocked",
    "no microphone found",
    "microphone in use by another program",
    "camera blocked",
    "no camera",
    "camera in use by another program",
    "hears no sound",
    "network lets nothing through",
  ]);
});
